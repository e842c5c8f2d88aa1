"""A table as it is printed: every cell a text, with what a template needs to know to set it."""

from dataclasses import dataclass
from typing import Final

from reports.tables.model import Column, Kind, Role, Row, Table, shown

STATUS_STYLES = {
    "cible atteinte": "good",
    "en bonne voie": "good",
    "en retard": "bad",
    "terminé": "good",
    "abandonné": "bad",
}
SHORT: Final = 6


@dataclass(frozen=True)
class Cell:
    """`style` is `figure`, `figure words`, `text` or `date`; `badge` a colour for a word that says a state."""

    text: str
    style: str
    badge: str = ""


@dataclass(frozen=True)
class ShownRow:
    """The first cell names the row."""

    role: str
    head: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ShownTable:
    """A table for a template; `sections` are its rows, cut before each band so that a band stays with its lines."""

    table: Table
    widths: tuple[str, ...]
    sections: tuple[tuple[ShownRow, ...], ...]

    @property
    def is_short(self) -> bool:
        """Whether it stays whole on a page."""
        return len(self.table.rows) <= SHORT

    @property
    def span(self) -> int:
        """How many columns a band covers."""
        return len(self.table.columns)


def shown_table(table: Table) -> ShownTable:
    """The table with every figure written; a row at a time, rounded nowhere."""
    whole = sum(column.width for column in table.columns)
    widths = tuple(f"{column.width * 100 / whole:.2f}%" for column in table.columns)
    return ShownTable(table, widths, _sections(table))


def _sections(table: Table) -> tuple[tuple[ShownRow, ...], ...]:
    found: list[list[ShownRow]] = [[]]
    for row in table.rows:
        if row.role is Role.BAND and found[-1]:
            found.append([])
        found[-1].append(_row(table.columns, row))
    return tuple(tuple(section) for section in found if section)


def _row(columns: tuple[Column, ...], row: Row) -> ShownRow:
    if row.role is Role.BAND:
        return ShownRow(row.role.value, Cell(shown(row.values[0], Kind.TEXT), "text"), ())
    cells = tuple(_cell(column, value) for column, value in zip(columns, row.values, strict=True))
    return ShownRow(row.role.value, cells[0], cells[1:])


def _cell(column: Column, value: object) -> Cell:
    text = shown(value, column.kind)  # type: ignore[arg-type]
    badge = _badge(text) if column.key in ("status", "state") else ""
    return Cell(text, _style(column, value), badge)


def _style(column: Column, value: object) -> str:
    """Words in a column of figures stand as figures do, and may take several lines: a figure may not."""
    if column.is_figure:
        return "figure words" if isinstance(value, str) and " " in value else "figure"
    return "date" if column.kind is Kind.DATE else "text"


def _badge(text: str) -> str:
    word = text.lower()
    if "échéance passée" in word:
        return "bad"
    return STATUS_STYLES.get(word, "plain")
