"""An indicator held against its targets."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from figures.operators import Status
from indicators.calc import DatedGoal, IndicatorResult, Measure, ResultsSituation
from indicators.signal import measured_and_behind

END = date(2022, 12, 31)


def indicator(*measures: tuple[date, int | None], operator: str = ">=", target: int | None = 80) -> IndicatorResult:
    """From 40 % on 31 December 2020 to at least 80 % on 31 December 2022."""
    return IndicatorResult(
        key="k",
        label="Satisfaction",
        article="5.2",
        kind="resultat",
        kind_label="Résultat",
        orientation="usagers",
        orientation_label="Usagers",
        axis="",
        sheet="",
        unit="%",
        direction="hausse",
        accumulation="stock",
        components=(),
        scope="",
        baseline=Decimal(40),
        baseline_on=date(2020, 12, 31),
        targets=(DatedGoal(END, operator, None if target is None else Decimal(target), (), ""),),
        measures=tuple(Measure(on, None if value is None else Decimal(value), (), "", 1) for on, value in measures),
        on=END,
    )


@pytest.mark.parametrize(
    ("value", "status"),
    [(80, Status.REACHED), (60, Status.ON_COURSE), (59, Status.BEHIND), (None, Status.NOT_REPORTED)],
)
def test_half_way_60_is_expected(value: int | None, status: Status) -> None:
    one = indicator((date(2021, 12, 31), value))
    assert one.status is status
    if value is not None:
        assert one.expected == 60


def test_an_unreadable_target_judges_nothing() -> None:
    one = indicator((END, 90), target=None)
    assert one.status is Status.NOT_REPORTED
    assert one.value == 90


def test_the_last_filing_counts_even_when_it_is_silent() -> None:
    one = indicator((date(2021, 6, 30), 55), (date(2021, 12, 31), None))
    assert one.value is None


def test_every_status_is_counted() -> None:
    reached, silent = indicator((END, 90)), indicator()
    counts = ResultsSituation((reached, silent, replace(silent, key="other"))).counts
    assert counts == {"reached": 1, "on_course": 0, "behind": 0, "not_due": 0, "not_reported": 2}


def test_nothing_is_expected_before_the_first_deadline_without_a_baseline() -> None:
    """12 % in mid 2021 for 80 % at the end of 2022, from nowhere: not late; at the deadline it is."""
    early = replace(indicator((date(2021, 6, 30), 12)), baseline=None, baseline_on=None)
    assert early.expected is None
    assert early.status is Status.NOT_DUE
    assert replace(early, measures=(replace(early.measures[0], on=END),)).status is Status.BEHIND
    assert measured_and_behind(ResultsSituation((early,))) == (0, 0)


def undated(*measures: tuple[date, int | None]) -> IndicatorResult:
    """At least 80 %, without a date."""
    return replace(indicator(*measures), targets=(DatedGoal(None, ">=", Decimal(80), (), ""),))


@pytest.mark.parametrize(
    ("value", "status", "words"),
    [
        (80, Status.REACHED, "cible atteinte"),
        (79, Status.NOT_DUE, "sans échéance"),
        (None, Status.NOT_REPORTED, "non renseigné"),
    ],
)
def test_a_target_without_a_date_is_reached_or_not_and_never_late(
    value: int | None, status: Status, words: str
) -> None:
    one = undated((date(2030, 12, 31), value))
    assert (one.status, one.status_label) == (status, words)
    assert (one.target, one.target_on, one.expected) == (Decimal(80), None, None)


def test_interpolation_passes_over_a_target_without_a_date() -> None:
    one = indicator((date(2021, 12, 31), 60))
    both = replace(one, targets=(*one.targets, DatedGoal(None, ">=", Decimal(1000), (), "")))
    assert (both.expected, both.target, both.target_on) == (Decimal(60), Decimal(80), END)
