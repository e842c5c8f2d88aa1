"""Coming in, being locked out, going out, changing one's password."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD
from tests.reading import words

SignIn = Callable[[User], Client]


def test_the_right_pair_opens_what_was_asked_for(client: Client, lead: User) -> None:
    response = client.post("/connexion/?next=/portefeuille/", {"username": lead.email, "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/portefeuille/")


@pytest.mark.parametrize("address", ["chef@ftap.example", "personne@nulle.part"])
def test_a_wrong_pair_does_not_say_which_of_the_two(client: Client, lead: User, address: str) -> None:
    page = words(client.post("/connexion/", {"username": address, "password": "faux"}))
    assert "Adresse électronique ou mot de passe incorrect." in page


def test_another_site_is_not_a_place_to_go_to(client: Client, lead: User) -> None:
    response = client.post("/connexion/?next=https://ailleurs.example/", {"username": lead.email, "password": PASSWORD})
    assert response.headers["Location"] == "/"


def test_five_failures_suspend_in_french(client: Client, lead: User) -> None:
    wrong = {"username": lead.email, "password": "faux"}
    answers = [client.post("/connexion/", wrong) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "Connexion suspendue" in answers[-1].content.decode()
    assert client.post("/connexion/", wrong | {"password": PASSWORD}).status_code == 429


def test_going_out_is_a_post(signed_in: SignIn, lead: User) -> None:
    client = signed_in(lead)
    assert client.get("/deconnexion/").status_code == 405
    assert client.post("/deconnexion/").headers["Location"] == "/connexion/"
    assert client.get("/").status_code == 302


def test_a_new_password_needs_the_present_one(signed_in: SignIn, lead: User) -> None:
    new = {"new_password1": "une autre phrase longue", "new_password2": "une autre phrase longue"}
    client = signed_in(lead)
    assert "Le formulaire contient des erreurs" in words(
        client.post("/compte/mot-de-passe/", new | {"old_password": "faux"}), 422
    )
    assert client.post("/compte/mot-de-passe/", new | {"old_password": PASSWORD}).status_code == 302
    lead.refresh_from_db()
    assert lead.check_password("une autre phrase longue")
    assert client.get("/compte/").status_code == 200


def test_the_account_says_what_one_may_do(signed_in: SignIn, contributor: User) -> None:
    page = words(signed_in(contributor).get("/compte/"))
    assert "Contributeur Des fiches d’un contrat marine, fiches 1" in page


def test_who_has_no_role_is_told_so(signed_in: SignIn, stranger: User) -> None:
    assert "Aucun rôle ne vous est encore attribué" in words(signed_in(stranger).get("/compte/"))
