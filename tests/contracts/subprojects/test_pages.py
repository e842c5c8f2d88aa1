"""The pages of sub-projects: what is shown, what is typed there, what is kept when it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from contracts.models import Contract, SubProject
from contracts.subprojects.errors import SubProjectError
from contracts.subprojects.services import join_document, record_exception
from tests.contracts.evidence_files import pdf
from tests.contracts.subprojects.rows import answered, framed, identified, moved, with_figures
from tests.factories import CampaignFactory, FilingFactory
from tests.reading import words

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
HOME = "/contrats/lean-management/sous-projets/"


def refused(response: Any) -> str:
    """The words of a page that comes back with what is wrong."""
    assert response.status_code == 422
    response.status_code = 200
    return words(response)


def test_a_contract_that_is_no_umbrella_has_no_such_page(
    contract: Contract, secretariat: User, signed_in: SignIn
) -> None:
    client = signed_in(secretariat)
    assert client.get("/contrats/marine/sous-projets/").status_code == 404
    assert "Sous-projets" not in words(client.get("/contrats/marine/"))


def test_an_umbrella_without_sub_project_says_what_will_come(lean: Contract, team: User, signed_in: SignIn) -> None:
    page = words(signed_in(team).get(HOME))
    assert "Aucun sous-projet n’est encore identifié." in page
    assert "Identifier un sous-projet" in page


def test_the_pipeline_of_lean(lean: Contract, team: User, secretariat: User, signed_in: SignIn) -> None:
    framed(lean, team, secretariat, "Fort", (400_000, 100_000, 500_000))
    framed(lean, team, secretariat, "Faible", (300_000, 100_000, 240_000), "Proche du niveau requis.")
    moved(identified(lean, team, "Laissé"), team, "abandon", reason="Sans porteur")
    page = words(signed_in(secretariat).get(HOME))
    assert (
        "3 sous-projets, dont 2 retenus (cadrés, en cours ou terminés) ; leur retour consolidé à trois ans est de "
        "1,057 pour 1 demandé : la règle est respectée, avec 1 exception." in page
    )
    assert "Cadré 2 700 000 200 000 740 000" in page
    assert "Abandonné sorti du parcours 1 n. r. n. r. n. r." in page
    assert "740 000 CP du FTAP 700 000 1,057" in page
    assert "2 – Faible 0,800 Proche du niveau requis." in page
    assert "2024 AE 6 000 000 CP 6 000 000 700 000 700 000 5 300 000 5 300 000" in page
    assert "Total 15 000 000 15 000 000 700 000 700 000 14 300 000 14 300 000" in page


def test_a_whole_that_does_not_bear_its_exception_is_a_warning(
    lean: Contract, team: User, secretariat: User, signed_in: SignIn
) -> None:
    strong = framed(lean, team, secretariat, "Fort", (400_000, 100_000, 500_000))
    framed(lean, team, secretariat, "Faible", (300_000, 100_000, 240_000), "Proche du niveau requis.")
    with_figures(strong, secretariat, 400_000, 100_000, 400_000)
    page = words(signed_in(secretariat).get(HOME))
    assert "L’exception n’est plus admise : il manque 60 000 € d’économies pérennes par an" in page
    page = words(signed_in(secretariat).get(f"{HOME}2/"))
    assert "Avec ce sous-projet, l’ensemble ne respecte pas la règle (retour consolidé : 0,914)" in page


def test_an_exception_that_the_whole_does_not_bear_is_not_offered(
    lean: Contract, team: User, secretariat: User, signed_in: SignIn
) -> None:
    """Brought to the decision with its exception, alone: its page says what is missing, and so does the act."""
    with pytest.raises(SubProjectError, match="il manque 60\u202f000"):
        framed(lean, team, secretariat, "Faible", (300_000, 100_000, 240_000), "Proche du niveau requis.")
    client = signed_in(secretariat)
    missing = "L’exception n’est pas admise : avec ce sous-projet, il manque 60 000 € d’économies pérennes par an"
    assert missing in words(client.get(f"{HOME}1/"))
    assert missing in words(client.get(f"{HOME}1/actes/frame/"))


def test_the_page_of_a_sub_project(lean: Contract, team: User, secretariat: User, signed_in: SignIn) -> None:
    framed(lean, team, secretariat, "Accueil", (200_000, 150_000, 250_000))
    page = words(signed_in(secretariat).get(f"{HOME}1/"))
    assert "Retour à trois ans : 1,250" in page
    assert "Économies pérennes à 3 ans 250 000 CP du FTAP 200 000 1,250" in page
    assert "Coût total : 350 000 € en CP, dont 42,9 % de cofinancement." in page
    assert "4.3 respecté retour de 1,250 à 3 ans" in page
    assert "11 critères renseignés sur 11." in page
    assert "31/01/2024 Retenir et cadrer Cadré" in page
    assert "Lancer" in page


def test_the_team_identifies_counts_and_answers(lean: Contract, team: User, signed_in: SignIn) -> None:
    client = signed_in(team)
    page = refused(client.post(f"{HOME}ajouter/", {"title": "Accueil", "purpose": "Simplifier"}))
    assert "Simplifier" in page
    client.post(f"{HOME}ajouter/", {"title": "Accueil", "holder": "Préfecture", "purpose": "Simplifier"})
    row = SubProject.objects.get()
    amounts = {"ftap_ae-2024": "200 k€", "ftap_cp-2024": "deux cents", "recurrent": "250 000", "revision": row.revision}
    answer = client.post(f"{HOME}1/montants/", amounts)
    assert 'value="deux cents"' in answer.content.decode()
    assert 'value="200 k€"' in answer.content.decode()
    assert refused(answer)
    assert not row.years.exists(), "nothing is written by halves"
    client.post(f"{HOME}1/montants/", amounts | {"ftap_cp-2024": "200 k€", "co_financing_cp-2024": "0"})
    year = row.years.get()
    assert year.ftap_cp is not None
    assert year.co_financing_cp is not None
    assert (year.ftap_cp.amount, year.co_financing_cp.amount, year.co_financing_ae) == (200_000, 0, None)
    row.refresh_from_db()
    grid = {"answer-gouvernance": "non", "answer-porteur-etat": "oui", "revision": row.revision}
    assert "Une réponse négative s’explique ici." in refused(client.post(f"{HOME}1/grille/", grid))
    client.post(f"{HOME}1/grille/", grid | {"comment-gouvernance": "Équipe incomplète"})
    assert row.answers.count() == 2
    page = words(client.get(f"{HOME}1/"))
    assert "il manque" in page
    assert "aucun cofinancement" in page


def test_what_somebody_else_wrote_meanwhile_is_told_at_its_place(
    lean: Contract, team: User, secretariat: User, signed_in: SignIn
) -> None:
    row = identified(lean, team)
    old = row.revision
    with_figures(row, secretariat, 200_000, 100_000, 300_000)
    client = signed_in(team)
    typed = {"ftap_cp-2024": "210 000", "recurrent": "300 000", "revision": old}
    answer = client.post(f"{HOME}1/montants/", typed)
    html = answer.content.decode()
    page = refused(answer)
    assert "a modifié ce sous-projet" in page
    assert "Valeur enregistrée : 200 000." in page
    assert 'value="210 000"' in html
    assert f'name="revision" value="{old + 1}"' in html
    assert client.post(f"{HOME}1/montants/", typed | {"revision": old + 1}).status_code == 302


def test_the_framing_document_is_joined_replaced_and_read(
    lean: Contract, team: User, secretariat: User, other_lead: User, signed_in: SignIn
) -> None:
    row = identified(lean, team)
    client = signed_in(team)
    wrong = SimpleUploadedFile("cadrage.pdf", b"<html>", "application/pdf")
    assert "n’est pas accepté" in refused(client.post(f"{HOME}1/cadrage/", {"file": wrong}))
    content = pdf()
    right = SimpleUploadedFile("cadrage.pdf", content, "text/html")
    assert client.post(f"{HOME}1/cadrage/", {"file": right}).status_code == 302
    address = f"{HOME}1/cadrage/{row.documents.get().pk}/"
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="cadrage.pdf"'
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    for close in answer._resource_closers:  # type: ignore[attr-defined]
        close()
    assert signed_in(other_lead).get(address).status_code == 404


def test_an_act_says_what_is_missing_and_keeps_what_is_typed(
    lean: Contract, team: User, secretariat: User, signed_in: SignIn
) -> None:
    framed(lean, team, secretariat, "Fort", (200_000, 150_000, 250_000))
    row = identified(lean, team)
    with_figures(row, team, 200_000, 100_000, 150_000)
    answered(row, team)
    moved(row, team, "preselect")
    client = signed_in(secretariat)
    page = words(client.get(f"{HOME}2/actes/frame/"))
    assert "Il manque encore" in page
    page = refused(client.post(f"{HOME}2/actes/frame/", {"on": "2024-02-01", "reason": "Avis favorable"}))
    assert "Le document de cadrage n’est pas joint." in page
    assert "retour de 0,750 à 3 ans" in page
    assert "Avis favorable" in page
    row.refresh_from_db()
    client.post(f"{HOME}2/exception/", {"reason": "Service pilote", "revision": row.revision})
    client.post(f"{HOME}2/cadrage/", {"file": SimpleUploadedFile("cadrage.pdf", pdf())})
    assert client.post(f"{HOME}2/actes/frame/", {"on": "2024-02-01"}).status_code == 302
    assert SubProject.objects.get(number=2).state == "framed"
    given = {"on": "2024-02-01", "reason": "Avis favorable du comité"}
    stale = words(client.post(f"{HOME}2/actes/preselect/", given, follow=True))
    assert "Cet acte n’est plus possible" in stale
    assert "Votre motif, qui n’est pas enregistré : « Avis favorable du comité »." in stale
    assert "ceux d’aujourd’hui" in words(client.get(f"{HOME}?au=2024-02-01"))
    assert "ceux d’aujourd’hui" not in words(client.get(HOME))


def test_a_sub_project_waits_for_the_team_then_for_who_decides(
    lean: Contract, team: User, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    def awaited(person: User) -> str:
        page = words(signed_in(person).get("/"))
        return page.partition("Sous-projets des dispositifs")[2].partition("Derniers mouvements")[0].strip()

    strong = framed(lean, team, secretariat, "Fort", (400_000, 100_000, 500_000))
    moved(strong, team, "launch")  # one that runs waits for nobody
    row = identified(lean, team)
    assert "Compléter : Accueil simplifié Identifié Lean management" in awaited(team)
    FilingFactory(contract=lean, campaign=CampaignFactory(opened_at=timezone.now()))
    assert "1 dossier et 1 sous-projet vous attendent" in words(signed_in(team).get("/")), "both are told first"
    assert (awaited(secretariat), awaited(lead)) == ("", "")
    with_figures(row, team, 200_000, 150_000, 180_000)
    answered(row, team)
    assert "Présélectionner : Accueil simplifié Identifié" in awaited(team)
    moved(row, team, "preselect")
    assert "Compléter : Accueil simplifié Présélectionné" in awaited(team), "the framing document"
    join_document(sub_project=row, name="cadrage.pdf", content=pdf(), actor=team)
    assert awaited(team) == ""
    assert "Décider : Accueil simplifié Présélectionné" in awaited(secretariat), "an exception is theirs to grant"
    row.refresh_from_db()
    record_exception(sub_project=row, reason="Pilote", revision=row.revision, actor=secretariat)
    moved(row, secretariat, "frame")
    assert "Lancer : Accueil simplifié Cadré" in awaited(team)
    moved(row, team, "launch")
    assert (awaited(team), awaited(secretariat)) == ("", "")


@pytest.mark.parametrize("count", [1, 4])
def test_queries_do_not_grow_with_sub_projects(
    lean: Contract,
    team: User,
    secretariat: User,
    signed_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for rank in range(count):
        framed(lean, team, secretariat, f"Sous-projet {rank}", (200_000, 150_000, 250_000))
    client = signed_in(team)
    for address, queries in ((HOME, 16), (f"{HOME}1/", 16), ("/", 15)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_the_history_tells_what_changed(lean: Contract, team: User, secretariat: User, signed_in: SignIn) -> None:
    row = identified(lean, team)
    with_figures(row, team, 200_000, 150_000, 250_000)
    with_figures(row, secretariat, 210_000, 150_000, 250_000)
    page = words(signed_in(secretariat).get("/contrats/lean-management/historique/"))
    assert "1 – Accueil simplifié, 2024 AE du FTAP : 200 000,00 € → 210 000,00 €" in page
