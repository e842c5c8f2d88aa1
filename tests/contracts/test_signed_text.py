"""What a party signed is what takes effect: nothing of an amendment moves once one has signed, by any way in."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from contracts.amendments.changed_lines import remove_line
from contracts.amendments.file import import_draft
from contracts.amendments.grid import write_grid
from contracts.amendments.nomenclature import change_code
from contracts.amendments.prolongation import set_last_year
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import prepare_amendment, record_signature, sign_amendment, withdraw_signatures
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.writer import write_contract_file
from contracts.models import Contract, ContractVersion, Signatory
from contracts.parts import PARTS
from tests.reading import words

pytestmark = pytest.mark.django_db
DAY = date(2021, 5, 3)
BUDGET = next(one for one in PARTS if one.code == "budget")
URL = "/contrats/marine/avenants/1/"


@pytest.fixture
def draft(contract: Contract, secretariat: User) -> ContractVersion:
    """An amendment to the plan and to the codes, that the holder has signed."""
    version = prepare_amendment(contract, ["budget", "nomenclature"], secretariat)
    record_signature(version, "porteur", "Anne DURAND", "préfète", DAY, secretariat)
    return version


def cell(draft: ContractVersion) -> str:
    return f"0-{draft.contract.budget_lines.get(key='etudes').pk}-2021-ae"


def unsigned(draft: ContractVersion) -> str:
    """The draft's file without the signatures that it bears."""
    head, _, rest = write_contract_file(draft).partition("[[signataires]]")
    return f"{head}{rest[rest.index('[[') :]}" if rest else head


def removed(draft: ContractVersion, actor: User) -> None:
    remove_line(draft, BUDGET, f"budgetline-{draft.contract.budget_lines.get(key='outil').pk}", actor)


def coded(draft: ContractVersion, actor: User) -> None:
    change_code(draft.contract, "activite", "034901011103", "Erreur", actor, version=draft)


WAYS: dict[str, Callable[[ContractVersion, User], object]] = {
    "page": lambda draft, actor: write_grid(draft, BUDGET, {cell(draft): "90000"}, actor),
    "file": lambda draft, actor: import_draft(draft, "avenant.toml", unsigned(draft).encode(), actor),
    "line": removed,
    "year": lambda draft, actor: set_last_year(draft, 2024, actor),
    "code": coded,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_in_changes_what_a_party_signed(draft: ContractVersion, secretariat: User, way: str) -> None:
    before = write_contract_file(draft)
    with pytest.raises(AmendmentRefused) as refusal:
        WAYS[way](draft, secretariat)
    told = " ".join(str(refusal.value).split())
    assert told.startswith("Anne DURAND a signé l’avenant le 3 mai 2021 : ce qui est signé ne change plus.")
    draft.refresh_from_db()
    assert (write_contract_file(draft), draft.extends_to) == (before, None)
    assert not draft.code_changes.exists()
    withdraw_signatures(draft, secretariat)
    WAYS[way](draft, secretariat)


def test_signatures_withdrawn_are_given_again_and_the_history_keeps_them(
    draft: ContractVersion, secretariat: User
) -> None:
    assert withdraw_signatures(draft, secretariat) == 1
    assert withdraw_signatures(draft, secretariat) == 0
    events = Signatory.pgh_event_model.objects.filter(name="Anne DURAND")  # type: ignore[attr-defined]
    assert sorted(events.values_list("pgh_label", flat=True)) == ["delete", "insert"]
    with pytest.raises(AmendmentRefused, match="Il manque la signature de la partie «\u00a0Porteur\u00a0»"):
        sign_amendment(draft, DAY, DAY, 1, "Retard", secretariat)


def test_a_version_in_force_keeps_its_signatures(contract: Contract, secretariat: User) -> None:
    with pytest.raises(AmendmentRefused, match="Cette version est signée"):
        withdraw_signatures(contract.versions.get(number=0), secretariat)


def test_nobody_signs_for_another_through_a_file(contract: Contract, lead: User) -> None:
    """The lead's own file says that the DITP has signed: refused at its table, nothing written."""
    draft = prepare_amendment(contract, ["budget"], lead)
    party = '\n[[signataires]]\nnom = "Paul PETIT"\nqualite = "délégué"\npartie = "ditp"\ndate = 2021-05-03\n'
    with pytest.raises(ContractFileError) as refusal:
        import_draft(draft, "avenant.toml", f"{write_contract_file(draft)}{party}".encode(), lead)
    (error,) = refusal.value.errors
    assert (error.path, error.value) == ("signataires", "Paul PETIT, délégué")
    assert error.message.startswith("Une signature s’enregistre sur la page de l’avenant")
    assert not draft.signatories.exists()


def test_the_page_says_why_and_withdraws(
    draft: ContractVersion, secretariat: User, lead: User, ditp_reviewer: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(lead)
    page = words(client.get(URL))
    assert "Une partie au moins a signé : ce qui est signé ne change plus." in page
    assert f"{URL}modifier/" not in client.get(URL).content.decode()
    late = client.post(f"{URL}modifier/budget/", {cell(draft): "90000"})
    assert late.status_code == 422
    assert "Anne DURAND a signé l’avenant" in late.content.decode()
    assert 'value="90000"' in late.content.decode(), "as it was typed"
    withdraw = f"{URL}signatures/retirer/"
    assert signed_in(ditp_reviewer).post(withdraw).status_code == 403
    client = signed_in(lead)
    assert client.post(withdraw)["Location"] == URL
    assert "Les signatures sont retirées ; l’historique les garde" in words(client.get(URL))
    assert client.post(f"{URL}modifier/budget/", {cell(draft): "90000"}).status_code == 302
