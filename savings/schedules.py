"""What the method of a savings line gives year by year, from the rows of a version."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from contracts.fields import amount
from contracts.models import ContractVersion
from savings.enums import SavingsMethod
from savings.methods import posts_schedule, ramp_schedule
from savings.models import PlannedPost, SavingsTerms

Schedule = Mapping[int, Decimal | None]


def line_schedule(terms: SavingsTerms, posts: Mapping[str, list[PlannedPost]]) -> Schedule:
    """What the method of a line gives by year, in euros; empty for a method that gives no schedule."""
    if terms.line.method == SavingsMethod.POSTS:
        return _add([category_schedule(rows) for rows in posts.values()])
    if terms.line.method == SavingsMethod.RAMP:
        numbers = [parameter(terms, name) for name in ("postes", "cout_unitaire")]
        rates = {int(year): _number(rate) for year, rate in terms.parameters.get("taux", {}).items()}
        if numbers[0] is not None and numbers[1] is not None:
            return ramp_schedule(numbers[0], numbers[1], rates)
    return {}


def category_schedule(rows: Sequence[PlannedPost]) -> Schedule:
    """What the posts of one category give by year, in euros; unknown when their cost is."""
    cost = amount(rows[0].unit_cost)
    removed = {row.year: row.removed_etpt for row in rows}
    return dict.fromkeys(removed) if cost is None else posts_schedule(cost, removed)


def posts_by_line(version: ContractVersion) -> defaultdict[int, defaultdict[str, list[PlannedPost]]]:
    """The posts of each line, by category."""
    found: defaultdict[int, defaultdict[str, list[PlannedPost]]] = defaultdict(lambda: defaultdict(list))
    for post in PlannedPost.objects.filter(version=version).order_by("category", "year"):
        found[post.line_id][post.category].append(post)
    return found


def _add(schedules: list[Schedule]) -> Schedule:
    """The sum of the categories, year by year; a year that one of them does not know is not known."""
    summed: dict[int, Decimal | None] = {}
    for year in sorted({year for schedule in schedules for year in schedule}):
        values = [schedule.get(year, Decimal(0)) for schedule in schedules]
        summed[year] = None if None in values else sum((value for value in values if value is not None), Decimal(0))
    return summed


def parameter(terms: SavingsTerms, name: str) -> Decimal | None:
    """A parameter of the line's method, exact; None when the contract does not give it."""
    return _number(terms.parameters.get(name))


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
