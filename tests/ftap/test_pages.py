"""Help generated from the tables of the code, mandatory pages, error pages."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied, server_error

from accounts.models import User
from monitoring.rules import catalogue
from monitoring.transitions import TRANSITIONS
from tests.reading import words

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


@pytest.mark.django_db
def test_rights_are_the_table_of_transitions(client: Client) -> None:
    page = words(client.get("/aide/droits/"))
    for line in TRANSITIONS:
        assert f"{line.action.label} {line.from_state.label} {line.to_state.label}" in page


@pytest.mark.django_db
def test_rules_are_the_catalogue(client: Client) -> None:
    page = client.get("/aide/regles/").content.decode()
    assert catalogue()
    assert all(f'id="{rule.code}"' in page for rule in catalogue())


@pytest.mark.django_db
def test_no_inline_script_nor_style(client: Client) -> None:
    page = client.get("/aide/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


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
