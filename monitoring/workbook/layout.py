"""How a grid is laid out on a sheet: one column for each fact and each input, told by keys and not by places.

A column of the grid with several inputs takes as many columns; an input whose name changes from row to row (the parts
of an indicator) has that name in a locked column before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from monitoring.entry.cells import Field
from monitoring.entry.ledger import Column, Ledger
from monitoring.entry.registry import ledgers_of
from monitoring.models import Filing


class Place(StrEnum):
    """What a column of the sheet holds."""

    FACT = "fact"
    NAME = "name"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: `key` finds it again wherever it was moved; `slot` is the rank of the input under its grid's column."""

    key: str
    column: Column
    place: Place
    label: str
    slot: int = 0

    @property
    def is_total(self) -> bool:
        """Whether a sum stands at the foot."""
        return self.column.amount is not None and self.place is not Place.NAME and self.slot == 0

    @property
    def full_label(self) -> str:
        group = self.column.group
        return f"{group.label} – {self.label}" if group else self.label


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid with its rows and its columns, ready to be written or compared.

    `only` are the fields that may be typed, when the texts alone of the filing were reopened.
    """

    ledger: Ledger
    rows: Sequence[Any]
    columns: Sequence[SheetColumn]
    only: Sequence[str] | None = None

    @property
    def code(self) -> str:
        return self.ledger.section.code

    @property
    def title(self) -> str:
        """The name of the sheet: spreadsheets take 31 characters, and not all of them."""
        return "".join("-" if sign in FORBIDDEN else sign for sign in self.ledger.section.title)[:31]

    def note(self, row: Any) -> str:
        """What tells a row apart from others of its label: the heading that it stands under, then its own note."""
        return ", ".join(filter(None, (self.ledger.band(row), row.note)))

    def is_open(self, name: str) -> bool:
        """Whether this field of a row may be typed, whoever types."""
        return self.only is None or name in self.only

    def inputs(self, row: Any) -> list[tuple[SheetColumn, Field]]:
        """Each input of a row with its column."""
        found = ((column, self.field(row, column)) for column in self.columns if column.place is Place.INPUT)
        return [(column, field) for column, field in found if field is not None]

    def field(self, row: Any, column: SheetColumn) -> Field | None:
        """The row's input in this column; None where the row has none."""
        fields = _under(column.column, self.ledger.fields(row))
        return fields[column.slot] if column.slot < len(fields) else None


FORBIDDEN: Final = frozenset("[]:*?/\\")


def sheets_of(filing: Filing) -> list[Sheet]:
    """The sheets of a filing's workbook: its grids that have rows."""
    found = [(ledger, ledger.rows_of(filing)) for ledger in ledgers_of(filing)]
    return [
        Sheet(
            ledger,
            rows,
            sheet_columns(ledger, filing, rows),
            ledger.table.texts if filing.takes_texts_only else None,
        )
        for ledger, rows in found
        if rows
    ]


def sheet_columns(ledger: Ledger, filing: Filing, rows: Sequence[Any]) -> list[SheetColumn]:
    """The columns that these rows ask for."""
    fields = [ledger.fields(row) for row in rows]
    return [made for column in ledger.columns(filing) for made in _columns(column, fields)]


def _columns(column: Column, fields: Sequence[Sequence[Field]]) -> list[SheetColumn]:
    if not column.is_input:
        return [SheetColumn(column.key, column, Place.FACT, column.label)]
    by_row = [_under(column, one) for one in fields]
    slots = range(max((len(one) for one in by_row), default=0))
    return [made for slot in slots for made in _slot(column, by_row, slot, is_alone=len(slots) == 1)]


def _slot(column: Column, by_row: Sequence[Sequence[Field]], slot: int, *, is_alone: bool) -> list[SheetColumn]:
    labels = {one[slot].label if slot < len(one) else None for one in by_row}
    shared = next(iter(labels)) if len(labels) == 1 else None
    key = f"{column.key}.{slot}"
    if shared is not None:
        label = shared if shared and not is_alone else column.label
        return [SheetColumn(key, column, Place.INPUT, label, slot)]
    return [
        SheetColumn(f"{key}.nom", column, Place.NAME, f"{column.label} ({slot + 1})", slot),
        SheetColumn(key, column, Place.INPUT, f"{column.label} ({slot + 1}), valeur", slot),
    ]


def _under(column: Column, fields: Sequence[Field]) -> list[Field]:
    return [field for field in fields if field.column == column.key]
