"""Quarters, financial years and periods of days; the financial year is the calendar year (LOLF, art. 1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from figures import formats

QUARTERS_A_YEAR: Final = 4
_WRITINGS: Final = (
    re.compile(r"(?P<year>\d{4})\s*[-/ ]?\s*[TtQq](?P<number>[1-4])"),
    re.compile(r"[TtQq](?P<number>[1-4])\s*[-/ ]?\s*(?P<year>\d{4})"),
)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a financial year, ordered in time; written `2021-T2` in files, see `formats` for readers."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= QUARTERS_A_YEAR:
            raise ValueError(f"a quarter is 1 to 4, not {self.number}")

    def __str__(self) -> str:
        return f"{self.year}-T{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2021-T2`, `2021T2` or `T2 2021`. Raises `ValueError`."""
        for writing in _WRITINGS:
            if match := writing.fullmatch(text.strip()):
                return cls(int(match["year"]), int(match["number"]))
        raise ValueError(f"« {text} » n’est pas un trimestre\u00a0: écrivez par exemple «\u00a02021-T2\u00a0».")

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter that holds the day."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Self:
        return self.shift(1)

    @property
    def previous(self) -> Self:
        return self.shift(-1)

    @property
    def period(self) -> "Period":
        return Period(self.first_day, self.last_day)

    def shift(self, quarters: int) -> Self:
        """The quarter so many quarters later, or earlier when negative."""
        year, rank = divmod(self.year * QUARTERS_A_YEAR + self.number - 1 + quarters, QUARTERS_A_YEAR)
        return type(self)(year, rank + 1)

    def until(self, other: "Quarter") -> int:
        """How many quarters later the other one is; negative when it is earlier."""
        return (other.year - self.year) * QUARTERS_A_YEAR + other.number - self.number


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A financial year, 1 January to 31 December; written `2021`."""

    year: int

    def __str__(self) -> str:
        return str(self.year)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2021`. Raises `ValueError`."""
        if not re.fullmatch(r"[12]\d{3}", text.strip()):
            raise ValueError(f"« {text} » n’est pas une année\u00a0: écrivez par exemple «\u00a02021\u00a0».")
        return cls(int(text))

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)

    @property
    def next(self) -> Self:
        return type(self)(self.year + 1)

    @property
    def previous(self) -> Self:
        return type(self)(self.year - 1)

    @property
    def period(self) -> "Period":
        return Period(self.first_day, self.last_day)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return tuple(Quarter(self.year, number) for number in range(1, QUARTERS_A_YEAR + 1))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from the first to the last, both included. Raises `ValueError` when the last comes before the first."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("a period cannot end before it begins")

    def __str__(self) -> str:
        """`2e trimestre 2021`, `année 2021`, or `du 1er mars 2021 au 30 juin 2022`."""
        quarter, year = Quarter.of(self.last_day), FiscalYear(self.last_day.year)
        if self == quarter.period:
            return formats.quarter_fr(quarter)
        if self == year.period:
            return f"année{formats.NO_BREAK_SPACE}{year}"
        return f"du {formats.date_fr(self.first_day)} au {formats.date_fr(self.last_day)}"

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters that share a day with the period."""
        return tuple(quarters_between(Quarter.of(self.first_day), Quarter.of(self.last_day)))

    @property
    def years(self) -> tuple[int, ...]:
        """The financial years that share a day with the period."""
        return tuple(range(self.first_day.year, self.last_day.year + 1))


def quarters_between(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Every quarter from the first to the last, both included; none when the last is earlier."""
    return (first.shift(rank) for rank in range(first.until(last) + 1))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month when it has none: 31 August + 6 is 28 February."""
    rank = day.month - 1 + months
    year, month = day.year + rank // 12, rank % 12 + 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)


def months_between(start: date, end: date) -> int:
    """Whole months from one day to the other, as `months_after` counts them: 31 December to 30 June is six."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (months_after(start, months) > end)


def opening_fr(day: date) -> str:
    """`T1 2021` for the first day of a quarter, which is how a contract gives it; any other day is `15/02/2021`."""
    quarter = Quarter.of(day)
    return formats.short_quarter_fr(quarter) if day == quarter.first_day else formats.short_date_fr(day)


def closing_fr(day: date) -> str:
    """`T4 2021` for the last day of a quarter, any other day as `15/12/2021`."""
    quarter = Quarter.of(day)
    return formats.short_quarter_fr(quarter) if day == quarter.last_day else formats.short_date_fr(day)
