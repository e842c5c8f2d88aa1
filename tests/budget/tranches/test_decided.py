"""The first year, which the contract fixes, is decided without any act: seen by checks, envelope, database and pages.

« Marine » promises 150 000 € of AE and of CP in each year; 2021 is the year that its signature fixes here.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from djmoney.money import Money
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from budget.models import FundEnvelope, FundingTranche, PlannedCredit, TrancheMove
from budget.tranches import locks
from budget.tranches.checks import read_tranches, withheld_without_filing
from budget.tranches.decided import decided_by_year, decided_of, decided_tranche
from budget.tranches.errors import TrancheError
from budget.tranches.selectors import envelope_of, standing
from budget.tranches.services import (
    close_tranche,
    decide_tranche,
    make_available,
    record_envelope,
    withdraw_decision,
)
from contracts.checks.registry import anomalies_of
from contracts.models import Contract
from figures.ae_cp import AeCp
from monitoring.models import Filing
from tests.budget.rows import earlier
from tests.budget.tranches.acting import EFFECT, amend
from tests.reading import words

pytestmark = pytest.mark.django_db
DAY = date(2021, 3, 15)
SIGNED = AeCp(Decimal(150_000), Decimal(150_000))


@pytest.fixture
def fixed(contract: Contract) -> Contract:
    Contract.objects.filter(pk=contract.pk).update(first_tranche_year=2021)
    contract.refresh_from_db()
    return contract


def envelope(actor: User, euros: int) -> FundEnvelope:
    both, nothing = AeCp(Decimal(euros), Decimal(euros)), AeCp(Decimal(0), Decimal(0))
    return record_envelope(year=2021, voted=both, carried=nothing, source="LFI", actor=actor, on=DAY)


def voted(actor: User, euros: int) -> None:
    """An envelope that no service checked: the contract may be signed after it."""
    amount: Any = Money(euros, "EUR")
    FundEnvelope.objects.create(
        year=2021, voted_ae=amount, voted_cp=amount, source="LFI", dated_on=date(2021, 1, 1), updated_by=actor
    )


def decide(contract: Contract, actor: User, euros: int) -> FundingTranche:
    given: dict[str, Any] = {"reason": "Avancement.", "filing": None, "actor": actor, "on": DAY}
    return decide_tranche(contract=contract, year=2021, ae=Decimal(euros), cp=Decimal(euros), **given)


def test_a61_sees_a_year_fixed_without_any_act(fixed: Contract, other_contract: Contract, secretariat: User) -> None:
    """Its own example, at a seventh: an envelope of 142 857 € for 150 000 € fixed at signature."""
    version = fixed.versions.get(number=0)
    voted(secretariat, 142_857)
    facts = read_tranches(version)
    assert facts is not None
    assert [(one.year, one.is_fixed, one.given) for one in facts.tranches] == [(2021, True, SIGNED)]
    found = {one.key: one.difference for one in anomalies_of(version) if one.code == "A61"}
    assert found == {"A61-2021-ae": "7\u202f143\u00a0€", "A61-2021-cp": "7\u202f143\u00a0€"}
    assert read_tranches(other_contract.versions.get(number=0)) is None, "nothing is decided for the other one"


def test_no_decision_takes_what_a_contract_fixes(fixed: Contract, other_contract: Contract, secretariat: User) -> None:
    """200 000 € voted, 150 000 € fixed by « Marine »: 50 000 € are left, for pages, services and SQL alike."""
    envelope(secretariat, 200_000)
    assert decided_by_year([2021], DAY) == {2021: SIGNED}
    fund = envelope_of(2021, DAY)
    assert fund is not None
    assert fund.left == AeCp(Decimal(50_000), Decimal(50_000))
    with pytest.raises(TrancheError, match="50\u202f000,00\u00a0€ restant dans l’enveloppe 2021"):
        decide(other_contract, secretariat, 50_001)
    amount: Any = Money("50000.01", "EUR")
    row = FundingTranche(
        contract=other_contract,
        year=2021,
        state="decided",
        decision="reduced",
        ae=amount,
        cp=amount,
        reason="Par SQL",
        decided_on=DAY,
    )
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        FundingTranche.objects.bulk_create([row])
    assert locks.ABOVE in str(refusal.value)
    decide(other_contract, secretariat, 50_000)
    with pytest.raises(TrancheError, match="dépassent cette enveloppe de 0,01\u00a0€ en AE"):
        record_envelope(
            year=2021,
            voted=AeCp(Decimal("199999.99"), Decimal(200_000)),
            carried=AeCp(Decimal(0), Decimal(0)),
            source="LFI",
            actor=secretariat,
            on=DAY,
        )


def test_an_envelope_is_recorded_as_voted_though_contracts_fix_more(
    fixed: Contract, other_contract: Contract, secretariat: User
) -> None:
    """150 000 € are fixed: 140 000 € voted are recorded, and nothing else can be decided; A61 tells the 10 000 €."""
    envelope(secretariat, 140_000)
    fund = envelope_of(2021, DAY)
    assert fund is not None
    assert (fund.fixed, fund.left) == (SIGNED, AeCp(Decimal(-10_000), Decimal(-10_000)))
    with pytest.raises(TrancheError, match="il manque 10\u202f000,01\u00a0€"):
        decide_tranche(
            contract=other_contract,
            year=2021,
            ae=Decimal("0.01"),
            cp=Decimal(0),
            reason="x",
            filing=None,
            actor=secretariat,
            on=DAY,
        )
    found = [one.difference for one in anomalies_of(fixed.versions.get(number=0)) if one.code == "A61"]
    assert found == ["10\u202f000\u00a0€"] * 2


def test_the_database_counts_the_amounts_of_the_version_in_force(
    fixed: Contract, other_contract: Contract, secretariat: User
) -> None:
    """An amendment brought 2021 down to 100 000 €: 100 000 € are left, and not a cent more."""
    envelope(secretariat, 200_000)
    amend(fixed, 1, EFFECT, 100_000)
    given: dict[str, Any] = {"year": 2021, "state": "decided", "decision": "reduced", "reason": "x", "decided_on": DAY}
    for euros, is_refused in (("100000.01", True), ("100000.00", False)):
        amount: Any = Money(euros, "EUR")
        row = FundingTranche(contract=other_contract, ae=amount, cp=amount, **given)
        if is_refused:
            with pytest.raises(DatabaseError) as refusal, transaction.atomic():
                FundingTranche.objects.bulk_create([row])
            assert locks.ABOVE in str(refusal.value)
        else:
            FundingTranche.objects.bulk_create([row])


def test_nothing_is_made_available_before_an_envelope(fixed: Contract, secretariat: User) -> None:
    """150 000 € are due by the contract: nobody says yet that the fund has them, then that it has them from June."""
    with pytest.raises(TrancheError, match="L’enveloppe du fonds pour 2021 n’est pas enregistrée"):
        make_available(contract=fixed, year=2021, actor=secretariat, on=DAY)
    amount: Any = Money(150_000, "EUR")
    facts: dict[str, Any] = {"year": 2021, "decision": "full", "is_fixed": True, "reason": "x", "decided_on": DAY}
    row = FundingTranche(contract=fixed, state="available", ae=amount, cp=amount, made_available_on=DAY, **facts)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        FundingTranche.objects.bulk_create([row])
    assert locks.NO_ENVELOPE in str(refusal.value)
    both, nothing = AeCp(Decimal(150_000), Decimal(150_000)), AeCp(Decimal(0), Decimal(0))
    record_envelope(
        year=2021, voted=both, carried=nothing, source="LFR", actor=secretariat, on=EFFECT, dated_on=EFFECT
    )  # fmt: skip
    with pytest.raises(TrancheError, match="L’enveloppe du fonds pour 2021 date du 1er\u00a0juin\u00a02021"):
        make_available(contract=fixed, year=2021, actor=secretariat, on=DAY)
    assert make_available(contract=fixed, year=2021, actor=secretariat, on=EFFECT).state == "available"


def test_nothing_is_made_available_that_the_fund_does_not_have(
    fixed: Contract, other_contract: Contract, secretariat: User
) -> None:
    """150 000 € are due by the contract; of 140 000 € voted, nothing of it can be given as it stands."""
    voted(secretariat, 140_000)
    told = "dépasse les crédits du fonds\u00a0: il manque 10\u202f000,00\u00a0€ d’AE dans l’enveloppe 2021"
    with pytest.raises(TrancheError, match=told):
        make_available(contract=fixed, year=2021, actor=secretariat, on=DAY)
    assert not FundingTranche.objects.exists()
    amount: Any = Money(150_000, "EUR")
    given: dict[str, Any] = {
        "year": 2021,
        "decision": "full",
        "is_fixed": True,
        "reason": "x",
        "ae": amount,
        "cp": amount,
    }
    row = FundingTranche(contract=fixed, state="available", decided_on=DAY, made_available_on=DAY, **given)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        FundingTranche.objects.bulk_create([row])
    assert locks.AVAILABLE_ABOVE in str(refusal.value)
    envelope(secretariat, 150_000)
    assert make_available(contract=fixed, year=2021, actor=secretariat, on=DAY).state == "available"


# --- An amendment changes the year that the contract fixes ---


def test_an_amendment_changes_the_year_that_the_contract_fixes_at_its_effect(
    fixed: Contract, secretariat: User
) -> None:
    """150 000 € at signature, 120 000 € from 1 June 2021; the second amendment leaves the year as it is."""
    amend(fixed, 1, EFFECT, 120_000)
    amend(fixed, 2, date(2021, 9, 1), 120_000)

    def told(on: date) -> tuple[Any, ...]:
        cell = decided_of(fixed, on)[2021]
        same = standing(fixed, on).situation.year(2021)
        assert same is not None
        assert (same.decided, decided_tranche(fixed, 2021, on)) == (cell.decided, cell.decided)
        return cell.decided.ae, cell.reason, cell.decided_on

    signed = (150_000, "Montants fixés par le contrat (article 6).", date(2020, 3, 1))
    amended = (120_000, "Montants fixés par l’avenant n°\u00a01 (articles 6 et 8).", EFFECT)
    assert [told(on) for on in (date(2021, 5, 31), EFFECT, date(2021, 12, 31))] == [signed, amended, amended]
    assert decided_of(fixed, date(2020, 2, 29)) == {}, "nothing is fixed before the signature"
    with pytest.raises(TrancheError, match="fixée par le contrat\u00a0: seul un avenant la change"):
        withdraw_decision(contract=fixed, year=2021, reason="Essai", actor=secretariat, on=date(2021, 12, 31))
    envelope(secretariat, 150_000)
    row = make_available(contract=fixed, year=2021, actor=secretariat, on=date(2021, 7, 1))
    assert (row.ae, row.reason, row.decided_on) == (Money(120_000, "EUR"), amended[1], EFFECT)


def test_what_was_made_available_is_given(fixed: Contract, secretariat: User) -> None:
    """An amendment that takes effect afterwards takes nothing back: the check tells that the plan is now lower."""
    envelope(secretariat, 150_000)
    make_available(contract=fixed, year=2021, actor=secretariat, on=DAY)
    version = amend(fixed, 1, EFFECT, 120_000)
    cell = decided_of(fixed, date(2021, 12, 31))[2021]
    assert (cell.decided, cell.available) == (SIGNED, SIGNED)
    assert [one.key for one in anomalies_of(version) if one.code == "A60"] == ["A60-2021-ae", "A60-2021-cp"]
    before = decided_of(fixed, date(2021, 3, 14))[2021]
    assert (before.state, before.made_available_on) == ("decided", None)
    close_tranche(contract=fixed, year=2021, actor=secretariat, on=date(2022, 1, 10))
    assert [decided_of(fixed, on)[2021].state for on in (date(2022, 1, 9), date(2022, 1, 10))] == [
        "available",
        "closed",
    ]


def test_a_year_that_the_signature_left_blank_is_fixed_by_the_amendment_that_prints_it(
    fixed: Contract, secretariat: User
) -> None:
    PlannedCredit.objects.filter(version__contract=fixed, year=2021).update(cp=None)
    assert decided_of(fixed, DAY) == {}
    FundingTranche.objects.create(contract=fixed, year=2021)
    amend(fixed, 1, EFFECT, 120_000)
    PlannedCredit.objects.filter(version__contract=fixed, version__number=1, cp=None).update(cp=Money(50_000, "EUR"))
    assert decided_of(fixed, EFFECT)[2021].decided.ae == 120_000
    envelope(secretariat, 150_000)
    assert make_available(contract=fixed, year=2021, actor=secretariat, on=EFFECT).ae == Money(120_000, "EUR")


def test_the_page_tells_it_as_of_the_day(fixed: Contract, secretariat: User, client: Client) -> None:
    amend(fixed, 1, EFFECT, 120_000)
    client.force_login(secretariat)
    page = words(client.get("/contrats/marine/tranches/"))
    assert "2021 Décidée Entière, au contrat AE 120 000 CP 120 000 120 000 120 000" in page
    assert "Montants fixés par l’avenant n° 1 (articles 6 et 8). Décidée le 01/06/2021" in page
    before = words(client.get("/contrats/marine/tranches/?au=2021-05-31"))
    assert "2021 Décidée Entière, au contrat AE 150 000 CP 150 000 150 000 150 000" in before


def test_a_decision_withdrawn_stood_until_then(contract: Contract, secretariat: User) -> None:
    """Reduced to 100 000 € on 15 March, withdrawn on 1 June, decided again at 150 000 € on 1 July."""
    envelope(secretariat, 200_000)
    decide(contract, secretariat, 100_000)
    withdraw_decision(contract=contract, year=2021, reason="Erreur.", actor=secretariat, on=EFFECT)
    again: dict[str, Any] = {"reason": "Repris.", "filing": None, "actor": secretariat, "on": date(2021, 7, 1)}
    decide_tranche(contract=contract, year=2021, ae=Decimal(150_000), cp=Decimal(150_000), **again)

    def told(on: date) -> tuple[Any, ...] | None:
        cell = decided_of(contract, on).get(2021)
        return (cell.kind, cell.decided.ae, cell.decided_on, cell.reason) if cell else None

    days = [date(2021, 3, 14), DAY, date(2021, 5, 31), EFFECT, date(2021, 7, 1)]
    first = ("reduced", 100_000, DAY, "Avancement.")
    assert [told(on) for on in days] == [None, first, first, None, ("full", 150_000, days[-1], "Repris.")]


def test_a_decision_withdrawn_keeps_the_filing_that_it_rested_on(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: Callable[[User], Client]
) -> None:
    """A64, as of a day on which the reduced tranche stood, finds the filing; the list of acts links it."""
    past = earlier(filing, 2020, 4, lead, {"etudes": (100_000, 100_000), "outil": (50_000, 50_000)})
    envelope(secretariat, 200_000)
    both = Decimal(100_000)
    given: dict[str, Any] = {"reason": "Retard de recrutement.", "filing": past, "actor": secretariat, "on": DAY}
    decide_tranche(contract=contract, year=2021, ae=both, cp=both, **given)
    withdraw_decision(contract=contract, year=2021, reason="Erreur.", actor=secretariat, on=EFFECT)
    version = contract.versions.get(number=0)
    facts = read_tranches(version, DAY)
    assert facts is not None
    assert [(one.kind, one.has_filing) for one in facts.tranches] == [("reduced", True)]
    assert list(withheld_without_filing(facts)) == []
    page = signed_in(secretariat).get("/contrats/marine/tranches/").content.decode()
    assert f'd’après <a href="/dossiers/{past.pk}/">un dossier de suivi</a>' in page


def test_a_decision_recorded_before_moves_bore_a_filing_finds_it_in_the_history(
    contract: Contract, filing: Filing, secretariat: User, lead: User
) -> None:
    """As the first moves were recorded, without filing: the migration reads it where the tranche's history has it."""
    past = earlier(filing, 2020, 4, lead, {"etudes": (100_000, 100_000), "outil": (50_000, 50_000)})
    envelope(secretariat, 200_000)
    both = Decimal(100_000)
    given: dict[str, Any] = {"contract": contract, "year": 2021, "ae": both, "cp": both, "actor": secretariat}
    decide_tranche(**given, reason="Retard de recrutement.", filing=past, on=DAY)
    withdraw_decision(contract=contract, year=2021, reason="Erreur.", actor=secretariat, on=EFFECT)
    decide_tranche(**given, reason="Repris.", filing=None, on=date(2021, 7, 1))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE budget_tranchemove DISABLE TRIGGER USER")
        cursor.execute("UPDATE budget_tranchemove SET filing_id = NULL")
        cursor.execute("ALTER TABLE budget_tranchemove ENABLE TRIGGER USER")
        version = contract.versions.get(number=0)
        assert [one.has_filing for one in read_tranches(version, DAY).tranches] == [False]  # type: ignore[union-attr]
        step = import_module("budget.migrations.0012_filings_of_earlier_moves").Migration.operations[0]
        cursor.execute(step.sql)
    assert list(TrancheMove.objects.order_by("pk").values_list("action", "filing")) == [
        ("decide", past.pk),
        ("withdraw", None),
        ("decide", None),
    ]
    assert [one.has_filing for one in read_tranches(version, DAY).tranches] == [True]  # type: ignore[union-attr]


def test_queries_do_not_grow_with_contracts(
    fixed: Contract, other_contract: Contract, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        decided_by_year([2020, 2021, 2022], DAY)
