"""A table as it is printed: every cell a text, with what a template needs to know to set it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from figures.rounding import places_shown
from reports.tables.model import Column, Kind, Quantity, Role, Row, Table, promised_day, shown

STATUS_STYLES = {
    "cible atteinte": "good",
    "en bonne voie": "good",
    "en retard": "bad",
    "terminé": "good",
    "abandonné": "bad",
}
SHORT: Final = 6
PAGE: Final = 270
"""Millimetres of a landscape page; a digit and its share of thin spaces, and what stands beside a figure."""
DIGIT: Final = 1.6
PADDING: Final = 2.6


@dataclass(frozen=True)
class Cell:
    """`style` is `figure`, `figure words`, `text` or `date`; `badge` a colour for a word that says a state."""

    text: str
    style: str
    badge: str = ""


@dataclass(frozen=True)
class ShownRow:
    """The first cell names the row; `section` is the title of the band that it stands under, blank without."""

    role: str
    head: Cell
    cells: tuple[Cell, ...]
    section: str = ""


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
    """The table with every figure written, rounded nowhere; the amounts of a column all have cents, or none has."""
    sections = _sections(table)
    widths = tuple(f"{share * 100:.2f}%" for share in _shares(table, sections))
    return ShownTable(table, widths, sections)


def _shares(table: Table, sections: Sequence[Sequence[ShownRow]]) -> list[float]:
    """The share of each column: its weight, or what its longest figure takes, which nothing may run over."""
    whole = sum(column.width for column in table.columns)
    shares = [column.width / whole for column in table.columns]
    needed = [0.0] * len(shares)
    for row in (row for section in sections for row in section):
        for place, cell in enumerate((row.head, *row.cells)):
            if cell.style == "figure":
                needed[place] = max(needed[place], (len(cell.text) * DIGIT + PADDING) / PAGE)
    return shares if sum(needed) >= 1 else _widened(shares, needed)


def _widened(shares: Sequence[float], needed: Sequence[float]) -> list[float]:
    """Columns too narrow get what they need, the others share what is left as they shared the whole."""
    fixed: dict[int, float] = {}
    while True:
        left = (1 - sum(fixed.values())) / sum(share for place, share in enumerate(shares) if place not in fixed)
        narrow = {p: needed[p] for p, share in enumerate(shares) if p not in fixed and needed[p] > share * left}
        if not narrow:
            return [fixed.get(place, share * left) for place, share in enumerate(shares)]
        fixed |= narrow


def _sections(table: Table) -> tuple[tuple[ShownRow, ...], ...]:
    found: list[list[ShownRow]] = [[]]
    places, title = _places(table), ""
    for row in table.rows:
        if row.role is Role.BAND and found[-1]:
            found.append([])
        title = shown(row.values[0], Kind.TEXT) if row.role is Role.BAND else "" if row.role is Role.TOTAL else title
        found[-1].append(_row(table.columns, row, places, title))
    return tuple(tuple(section) for section in found if section)


def _places(table: Table) -> tuple[int, ...]:
    """By column, the decimals that its amounts are written with."""
    by_column = zip(*(row.values for row in table.rows if row.role is not Role.BAND), strict=True)
    found = (max(_decimals(value) for value in values) for values in by_column)
    return tuple(found) or (0,) * len(table.columns)


def _decimals(value: object) -> int:
    return places_shown(value) if isinstance(value, Decimal) else 0


def _row(columns: tuple[Column, ...], row: Row, places: Sequence[int], title: str) -> ShownRow:
    if row.role is Role.BAND:
        return ShownRow(row.role.value, Cell(title, "text"), ())
    cells = tuple(_cell(*each) for each in zip(columns, row.values, places, strict=True))
    return ShownRow(row.role.value, cells[0], cells[1:], title)


def _cell(column: Column, value: object, places: int) -> Cell:
    is_promised = column.quarter and isinstance(value, date)
    text = promised_day(value, column) if is_promised else shown(value, column.kind, places)  # type: ignore[arg-type]
    badge = _badge(text) if column.key in ("status", "state") else ""
    return Cell(text, _style(column, value), badge)


def _style(column: Column, value: object) -> str:
    """Words in a column of figures stand as figures do, and may take several lines: a figure may not."""
    if column.is_figure:
        is_words = " " in value if isinstance(value, str) else isinstance(value, Quantity) and value.is_in_words
        return "figure words" if is_words else "figure"
    return "date" if column.kind is Kind.DATE else "text"


def _badge(text: str) -> str:
    word = text.lower()
    if "échéance passée" in word:
        return "bad"
    return STATUS_STYLES.get(word, "plain")
