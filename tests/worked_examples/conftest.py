"""The contracts that the second transcription is compared with."""

import pytest

from contracts.models import ContractVersion
from tests.fixtures_contracts import CODES, load


@pytest.fixture(params=CODES)
def version(request: pytest.FixtureRequest, db: None) -> ContractVersion:
    """The signature of each contract in turn."""
    return load(request.param)
