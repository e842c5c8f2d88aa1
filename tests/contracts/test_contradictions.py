"""What an amendment in preparation contradicts: told on its page, by line and year, before anybody signs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from djmoney.money import Money

from accounts.models import User
from budget.models import BudgetLine, PlannedCredit
from contracts.amendments.contradictions import contradictions_of
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import prepare_amendment
from contracts.contract_file.errors import FileError
from contracts.contract_file.words import place, told
from contracts.models import Contract, ContractVersion
from tests.contracts.test_amendments import signed
from tests.reading import words

pytestmark = pytest.mark.django_db
DATA: dict[str, Any] = {"credits": {"lignes": [{"libelle": "Études", "annees": {"2021": {"ae": 1}}}]}}


@pytest.fixture
def draft(contract: Contract, secretariat: User) -> ContractVersion:
    return prepare_amendment(contract, ["budget"], secretariat)


def write(draft: ContractVersion, **amounts: int) -> None:
    """Amounts of the study's 2021, planned 100 000 € of AE and of CP."""
    money: dict[str, Any] = {name: Money(euros, "EUR") for name, euros in amounts.items()}
    PlannedCredit.objects.filter(version=draft, line__key="etudes", year=2021).update(**money)


def test_a_copy_contradicts_nothing_more_than_what_it_copies(
    draft: ContractVersion, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    found = contradictions_of(draft)
    assert (found.refusals, found.anomalies) == ((), [])
    page = words(signed_in(secretariat).get(f"/contrats/marine/avenants/{draft.number}/"))
    assert "Contradictions Aucune : les chiffres de l’avenant vont ensemble." in page


def test_cp_above_ae_over_life_is_told_at_its_line_and_refuses_the_signature(
    draft: ContractVersion, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    write(draft, cp=150_000)
    (reason,) = contradictions_of(draft).refusals
    assert reason.startswith("Crédits, «\u00a0Études\u00a0»\u00a0: Sur la durée de la ligne, les CP dépassent les AE")
    page = words(signed_in(secretariat).get(f"/contrats/marine/avenants/{draft.number}/"))
    assert "L’avenant ne peut pas être signé tant que ceci n’est pas corrigé" in page
    assert "les CP dépassent les AE" in page
    with pytest.raises(AmendmentRefused) as refusal:
        signed(draft, secretariat, date(2023, 1, 1), date(2023, 1, 1))
    assert reason in refusal.value.reasons, "the signer reads the same words"


def test_ae_other_than_cp_on_staff_are_to_look_at_and_forbid_nothing(
    draft: ContractVersion, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    BudgetLine.objects.filter(contract=draft.contract, key="etudes").update(titre="2")
    write(draft, cp=50_000)
    found = contradictions_of(draft)
    assert found.refusals == ()
    assert any("2021" in one.text for one in found.anomalies)
    page = words(signed_in(secretariat).get(f"/contrats/marine/avenants/{draft.number}/"))
    assert "À regarder avant de signer, par rapport à la version en vigueur" in page


def test_a_place_in_the_words_of_a_page() -> None:
    assert place("credits.lignes[1].annees.2021.ae", DATA) == "Crédits, «\u00a0Études\u00a0», 2021, AE"
    assert place("credits.lignes[2].titre", DATA) == "Crédits, n°\u00a02, titre"
    error = FileError("a.toml", "credits.lignes[1].nature", "", "Cette clé est obligatoire.")
    assert told(error, DATA) == "Crédits, «\u00a0Études\u00a0», nature\u00a0: Cette donnée est obligatoire."
    assert told(FileError("a.toml", "", "", "Illisible."), DATA) == "Illisible."
