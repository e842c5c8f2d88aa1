"""Each person gets at each address what the matrix says; the administration is for staff."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from tests.access.cases import Case
from tests.access.people import ON_CONTRACT, PEOPLE, TO_LOGIN
from tests.access.test_matrix import MATRIX
from tests.access.world import World, set_state, world
from tests.factories import CampaignFactory


@pytest.fixture
def worlds(contract: Contract, other_contract: Contract) -> dict[str, World]:
    """A filing of a fourth quarter, which has every section, for the contract of the people and for another."""
    campaign = CampaignFactory(fourth_quarter=True, opened_at=timezone.now())
    return {"own": world(contract, campaign), "other": world(other_contract, campaign)}


def status(case: Case, name: str, world: World, person: User | None) -> int:
    """What this person gets."""
    set_state(world.filing, case.state)
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    response = getattr(client, case.method)(reverse(name, args=case.arguments(world)), case.data(world))
    if person is None and response.status_code == TO_LOGIN and name != "accounts:logout":
        assert response["Location"].startswith("/connexion/"), "a visitor is sent to sign in"
    return int(response.status_code)


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}-{rank}") for name in MATRIX for rank, case in enumerate(MATRIX[name])],
)
def test_each_person_gets_what_the_matrix_says(
    name: str, case: Case, worlds: dict[str, World], request: pytest.FixtureRequest
) -> None:
    people: dict[str, User] = {person: request.getfixturevalue(person) for person in PEOPLE}
    found = {who: status(case, name, worlds["own"], person) for who, person in people.items()}
    assert found == case.statuses
    assert status(case, name, worlds["own"], None) == case.anonymous
    for who in ON_CONTRACT:
        assert status(case, name, worlds["other"], people[who]) == case.outsiders, f"{who} of another contract"


def test_a_guessed_address_answers_as_one_that_does_not_exist(
    worlds: dict[str, World], other_lead: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(other_lead)
    hidden, missing = client.get("/contrats/marine/"), client.get("/contrats/nulle-part/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert _text(hidden.content, "marine") == _text(missing.content, "nulle-part")


def _text(page: bytes, code: str) -> str:
    """The page without the code asked for and the token that changes each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode()).replace(code, "")


def administration(patterns: Any) -> Iterator[str]:
    """Every address of Django's own administration."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield str(pattern.pattern)
        else:
            yield from (f"{pattern.pattern}{rest}" for rest in administration(pattern.url_patterns))


ADMINISTRATION = sorted(administration(admin.site.urls[0]))

OTHER_THAN_A_PAGE = {
    "login/": 302,
    "logout/": 405,
    "autocomplete/": 403,
    "r/<path:content_type_id>/<path:object_id>/": 404,
    "(?P<url>.*)$": 404,
    "accounts/user/<path:object_id>/delete/": 403,
    "accounts/user/<path:object_id>/": 302,
    "contracts/organisation/<path:object_id>/delete/": 403,
    "contracts/organisation/<path:object_id>/": 302,
    "dsfr/dsfrconfig/<path:object_id>/": 302,
    "dsfr/dsfrconfig/<path:object_id>/history/": 302,
}
"""What staff gets where it gets no page: nothing is deleted, and the design system's settings are nobody's."""

KEPT_OUT = {"login/": (200, ""), "logout/": (302, "/administration/")}
"""What anybody else gets where they are not sent to sign in."""


@pytest.mark.parametrize("route", ADMINISTRATION)
def test_administration_is_for_staff(route: str, lead: User, administrator: User, contract: Contract) -> None:
    key = contract.holder_id if "organisation" in route else lead.pk
    address = "/administration/" + _filled(route, key)
    asked = {who: _ask(address, who) for who in (None, lead, administrator)}
    kept_out = KEPT_OUT.get(route, (302, f"/administration/login/?next={address}"))
    assert asked[None] == asked[lead] == kept_out
    assert asked[administrator][0] == OTHER_THAN_A_PAGE.get(route, 403 if route.startswith("dsfr/") else 200)


def _filled(route: str, key: int) -> str:
    """The route with its places taken: regular expressions by an example, identifiers by this key."""
    route = route.replace("^(?P<app_label>accounts|contracts|dsfr)/$", "accounts/").replace("(?P<url>.*)$", "ailleurs/")
    return re.sub(r"<[\w:]+>", str(key), route)


def _ask(address: str, person: User | None) -> tuple[int, str]:
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(address)
    return response.status_code, response.get("Location", "")
