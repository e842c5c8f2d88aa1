"""A form sent after the session has ended: nothing of what was typed is lost, and nobody else saves it."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from axes.utils import reset
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import unsaved
from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from monitoring.models import Filing, MilestoneProgress, Remark, Thread
from monitoring.sections import sections_of
from tests.budget.rows import rows_of
from tests.factories import PASSWORD
from tests.reading import Page, words

SignedIn = Callable[[User], Client]
COMMENT = "Première ligne\r\nSeconde, « 12 % » & <b>gras</b>"


def hidden(response: Page) -> dict[str, str]:
    """The hidden inputs of the page's own form, as the browser would send them."""
    content = page(response).partition('id="contenu"')[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', content)
    return {name: unescape(value) for name, value in found}


def page(response: Page) -> str:
    return response.content.decode()


def weather(person: User, **typed: str) -> dict[str, str]:
    """What the form of the weather sends."""
    return {
        "auteur": str(person.pk),
        "revision": "0",
        "weather": "secured",
        "weather_comment": "",
        "progress_comment": "",
        "difficulties": "",
    } | typed


def credits_grid(filing: Filing, person: User, text: str) -> tuple[Consumption, dict[str, str]]:
    """What the grid of credits sends without script for its first line."""
    for section in sections_of(filing):
        section.prepare(filing)
    row = rows_of(filing)[0]
    sent = {"auteur": str(person.pk), "unite": "eur", f"r{row.pk}": "0"}
    return row, sent | {f"c{row.pk}-ae": text, f"c{row.pk}-cp": "", f"c{row.pk}-comment": COMMENT}


def test_what_was_typed_waits_for_the_sign_in_and_is_saved_after_it(filing: Filing, lead: User, client: Client) -> None:
    address = f"/dossiers/{filing.pk}/meteo/"
    asked = client.post(address, weather(lead, progress_comment=COMMENT))
    assert (asked.status_code, asked["WWW-Authenticate"]) == (401, 'Session realm="FTAP"')
    assert "no-store" in asked["Cache-Control"]
    assert "n’est pas perdu : connectez-vous" in words(asked, 401)
    offered = client.post("/connexion/", hidden(asked) | {"username": lead.email, "password": PASSWORD})
    assert "Votre saisie n’est pas perdue" in words(offered)
    assert "no-store" in offered["Cache-Control"]
    filing.refresh_from_db()
    assert filing.weather == "", "nothing is written before the person has said so"
    answer = client.post(address, hidden(offered))
    assert answer.headers["Location"] == address
    filing.refresh_from_db()
    assert (filing.weather, filing.updated_by) == ("secured", lead)
    assert filing.progress_comment == COMMENT.replace("\r\n", "\n")


def test_a_grid_sent_without_script_keeps_its_figures(filing: Filing, lead: User, client: Client) -> None:
    row, sent = credits_grid(filing, lead, "12 345,67")
    asked = client.post(f"/dossiers/{filing.pk}/credits/", sent)
    offered = client.post("/connexion/", hidden(asked) | {"username": lead.email, "password": PASSWORD})
    client.post(f"/dossiers/{filing.pk}/credits/", hidden(offered))
    row.refresh_from_db()
    assert (str(amount(row.ae)), row.comment) == ("12345.67", COMMENT.replace("\r\n", "\n"))


def test_a_wrong_password_loses_nothing(filing: Filing, lead: User, client: Client) -> None:
    asked = client.post(f"/dossiers/{filing.pk}/meteo/", weather(lead, progress_comment=COMMENT))
    wrong = client.post("/connexion/", hidden(asked) | {"username": lead.email, "password": "faux"})
    assert "Adresse électronique ou mot de passe incorrect" in words(wrong)
    offered = client.post("/connexion/", hidden(wrong) | {"username": lead.email, "password": PASSWORD})
    assert hidden(offered)["progress_comment"] == COMMENT


def test_a_lock_out_loses_nothing_either(filing: Filing, lead: User, client: Client) -> None:
    asked = client.post(f"/dossiers/{filing.pk}/meteo/", weather(lead, progress_comment=COMMENT))
    wrong = hidden(asked) | {"username": lead.email, "password": "faux"}
    locked = [client.post("/connexion/", wrong) for _ in range(5)][-1]
    assert "laissez cette page ouverte" in words(locked, 429)
    again = client.post("/connexion/", hidden(locked))
    assert again.status_code == 401
    reset(username=lead.email)
    offered = client.post("/connexion/", hidden(again) | {"username": lead.email, "password": PASSWORD})
    assert hidden(offered)["progress_comment"] == COMMENT


def test_a_reviewer_s_reason_is_kept(filing: Filing, lead: User, ditp_reviewer: User, client: Client) -> None:
    Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=lead, submitted_at=timezone.now())
    address = f"/dossiers/{filing.pk}/action/send_back/"
    asked = client.post(address, {"auteur": str(ditp_reviewer.pk), "reason": COMMENT})
    offered = client.post("/connexion/", hidden(asked) | {"username": ditp_reviewer.email, "password": PASSWORD})
    assert "renvoyé au chef de projet" in words(client.post(address, hidden(offered), follow=True))
    filing.refresh_from_db()
    assert filing.state == "sent_back"


