"""What a table is: columns with a kind, rows with a role, raw values. Renderers format.

A total row bears the figure that the situation computed; the workbook writes it as a formula over the lines above.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Final

from figures import formats
from figures.periods import closing_fr, opening_fr
from figures.rounding import places_shown

LONGEST_SYMBOL: Final = 6


@dataclass(frozen=True)
class Quantity:
    """A number that bears its own unit, where each row of a column has another; `parts` is its breakdown."""

    value: Decimal
    unit: str = ""
    parts: tuple[Decimal | None, ...] = ()

    @property
    def is_in_words(self) -> bool:
        """Whether the unit is longer than a symbol, `jours` or `points`."""
        return len(self.unit) > LONGEST_SYMBOL

    def __str__(self) -> str:
        """`62,5 %`, `5 (3 / 2)`; a unit that is a word may stand under its number."""
        space = " " if self.is_in_words else formats.NO_BREAK_SPACE
        unit = f"{space}{self.unit}" if self.unit else ""
        return formats.number(self.value, None) + unit + (f" ({broken_down(self.parts)})" if self.parts else "")


Value = Decimal | Quantity | str | date | int | None
ABSENT: Final = "–"
"""Where a version has no such day or amount, which is not one that nobody reported."""
OPENING: Final = "opening"
CLOSING: Final = "closing"
BY_QUARTER: Final = "Tn\u00a0: trimestre\u00a0; le classeur le date de son premier jour (début) ou du dernier (fin)."
_FIGURE: Final = re.compile(r"(?P<figure>[−-]?\d[\d\u202f]*(?:[.,]\d+)?)(?:\u00a0(?P<unit>€|k€|M€|%|ETPT?|points?))?")


class Kind(Enum):
    """How the values of a column read."""

    TEXT = "text"
    EUROS = "euros"
    SHARE = "share"
    RATIO = "ratio"
    NUMBER = "number"
    DATE = "date"


class Role(StrEnum):
    """What a row is: a line, the band that opens a section, the subtotal that closes it, the total."""

    LINE = "line"
    BAND = "band"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True)
class Derived:
    """A column that follows from two others of its row: `left − right`, or `left ÷ right`."""

    operation: str
    left: str
    right: str


@dataclass(frozen=True)
class Column:
    """`width` is a weight; `group` is the heading that neighbours share (a year); sums are made of additive columns.

    `quarter` is `opening` or `closing` where the contract promises by quarter: the first, or the last day of one is
    printed as the quarter, and stays a day in the workbook.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    width: int = 10
    group: str = ""
    derived: Derived | None = None
    quarter: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether values stand at the right."""
        return self.kind not in (Kind.TEXT, Kind.DATE)

    @property
    def is_additive(self) -> bool:
        """Whether a total is the sum of the lines."""
        return self.kind is Kind.EUROS and self.derived is None


@dataclass(frozen=True)
class Row:
    """One value for each column; a band has its title only."""

    values: tuple[Value, ...]
    role: Role = Role.LINE


@dataclass(frozen=True)
class Table:
    """`note` says the unit or what to know before reading; `is_wide` asks for a landscape page."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "Aucune donnée."
    is_wide: bool = False

    @property
    def has_groups(self) -> bool:
        """Whether columns stand under shared headings."""
        return any(column.group for column in self.columns)

    @property
    def headings(self) -> tuple[tuple[str, int], ...]:
        """The shared headings with the number of columns under each."""
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and column.group and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return tuple(found)


def broken_down(parts: Iterable[Decimal | None]) -> str:
    """`3 / 2`; empty when there is no breakdown."""
    return " / ".join(formats.number(each, None) for each in parts)


def quantity(text: str) -> Value:
    """The number that a fact writes (`1 757,5 k€`, `1492.5`), with its unit; any other text as it is."""
    match = _FIGURE.fullmatch(text)
    if match is None:
        return text
    figure = match["figure"].replace(formats.THIN_SPACE, "").replace(formats.MINUS, "-").replace(",", ".")
    return Quantity(Decimal(figure), match["unit"] or "")


def shown(value: Value, kind: Kind, places: int = 0) -> str:
    """The value as a French reader sees it; zero euros is a dash, what is missing « n. r. » or « n. c. ».

    `places` are the decimals that the column's other amounts have: euros are written with as many.
    """
    if isinstance(value, str):
        return formats.typeset(value)
    if value is None:
        return formats.NOT_COMPUTABLE if kind in (Kind.SHARE, Kind.RATIO) else formats.NOT_REPORTED
    if isinstance(value, date):
        return formats.short_date_fr(value)
    if isinstance(value, Quantity) or kind in (Kind.TEXT, Kind.DATE):
        return str(value)
    return _figure(Decimal(value), kind, places)


def promised_day(day: date, column: Column) -> str:
    """`T1 2021`, or the day where it neither opens nor closes a quarter."""
    return opening_fr(day) if column.quarter == OPENING else closing_fr(day)


def by_quarter(rows: Iterable[Row]) -> str:
    """What « T1 2021 » is, for a calendar that promises by quarter; blank for one without a date."""
    return BY_QUARTER if any(isinstance(value, date) for row in rows for value in row.values) else ""


def _figure(value: Decimal, kind: Kind, places: int) -> str:
    match kind:
        case Kind.EUROS:
            return formats.number(value, max(places, places_shown(value)), zero="–")
        case Kind.SHARE:
            return formats.percent(value)
        case Kind.RATIO:
            return formats.ratio(value)
    return formats.number(value, None)


EUROS_NOTE: Final = (
    "En euros. «\u00a0–\u00a0»\u00a0: zéro\u202f; "
    "n.\u00a0r.\u00a0: non renseigné\u202f; n.\u00a0c.\u00a0: non calculable."
)


def band(title: str, columns: Iterable[Column]) -> Row:
    """The row that opens a section."""
    return Row((title, *(None for _ in list(columns)[1:])), Role.BAND)
