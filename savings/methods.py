"""How a saving is valued from its parameters, one function for each method. Pure: exact decimals, euros, ETPT.

Each is told in docs/calculs/, with its source and a worked example.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

HALF: Final = Decimal("0.5")
HUNDRED: Final = Decimal(100)


def posts_schedule(
    unit_cost: Decimal, removed: Mapping[int, Decimal | None], years: range | None = None
) -> dict[int, Decimal | None]:
    """The saving of each year, in euros: unit cost × (posts removed before + ½ × posts removed in the year).

    `removed` gives ETPT by year; a year that is not there removes none, a year that is None is not known and makes
    itself and all later years unknown. `years` says for which years; by default those of `removed`.
    """
    schedule: dict[int, Decimal | None] = {}
    for year in years if years is not None else sorted(removed):
        before = _known_sum(removed, before=year)
        current = removed.get(year, Decimal(0))
        unknown = before is None or current is None
        schedule[year] = None if unknown else unit_cost * (before + HALF * current)  # type: ignore[operator]
    return schedule


def recurrent_posts(unit_cost: Decimal, removed: Mapping[int, Decimal | None]) -> Decimal | None:
    """The saving of a full year once every post is removed, in euros; None when a number of posts is not known."""
    posts = list(removed.values())
    return None if None in posts else unit_cost * sum((post for post in posts if post is not None), Decimal(0))


def ramp_schedule(posts: Decimal, unit_cost: Decimal, rates: Mapping[int, Decimal | None]) -> dict[int, Decimal | None]:
    """The saving of each year, in euros: posts × unit cost × rate, rates in percent (12.5 for 12,5 %)."""
    return {year: None if rate is None else posts * unit_cost * rate / HUNDRED for year, rate in sorted(rates.items())}


def share_of_base(base: Decimal, rate: Decimal) -> Decimal:
    """The yearly saving, in euros: a rate in percent of a base in euros."""
    return base * rate / HUNDRED


def _known_sum(removed: Mapping[int, Decimal | None], *, before: int) -> Decimal | None:
    posts = [post for year, post in removed.items() if year < before]
    return None if None in posts else sum((post for post in posts if post is not None), Decimal(0))