def test_a_button_alone_leads_back_to_its_page(filing: Filing, client: Client) -> None:
    """The address of an act takes no GET: after the sign-in one comes back to where the button is."""
    page_of_it = f"/dossiers/{filing.pk}/"
    headers = {"referer": f"http://testserver{page_of_it}"}
    answer = client.post(f"{page_of_it}action/submit/", headers=headers)
    assert answer.headers["Location"] == f"/connexion/?next={page_of_it}"


def test_what_somebody_else_had_typed_is_dropped(filing: Filing, lead: User, contributor: User, client: Client) -> None:
    asked = client.post(f"/dossiers/{filing.pk}/meteo/", weather(lead, progress_comment=COMMENT))
    answer = client.post(
        "/connexion/", hidden(asked) | {"username": contributor.email, "password": PASSWORD}, follow=True
    )
    assert "l’a été par une autre personne : rien n’en est enregistré" in words(answer)
    assert "Première ligne" not in page(answer)
    filing.refresh_from_db()
    assert filing.progress_comment == ""


def test_the_view_checks_again_what_the_person_may_write(
    filing: Filing, rows: list[MilestoneProgress], contributor: User, client: Client
) -> None:
    """The row of a sheet that is not theirs, and a filing submitted meanwhile."""
    prefix, names = f"j{rows[1].pk}", ("state", "done_on", "expected_on", "comment")
    sent = {"auteur": str(contributor.pk), f"{prefix}-revision": "0", **{f"{prefix}-{name}": "" for name in names}}
    sent |= {f"{prefix}-state": "done", f"initial-{prefix}-state": ""}
    address = f"/dossiers/{filing.pk}/calendrier/"
    asked = client.post(address, sent)
    offered = client.post("/connexion/", hidden(asked) | {"username": contributor.email, "password": PASSWORD})
    assert "Rien n’a changé" in words(client.post(address, hidden(offered), follow=True))
    assert MilestoneProgress.objects.get(pk=rows[1].pk).state == ""
    Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=contributor, submitted_at=timezone.now())
    assert "n’est plus ouvert à la saisie" in words(client.post(address, hidden(offered), follow=True))


@pytest.fixture
def rows(filing: Filing) -> list[MilestoneProgress]:
    for section in sections_of(filing):
        section.prepare(filing)
    return list(filing.milestone_progress.order_by("milestone__position"))


def test_a_remark_is_kept_and_leads_back_to_its_page(
    filing: Filing, lead: User, ditp_reviewer: User, client: Client
) -> None:
    thread = Thread.objects.create(filing=filing, section="meteo", row="meteo-avancement", label="Avancement")
    address, back = f"/dossiers/{filing.pk}/remarques/{thread.pk}/repondre/", f"/dossiers/{filing.pk}/remarques/"
    sent = {"auteur": str(lead.pk), "vue": "", "text": COMMENT}
    asked = client.post(address, sent, headers={"referer": f"http://testserver{back}"})
    assert hidden(asked)["next"] == back
    offered = client.post("/connexion/", hidden(asked) | {"username": lead.email, "password": PASSWORD})
    assert f'href="{back}"' in page(offered)
    client.post(address, hidden(offered))
    assert Remark.objects.get().text == COMMENT.replace("\r\n", "\n")


def test_a_path_that_is_another_site_is_nowhere_to_go_back_to(rf: RequestFactory) -> None:
    """« //evil.example/ » after our own host would lead there."""
    request = rf.post("/dossiers/1/credits/", headers={"referer": "http://testserver//evil.example/page"})
    assert unsaved.page_of(request) == "/dossiers/1/credits/"


def test_the_page_of_another_site_is_nowhere_to_go_back_to(filing: Filing, lead: User, client: Client) -> None:
    address = f"/dossiers/{filing.pk}/meteo/"
    asked = client.post(address, weather(lead), headers={"referer": "https://ailleurs.example/piege/"})
    assert hidden(asked)["next"] == address


