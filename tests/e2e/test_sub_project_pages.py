"""A sub-project in a browser, errors on the way: identified, counted, answered, retained by exception; with axe."""

import pytest
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract, ContractVersion, SubProject
from tests.contracts.evidence_files import pdf
from tests.contracts.subprojects.rows import framed
from tests.e2e.desk import Desk, DeskOf, faultless, spaced
from tests.factories import UserFactory, grant

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LIST = "/contrats/lean-management/sous-projets/"
ANSWERS = ("qualite-service", "strategique-novateur", "gouvernance")


@pytest.fixture
def team(lean_management: ContractVersion) -> User:
    return grant(UserFactory(last_name="Équipe", email="equipe@ftap.example"), Role.LEAD, lean_management.contract)


def follow(desk: Desk, link: str) -> None:
    desk.follow(link)
    faultless(desk.page)


def save(desk: Desk, name: str) -> None:
    desk.press(name)
    faultless(desk.page)


def fill(desk: Desk, **amounts: str) -> None:
    """Types in cells, by name: `ftap_ae_2024="200 000"`."""
    for name, text in amounts.items():
        field, _, year = name.rpartition("_")
        desk.page.locator(f"[name='{field}-{year}']").fill(text)


def simplified() -> SubProject:
    """The sub-project that the test follows, as the database has it."""
    return SubProject.objects.get(number=1)


def test_a_sub_project_is_proposed_then_retained_by_exception(team: User, secretariat: User, desk_of: DeskOf) -> None:
    first, second = desk_of(team), desk_of(secretariat)
    first.page.goto(first.site + LIST)
    faultless(first.page)
    follow(first, "Identifier un sous-projet")
    first.page.get_by_label("Intitulé").fill("Accueil simplifié")
    save(first, "Identifier le sous-projet")
    expect(first.page.get_by_label("Intitulé")).to_have_value("Accueil simplifié")
    first.page.get_by_label("Administration porteuse").fill("Préfecture inventée")
    first.page.get_by_label("Objet du projet").fill("Simplifier l’accueil.")
    save(first, "Identifier le sous-projet")
    first.sees("Le sous-projet 1 est identifié")

    follow(first, "Modifier les montants et les économies")
    fill(first, ftap_ae_2024="300 000", ftap_cp_2024="trois cents", co_financing_ae_2024="200 k€")
    save(first, "Enregistrer les montants")
    expect(first.page.locator("[name='ftap_cp-2024']")).to_have_value("trois cents")
    assert not SubProject.objects.get().years.exists(), "nothing is written by halves"
    fill(first, ftap_cp_2024="300 000", co_financing_cp_2024="200 000")
    first.page.get_by_label("Économie pérenne par an").fill("240 000")
    save(first, "Enregistrer les montants")
    first.sees("c’est enregistré")

    follow(first, "Répondre à la grille")
    first.page.locator("[name='answer-porteur-etat']").select_option("oui")
    for code in ANSWERS:
        first.page.locator(f"[name='answer-{code}']").select_option("oui")
    first.page.locator("[name='answer-gouvernance']").select_option("non")
    first.page.locator("[name='answer-etat-plateforme']").select_option("sans_objet")
    save(first, "Enregistrer la grille")
    first.sees("Une réponse négative s’explique ici.")
    first.page.locator("[name='comment-gouvernance']").fill("Équipe à compléter.")
    save(first, "Enregistrer la grille")

    follow(first, "Joindre le document")
    first.page.get_by_label("Document de cadrage").set_input_files(
        {"name": "cadrage.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    save(first, "Joindre le document")
    follow(first, "Présélectionner")
    save(first, "Présélectionner")
    first.sees("Présélectionné")

    second.page.goto(second.site + "/")
    faultless(second.page)
    second.follow(spaced("Décider : Accueil simplifié"))
    faultless(second.page)
    follow(second, "Retenir et cadrer")
    second.sees("Il manque encore")
    save(second, "Retenir et cadrer")
    second.sees("retour de 0,800 à 3 ans")
    follow(second, "Revenir au sous-projet")
    follow(second, "Motiver une exception")
    second.sees("il manque 60 000 € d’économies pérennes par an")
    second.page.get_by_label("Motif de l’exception").fill("Service pilote, économies proches du niveau requis.")
    save(second, "Enregistrer l’exception")
    second.sees("une exception n’est admise que si l’ensemble la respecte")
    follow(second, "Retenir et cadrer")
    second.sees("L’exception n’est pas admise")
    save(second, "Retenir et cadrer")
    assert simplified().state == "preselected", "alone, it would leave the whole below the rule"
    framed(Contract.objects.get(code="lean-management"), team, secretariat, "Fort", (400_000, 100_000, 500_000))
    save(second, "Retenir et cadrer")
    assert simplified().state == "framed"
    second.page.goto(second.site + LIST)
    faultless(second.page)
    second.sees("la règle est respectée, avec 1 exception.")

    second.page.goto(second.site + simplified().get_absolute_url())
    follow(second, "Lancer")
    save(second, "Lancer")
    first.page.goto(first.site + simplified().get_absolute_url())
    follow(first, "Terminer")
    save(first, "Terminer")
    assert simplified().state == "running", "the end says what it gave"
    first.page.get_by_label("Bilan").fill("Délai d’accueil réduit de moitié, méthode inventée à reprendre.")
    save(first, "Terminer")
    first.sees("Terminé")
    assert simplified().state == "finished"
