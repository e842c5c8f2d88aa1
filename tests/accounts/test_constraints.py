"""What the database refuses about people and roles, with what a form says of it in French."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import RoleGrant
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def refused(row: Any, constraint: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        row.validate_constraints()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()


def a_grant(role: str, kind: str, key: str = "") -> RoleGrant:
    return RoleGrant(user=UserFactory(), role=role, perimeter_kind=kind, perimeter_key=key)


def test_an_address_is_one_person_s_whatever_its_case() -> None:
    UserFactory(email="anne@ftap.example")
    refused(UserFactory.build(email="Anne@ftap.example"), "user_email_case_insensitive", "déjà celle d’un compte")


def test_a_role_is_given_once_on_a_perimeter() -> None:
    first = a_grant("reader", "contract", "marine")
    first.save()
    again = RoleGrant(user=first.user, role="reader", perimeter_kind="contract", perimeter_key="marine")
    refused(again, "role_grant_unique", "a déjà ce rôle")


@pytest.mark.parametrize(("kind", "key"), [("all", "marine"), ("contract", ""), ("region", "")])
def test_a_limited_perimeter_names_its_thing(kind: str, key: str) -> None:
    refused(a_grant("reader", kind, key), "role_grant_perimeter_key", "désigne un contrat, un ministère ou une région")


def test_a_lead_is_of_a_contract() -> None:
    refused(a_grant("lead", "all"), "role_grant_lead_on_contract", "d’un contrat désigné")


def test_a_contributor_is_of_sheets() -> None:
    refused(a_grant("contributor", "contract", "marine"), "role_grant_contributor_on_sheets", "fiches désignées")
