"""Help generated from the tables of the code, mandatory pages, error pages."""

import json
import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied, server_error

from accounts.models import User
from contracts.checks.registry import Check
from contracts.checks.registry import catalogue as checks
from ftap.rule_words import WORDS
from monitoring.rules import Rule, catalogue
from monitoring.transitions import TRANSITIONS
from tests.reading import words


def flat(text: str) -> str:
    """A text of the code as `words` gives it."""
    return " ".join(text.split())


def every() -> list[Check | Rule]:
    """Both catalogues, checks of contracts first."""
    return [*checks(), *catalogue()]


SignIn = Callable[[User], Client]
PUBLIC = [
    "/aide/",
    "/aide/glossaire/",
    "/aide/droits/",
    "/aide/regles/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/cookies/",
    "/plan-du-site/",
    "/connexion/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("url", PUBLIC)
def test_pages_about_the_service_need_no_account(client: Client, url: str) -> None:
    page = client.get(url).content.decode()
    assert page.count("<h1") == 1
    for link in ("/plan-du-site/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/cookies/"):
        assert f'href="{link}"' in page


@pytest.mark.parametrize(
    "who", ["secretariat", "ditp_reviewer", "db_reviewer", "lead", "contributor", "reader", "administrator"]
)
def test_the_site_map_leads_to_nothing_that_one_may_not_open(
    who: str, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    main = client.get("/plan-du-site/").content.decode().partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'href="(/[^"]*)"', main)
    assert len(links) > 10
    assert [link for link in links if client.get(link).status_code != 200] == []


@pytest.mark.django_db
def test_legal_pages_say_who_hosts_and_whom_to_write_to(client: Client, settings: LazySettings) -> None:
    settings.HOSTED_BY, settings.REPLY_TO_EMAIL = (
        "Hébergeur de l’État, 1 rue de l’Exemple, Paris",
        "fonds@exemple.example",
    )
    assert "1 rue de l’Exemple" in words(client.get("/mentions-legales/"))
    for page in ("/mentions-legales/", "/accessibilite/"):
        assert 'href="mailto:fonds@exemple.example"' in client.get(page).content.decode()
    settings.HOSTED_BY = ""
    assert "doit encore dire qui l’héberge" in words(client.get("/mentions-legales/"))


@pytest.mark.django_db
def test_rights_are_the_table_of_transitions(client: Client) -> None:
    page = words(client.get("/aide/droits/"))
    for line in TRANSITIONS:
        assert f"{line.action.label} {line.from_state.label} {line.to_state.label}" in page


@pytest.mark.django_db
def test_rules_are_the_catalogue(client: Client) -> None:
    page = client.get("/aide/regles/").content.decode()
    assert catalogue()
    assert checks()
    assert all(f'id="{one.code}"' in page for one in every())


@pytest.mark.django_db
@pytest.mark.parametrize("one", every(), ids=lambda one: one.code)
def test_each_rule_has_its_page(client: Client, one: Check | Rule) -> None:
    page = words(client.get(f"/aide/regles/{one.code}/"))
    assert flat(one.title) in page
    assert flat(one.source) in page
    told = (
        (one.looks_at, one.why, one.example)
        if isinstance(one, Check)
        else (WORDS[one.code].why, WORDS[one.code].example)
    )
    assert all(flat(text) in page for text in told)
    assert "Pourquoi" in page


def test_each_rule_of_a_filing_has_its_own_words() -> None:
    assert sorted(WORDS) == [one.code for one in catalogue()]
    assert len({one.why for one in WORDS.values()}) == len({one.example for one in WORDS.values()}) == len(WORDS)
    assert all(text.endswith((".", "?")) for one in WORDS.values() for text in (one.why, one.example))


@pytest.mark.django_db
def test_an_unknown_rule_has_no_page(client: Client) -> None:
    assert client.get("/aide/regles/Z99/").status_code == 404


def test_the_command_prints_both_catalogues(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rules")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [one.code for one in every()]
    assert lines[-1] == f"{len(checks())} contrôles de contrat, {len(catalogue())} règles de dossier"
    call_command("rules", "--json")
    first, *_ = facts = json.loads(capsys.readouterr().out)
    assert len(facts) == len(checks()) + len(catalogue())
    assert (first["code"], first["famille"], first["gravite"]) == ("A01", "contrat", "error")
    assert first["porte_sur"]
    assert all(one[name] for one in facts for name in ("titre", "pourquoi", "source", "exemple"))


@pytest.mark.django_db
def test_no_inline_script_nor_style(client: Client) -> None:
    page = client.get("/aide/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert re.findall(r"<script[^>]*>[^<]*", page) == [
        '<script type="module" src="/static/dsfr/dist/dsfr.module.min.js">',
        '<script src="/static/js/ledgers.js" defer>',
    ]


def test_components_are_for_those_who_look_after_the_site(
    signed_in: SignIn, administrator: User, secretariat: User
) -> None:
    assert "keys.html" in words(signed_in(administrator).get("/composants/"))
    response = signed_in(secretariat).get("/composants/")
    assert response.status_code == 403
    assert "Votre rôle ne permet pas cette action." in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_is_told_in_french(client: Client) -> None:
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


def test_a_forged_form_is_told_in_french(lead: User) -> None:
    response = Client(enforce_csrf_checks=True).post("/connexion/", {"username": lead.email, "password": "x"})
    assert response.status_code == 403
    assert "Formulaire expiré" in response.content.decode()


def test_an_error_of_ours_is_told_in_french(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/")
    assert "Le service a rencontré une erreur" in server_error(request).content.decode()


@pytest.mark.django_db
def test_a_refusal_without_account_still_renders(rf: RequestFactory) -> None:
    assert permission_denied(rf.get("/"), PermissionDenied()).status_code == 403
