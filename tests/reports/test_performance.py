"""The performance indicators of programme 349: each page's example, what is not reported, and the page of the site."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from contracts.models import Contract, LifeEvent
from figures.periods import months_after
from reports.performance import (
    CallCount,
    ContractDates,
    Measure,
    begun_by,
    finished,
    fund_return,
    instruction_delay,
    measures,
    of_fund,
    selectivity,
    signed_within,
)
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, promise
from tests.reading import words

END = date(2021, 12, 31)
QUERIES = 13


def dates(title: str = "A", **known: Any) -> ContractDates:
    return ContractDates(title.lower(), title, **known)


def amounts(one: Measure) -> tuple[int | None, int | None]:
    return tuple(None if each is None else int(each) for each in (one.numerator, one.denominator))  # type: ignore[return-value]


CALL = date(2020, 6, 30)


def test_selectivity() -> None:
    selected = (date(2020, 9, 1), date(2020, 9, 1), date(2021, 3, 1))
    calls = [
        CallCount("2020", CALL, 40, selected),
        CallCount("2021", date(2021, 6, 30), 20, (date(2021, 9, 1),)),
        CallCount("Sans nombre", CALL, None, selected),
        CallCount("À clore", date(2022, 6, 30), 9, ()),
    ]
    found = selectivity(calls, END, ["Sans appel"])
    assert (amounts(found), found.definition) == ((4, 60), 3)
    assert found.left_out == ("Sans nombre", "Sans appel")
    assert amounts(selectivity(calls, date(2020, 12, 31))) == (2, 40), "neither later selections nor later calls"
    assert selectivity([CallCount("Vide", CALL, 0)], END).value is None
    assert selectivity([], END).value is None


def test_the_instruction_delay() -> None:
    start = date(2021, 1, 1)
    rows = [
        dates("A", selected_on=start, decided_on=date(2021, 1, 31)),
        dates("B", selected_on=start, decided_on=date(2021, 3, 2)),
        dates("C", selected_on=start, signed_on=date(2021, 6, 1)),
        dates("D", selected_on=start),
        dates("E", decided_on=start),
    ]
    found = instruction_delay(rows, END)
    assert found.value == 45
    assert found.left_out == ("C", "E"), "D is under instruction"
    assert instruction_delay(rows, date(2021, 2, 1)).value == 30, "B is not decided yet"


def test_a_contract_counts_from_its_first_date() -> None:
    rows = [dates("A", selected_on=date(2020, 5, 1)), dates("B", signed_on=date(2021, 5, 1)), dates("C")]
    assert [one.title for one in begun_by(rows, date(2020, 12, 31))] == ["A", "C"]
    assert [one.title for one in begun_by(rows, END)] == ["A", "B", "C"]


def test_a_contract_that_dates_nothing_counts_from_its_first_year() -> None:
    rows = [dates("A", first_year=2021), dates("B", first_year=2021, selected_on=date(2020, 5, 1)), dates("C")]
    assert [one.title for one in begun_by(rows, date(2020, 12, 31))] == ["B", "C"]
    assert [one.title for one in begun_by(rows, END)] == ["A", "B", "C"]


LATER = {"selected_on": date(2022, 2, 1), "decided_on": date(2022, 5, 1), "reviewed_on": date(2023, 1, 1)}


@pytest.mark.parametrize("known", [{}, {"selected_on": date(2021, 2, 1)}, {"signed_on": date(2021, 6, 1)}])
@pytest.mark.parametrize("name", LATER)
def test_recording_a_later_event_changes_nothing_of_a_past_day(known: dict[str, date], name: str) -> None:
    before, after = dates("A", first_year=2021, **known), dates("A", first_year=2021, **{name: LATER[name]} | known)
    assert measures([after], [], END, {}) == measures([before], [], END, {})


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


def test_contracts_whose_return_lacks_a_figure_are_counted() -> None:
    """A tells both, B nothing certified, C nothing at all, D nothing consumed; E is not signed yet, F has no date."""
    signed = {"signed_on": date(2020, 1, 1)}
    rows = [*(dates(title, **signed) for title in "ABCD"), dates("E", signed_on=date(2022, 1, 1)), dates("F")]
    terms = {"a": (Decimal(50), Decimal(100)), "b": (None, Decimal(100)), "d": (Decimal(30), None)}
    found = of_fund(rows, terms, END)
    assert (amounts(found), found.left_out, found.missing) == ((50, 200), ("B", "C", "D", "F"), 4)


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


CALLS = st.builds(CallCount, st.just("Appel"), st.dates(date(2018, 1, 1), END), st.none() | st.integers(0, 50))


@given(
    st.lists(st.builds(ContractDates, st.just("a"), st.just("A"), DAYS, DAYS, DAYS, DAYS, DAYS, DAYS), max_size=6),
    st.lists(CALLS, max_size=3),
)
def test_no_division_by_zero_and_nobody_counted_twice(rows: list[ContractDates], calls: list[CallCount]) -> None:
    for one in measures(rows, calls, END, {"a": (None, Decimal(0))}):
        if one.unit == "share" and one.value is not None:
            assert 0 <= one.value <= 1
        if one.code in ("P2", "P3", "P4", "P5"):
            assert one.denominator is not None
            assert one.denominator + one.missing <= len(rows)


def test_the_page_of_the_four_contracts(
    loaded_contracts: Mapping[str, Contract], secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    """No selection is dated in their files: every contract is counted as not reported."""
    page = words(signed_in(secretariat).get("/fonds/performance/"))
    assert "P1 – Sélectivité n. c." in page
    assert "P2 – Délai d’instruction n. c. 0 0 4" in page
    assert "P6 – Retour du fonds (R2) n. c. n. r. n. r. 4" in page


def test_queries_do_not_grow_with_contracts(
    contract: Contract,
    secretariat: User,
    signed_in: Callable[[User], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """With the years they do: every contract here has the same ones."""
    client, campaign = signed_in(secretariat), CampaignFactory()
    FilingFactory(contract=contract, campaign=campaign, state="submitted")
    for count in (1, 3):
        while Contract.objects.count() < count:
            promise(newcomer := ContractFactory())
            FilingFactory(contract=newcomer, campaign=campaign, state="submitted")
        for one in Contract.objects.filter(life_events=None):
            LifeEvent.objects.create(contract=one, kind="selection", on=date(2019, 12, 1), recorded_by=secretariat)
        with django_assert_num_queries(QUERIES):
            assert "Sélectivité" in words(client.get("/fonds/performance/"))
