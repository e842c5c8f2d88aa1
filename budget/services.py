"""Writes of the ledger of credits."""

from collections.abc import Sequence
from decimal import Decimal

from accounts.models import User
from budget.entry import ConsumptionEntry, CreditRow
from budget.entry_selectors import READ_WITH, entry_rows
from budget.models import TEXTS, Consumption
from monitoring.entry.writing import Table, write_rows
from monitoring.models import Filing
from monitoring.permissions import editable_sheets

TABLE = Table(Consumption, READ_WITH, lambda row: row.line.sheet.number if row.line.sheet else None, TEXTS)


def record_consumptions(*, filing: Filing, entries: Sequence[ConsumptionEntry], actor: User) -> list[Consumption]:
    """Record what was consumed on many lines, all or nothing, in one transaction and a constant number of queries.

    Amounts are euros cumulated since 1 January of the filing's year; None is « not reported ». Gives the rows in the
    order of the entries. Errors (French, nothing written): `FilingClosed`, `UnknownRow`, `NotYourRow`, `StaleRows`.
    """
    return write_rows(TABLE, filing=filing, actor=actor, entries=entries)


def record_consumption(
    *,
    row: Consumption,
    revision: int,
    ae: Decimal | None,
    cp: Decimal | None,
    comment: str = "",
    actor: User,
) -> Consumption:
    """Record one line; `revision` is the one that the person read. As `record_consumptions`."""
    entry = ConsumptionEntry(row.pk, revision, ae, cp, comment)
    return record_consumptions(filing=row.filing, entries=[entry], actor=actor)[0]


def take_over_last_period(*, filing: Filing, actor: User) -> int:
    """Fill the person's blank figures with those of the previous filing of the year; gives how many lines changed.

    What was typed stays, half a line included. Errors: as `record_consumptions`.
    """
    sheets = editable_sheets(actor, filing)
    entries = [
        _from_last_period(row)
        for row in entry_rows(filing)
        if (sheets is None or row.sheet in sheets) and has_something_to_take(row)
    ]
    record_consumptions(filing=filing, entries=entries, actor=actor)
    return len(entries)


def has_something_to_take(row: CreditRow) -> bool:
    """Whether the previous filing of the year knows a figure that is still blank."""
    last, now = row.last_known, row.consumed
    return (now.ae is None and last.ae is not None) or (now.cp is None and last.cp is not None)


def _from_last_period(row: CreditRow) -> ConsumptionEntry:
    last, now = row.last_known, row.consumed
    return ConsumptionEntry(
        row=row.pk,
        revision=row.revision,
        ae=last.ae if now.ae is None else now.ae,
        cp=last.cp if now.cp is None else now.cp,
        comment=row.comment,
    )
