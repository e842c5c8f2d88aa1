from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.operators import (
    DatedTarget,
    Operator,
    Status,
    expected_value,
    is_met,
    starting_point,
    status,
    target_due,
    wording,
)

D = Decimal

END_2018, END_2019, END_2021 = date(2018, 12, 31), date(2019, 12, 31), date(2021, 12, 31)
values = st.decimals(min_value=-1000, max_value=1000, places=2)


@pytest.mark.parametrize(
    ("operator", "value", "target", "met"),
    [
        (">=", "60", "60", True), (">=", "59.99", "60", False), (">", "85", "85", False), (">", "85.01", "85", True),
        ("<=", "10", "10", True), ("<", "10", "10", False), ("=", "100", "100.0", True), ("=", "99", "100", False),
        (">=", "120", "100", True), (">=", "0", "0", True),
    ],
)  # fmt: skip
def test_compares_a_value_with_its_target(operator: str, value: str, target: str, met: bool) -> None:
    assert is_met(Operator(operator), D(value), D(target)) is met


def test_a_reduction_is_measured_from_its_baseline() -> None:
    assert is_met(Operator.REDUCTION, D(15), D(50), D(30)) is True
    assert is_met(Operator.REDUCTION, D("15.1"), D(50), D(30)) is False
    assert is_met(Operator.REDUCTION, D(15), D(50)) is None
    assert is_met(Operator.REDUCTION, D(0), D(50), D(0)) is True


@given(values, values, values)
def test_is_met_is_monotone(low: D, high: D, target: D) -> None:
    low, high = min(low, high), max(low, high)
    for operator in (Operator.AT_LEAST, Operator.MORE_THAN):
        assert not is_met(operator, low, target) or is_met(operator, high, target)
    for operator in (Operator.AT_MOST, Operator.LESS_THAN):
        assert not is_met(operator, high, target) or is_met(operator, low, target)


@given(
    values, values, st.decimals(min_value=0, max_value=100, places=1), st.decimals(min_value=0, max_value=99, places=2)
)
def test_a_reduction_is_monotone(low: D, high: D, percent: D, baseline: D) -> None:
    low, high = min(low, high), max(low, high)
    assert not is_met(Operator.REDUCTION, high, percent, baseline) or is_met(Operator.REDUCTION, low, percent, baseline)


@pytest.mark.parametrize(
    ("operator", "target", "unit", "words"),
    [
        (Operator.AT_LEAST, D("70.0"), "%", "au moins 70\u00a0%"),
        (Operator.MORE_THAN, D(85), "%", "plus de 85\u00a0%"),
        (Operator.AT_MOST, D("2.5"), "jours", "au plus 2,5\u00a0jours"),
        (Operator.LESS_THAN, D(10), "", "moins de 10"),
        (Operator.EQUAL, D(2500), "agents", "exactement 2\u202f500\u00a0agents"),
        (Operator.REDUCTION, D(50), "jours", "réduction d’au moins 50\u00a0%"),
        (Operator.AT_LEAST, None, "%", "n.\u00a0r."),
    ],
)
def test_says_a_target_in_french(operator: Operator, target: D | None, unit: str, words: str) -> None:
    assert wording(operator, target, unit) == words


def test_the_value_expected_between_two_targets_is_interpolated_by_days() -> None:
    points = [DatedTarget(END_2021, D(100)), DatedTarget(END_2018, D(0)), DatedTarget(date(2020, 12, 31), None)]
    assert expected_value(date(2020, 7, 1), points) == D(100) * 548 / 1096
    assert expected_value(END_2018, points) == 0
    assert expected_value(date(2023, 1, 1), points) == 100
    assert expected_value(date(2018, 1, 1), points) is None
    assert expected_value(END_2019, []) is None


def test_a_reduction_starts_from_no_reduction_at_all() -> None:
    start = starting_point(Operator.REDUCTION, END_2018, D(30))
    assert start == DatedTarget(END_2018, D(0))
    assert expected_value(date(2020, 7, 1), [start, DatedTarget(END_2021, D(50))]) == 25
    assert starting_point(Operator.AT_LEAST, END_2018, D(30)).value == 30


def test_the_target_due_is_the_next_one_then_the_last() -> None:
    targets = [DatedTarget(END_2021, D(100)), DatedTarget(END_2019, D(30)), DatedTarget(END_2018, None)]
    assert target_due(date(2018, 6, 1), targets) == targets[1]
    assert target_due(END_2019, targets) == targets[1]
    assert target_due(date(2020, 1, 1), targets) == targets[0]
    assert target_due(date(2025, 1, 1), targets) == targets[0]
    assert target_due(END_2019, []) is None


def test_an_indicator_is_reached_on_course_behind_or_not_reported() -> None:
    half_way = D(50)

    def at_least(value: D | None, expected: D | None = half_way) -> Status:
        return status(Operator.MORE_THAN, value, target=D(100), expected=expected)

    assert at_least(D(101)) is Status.REACHED
    assert at_least(D(50)) is Status.ON_COURSE
    assert at_least(D("49.9")) is Status.BEHIND
    assert at_least(D(99), expected=None) is Status.NOT_DUE
    assert at_least(None) is Status.NOT_REPORTED
    assert status(Operator.AT_LEAST, D(1), target=None) is Status.NOT_REPORTED
    assert Status.BEHIND.label == "en retard"
    assert Status.NOT_DUE.label == "avant l’échéance"


def test_falling_indicators() -> None:
    month = D(30)

    def delay(value: int, baseline: D | None = month) -> Status:
        return status(Operator.REDUCTION, D(value), target=D(50), expected=D(25), baseline=baseline)

    assert [delay(15), delay(22), delay(23)] == [Status.REACHED, Status.ON_COURSE, Status.BEHIND]
    assert delay(15, baseline=None) is Status.NOT_REPORTED
    assert status(Operator.LESS_THAN, D(8), target=D(5), expected=D(8)) is Status.ON_COURSE


def test_an_exact_target_is_approached_from_its_baseline() -> None:
    rising = status(Operator.EQUAL, D(60), target=D(100), expected=D(50), baseline=D(0))
    falling = status(Operator.EQUAL, D(60), target=D(0), expected=D(50), baseline=D(100))
    assert (rising, falling) == (Status.ON_COURSE, Status.BEHIND)
