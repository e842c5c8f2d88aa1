"""Rows of credits for tests: made, typed, closed, and those of earlier quarters."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from budget.entry import ConsumptionEntry
from budget.models import BudgetLine, Consumption
from budget.sections import prepare
from budget.services import record_consumptions
from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.models import Filing
from tests.factories import CampaignFactory, FilingFactory


def rows_of(filing: Filing) -> list[Consumption]:
    prepare(filing)
    return list(Consumption.objects.filter(filing=filing).select_related("line", "filing"))


def entry(row: Consumption, ae: Any, cp: Any, comment: str = "") -> ConsumptionEntry:
    """What is typed on a row as it stands: amounts in euros, None for a blank."""
    euros = [None if one is None else Decimal(one) for one in (ae, cp)]
    return ConsumptionEntry(row.pk, row.revision, euros[0], euros[1], comment)


def close(filing: Filing, state: FilingState, by: User) -> None:
    now = timezone.now()
    Filing.objects.filter(pk=filing.pk).update(state=state, submitted_by=by, submitted_at=now, locked_at=now)
    filing.refresh_from_db()


def earlier(
    filing: Filing,
    year: int,
    quarter: int,
    by: User,
    amounts: dict[str, tuple[int, int]],
    state: FilingState = FilingState.LOCKED,
) -> Filing:
    """An earlier quarter of the same contract, with these AE and CP by line."""
    end = date(year, 3 * quarter, 31 if quarter in {1, 4} else 30)
    start = date(year, 3 * quarter - 2, 1)
    campaign = CampaignFactory(year=year, quarter=quarter, starts_on=start, ends_on=end, opens_on=end, due_on=end)
    past = FilingFactory(contract=filing.contract, campaign=campaign)
    for row in rows_of(past):
        ae, cp = amounts.get(row.line.key, (None, None))
        record_consumptions(filing=past, entries=[entry(row, ae, cp)], actor=by)
    if state not in FilingState.editable():
        close(past, state, by)
    return past


def add_lines(contract: Contract, count: int) -> None:
    """Completes the contract to so many budget lines."""
    present = contract.budget_lines.count()
    BudgetLine.objects.bulk_create(
        BudgetLine(contract=contract, key=f"ligne-{rank}", label=f"Ligne {rank}", nature="autre", position=10 + rank)
        for rank in range(present, count)
    )
