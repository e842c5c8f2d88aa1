"""Roles and perimeters: who reaches which contract, at what cost."""

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from accounts.enums import PerimeterKind, Role
from accounts.models import RoleGrant, User
from accounts.permissions import has_role, has_role_on, has_role_on_all
from accounts.roles import roles_on
from accounts.selectors import people_with
from contracts.models import Contract
from contracts.perimeters import perimeters_of
from tests.factories import ContractFactory, OrganisationFactory, UserFactory, grant


@pytest.fixture
def ministry_contract(db: None) -> Contract:
    """Held by a service of the ministry of health, in Brittany."""
    ministry = OrganisationFactory(code="sante", kind="ministere", region="")
    return ContractFactory(code="urgences", holder=OrganisationFactory(ministry=ministry, region="Bretagne"))


@pytest.mark.parametrize(
    ("kind", "key", "reaches"),
    [
        ("all", "", True),
        ("contract", "urgences", True),
        ("contract", "marine", False),
        ("ministry", "sante", True),
        ("ministry", "culture", False),
        ("region", "Bretagne", True),
        ("region", "Normandie", False),
    ],
)
def test_a_role_reaches_the_contracts_of_its_perimeter(
    ministry_contract: Contract, kind: str, key: str, reaches: bool
) -> None:
    person = UserFactory()
    RoleGrant.objects.create(user=person, role=Role.READER, perimeter_kind=kind, perimeter_key=key)
    assert has_role_on(person, perimeters_of(ministry_contract), Role.READER) is reaches
    assert Contract.objects.visible_to(person).filter(pk=ministry_contract.pk).exists() is reaches
    assert (person in people_with([Role.READER], perimeters_of(ministry_contract))) is reaches


def test_sheets_of_a_contract_reach_the_contract(
    contributor: User, contract: Contract, other_contract: Contract
) -> None:
    assert has_role_on(contributor, perimeters_of(contract), Role.CONTRIBUTOR)
    assert not has_role_on(contributor, perimeters_of(other_contract), Role.CONTRIBUTOR)
    assert roles_on(contributor)[0].sheets == {"1"}


def test_the_administrator_sees_no_contract(administrator: User, contract: Contract) -> None:
    assert has_role_on_all(administrator, Role.ADMINISTRATOR)
    assert not Contract.objects.visible_to(administrator).exists()


def test_people_who_left_and_visitors_hold_nothing(lead: User, contract: Contract) -> None:
    assert roles_on(AnonymousUser()) == ()
    lead.is_active = False
    lead.save()
    assert roles_on(User.objects.get(pk=lead.pk)) == ()
    assert people_with([Role.LEAD], perimeters_of(contract)) == []


def test_a_role_on_one_contract_is_not_a_role_on_all(contract: Contract, stranger: User) -> None:
    grant(stranger, Role.SECRETARIAT, contract)
    assert has_role(stranger, Role.SECRETARIAT)
    assert not has_role_on_all(stranger, Role.SECRETARIAT)


def test_roles_are_read_once_for_a_request(lead: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = User.objects.get(pk=lead.pk)
    with django_assert_num_queries(1):
        assert has_role(person, Role.LEAD)
        assert not has_role_on_all(person, Role.SECRETARIAT)


def test_perimeters_are_those_of_the_enum() -> None:
    assert set(PerimeterKind.values) == {"all", "contract", "sheets", "ministry", "region"}
