"""The people of the tests: one of each role, and the contract that they are about."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring.models import Filing
from tests.factories import ContractFactory, FilingFactory, UserFactory, grant, promise


@pytest.fixture
def contract(db: None) -> Contract:
    """A quarterly contract of 2020-2022 with one of each thing promised (`tests.factories.promise`)."""
    contract = ContractFactory(code="marine", title="Marine")
    promise(contract)
    return contract


@pytest.fixture
def other_contract(db: None) -> Contract:
    """A contract on which only the people with a role on everything, and `other_lead`, have a say."""
    contract = ContractFactory(code="terre", title="Terre")
    promise(contract)
    return contract


@pytest.fixture
def filing(contract: Contract) -> Filing:
    """A draft of the second quarter of 2021 for `contract`, without any entry row."""
    return FilingFactory(contract=contract)


@pytest.fixture
def secretariat(db: None) -> User:
    return grant(UserFactory(last_name="Secrétariat", email="secretariat@ftap.example"), Role.SECRETARIAT)


@pytest.fixture
def ditp_reviewer(db: None) -> User:
    return grant(UserFactory(last_name="Ditp", email="ditp@ftap.example"), Role.DITP_REVIEWER)


@pytest.fixture
def db_reviewer(db: None) -> User:
    return grant(UserFactory(last_name="Budget", email="db@ftap.example"), Role.DB_REVIEWER)


@pytest.fixture
def lead(contract: Contract) -> User:
    """The project lead of `contract`."""
    return grant(UserFactory(last_name="Chef", email="chef@ftap.example"), Role.LEAD, contract)


@pytest.fixture
def other_lead(other_contract: Contract) -> User:
    """The project lead of `other_contract` only."""
    return grant(UserFactory(last_name="Autre", email="autre@ftap.example"), Role.LEAD, other_contract)


@pytest.fixture
def contributor(contract: Contract) -> User:
    """Fills sheet 1 of `contract`."""
    person = UserFactory(last_name="Contributeur", email="contributeur@ftap.example")
    return grant(person, Role.CONTRIBUTOR, contract, sheets=["1"])


@pytest.fixture
def reader(contract: Contract) -> User:
    """Reads `contract`."""
    return grant(UserFactory(last_name="Lecteur", email="lecteur@ftap.example"), Role.READER, contract)


@pytest.fixture
def stranger(db: None) -> User:
    """Signed in, without any role."""
    return UserFactory(last_name="Inconnu", email="inconnu@ftap.example")


@pytest.fixture
def administrator(db: None) -> User:
    """Manages people; sees no figures."""
    person = UserFactory(last_name="Administrateur", email="admin@ftap.example", is_staff=True)
    return grant(person, Role.ADMINISTRATOR)


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """Signs a person in: `signed_in(lead).get(…)`."""

    def sign_in(person: User) -> Client:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
