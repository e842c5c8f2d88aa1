"""Tranches as they stood on a day, against what was consumed."""

from datetime import date
from decimal import Decimal

import pytest

from budget.models import FundEnvelope, FundingTranche
from budget.selectors import credit_situation
from budget.tranches.beside import tranches_beside
from budget.tranches.enums import TrancheKind, TrancheState
from contracts.models import Contract, ContractVersion
from figures.ae_cp import AeCp
from reports.situation import contract_situation
from reports.tables import tranches
from tests.factories import UserFactory


@pytest.mark.django_db
def test_what_was_decided_later_is_not_told(cap2030: ContractVersion) -> None:
    contract = cap2030.contract
    FundEnvelope.objects.create(
        year=2022,
        voted_ae=Decimal(500_000),
        voted_cp=Decimal(400_000),
        source="LFI",
        dated_on=date(2021, 12, 30),
        updated_by=UserFactory(),
    )
    FundingTranche.objects.create(
        contract=contract,
        year=2022,
        state=TrancheState.AVAILABLE,
        decision=TrancheKind.REDUCED,
        ae=Decimal(500_000),
        cp=Decimal(400_000),
        reason="Avancement",
        decided_on=date(2022, 2, 1),
        made_available_on=date(2022, 3, 1),
    )
    stood = {day: state_of(contract, 2022, day) for day in (date(2022, 1, 31), date(2022, 2, 15), date(2022, 3, 1))}
    decided, nothing = AeCp(Decimal(500_000), Decimal(400_000)), AeCp()
    assert list(stood.values()) == [
        ("provisional", nothing, nothing),
        ("decided", decided, nothing),
        ("available", decided, decided),
    ]


@pytest.mark.django_db
def test_the_signature_fixes_the_first_year(cap2030: ContractVersion) -> None:
    """CAP2030's first tranche: 995 200 € of AE and 868 200 € of CP in 2021."""
    assert state_of(cap2030.contract, 2021, date(2021, 12, 31))[:2] == (
        "decided",
        AeCp(Decimal(995_200), Decimal(868_200)),
    )
    table = tranches.by_year(contract_situation(cap2030.contract))
    row = next(row for row in table.rows if row.values[0] == 2021)
    assert row.values[5:7] == (995_200, 868_200)
    assert [row.values[5] for row in table.rows if row.values[0] == 2022] == ["à décider"]


def state_of(contract: Contract, year: int, day: date) -> tuple[str, AeCp, AeCp]:
    found = tranches_beside(contract, credit_situation(contract, contract.versions.get(number=0), day), day).year(year)
    assert found is not None
    return found.state, found.decided, found.available
