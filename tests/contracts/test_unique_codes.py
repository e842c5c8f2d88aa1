"""A code is one thing's: the form that gives it to another one says so in French."""

import pytest
from django.core.exceptions import ValidationError

from contracts.models import Contract
from tests.factories import ContractFactory, OrganisationFactory


def test_a_code_is_one_contract_s(contract: Contract) -> None:
    with pytest.raises(ValidationError) as refusal:
        ContractFactory.build(code="marine", holder=contract.holder).full_clean()
    assert refusal.value.message_dict == {"code": ["Un contrat porte déjà ce code."]}


def test_a_code_is_one_organisation_s(contract: Contract) -> None:
    with pytest.raises(ValidationError) as refusal:
        OrganisationFactory.build(code=contract.holder.code).full_clean()
    assert refusal.value.message_dict == {"code": ["Une organisation porte déjà ce code."]}
