"""What a post costs: the contracts beside one another, and the fund's reference kept by its secretariat."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from contracts.amendments.services import prepare_amendment
from contracts.checks.registry import anomalies_of
from contracts.enums import AmendmentType
from contracts.models import Contract, ContractVersion
from savings.models import PlannedPost, SavingsTerms, UnitCostReference
from savings.unit_costs.calc import (
    NO_CATEGORY,
    Reference,
    StatedCost,
    dispersions,
    distance,
    is_far,
    median,
    reference_in,
    spans,
)
from savings.unit_costs.selectors import stated_costs
from savings.unit_costs.services import ReferenceFacts, ReferenceRefused, record_reference
from tests.reading import words

SignIn = Callable[[User], Client]
URL = "/fonds/couts-unitaires/"
ON = date(2024, 1, 1)
AMOUNTS = st.integers(1, 200_000).map(Decimal)
COST = StatedCost("cap2030", "CAP2030", "Emplois", "B", 2021, Decimal(33_000))
FACTS = ReferenceFacts("B", 2020, Decimal(45_000), "Note du secrétariat, essai")


def test_the_reference_is_the_last_one_dated_before() -> None:
    known = [
        Reference("B", 2020, Decimal(40_000)),
        Reference("B", 2023, Decimal(44_000)),
        Reference("A", 2021, Decimal(1)),
    ]
    found = [reference_in(known, "B", year) for year in (2019, 2020, 2022, 2023, 2030)]
    assert [one.amount if one else None for one in found] == [None, 40_000, 40_000, 44_000, 44_000]


@pytest.mark.parametrize(
    ("amount", "reference", "far"), [(33_000, 45_000, True), (75, 100, False), (125, 100, False), (126, 100, True)]
)
def test_far_is_beyond_a_quarter_of_the_reference(amount: int, reference: int, far: bool) -> None:
    assert is_far(Decimal(amount), Decimal(reference)) is far


def test_no_reference_no_distance_and_never_a_division_by_zero() -> None:
    assert distance(Decimal(1), None) is None
    assert distance(Decimal(1), Decimal(0)) is None
    assert not is_far(Decimal(1), Decimal(0))


def test_a_contract_counts_once_for_each_cost() -> None:
    twice = [COST, replace(COST, line="Autre ligne"), replace(COST, contract="incub-o", amount=Decimal(57_000))]
    (found,) = dispersions(twice, [])
    assert found.contracts == 2
    assert [found.lowest, found.median, found.highest] == [33_000, 45_000, 57_000]


def test_a_new_reference_parts_the_years_of_one_cost() -> None:
    years = [replace(COST, year=year) for year in (2021, 2022, 2023)]
    known = [Reference("B", 2020, Decimal(33_000)), Reference("B", 2023, Decimal(50_000))]
    assert [(one.cost.year, one.last_year, one.is_far) for one in spans(years, known)] == [
        (2021, 2022, False),
        (2023, 2023, True),
    ]


@given(st.lists(AMOUNTS, min_size=1, max_size=6))
def test_the_median_lies_between_and_parts_the_costs(amounts: list[Decimal]) -> None:
    middle = median(amounts)
    assert middle is not None
    assert min(amounts) <= middle <= max(amounts)
    assert abs(sum(one < middle for one in amounts) - sum(one > middle for one in amounts)) <= sum(
        one == middle for one in amounts
    )


def test_a_post_of_category_b_in_two_contracts(cap2030: ContractVersion, incub_o: ContractVersion) -> None:
    costs = stated_costs(Contract.objects.all(), ON)
    found = {(one.category, one.year): one for one in dispersions(costs, [])}
    b = found["B", 2021]
    assert b.contracts == 2
    assert [b.lowest, b.median, b.highest] == [33_000, 45_000, 57_000]
    assert found["C", 2021].amounts == (Decimal(30_000),)
    assert b.amounts == (Decimal(33_000), Decimal(57_000)), "the four lines of Incub-O tell one cost"
    assert ("B", 2018) not in found, "Incub-O’s ramp begins at 0 %"


def test_a_ramp_of_no_category_stands_apart(incub_o: ContractVersion) -> None:
    terms = SavingsTerms.objects.get(line__key="accompagnement-usagers", version=incub_o)
    terms.parameters.pop("categorie")
    terms.save()
    found = {(one.category, one.year): one for one in dispersions(stated_costs(Contract.objects.all(), ON), [])}
    assert found[NO_CATEGORY, 2021].amounts == found["B", 2021].amounts == (Decimal(57_000),)


def test_the_secretariat_records_and_corrects_and_the_history_keeps_it(db: None, secretariat: User) -> None:
    row = record_reference(FACTS, secretariat)
    record_reference(replace(FACTS, amount=Decimal("46000.50")), secretariat)
    row.refresh_from_db()
    assert (UnitCostReference.objects.count(), row.amount) == (1, Money("46000.50", "EUR"))
    events = UnitCostReference.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.amount.amount for event in events] == [45_000, Decimal("46000.50")]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (replace(FACTS, amount=Decimal(0)), "plus de zéro euro"),
        (replace(FACTS, source="  "), "vide|source"),
        (replace(FACTS, year=2016), "entre 2017 et 2100"),
    ],
)
def test_what_a_reference_may_not_say(db: None, secretariat: User, facts: ReferenceFacts, message: str) -> None:
    with pytest.raises(ReferenceRefused, match=message):
        record_reference(facts, secretariat)
    assert not UnitCostReference.objects.exists()


def test_nobody_but_the_secretariat_records(db: None, ditp_reviewer: User) -> None:
    with pytest.raises(ReferenceRefused, match="secrétariat"):
        record_reference(FACTS, ditp_reviewer)


def test_a_far_cost_is_an_anomaly_of_the_contract(cap2030: ContractVersion, secretariat: User) -> None:
    assert "A29" not in {one.code for one in anomalies_of(cap2030)}
    record_reference(FACTS, secretariat)
    record_reference(replace(FACTS, category="C", amount=Decimal(31_000)), secretariat)
    (found,) = [one for one in anomalies_of(cap2030) if one.code == "A29"]
    assert (found.article, found.printed, found.computed) == ("3", "33\u202f000\u00a0€", "45\u202f000\u00a0€")
    assert "catégorie B" in found.where


def test_the_cost_of_a_draft_is_not_counted(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, [AmendmentType.SAVINGS.value], secretariat)
    changed = PlannedPost.objects.filter(version=draft)
    assert changed.update(unit_cost=Money(99_000, "EUR"))
    assert {one.amount for one in stated_costs(Contract.objects.all(), ON)} == {40_000, 33_000, 30_000}


def test_the_page(signed_in: SignIn, secretariat: User, cap2030: ContractVersion, incub_o: ContractVersion) -> None:
    client = signed_in(secretariat)
    assert "Aucun coût de référence n’est enregistré" in words(client.get(URL))
    sent = {"category": "B", "year": "2020", "amount": "45 000 €", "source": "Note du secrétariat, essai"}
    page = words(client.post(URL, sent, follow=True))
    assert "Le coût de référence est enregistré." in page
    assert "B 2021 2 33 000 45 000 57 000 45 000" in page
    assert "−26,7 % à vérifier" in page
    assert " 26,7 % à vérifier" in page


def test_a_refused_form_keeps_what_was_typed(signed_in: SignIn, secretariat: User) -> None:
    sent = {"category": "B", "year": "2020", "amount": "1.234", "source": "Note du secrétariat"}
    answer = signed_in(secretariat).post(URL, sent)
    assert answer.status_code == 422
    assert 'value="1.234"' in answer.content.decode()
    assert not UnitCostReference.objects.exists()