def test_a_file_cannot_be_kept_and_the_page_says_so(filing: Filing, lead: User, client: Client) -> None:
    file = BytesIO(b"%PDF-1.4")
    file.name = "facture.pdf"
    sent = {"auteur": str(lead.pk), "proves": "dossier", "file": file}
    asked = client.post(f"/dossiers/{filing.pk}/pieces/", sent)
    assert "facture.pdf sera à choisir de nouveau" in words(asked, 401)
    offered = client.post("/connexion/", hidden(asked) | {"username": lead.email, "password": PASSWORD})
    assert "facture.pdf sera à choisir de nouveau" in words(offered)
    assert hidden(offered)["proves"] == "dossier"


def test_a_file_alone_leaves_nothing_to_save(filing: Filing, lead: User, client: Client) -> None:
    file = BytesIO(b"PK")
    file.name = "dossier.xlsx"
    address = f"/dossiers/{filing.pk}/classeur/deposer/"
    asked = client.post(address, {"auteur": str(lead.pk), "file": file})
    assert "Rien n’est enregistré. Un fichier ne peut pas être gardé : dossier.xlsx" in words(asked, 401)
    answer = client.post("/connexion/", hidden(asked) | {"username": lead.email, "password": PASSWORD})
    assert answer.headers["Location"] == address


def test_more_than_a_page_can_hold_is_said_to_be_too_long(
    filing: Filing, lead: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsaved, "MAX_SEALED", 200)
    asked = client.post(f"/dossiers/{filing.pk}/meteo/", weather(lead, progress_comment=COMMENT * 5))
    assert "trop long pour être gardé sur cette page, et n’est pas enregistré" in words(asked, 401)
    assert hidden(asked)["saisie"] == ""


@pytest.mark.parametrize("author", ["", "0x", "１２", "9" * 30])
def test_a_form_that_does_not_say_whose_it_is_is_sent_to_sign_in(filing: Filing, client: Client, author: str) -> None:
    answer = client.post(f"/dossiers/{filing.pk}/meteo/", {"auteur": author, "progress_comment": "x"})
    assert answer.headers["Location"] == f"/connexion/?next=/dossiers/{filing.pk}/meteo/"


def test_a_forged_text_is_nothing(lead: User, client: Client) -> None:
    forged = {"username": lead.email, "password": PASSWORD, "saisie": "eyJ4IjoxfQ:abc:def"}
    assert client.post("/connexion/", forged).headers["Location"] == "/"


# --- The token of the form is no longer the present one ---


@pytest.fixture
def strict() -> Client:
    """A browser whose forms must bear the token."""
    return Client(enforce_csrf_checks=True)


SAME = {"sec-fetch-site": "same-origin"}


def test_after_a_sign_in_in_another_tab_the_form_is_offered_again(filing: Filing, lead: User, strict: Client) -> None:
    strict.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/dossiers/{filing.pk}/meteo/"
    refused = strict.post(address, weather(lead, progress_comment=COMMENT), headers=SAME)
    assert refused.status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page(refused))
    assert token
    strict.post(address, hidden(refused) | {"csrfmiddlewaretoken": token[1]}, headers=SAME)
    filing.refresh_from_db()
    assert filing.progress_comment == COMMENT.replace("\r\n", "\n")


def test_without_any_cookie_the_form_is_kept_too(filing: Filing, lead: User, strict: Client) -> None:
    asked = strict.post(f"/dossiers/{filing.pk}/meteo/", weather(lead, progress_comment=COMMENT), headers=SAME)
    assert asked.status_code == 401
    strict.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    offered = strict.post("/connexion/", hidden(asked), headers=SAME)
    assert hidden(offered)["progress_comment"] == COMMENT


@pytest.mark.parametrize("origin", ["cross-site", "same-site", "none", None])
def test_a_form_of_another_site_is_never_offered(
    filing: Filing, lead: User, strict: Client, origin: str | None
) -> None:
    """Neither as a form of entry nor under the seal that a visitor may have had put on it."""
    sealed = hidden(Client().post(f"/dossiers/{filing.pk}/meteo/", weather(lead, progress_comment="Piège")))
    strict.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    headers = {"sec-fetch-site": origin} if origin else {}
    for address, sent in ((f"/dossiers/{filing.pk}/meteo/", weather(lead)), ("/connexion/", sealed)):
        answer = strict.post(address, sent, headers=headers)
        assert (answer.status_code, "Formulaire expiré" in page(answer)) == (403, True)
        assert "n’est pas perdue" not in page(answer)
