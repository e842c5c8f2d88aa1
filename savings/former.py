"""Gaps as they were added until November 2026, for the reports that froze them; nothing new is computed this way. Pure.

A line, or a total, was held against all that was expected of it in the years for which anything was declared: of every
line as soon as one of them had declared, of AE as soon as CP had been.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import TypeVar

from figures.ae_cp import AeCp, total_ae_cp
from savings.calc import Figures, SavingGroup, SavingLine, SavingsSituation, SavingYear, group

T = TypeVar("T", bound=Figures)


class _HeldWhole(Figures):
    @property
    def planned_to_date(self) -> AeCp:
        """Expected in the years that anything was declared for."""
        return total_ae_cp(year.expected for year in self.years if year.declared.is_reported)

    @property
    def compared(self) -> AeCp:
        """Everything that was declared."""
        return self.declared

    @property
    def gap(self) -> AeCp:
        """Declared − expected, of the whole."""
        return self.declared - self.planned_to_date


class FormerLine(_HeldWhole, SavingLine):
    """A line whose years are taken whole."""


class FormerGroup(_HeldWhole, SavingGroup):
    """A total that looks at no line."""


class FormerSavings(SavingsSituation):
    """Article 3 and what became of it, with the gaps of then."""

    def _group(self, code: str, label: str, lines: Iterable[SavingLine]) -> SavingGroup:
        made = group(code, label, lines, self.years)
        return _as(FormerGroup, made, years=tuple(_plain(cell) for cell in made.years))


def as_formerly_added(savings: SavingsSituation) -> SavingsSituation:
    """The same lines and years, with the gaps that they were given then."""
    return FormerSavings(savings.years, tuple(_as(FormerLine, line) for line in savings.lines))


def _plain(cell: SavingYear) -> SavingYear:
    """A total's year that knows of its sums alone: its gap is declared − expected."""
    return SavingYear(**{one.name: getattr(cell, one.name) for one in fields(SavingYear)})


def _as(kind: type[T], row: SavingLine | SavingGroup, **changed: object) -> T:
    return kind(**({one.name: getattr(row, one.name) for one in fields(row)} | changed))
