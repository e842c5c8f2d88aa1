"""Administration: people, roles and organisations, and no figure."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.models import RoleGrant, User

SignIn = Callable[[User], Client]


def test_only_people_and_reference_data_are_there(signed_in: SignIn, administrator: User) -> None:
    rooms = signed_in(administrator).get("/administration/").context["app_list"]
    assert [model["name"] for room in rooms for model in room["models"]] == ["Personnes", "Organisations"]


def test_being_staff_is_needed(signed_in: SignIn, secretariat: User) -> None:
    assert signed_in(secretariat).get("/administration/").status_code == 302


def test_people_are_listed_in_french(signed_in: SignIn, administrator: User) -> None:
    page = signed_in(administrator).get("/administration/accounts/user/").content.decode()
    assert "Administration du suivi des contrats FTAP" in page
    assert "personne à changer" in page


def _grants(person: User, initial: int, **new: Any) -> dict[str, Any]:
    """The form of a person with one more role."""
    return {
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "is_active": "on",
        "is_staff": "on" if person.is_staff else "",
        "grants-TOTAL_FORMS": initial + 1,
        "grants-INITIAL_FORMS": initial,
        **{f"grants-{initial}-{name}": value for name, value in new.items()},
    }


def test_an_administrator_gives_roles_to_others(signed_in: SignIn, administrator: User, stranger: User) -> None:
    form = _grants(stranger, 0, role="reader", perimeter_kind="all", perimeter_key="", sheets="")
    response = signed_in(administrator).post(f"/administration/accounts/user/{stranger.pk}/change/", form)
    assert response.status_code == 302
    assert [str(grant) for grant in stranger.grants.all()] == ["Lecteur (Tous les contrats)"]


def test_nobody_gives_themselves_a_role(signed_in: SignIn, administrator: User) -> None:
    form = _grants(administrator, 1, role="reader", perimeter_kind="all", perimeter_key="", sheets="")
    signed_in(administrator).post(f"/administration/accounts/user/{administrator.pk}/change/", form)
    assert RoleGrant.objects.filter(user=administrator, role="reader").count() == 0


def test_people_are_never_deleted(signed_in: SignIn, administrator: User, stranger: User) -> None:
    response = signed_in(administrator).get(f"/administration/accounts/user/{stranger.pk}/delete/")
    assert response.status_code == 403
