"""The four real contracts, loaded by the same service as everywhere: a second for the four."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from contracts.models import Contract, ContractVersion
from contracts.services import load_contract_file

DATA = Path(__file__).parent.parent / "contracts" / "data"
CODES = ("cap2030", "incub-o", "lab-minnov", "lean-management")


def load(code: str) -> ContractVersion:
    """Load one of the four contracts; gives its signature version."""
    file = DATA / f"{code}.toml"
    return load_contract_file(file_name=file.name, content=file.read_bytes(), actor=None).version


@pytest.fixture
def cap2030(db: None) -> ContractVersion:
    return load("cap2030")


@pytest.fixture
def incub_o(db: None) -> ContractVersion:
    return load("incub-o")


@pytest.fixture
def lab_minnov(db: None) -> ContractVersion:
    return load("lab-minnov")


@pytest.fixture
def lean_management(db: None) -> ContractVersion:
    return load("lean-management")


@pytest.fixture
def loaded_contracts(db: None) -> Mapping[str, Contract]:
    """The four contracts, by code."""
    return {code: load(code).contract for code in CODES}
