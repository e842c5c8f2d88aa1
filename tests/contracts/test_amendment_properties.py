"""Versions add up, and the promise as of a day does not move with what is signed later."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.amendments.calc import moved_by, total_impact
from contracts.models import Contract, ContractVersion
from contracts.selectors import version_in_force

AMOUNTS = st.none() | st.decimals(-(10**9), 10**9, places=2)
LINES = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(2020, 2024)), AMOUNTS, max_size=12)
Lines = dict[tuple[int, int], Decimal | None]


def by_year(lines: Lines) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for (_, year), value in lines.items():
        if value is not None:
            found[str(year)] = (found.get(str(year)) or Decimal(0)) + value
        found.setdefault(str(year), None)
    return found


def pairs(before: Lines, after: Lines) -> list[tuple[Decimal | None, Decimal | None]]:
    return [(before.get(key), after.get(key)) for key in {*before, *after}]


@given(LINES, LINES)
def test_lines_years_and_total_tell_the_same_difference(before: Lines, after: Lines) -> None:
    found = total_impact("p", "c", "T", by_year(before), by_year(after), moved=moved_by(pairs(before, after)))
    assert found.adds_up


@given(LINES, LINES, LINES)
def test_two_amendments_in_a_row_are_the_sum_of_both(first: Lines, second: Lines, third: Lines) -> None:
    steps = [(first, second), (second, third), (first, third)]
    one, two, both = (moved_by(pairs(before, after)) for before, after in steps)
    assert one + two == both


@given(LINES, LINES)
def test_a_line_forgotten_is_told(before: Lines, after: Lines) -> None:
    moved = moved_by(pairs(before, after)) + 1
    assert not total_impact("p", "c", "T", by_year(before), by_year(after), moved=moved).adds_up


def test_cap2030_s_page_of_docs() -> None:
    before, after = (
        {"2021": Decimal(995_200), "2022": Decimal(576_000)},
        {"2021": Decimal(985_200), "2022": Decimal(576_000)},
    )
    found = total_impact("budget", "ftap-ae", "AE du FTAP", before, after, moved=Decimal(-10_000))
    assert [row.difference for row in found.rows] == [Decimal(-10_000), Decimal(0)]
    assert found.total is not None
    assert found.total.difference == Decimal(-10_000)
    assert found.adds_up


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(gaps=st.lists(st.integers(0, 400), max_size=4), asked=st.lists(st.integers(0, 2000), min_size=1, max_size=6))
def test_as_of_is_stable(contract: Contract, gaps: list[int], asked: list[int]) -> None:
    days = [date(2020, 3, 1) + timedelta(days=each) for each in asked]
    effect = date(2020, 3, 1)
    with transaction.atomic():
        for number, gap in enumerate(gaps, start=1):
            before = {day: version_in_force(contract, day).number for day in days}
            effect += timedelta(days=gap)
            ContractVersion.objects.create(
                contract=contract, number=number, kind="avenant", signed_on=effect, effective_on=effect
            )
            after = {day: version_in_force(contract, day).number for day in days}
            assert all(after[day] == (number if day >= effect else before[day]) for day in days)
        transaction.set_rollback(True)
