"""AE affected to a phase of titre 5, withdrawn in whole or in part, never below what is committed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from djmoney.money import Money

from accounts.models import User
from budget.models import AffectationWithdrawal, BudgetLine, TrancheFonctionnelle
from budget.tranches import locks
from budget.tranches.affectations import affect, withdraw_affectation
from budget.tranches.calc import Affected
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.phases import affected, affected_to, phases_of
from contracts.models import Contract
from monitoring.models import Filing
from tests.budget.rows import earlier
from tests.budget.tranches.acting import TRANCHES, SignIn, refused
from tests.constraints import named_constraints
from tests.constraints import refused as refused_by
from tests.reading import words

pytestmark = pytest.mark.django_db
DAY = date(2021, 3, 15)
LATER = date(2021, 9, 1)
CHANGES: dict[str, dict[str, Any]] = {
    "affectation_withdrawal_positive": {"ae": Money(0, "EUR")},
    "affectation_withdrawal_reason_given": {"reason": " "},
}


@pytest.fixture
def phase(contract: Contract, secretariat: User) -> TrancheFonctionnelle:
    """100 000 € of the 150 000 € that the plan gives the line are affected to a roof."""
    line = BudgetLine.objects.get(contract=contract, key="outil")
    line.titre = "5"
    line.save()
    return affect(line=line, label="Toiture", ae=Decimal(100_000), on=DAY, reference="", actor=secretariat)


def withdraw(phase: TrancheFonctionnelle, actor: User, euros: int, **given: Any) -> AffectationWithdrawal:
    facts = {"reason": "Marché infructueux.", "on": LATER, **given}
    return withdraw_affectation(phase=phase, ae=Decimal(euros), actor=actor, **facts)


def test_what_is_withdrawn_may_be_affected_anew_and_the_days_before_keep_it(
    phase: TrancheFonctionnelle, secretariat: User
) -> None:
    """100 000 € affected, 30 000 € withdrawn in September: 70 000 € are left, 80 000 € may be affected."""
    withdraw(phase, secretariat, 30_000)
    assert affected(phase.line) == 70_000
    before, after = (phases_of(phase.line.contract, on) for on in (date(2021, 8, 31), LATER))
    assert [affected_to(found) for _, found in (*before, *after)] == [100_000, 70_000]
    given: dict[str, Any] = {"label": "Murs", "on": LATER, "reference": "", "actor": secretariat}
    with pytest.raises(TrancheError, match="pour 80\u202f000,00\u00a0€ d’AE prévues et non affectées"):
        affect(line=phase.line, ae=Decimal("80000.01"), **given)
    assert affect(line=phase.line, ae=Decimal(80_000), **given).number == 2


@pytest.mark.parametrize(
    ("euros", "given", "told"),
    [
        (0, {}, "va de 0,01\u00a0€ à 100\u202f000,00\u00a0€"),
        (100_001, {}, "va de 0,01\u00a0€ à 100\u202f000,00\u00a0€"),
        (1, {"reason": " "}, "Donnez le motif du retrait."),
        (1, {"on": date(2021, 3, 14)}, "ne peut pas précéder l’affectation du 15\u00a0mars\u00a02021"),
        (1, {"on": date(2121, 1, 1)}, "Cette date est à venir"),
    ],
)
def test_bad_withdrawals_are_refused(
    phase: TrancheFonctionnelle, secretariat: User, euros: int, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(TrancheError, match=told):
        withdraw(phase, secretariat, euros, **given)
    assert not AffectationWithdrawal.objects.exists()


def test_what_is_committed_is_not_withdrawn(
    phase: TrancheFonctionnelle, filing: Filing, secretariat: User, lead: User
) -> None:
    """25 000 € are committed of 100 000 €: 75 000 € may be withdrawn, and not a euro more."""
    earlier(filing, 2021, 1, lead, {"etudes": (0, 0), "outil": (25_000, 0)})
    told = "25\u202f000,00\u00a0€ d’AE sont déjà consommées sur cette ligne, .* 24\u202f999,00\u00a0€"
    with pytest.raises(TrancheError, match=told):
        withdraw(phase, secretariat, 75_001)
    withdraw(phase, secretariat, 75_000)
    assert affected(phase.line) == 25_000


def test_the_secretariat_alone_withdraws(phase: TrancheFonctionnelle, lead: User) -> None:
    with pytest.raises(NotAllowedError, match="secrétariat du fonds"):
        withdraw(phase, lead, 1)


def test_the_database_keeps_withdrawals_within_the_phase(phase: TrancheFonctionnelle, secretariat: User) -> None:
    withdraw(phase, secretariat, 60_000)
    known: dict[str, Any] = {"phase": phase, "reason": "Par SQL", "recorded_by": secretariat}
    for euros, on, message in ((40_001, LATER, locks.TOO_MUCH), (1, date(2021, 3, 14), locks.TOO_EARLY)):
        amount: Any = Money(euros, "EUR")
        row = AffectationWithdrawal(ae=amount, withdrawn_on=on, **known)
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            AffectationWithdrawal.objects.bulk_create([row])
        assert message in str(refusal.value)
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic():
        AffectationWithdrawal.objects.update(reason="Autre")


@pytest.mark.parametrize("name", CHANGES)
def test_each_constraint_refuses_and_says_why(name: str, phase: TrancheFonctionnelle, secretariat: User) -> None:
    model, constraint = named_constraints("budget")[name]
    one: Any = Money(1, "EUR")
    facts = {"phase": phase, "ae": one, "withdrawn_on": LATER, "reason": "x", "recorded_by": secretariat}
    refused_by(model(**facts | CHANGES[name]), constraint)


def test_the_page_withdraws_and_keeps_what_is_refused(
    phase: TrancheFonctionnelle, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    client, page = signed_in(secretariat), "/contrats/marine/tranches/"
    address = f"{page}affectations/{phase.pk}/retrait/"
    typed = {"ae": "120 000", "on": "2021-09-01", "reason": "Marché infructueux."}
    answer = client.post(address, typed)
    shown = answer.content.decode()
    assert "ce qui reste affecté à cette tranche." in words(answer, 422)
    assert "<details open>" in shown
    assert 'value="120 000"' in shown
    assert 'value="Marché infructueux."' in shown
    told = words(client.post(address, typed | {"ae": "100 000"}, follow=True))
    assert "Le retrait est enregistré." in told
    assert "Marché infructueux. 01/09/2021 – −100 000 Outil : affecté 0" in told
    assert "Retirer des AE" not in told, "nothing is left"
    assert "−100 000" not in words(client.get(f"{page}?au=2021-08-31"))
    assert client.post(f"{page}affectations/{phase.pk + 1}/retrait/", typed).status_code == 404


# --- On the page ---


def test_affectations_of_titre_5(contract: Contract, secretariat: User, signed_in: SignIn) -> None:
    line = BudgetLine.objects.get(contract=contract, key="outil")
    line.titre = "5"
    line.save()
    client, data = signed_in(secretariat), {"label": "Toiture", "ae": "40 000", "on": "2021-02-01"}
    answer = client.post("/contrats/marine/tranches/affectations/", {**data, "line": line.pk}, follow=True)
    page = words(answer)
    assert "Outil 1 – Toiture Retirer des AE" in page
    assert "Enregistrer le retrait 01/02/2021 – 40 000" in page
    answer = client.post("/contrats/marine/tranches/affectations/", {**data, "line": line.pk, "ae": "200 000"})
    assert "prévues et non affectées" in refused(answer)


def test_what_was_consumed_of_an_affectation(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """40 000 € affected, 25 000 € committed in 2021: 15 000 € are left; 45 000 € would be 5 000 € too many."""
    line = BudgetLine.objects.get(contract=contract, key="outil")
    BudgetLine.objects.filter(pk=line.pk).update(titre="5")
    client, data = signed_in(secretariat), {"label": "Toiture", "ae": "40 000", "on": "2021-02-01", "line": line.pk}
    page = words(client.post("/contrats/marine/tranches/affectations/", data, follow=True))
    assert "consommé : Outil n. r. reste à engager : Outil n. r." in page
    earlier(filing, 2021, 1, lead, {"etudes": (0, 0), "outil": (25_000, 0)})
    assert "consommé : Outil 25 000 reste à engager : Outil 15 000" in words(client.get(TRANCHES))
    assert Affected(Decimal(40_000), Decimal(45_000)).left == -5_000
