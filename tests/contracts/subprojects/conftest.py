"""Lean's contract, and the team that leads it: whose sub-projects these tests identify, select and frame."""

import pytest

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract, ContractVersion
from tests.factories import UserFactory, grant


@pytest.fixture
def lean(lean_management: ContractVersion) -> Contract:
    return lean_management.contract


@pytest.fixture
def team(lean: Contract) -> User:
    return grant(UserFactory(last_name="Équipe"), Role.LEAD, lean)
