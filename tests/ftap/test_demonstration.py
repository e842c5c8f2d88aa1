"""Invented figures keep the shape of real ones, whatever the plan."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftap.demonstration.actuals import day_named
from ftap.demonstration.campaigns import CAMPAIGNS
from ftap.demonstration.figures import Amounts, consumed, measured, reached, saved
from ftap.demonstration.people import PEOPLE
from monitoring.enums import CampaignKind

EUROS = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2)
RANKS = st.integers(min_value=0, max_value=200)
QUARTERS = st.integers(min_value=1, max_value=4)


def test_a_line_of_100_000_euros_through_the_year() -> None:
    plan = Amounts(Decimal(100_000), Decimal(60_000))
    by_quarter = [consumed(plan, rank=0, quarter=quarter, is_t2=False) for quarter in (1, 2, 3, 4)]
    assert [each.ae for each in by_quarter] == [52_800, 76_800, 91_200, 96_000]
    assert [each.cp for each in by_quarter] == [8_640, 25_920, 43_200, 57_600]


@given(EUROS, EUROS, RANKS, QUARTERS)
def test_payments_never_pass_commitments_nor_the_plan(one: Decimal, two: Decimal, rank: int, quarter: int) -> None:
    plan = Amounts(max(one, two), min(one, two))
    real = consumed(plan, rank=rank, quarter=quarter, is_t2=False)
    assert real.ae is not None
    assert real.cp is not None
    assert 0 <= real.cp <= real.ae <= max(one, two) + Decimal("0.5")


@given(EUROS, RANKS, QUARTERS)
def test_titre_2_commits_what_it_pays(cp: Decimal, rank: int, quarter: int) -> None:
    real = consumed(Amounts(cp, cp), rank=rank, quarter=quarter, is_t2=True)
    assert real.ae == real.cp


@given(EUROS, EUROS, RANKS, st.booleans())
def test_what_is_cumulated_since_1_january_never_falls(ae: Decimal, cp: Decimal, rank: int, is_t2: bool) -> None:
    year = [consumed(Amounts(ae, cp), rank=rank, quarter=quarter, is_t2=is_t2) for quarter in (1, 2, 3, 4)]
    assert [real.ae or 0 for real in year] == sorted(real.ae or 0 for real in year)
    assert [real.cp or 0 for real in year] == sorted(real.cp or 0 for real in year)


@given(EUROS, RANKS)
def test_savings_stay_within_the_plan_in_whole_euros(amount: Decimal, rank: int) -> None:
    real = saved(Amounts(amount, amount), rank=rank)
    assert real.ae == real.cp
    assert real.ae is not None
    assert real.ae == real.ae.to_integral_value() <= amount + Decimal("0.5")


@pytest.mark.parametrize(("rank", "value"), [(0, 74), (1, 80), (2, 83), (3, 74)])
def test_indicators_are_under_at_and_over_what_is_expected(rank: int, value: int) -> None:
    assert measured(Decimal(80), rank=rank) == value


def test_a_contract_that_is_behind_keeps_a_share_of_the_pace() -> None:
    """Lean management: one project out of the ten of the year, and the credits of about one."""
    assert (reached("lean-management"), reached("cap2030")) == (Decimal("0.16"), Decimal(1))
    assert measured(Decimal(10), rank=0, share=reached("lean-management")) == 1
    plan = Amounts(Decimal(1_000_000), Decimal(1_000_000))
    assert consumed(plan, rank=0, quarter=4, is_t2=False, share=reached("lean-management")).cp == 153_600


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("Validation du projet au CAR numérique (29 juin 2018)", date(2018, 6, 29)),
        ("COPIL du 1er\u00a0février 2019", date(2019, 2, 1)),
        ("Objectif : 30 démarches déployées, fin 2019", None),
    ],
)
def test_a_step_whose_title_names_a_day_is_done_on_that_day(title: str, day: date | None) -> None:
    assert day_named(title) == day


def test_nothing_is_invented_where_nothing_is_promised() -> None:
    nothing = Amounts(None, None)
    assert consumed(nothing, rank=0, quarter=2, is_t2=False) == nothing
    assert consumed(nothing, rank=0, quarter=2, is_t2=True) == nothing
    assert saved(nothing, rank=0) == nothing
    assert measured(None, rank=0) is None


def test_campaigns_are_open_late_or_over_and_none_is_doubled() -> None:
    assert len({(each.kind, each.year, each.quarter) for each in CAMPAIGNS}) == len(CAMPAIGNS)
    assert all((each.quarter is None) == (each.kind == CampaignKind.YEAR) for each in CAMPAIGNS)
    assert {each.due_in is not None and each.due_in > 0 for each in CAMPAIGNS} == {True, False}
    assert [each.year for each in CAMPAIGNS if each.due_in is None] == [2018, 2019, 2020, 2020, 2021, 2022]


def test_accounts_say_that_they_are_of_a_demo() -> None:
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)
    assert all(person.email.endswith("@demo.example") for person in PEOPLE)
