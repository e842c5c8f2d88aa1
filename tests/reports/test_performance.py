"""The performance indicators of programme 349: each page's example, what is not reported, and the page of the site."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from contracts.models import Contract
from reports.performance import (
    ContractDates,
    Measure,
    finished,
    fund_return,
    instruction_delay,
    measures,
    months_after,
    selectivity,
    signed_within,
)
from tests.reading import words

END = date(2021, 12, 31)


def dates(title: str = "A", **known: date) -> ContractDates:
    return ContractDates(title.lower(), title, **known)


def amounts(one: Measure) -> tuple[int | None, int | None]:
    return tuple(None if each is None else int(each) for each in (one.numerator, one.denominator))  # type: ignore[return-value]


def test_selectivity() -> None:
    assert selectivity(20, 80).value == Decimal("0.25")
    assert selectivity(20, None).value is None
    assert selectivity(0, 0).value is None


def test_the_instruction_delay() -> None:
    start = date(2021, 1, 1)
    rows = [
        dates("A", selected_on=start, decided_on=date(2021, 1, 31)),
        dates("B", selected_on=start, decided_on=date(2021, 3, 2)),
        dates("C", selected_on=start),
    ]
    found = instruction_delay(rows)
    assert found.value == 45
    assert found.left_out == ("C",)


def test_contracts_signed_in_time() -> None:
    selected = date(2020, 8, 31)
    rows = [
        dates("A", selected_on=selected, signed_on=date(2020, 10, 31)),
        dates("B", selected_on=selected, signed_on=date(2021, 2, 28)),
        dates("C", selected_on=selected),
        dates("D", signed_on=date(2021, 1, 1)),
        dates("E", selected_on=date(2021, 12, 1)),
    ]
    six, two = signed_within(rows, 6, END), signed_within(rows, 2, END)
    assert (amounts(six), six.left_out) == ((2, 3), ("D",))
    assert amounts(two) == (1, 3)
    late = signed_within([dates("F", selected_on=selected, signed_on=date(2021, 3, 1))], 6, END)
    assert amounts(late) == (0, 1)


def test_projects_finished() -> None:
    signed = date(2020, 3, 1)
    rows = [
        dates("A", signed_on=signed, ended_on=END, reviewed_on=END),
        dates("B", signed_on=signed, ended_on=END),
        dates("C", signed_on=signed, ended_on=END, reviewed_on=END, interrupted_on=date(2021, 6, 1)),
        dates("D", signed_on=signed),
        dates("E"),
    ]
    found = finished(rows, END)
    assert found.value == Decimal("0.25")
    assert found.left_out == ("E",)
    assert amounts(finished(rows, date(2021, 12, 30))) == (0, 4), "not yet, the day before"


def test_the_published_return_of_the_fund() -> None:
    value = fund_return(Decimal(339), Decimal(687)).value
    assert value is not None
    assert round(value, 3) == Decimal("0.493")
    assert fund_return(Decimal(1), Decimal(0)).value is None
    assert fund_return(None, Decimal(1)).value is None


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2021, 10, 15), 2, date(2021, 12, 15)),
        (date(2021, 12, 31), 2, date(2022, 2, 28)),
    ],
)
def test_months_after(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


DAYS = st.none() | st.dates(date(2018, 1, 1), date(2030, 1, 1))


@given(st.lists(st.builds(ContractDates, st.just("a"), st.just("A"), DAYS, DAYS, DAYS, DAYS, DAYS, DAYS), max_size=6))
def test_no_division_by_zero_and_nobody_counted_twice(rows: list[ContractDates]) -> None:
    for one in measures(rows, END, applications=None, certified=None, consumed=Decimal(0)):
        if one.unit == "share" and one.value is not None:
            assert 0 <= one.value <= 1
        if one.denominator is not None:
            assert one.denominator + one.missing <= max(len(rows), 0) or one.code == "P6"


def test_the_page_of_the_four_contracts(
    loaded_contracts: Mapping[str, Contract], secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    """No selection is dated in their files: every contract is counted as not reported."""
    page = words(signed_in(secretariat).get("/fonds/performance/"))
    assert "P1 – Sélectivité n. c." in page
    assert "P2 – Délai d’instruction n. c. 0 0 4" in page
    assert "P6 – Retour du fonds (R2) n. c." in page
