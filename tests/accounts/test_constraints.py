"""Each named constraint of people and roles refuses in the database and says why in French."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import RoleGrant
from tests.constraints import copy_of_first, named_constraints, refused
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

BROKEN: dict[str, list[dict[str, Any]]] = {
    "user_email_case_insensitive": [{"email": "Anne@ftap.example"}],
    "role_grant_perimeter_key": [
        {"perimeter_kind": "all"},
        {"perimeter_key": ""},
        {"perimeter_kind": "region", "perimeter_key": ""},
    ],
    "role_grant_lead_on_contract": [{"role": "lead", "perimeter_kind": "all", "perimeter_key": ""}],
    "role_grant_contributor_on_sheets": [{"role": "contributor"}],
}
"""What breaks each constraint in a copy of a good row; a unique one is broken by the copy itself."""

CONSTRAINTS = named_constraints("accounts")


@pytest.fixture
def a_reader() -> None:
    """A person who reads the contract « marine »."""
    person = UserFactory(email="anne@ftap.example")
    RoleGrant.objects.create(user=person, role="reader", perimeter_kind="contract", perimeter_key="marine")


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name in CONSTRAINTS for change in BROKEN.get(name, [{}])]
)
def test_each_constraint_refuses_and_says_why(name: str, change: dict[str, Any], a_reader: None) -> None:
    model, constraint = CONSTRAINTS[name]
    refused(copy_of_first(model, change), constraint)


def test_an_address_already_taken_is_told_once(a_reader: None) -> None:
    with pytest.raises(ValidationError) as refusal:
        UserFactory.build(email="anne@ftap.example").full_clean()
    assert refusal.value.message_dict == {"email": ["Cette adresse électronique est déjà celle d’un compte."]}
