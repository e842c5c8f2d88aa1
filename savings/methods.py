"""How a saving is valued from its parameters, one function for each method. Pure: exact decimals, euros, ETPT.

Each is told in docs/calculs/, with its source and a worked example.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from figures.rounding import round_half_up

HALF: Final = Decimal("0.5")
HUNDRED: Final = Decimal(100)
MONTHS: Final = 12


def posts_schedule(
    unit_cost: Decimal,
    removed: Mapping[int, Decimal | None],
    years: range | None = None,
    months: Mapping[int, int] | None = None,
) -> dict[int, Decimal | None]:
    """The saving of each year, in euros: unit cost × (posts removed before + part of the year × posts removed in it).

    `removed` gives ETPT by year; a year that is not there removes none, a year that is None is not known and makes
    itself and all later years unknown. `years` says for which years; by default those of `removed`. The part of the
    year is a half, or what is left of it from the first day of the month (1 to 12) that `months` gives; then the
    saving is rounded to the cent, once.
    """
    schedule: dict[int, Decimal | None] = {}
    for year in years if years is not None else sorted(removed):
        before = _known_sum(removed, before=year)
        current = removed.get(year, Decimal(0))
        if before is None or current is None:
            schedule[year] = None
        elif month := (months or {}).get(year):
            schedule[year] = round_half_up(unit_cost * (before * MONTHS + current * months_left(month)) / MONTHS, 2)
        else:
            schedule[year] = unit_cost * (before + HALF * current)
    return schedule


def months_left(month: int) -> int:
    """The months of a year, of twelve, in which a post removed on the first day of `month` (1 to 12) is saved."""
    return MONTHS + 1 - month


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


def share_schedule(base: Decimal, rate: Decimal, reached: Mapping[int, Decimal | None]) -> dict[int, Decimal | None]:
    """The saving of each year, in euros: share of the base × what is reached of it, both in percent.

    A year that `reached` does not name is not told by the method; one that is None is not known.
    """
    full = share_of_base(base, rate)
    return {year: None if part is None else full * part / HUNDRED for year, part in sorted(reached.items())}


def avoided_schedule(
    without: Mapping[int, Decimal | None], remaining: Mapping[int, Decimal | None]
) -> dict[int, Decimal | None]:
    """The saving of each year, in euros: what would be spent without the project − what is still spent with it.

    A year that `remaining` does not name spends nothing more; an expense that is None is not known, nor is its saving.
    """
    schedule: dict[int, Decimal | None] = {}
    for year, expected in sorted(without.items()):
        left = remaining.get(year, Decimal(0))
        schedule[year] = None if expected is None or left is None else expected - left
    return schedule


def internalisation_schedule(
    days: Mapping[int, Decimal | None], bought: Decimal, in_house: Decimal
) -> dict[int, Decimal | None]:
    """The saving of each year, in euros: days done in house × (price of a day bought − cost of a day in house)."""
    return {year: None if count is None else count * (bought - in_house) for year, count in sorted(days.items())}


def amounts_schedule(amounts: Mapping[int, Decimal | None], years: Sequence[int]) -> dict[int, Decimal | None]:
    """The saving of each of the years, in euros, as the contract states it; None, never zero, where it says nothing."""
    return {year: amounts.get(year) for year in years}


def _known_sum(removed: Mapping[int, Decimal | None], *, before: int) -> Decimal | None:
    posts = [post for year, post in removed.items() if year < before]
    return None if None in posts else sum((post for post in posts if post is not None), Decimal(0))
