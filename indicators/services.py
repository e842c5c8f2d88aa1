"""Writes of the ledger of results."""

from collections.abc import Sequence
from decimal import Decimal

from accounts.models import User
from indicators.entry import MeasurementEntry, MeasureRow
from indicators.entry_selectors import READ_WITH, entry_rows
from indicators.models import TEXTS, Measurement
from monitoring.entry.writing import Table, write_rows
from monitoring.models import Filing
from monitoring.permissions import editable_sheets

TABLE = Table(Measurement, READ_WITH, lambda row: row.indicator.sheet.number if row.indicator.sheet else None, TEXTS)


def record_measurements(*, filing: Filing, entries: Sequence[MeasurementEntry], actor: User) -> list[Measurement]:
    """Record what was measured of many indicators, all or nothing, in constant queries.

    Values are raw, in each indicator's unit (a rate may exceed 100); None is « not reported ». Gives the rows in the
    order of the entries. Errors (French, nothing written): `FilingClosed`, `UnknownRow`, `NotYourRow`, `StaleRows`.
    """
    return write_rows(TABLE, filing=filing, actor=actor, entries=entries)


def record_measurement(
    *,
    row: Measurement,
    revision: int,
    value: Decimal | None,
    components: Sequence[Decimal | None] = (),
    comment: str = "",
    actor: User,
) -> Measurement:
    """Record one indicator; `revision` is the one that the person read. As `record_measurements`."""
    entry = MeasurementEntry(row.pk, revision, value, tuple(components), comment)
    return record_measurements(filing=row.filing, entries=[entry], actor=actor)[0]


def take_over_last_period(*, filing: Filing, actor: User) -> int:
    """Fill the person's blank values with the last ones measured, breakdown included; gives how many rows changed.

    Errors: as `record_measurements`.
    """
    sheets = editable_sheets(actor, filing)
    entries = [
        MeasurementEntry(row.pk, row.revision, row.last.value, row.last.components, row.comment)
        for row in entry_rows(filing)
        if (sheets is None or row.sheet in sheets) and row.last is not None and has_something_to_take(row)
    ]
    record_measurements(filing=filing, entries=entries, actor=actor)
    return len(entries)


def has_something_to_take(row: MeasureRow) -> bool:
    """Whether the value is blank and was measured before."""
    return row.value is None and row.last is not None and row.last.value is not None
