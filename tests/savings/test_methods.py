"""The methods that value a saving, and the worked example of each page of docs/calculs."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings.methods import (
    avoided_schedule,
    internalisation_schedule,
    posts_schedule,
    ramp_schedule,
    recurrent_posts,
    share_of_base,
)

PAGES = Path(__file__).parents[2] / "docs" / "calculs"
POSTS = st.decimals(min_value=0, max_value=500, places=2)


def table_of(page: str) -> list[list[Decimal]]:
    """The rows of figures of a page's table, plain numbers without spaces nor units."""
    rows = [line for line in (PAGES / page).read_text().splitlines() if re.match(r"\| \d", line)]
    return [
        [Decimal(re.sub(r"[^\d,]", "", cell).replace(",", ".")) for cell in row.strip("|").split("|")] for row in rows
    ]


def test_the_page_on_posts() -> None:
    b = posts_schedule(Decimal(33_000), {2021: Decimal(1), 2022: Decimal(1)}, range(2021, 2024))
    c = posts_schedule(Decimal(30_000), {2021: Decimal("20.4"), 2022: Decimal("18.2"), 2023: Decimal("17.9")})
    rows = [[year, b[year], c[year], (b[year] or 0) + (c[year] or 0)] for year in (2021, 2022, 2023)]
    assert rows == table_of("postes.md")
    assert rows == [
        [2021, 16_500, 306_000, 322_500],
        [2022, 49_500, 885_000, 934_500],
        [2023, 66_000, 1_426_500, 1_492_500],
    ]


def test_the_page_on_the_ramp() -> None:
    rows = table_of("montee-en-charge.md")
    rates: dict[int, Decimal | None] = {int(year): rate for year, rate, _ in rows}
    given_by_method = ramp_schedule(Decimal(20), Decimal(57_000), rates)
    assert given_by_method == {int(year): saving for year, _, saving in rows}
    assert given_by_method == {2019: 142_500, 2020: 427_500, 2021: 712_500, 2022: 1_140_000}


def test_the_page_on_the_share_of_a_base() -> None:
    assert share_of_base(Decimal(1_300_000), Decimal(20)) == 260_000
    assert "260\u202f000\u00a0€" in (PAGES / "part-d-une-base.md").read_text()


@pytest.mark.parametrize("page", ["postes.md", "montee-en-charge.md", "part-d-une-base.md", "chiffres-affiches.md"])
def test_each_page_has_its_parts_and_names_a_function_that_exists(page: str) -> None:
    text = (PAGES / page).read_text()
    assert all(f"**{part}.**" in text for part in ("En mots", "Formule", "Source", "Exemple", "Fonction"))
    module, function = text.split("**Fonction.** `")[1].split("`")[0].rsplit(".", 1)
    assert callable(getattr(__import__(module, fromlist=[function]), function))


def test_a_year_of_unknown_posts_makes_the_later_ones_unknown() -> None:
    schedule = posts_schedule(Decimal(10), {2020: Decimal(2), 2021: None, 2022: Decimal(2)})
    assert schedule == {2020: 10, 2021: None, 2022: None}


def test_a_year_without_removal_keeps_the_savings_of_the_posts_already_removed() -> None:
    assert posts_schedule(Decimal(10), {2020: Decimal(2)}, range(2019, 2023)) == {2019: 0, 2020: 10, 2021: 20, 2022: 20}


def test_an_unknown_rate_gives_no_saving() -> None:
    assert ramp_schedule(Decimal(2), Decimal(10), {2020: None, 2021: Decimal(50)}) == {2020: None, 2021: 10}


@given(st.dictionaries(st.integers(2018, 2030), POSTS, min_size=1))
def test_after_the_last_removal_every_post_counts_in_full(removed: dict[int, Decimal | None]) -> None:
    schedule = posts_schedule(Decimal(33_000), removed, range(2018, 2032))
    assert schedule[2031] == recurrent_posts(Decimal(33_000), removed)
    values = [value for value in schedule.values() if value is not None]
    assert values == sorted(values)


@pytest.mark.parametrize(("month", "first_year"), [(1, 36_000), (4, 27_000), (7, 18_000), (12, 3_000)])
def test_a_post_removed_in_a_given_month_saves_what_is_left_of_the_year(month: int, first_year: int) -> None:
    """July, whose six months are left, is the half that is taken when the contract gives no month."""
    removed: dict[int, Decimal | None] = {2021: Decimal(1)}
    schedule = posts_schedule(Decimal(36_000), removed, range(2021, 2023), {2021: month})
    assert schedule == {2021: first_year, 2022: 36_000}


def test_a_month_that_does_not_divide_evenly_is_rounded_to_the_cent_once() -> None:
    """10 000 € × (1 + 5 ÷ 12) = 14 166,666… €."""
    removed: dict[int, Decimal | None] = {2020: Decimal(1), 2021: Decimal(1)}
    assert posts_schedule(Decimal(10_000), removed, months={2021: 8})[2021] == Decimal("14166.67")


def test_an_expense_that_is_not_known_avoids_nothing_known() -> None:
    without = {2022: Decimal(120), 2023: None, 2024: Decimal(50), 2025: Decimal(10)}
    remaining = {2024: None, 2025: Decimal(15)}
    assert avoided_schedule(without, remaining) == {2022: 120, 2023: None, 2024: None, 2025: -5}


def test_a_day_dearer_in_house_saves_less_than_nothing() -> None:
    days = {2021: Decimal(10), 2022: None}
    assert internalisation_schedule(days, Decimal(500), Decimal(650)) == {2021: -1500, 2022: None}


@given(st.dictionaries(st.integers(2018, 2030), POSTS, min_size=1), st.integers(1, 12))
def test_a_month_moves_only_the_year_of_the_removal(removed: dict[int, Decimal | None], month: int) -> None:
    last = max(removed)
    halves = posts_schedule(Decimal(33_000), removed, range(2018, 2032))
    dated = posts_schedule(Decimal(33_000), removed, range(2018, 2032), {last: month})
    assert {year for year in halves if halves[year] != dated[year]} <= {last}
