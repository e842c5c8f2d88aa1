"""What the method of a savings line gives, year by year and in a full year, from the rows of a version."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from contracts.fields import amount
from contracts.models import ContractVersion
from savings.enums import SavingsMethod
from savings.methods import (
    avoided_schedule,
    internalisation_schedule,
    posts_schedule,
    ramp_schedule,
    recurrent_posts,
    share_of_base,
    share_schedule,
)
from savings.models import PlannedPost, SavingsTerms

Schedule = Mapping[int, Decimal | None]


def line_schedule(terms: SavingsTerms, posts: Mapping[str, list[PlannedPost]], until: int = 0) -> Schedule:
    """What the method of a line gives by year, in euros; empty for a method that gives no schedule.

    Posts give a saving in every year from the first removal to `until`, or to the last removal when that is later.
    """
    match terms.line.method:
        case SavingsMethod.POSTS:
            return _add([category_schedule(rows, until) for rows in posts.values()])
        case SavingsMethod.RAMP:
            count, cost = parameter(terms, "postes"), parameter(terms, "cout_unitaire")
            return {} if count is None or cost is None else ramp_schedule(count, cost, by_year(terms, "taux"))
        case SavingsMethod.SHARE_OF_BASE:
            base, rate = parameter(terms, "base"), parameter(terms, "taux")
            return {} if base is None or rate is None else share_schedule(base, rate, by_year(terms, "montee"))
        case SavingsMethod.AVOIDED:
            return avoided_schedule(by_year(terms, "sans_projet"), by_year(terms, "avec_projet"))
        case SavingsMethod.INTERNALISATION:
            bought, in_house = parameter(terms, "prix_du_jour"), parameter(terms, "cout_interne")
            if bought is not None and in_house is not None:
                return internalisation_schedule(by_year(terms, "jours"), bought, in_house)
    return {}


def full_year(terms: SavingsTerms, posts: Mapping[str, list[PlannedPost]]) -> Decimal | None:
    """What the method gives a full year, in euros; None for a method that gives none, or without its parameters."""
    match terms.line.method:
        case SavingsMethod.POSTS:
            values = [_recurrent(rows) for rows in posts.values()]
            return None if None in values or not values else sum((one for one in values if one), Decimal(0))
        case SavingsMethod.RAMP:
            count, cost = parameter(terms, "postes"), parameter(terms, "cout_unitaire")
            return None if count is None or cost is None else count * cost
        case SavingsMethod.SHARE_OF_BASE:
            base, rate = parameter(terms, "base"), parameter(terms, "taux")
            return None if base is None or rate is None else share_of_base(base, rate)
    return None


def category_schedule(rows: Sequence[PlannedPost], until: int = 0) -> Schedule:
    """What the posts of one category give by year, in euros; unknown when their cost is. See `line_schedule`."""
    cost = amount(rows[0].unit_cost)
    removed = {row.year: row.removed_etpt for row in rows}
    months = {row.year: row.month for row in rows if row.month}
    years = range(min(removed), max(*removed, until) + 1)
    return dict.fromkeys(years) if cost is None else posts_schedule(cost, removed, years, months)


def _recurrent(rows: Sequence[PlannedPost]) -> Decimal | None:
    cost = amount(rows[0].unit_cost)
    return None if cost is None else recurrent_posts(cost, {row.year: row.removed_etpt for row in rows})


def posts_by_line(version: ContractVersion) -> defaultdict[int, defaultdict[str, list[PlannedPost]]]:
    """The posts of each line, by category."""
    found: defaultdict[int, defaultdict[str, list[PlannedPost]]] = defaultdict(lambda: defaultdict(list))
    for post in PlannedPost.objects.filter(version=version).order_by("category", "year"):
        found[post.line_id][post.category].append(post)
    return found


def by_category(rows: Iterable[PlannedPost]) -> dict[str, list[PlannedPost]]:
    """The posts of one line, by category."""
    found: dict[str, list[PlannedPost]] = {}
    for row in rows:
        found.setdefault(row.category, []).append(row)
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


def by_year(terms: SavingsTerms, name: str) -> dict[int, Decimal | None]:
    """A parameter given year by year, exact; empty when the contract does not give it."""
    return {int(year): _number(value) for year, value in terms.parameters.get(name, {}).items()}


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
