"""Gaps of a year's credits as they were added until November 2026, for the reports that froze them. Pure.

A total of a year was held against the plan of all its lines as soon as one of them had reported.
"""

from collections.abc import Iterable
from dataclasses import replace

from budget.calc import CreditGroup, CreditLine, CreditSituation, CreditYear, group


class FormerCredits(CreditSituation):
    """Article 2 and what became of it, with the gaps of then."""

    def _group(self, code: str, label: str, lines: Iterable[CreditLine]) -> CreditGroup:
        made = group(code, label, lines, self.years)
        return replace(made, years=tuple(_plain(cell) for cell in made.years))


def as_formerly_added(credits_: CreditSituation) -> CreditSituation:
    """The same lines and years, with the gaps that they were given then."""
    return FormerCredits(credits_.years, credits_.lines, credits_.period)


def _plain(cell: CreditYear) -> CreditYear:
    """A total's year that knows of its sums alone: its gap is consumed − planned."""
    return CreditYear(cell.year, cell.planned, cell.consumed, cell.filing, cell.lost)
