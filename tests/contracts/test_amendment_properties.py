"""Versions add up, and the promise as of a day does not move with what is signed later."""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from budget.models import PlannedCredit
from budget.part import BudgetPart
from budget.selectors import credit_situation
from budget.tranches.selectors import standing
from contracts.amendments.calc import moved_by, total_impact
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment
from contracts.fields import amount
from contracts.models import Contract, ContractVersion
from contracts.parts import PARTS, Difference, compare_versions, figure_of, promised
from contracts.selectors import version_in_force
from figures.ae_cp import AeCp, total_ae_cp
from indicators.models import Target
from savings.models import PlannedSaving

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


def of_year(before: Lines, after: Lines, year: int) -> list[tuple[Decimal | None, Decimal | None]]:
    return [(before.get(key), after.get(key)) for key in {*before, *after} if key[1] == year]


def pairs(before: Lines, after: Lines) -> list[tuple[Decimal | None, Decimal | None]]:
    return [(before.get(key), after.get(key)) for key in {*before, *after}]


@given(LINES, LINES)
def test_lines_years_and_total_tell_the_same_difference(before: Lines, after: Lines) -> None:
    found = total_impact("p", "c", "T", by_year(before), by_year(after), {"Total": pairs(before, after)})
    assert found.adds_up
    apart = {str(year): of_year(before, after, year) for year in range(2020, 2025)}
    assert total_impact("p", "c", "T", by_year(before), by_year(after), apart, is_summed=False).adds_up


@given(LINES, LINES, LINES)
def test_two_amendments_in_a_row_are_the_sum_of_both(first: Lines, second: Lines, third: Lines) -> None:
    steps = [(first, second), (second, third), (first, third)]
    one, two, both = (moved_by(pairs(before, after)) for before, after in steps)
    assert one + two == both


@given(LINES, LINES)
def test_a_line_forgotten_is_told(before: Lines, after: Lines) -> None:
    lines = [*pairs(before, after), (None, Decimal(1))]
    sides = by_year(before), by_year(after)
    assert not total_impact("p", "c", "T", *sides, {"Total": lines}).adds_up
    assert not total_impact("p", "c", "T", {"AE": None}, {"AE": None}, {"AE": lines[-1:]}, is_summed=False).adds_up


EUROS = st.none() | st.decimals(-(10**6), 10**6, places=2)
SCOPE: dict[str, Any] = {
    "max_examples": 20,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "deadline": None,
}


def figures(version: ContractVersion) -> dict[tuple[Any, ...], Any]:
    """Every figure that a version promises, by part, line, key and name."""
    found = {}
    for part in PARTS:
        for promise in part.promises:
            for key, row in promised(promise, version).items():
                subject = str(getattr(row, promise.subject))
                for name in promise.figures:
                    value = figure_of(row, name)
                    if value not in (None, "", [], {}):
                        found[part.code, subject, key[1:], name] = value
    return found


def applied(before: dict[tuple[Any, ...], Any], differences: Sequence[Difference]) -> dict[tuple[Any, ...], Any]:
    """The figures of a version with differences written over them."""
    found = dict(before)
    for one in differences:
        key = (one.part, one.subject, one.key, one.figure)
        found.pop(key, None)
        if one.after is not None:
            found[key] = one.after
    return found


def rewrite(version: ContractVersion, drawn: Sequence[Decimal | None]) -> None:
    """Give the figures of a draft these values, in turn; a line of credits loses its rows when the first is None."""
    values = itertools.cycle(drawn)
    for model, names in ((PlannedCredit, ("ae", "cp")), (PlannedSaving, ("ae", "cp")), (Target, ("value",))):
        for row in model.objects.filter(version=version).order_by("pk"):
            model.objects.filter(pk=row.pk).update(**{name: next(values) for name in names})
    if drawn[0] is None:
        PlannedCredit.objects.filter(version=version, line__key="outil").delete()


@pytest.mark.django_db
@settings(**SCOPE)
@given(st.lists(EUROS, min_size=5, max_size=11), st.lists(EUROS, min_size=5, max_size=11))
def test_a_version_and_its_differences_are_the_next_version(
    contract: Contract, secretariat: User, first: list[Decimal | None], second: list[Decimal | None]
) -> None:
    with transaction.atomic():
        base = contract.versions.get(number=0)
        one = prepare_amendment(contract, ["erreur"], secretariat)
        rewrite(one, first)
        ContractVersion.objects.filter(pk=one.pk).update(
            state="signed", signed_on=date(2021, 1, 1), effective_on=date(2021, 1, 1), reason="x"
        )
        two = prepare_amendment(contract, ["erreur"], secretariat)
        rewrite(two, second)
        for before, after in ((base, one), (one, two), (base, two)):
            assert applied(figures(before), compare_versions(before, after)) == figures(after)
            assert impact(before, after).adds_up
        steps = [impact(base, one), impact(one, two), impact(base, two)]
        moved = [
            {(each.code, label): euros for each in step.totals for label, euros in each.moved.items()} for step in steps
        ]
        assert {code: moved[0].get(code, 0) + moved[1].get(code, 0) for code in moved[2]} == moved[2]
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(**SCOPE)
@given(st.lists(EUROS, min_size=5, max_size=11))
def test_the_sums_of_lines_are_the_totals_at_each_level(
    contract: Contract, secretariat: User, drawn: list[Decimal | None]
) -> None:
    """The impact sheet's totals, the contract's page and the funding tranches, each against the lines one by one."""
    with transaction.atomic():
        draft = prepare_amendment(contract, ["erreur"], secretariat)
        rewrite(draft, drawn)
        rows = list(PlannedCredit.objects.filter(version=draft))
        by_line = {
            year: total_ae_cp(AeCp(amount(row.ae), amount(row.cp)) for row in rows if row.year == year)
            for year in contract.funding_years
        }
        situation = credit_situation(contract, draft)
        assert {one.year: one.planned for one in situation.total.years} == by_line
        for groups in (situation.by_titre, situation.by_nature, situation.by_source):
            assert total_ae_cp(one.planned for one in groups) == situation.total.planned
        totals = {one.code: one.cells for one in BudgetPart().totals(draft)}
        for kind in ("ae", "cp"):
            stated = {year: totals[f"total-{kind}"].get(str(year)) for year in contract.funding_years}
            assert stated == {year: getattr(pair, kind) for year, pair in by_line.items()}
        assert situation.total.planned == total_ae_cp(by_line.values())
        ContractVersion.objects.filter(pk=draft.pk).update(
            state="signed", signed_on=date(2021, 1, 1), effective_on=date(2021, 1, 1), reason="x"
        )
        tranches = standing(contract, date(2022, 1, 1)).situation
        assert {one.year: one.planned for one in tranches.years} == by_line
        transaction.set_rollback(True)


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
