"""The computed signal (`monitoring.signal`) of many contracts at once: as many queries for any number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from budget.calc import due_by
from budget.models import Consumption, PlannedCredit
from contracts.models import ContractVersion, PlannedMilestone
from figures.ae_cp import total
from indicators.selectors import results_by_contract
from indicators.signal import measured_and_behind
from monitoring.lateness import is_late
from monitoring.models import Filing, MilestoneProgress
from monitoring.reality import last_of_each_year
from monitoring.signal import SignalFacts
from reports.facts import Signal
from reports.signal import signal_of


def signals_of(
    versions: Mapping[int, ContractVersion], counting: Mapping[int, Sequence[Filing]], on: date
) -> dict[int, Signal]:
    """By contract, the signal that its own page shows on the day; only contracts of which something was reported."""
    told = {contract: rows for contract, rows in counting.items() if rows and contract in versions}
    in_force = [versions[contract] for contract in told]
    credits_ = _credits(in_force, told)
    results = results_by_contract(in_force, told.values(), on)
    milestones = _milestones(in_force, told)
    return {
        contract: signal_of(
            SignalFacts(*credits_[contract], *measured_and_behind(results[contract]), *milestones[contract])
        )
        for contract in told
    }


def _credits(
    versions: Sequence[ContractVersion], told: Mapping[int, Sequence[Filing]]
) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """By contract, FTAP CP consumed, and planned over the years for which some are consumed, up to the last filing."""
    as_of = {contract: rows[-1].campaign.ends_on for contract, rows in told.items()}
    last = {filing.pk: filing for rows in told.values() for filing in last_of_each_year(rows).values()}
    spent = Consumption.objects.filter(filing__in=list(last), line__co_financer__isnull=True).order_by()
    plans = PlannedCredit.objects.filter(version__in=versions, line__co_financer__isnull=True).order_by()
    consumed: dict[tuple[int, int], Decimal] = {
        (last[pk].contract_id, last[pk].campaign.year): cp
        for pk, cp in spent.values_list("filing_id").annotate(sum_cp=Sum("cp"))
        if cp is not None
    }
    planned = {
        (contract, year): due_by(cp, year, as_of[contract])
        for contract, year, cp in plans.values_list("version__contract_id", "year").annotate(sum_cp=Sum("cp"))
    }
    return {
        contract: (
            total(cp for (one, _), cp in consumed.items() if one == contract),
            total(planned.get(key) for key in consumed if key[0] == contract),
        )
        for contract in told
    }


def _milestones(
    versions: Sequence[ContractVersion], told: Mapping[int, Sequence[Filing]]
) -> dict[int, tuple[int, int]]:
    """By contract, how many milestones are promised and how many were late at the end of the last filing's period."""
    as_of = {contract: rows[-1].campaign.ends_on for contract, rows in told.items()}
    progress = MilestoneProgress.objects.filter(filing__in=[rows[-1].pk for rows in told.values()]).order_by()
    states = dict(progress.values_list("milestone_id", "state"))
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = PlannedMilestone.objects.filter(version__in=versions).order_by()
    for contract, milestone, ends_on in rows.values_list("version__contract_id", "milestone_id", "ends_on"):
        counts[contract][0] += 1
        counts[contract][1] += is_late(states.get(milestone, ""), ends_on, as_of[contract])
    return {contract: (counts[contract][0], counts[contract][1]) for contract in told}
