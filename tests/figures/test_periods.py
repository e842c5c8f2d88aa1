from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.periods import (
    FiscalYear,
    Period,
    Quarter,
    closing_fr,
    months_after,
    months_between,
    opening_fr,
    quarters_between,
)

quarters = st.builds(Quarter, st.integers(1990, 2090), st.integers(1, 4))


@pytest.mark.parametrize("text", ["2021-T2", "2021T2", "T2 2021", "2021 t2", " 2021-Q2 ", "T2-2021"])
def test_reads_a_quarter(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2021, 2)


@pytest.mark.parametrize("text", ["", "2021", "2021-T5", "T2", "21-T2", "2021-2"])
def test_refuses_what_is_no_quarter(text: str) -> None:
    with pytest.raises(ValueError, match="n’est pas un trimestre"):
        Quarter.parse(text)


@pytest.mark.parametrize(
    ("day", "opening", "closing"),
    [
        (date(2021, 1, 1), "T1\u00a02021", "01/01/2021"),
        (date(2021, 12, 31), "31/12/2021", "T4\u00a02021"),
        (date(2021, 6, 15), "15/06/2021", "15/06/2021"),
    ],
)
def test_a_day_that_opens_or_closes_a_quarter_is_told_by_it(day: date, opening: str, closing: str) -> None:
    assert (opening_fr(day), closing_fr(day)) == (opening, closing)


def test_a_quarter_is_one_to_four() -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        Quarter(2021, 5)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2021, 12, 31), date(2022, 6, 30), 6),
        (date(2021, 6, 30), date(2021, 12, 31), 6),
        (date(2021, 6, 30), date(2021, 12, 29), 5),
        (date(2021, 1, 31), date(2021, 2, 28), 1),
        (date(2021, 1, 31), date(2021, 2, 27), 0),
        (date(2021, 3, 15), date(2021, 3, 14), -1),
    ],
)
def test_whole_months_between_two_days(start: date, end: date, months: int) -> None:
    assert months_between(start, end) == months


DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(DAYS, DAYS)
def test_months_between_are_those_that_months_after_adds(start: date, end: date) -> None:
    months = months_between(start, end)
    assert months_after(start, months) <= end < months_after(start, months + 1)


def test_days_of_a_quarter() -> None:
    assert (Quarter(2024, 1).first_day, Quarter(2024, 1).last_day) == (date(2024, 1, 1), date(2024, 3, 31))
    assert (Quarter(2021, 4).first_day, Quarter(2021, 4).last_day) == (date(2021, 10, 1), date(2021, 12, 31))


def test_next_previous_and_order() -> None:
    assert (Quarter(2021, 4).next, Quarter(2022, 1).previous) == (Quarter(2022, 1), Quarter(2021, 4))
    assert Quarter(2021, 4) < Quarter(2022, 1)
    assert [str(q) for q in quarters_between(Quarter(2021, 3), Quarter(2022, 1))] == ["2021-T3", "2021-T4", "2022-T1"]
    assert not list(quarters_between(Quarter(2022, 1), Quarter(2021, 3)))


@given(quarters, st.integers(-40, 40))
def test_shifting_is_counted_back(quarter: Quarter, shift: int) -> None:
    assert quarter.until(quarter.shift(shift)) == shift
    assert Quarter.parse(str(quarter)) == quarter
    assert Quarter.of(quarter.first_day) == Quarter.of(quarter.last_day) == quarter


def test_a_financial_year_is_the_calendar_year() -> None:
    year = FiscalYear.parse("2021")
    assert (year.first_day, year.last_day) == (date(2021, 1, 1), date(2021, 12, 31))
    assert year.quarters[0] == Quarter(2021, 1)
    assert year.quarters[-1].last_day == year.last_day
    with pytest.raises(ValueError, match="n’est pas une année"):
        FiscalYear.parse("21")


def test_a_period_says_what_it_is() -> None:
    assert str(Quarter(2021, 1).period) == "1er\u00a0trimestre\u00a02021"
    assert str(FiscalYear(2021).period) == "année\u00a02021"
    assert str(Period(date(2021, 3, 1), date(2022, 6, 30))) == "du 1er\u00a0mars\u00a02021 au 30\u00a0juin\u00a02022"


def test_a_period_holds_days_quarters_and_years() -> None:
    period = Period(date(2021, 11, 15), date(2022, 2, 1))
    assert date(2021, 12, 31) in period
    assert date(2022, 2, 2) not in period
    assert period.quarters == (Quarter(2021, 4), Quarter(2022, 1))
    assert period.years == (2021, 2022)
    assert period.days == 79
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2022, 1, 2), date(2022, 1, 1))
