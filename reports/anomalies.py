"""What a contract says wrong, as facts of a situation: printed figures, readings of the scan, open anomalies."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from budget.tranches.checks import read_tranches
from contracts.checks.decisions import Standing, last_decisions, standing_of
from contracts.checks.figures import read_stated
from contracts.checks.registry import Anomaly, FactsReader, anomalies_of
from contracts.checks.tallies import Tally, fresh_tally, kept, sorted_out, tally_soon
from contracts.models import ContractVersion, Reading
from contracts.stated import StatedCheck, stated_checks
from contracts.subprojects.checks import read_sub_projects
from figures import formats
from figures.rounding import round_half_up
from reports.codec import PLACES
from reports.facts import AnomalyFacts, ReadingFacts, StatedComparison


def wrong_figures(
    version: ContractVersion, by: date | None = None
) -> tuple[tuple[StatedComparison, ...], tuple[AnomalyFacts, ...]]:
    """Every figure that the version prints beside the computed one; and all that the checks find, by a day if one is
    given: what was decided later is not looked at.
    """
    checks = stated_checks(version)
    given = _given(version, by) | {read_stated: checks}
    last = last_decisions(version.contract, by)
    found = anomalies_of(version, given)
    return tuple(map(_comparison, checks)), tuple(
        _anomaly(one, standing_of(one.key, one.fingerprint, last)) for one in found
    )


def tally_shown(version: ContractVersion, by: date | None = None) -> Tally:
    """What the checks find in a version, by where it stands: as last kept when that is fresh, else found on the spot
    and asked to be kept. As of a day, always on the spot. Two queries when kept.
    """
    if by is None:
        if known := fresh_tally(version, timezone.now()):
            return known
        tally_soon(version.contract)
    return sorted_out(map(kept, anomalies_of(version, _given(version, by))), last_decisions(version.contract, by))


def _given(version: ContractVersion, by: date | None) -> dict[FactsReader, Any]:
    """Facts that are others on a day that is past: tranches and sub-projects."""
    if by is None:
        return {}
    return {read_tranches: read_tranches(version, by), read_sub_projects: read_sub_projects(version, by)}


def readings_of(version: ContractVersion) -> tuple[ReadingFacts, ...]:
    """Figures that the scan got wrong or lost, in the order of the contract file."""
    rows: Sequence[Reading] = list(Reading.objects.filter(version=version).order_by("position", "pk"))
    return tuple(
        ReadingFacts(row.path, row.label, row.kind, row.get_kind_display(), row.printed, row.retained, row.evidence)
        for row in rows
    )


def _comparison(check: StatedCheck) -> StatedComparison:
    return StatedComparison(
        key=check.key,
        label=check.label,
        article=check.article,
        unit=check.unit_label,
        decimals=check.decimals,
        printed=check.printed,
        computed=_written(check.computed),
        difference=_written(check.difference),
        tolerance=round_half_up(check.tolerance, PLACES),
        verdict=check.verdict.value,
        verdict_label=check.verdict.label,
        reason=check.reason,
    )


def _written(quotient: Decimal | None) -> Decimal | None:
    """A share has no end of digits: kept to ten, so that a snapshot read back is the same."""
    return None if quotient is None else round_half_up(quotient, PLACES)


def _anomaly(one: Anomaly, standing: Standing) -> AnomalyFacts:
    return AnomalyFacts(
        code=one.code,
        title=one.title,
        article=one.article,
        where=one.where,
        severity=one.severity.value,
        explanation=one.explanation,
        printed=one.printed,
        computed=one.computed,
        difference=one.difference,
        key=one.key,
        standing=standing.label if one.is_to_handle else "sans suite à donner",
        said=said(standing),
        is_accepted=standing.is_accepted,
    )


def said(standing: Standing) -> str:
    """« Camille Reviewer, le 12/05/2022 : arrondi du contrat »; blank when nobody said anything of these figures."""
    if standing.decision is None:
        return ""
    one = standing.decision
    day = formats.short_date_fr(timezone.localtime(one.at).date())
    return f"{one.actor.get_full_name()}, le {day}\u00a0: {one.text}"
