"""What stands beside a row of credits while it is typed: its plan, its other filings, the sum of the year.

In SQL: each row saved asks all three, and composing them from the models took longer than PostgreSQL takes to answer.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from budget.entry import same_amounts
from budget.planned import lost_in
from contracts.selectors import lost_paths
from figures.ae_cp import NOTHING, AeCp, total_ae_cp
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES

PLANNED: Final = """
    SELECT line_id, year, ae, cp FROM budget_plannedcredit WHERE version_id = %s AND line_id = ANY(%s) ORDER BY id
"""
"""What a version plans for these lines."""

COUNTED: Final = """
    SELECT typed.line_id, period.year, period.ends_on, typed.ae, typed.cp
      FROM budget_consumption typed
      JOIN monitoring_filing filing ON filing.id = typed.filing_id
      JOIN monitoring_campaign period ON period.id = filing.campaign_id
     WHERE typed.line_id = ANY(%s) AND filing.state = ANY(%s)
     ORDER BY period.ends_on, period.kind, typed.id
"""
"""What filings that count say of these lines, in the order of their periods."""

OWN_AE: Final = """
    SELECT SUM(typed.ae)
      FROM budget_consumption typed
      JOIN budget_budgetline line ON line.id = typed.line_id
     WHERE typed.filing_id = %s AND line.co_financer_id IS NULL
"""
"""The AE of the fund's own credits in a filing."""


@dataclass
class Plan:
    """What a version plans of one line by year, and what of it the scan lost."""

    by_year: dict[int, AeCp] = field(default_factory=dict)
    lost: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Past:
    """What other filings said of one line: the last of each year, when it last moved, the next of this year."""

    by_year: dict[int, AeCp] = field(default_factory=dict)
    moved_on: date | None = None
    following: AeCp | None = None

    def hear(self, year: int, ends_on: date, consumed: AeCp) -> None:
        """A filing's cumulated figures, filings told in order: a year that begins at zero has not moved."""
        if not same_amounts(consumed, self.by_year.get(year, NOTHING)):
            self.moved_on = ends_on
        self.by_year[year] = consumed

    def before(self, year: int) -> AeCp:
        """Consumed in the years before this one."""
        return total_ae_cp(pair for one, pair in self.by_year.items() if one != year)


def planned_by_line(filing: Filing, positions: Mapping[int, int]) -> Mapping[int, Plan]:
    """By line, what the filing's version plans, in euros; `positions` are those of the lines asked.

    One query, two where the plan leaves a cell blank: the scan may have lost it.
    """
    found: dict[int, Plan] = defaultdict(Plan)
    for line, year, ae, cp in _asked(PLANNED, filing.version_id, list(positions)):
        found[line].by_year[year] = AeCp(ae, cp)
    blank = [(line, year) for line, plan in found.items() for year, pair in plan.by_year.items() if not pair.is_whole]
    lost = lost_paths(filing.version) if blank else ()
    for line, year in blank:
        found[line].lost[year] = lost_in(found[line].by_year[year], positions[line], year, lost)
    return found


def past_by_line(filing: Filing, lines: Sequence[int]) -> Mapping[int, Past]:
    """What the contract's other filings that count said, by line. One query."""
    found: dict[int, Past] = defaultdict(Past)
    this = filing.campaign
    for line, year, ends_on, ae, cp in _asked(COUNTED, list(lines), [state.value for state in COUNTING_STATES]):
        past, consumed = found[line], AeCp(ae, cp)
        if ends_on < this.ends_on:
            past.hear(year, ends_on, consumed)
        elif ends_on > this.ends_on and year == this.year and past.following is None and consumed.is_reported:
            past.following = consumed
    return found


def own_ae(filing: Filing) -> Decimal | None:
    """AE of the fund's own credits that a filing declares, in euros; None when no line says any. One query."""
    [(ae,)] = _asked(OWN_AE, filing.pk)
    return None if ae is None else Decimal(ae)


def _asked(question: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())
