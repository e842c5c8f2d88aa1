"""The synthetic contracts, and the measures on a few of them."""

from decimal import Decimal

import pytest

from budget.models import Consumption, PlannedCredit
from contracts.models import Contract
from ftap.bench.synthetic import Synthetic, build
from monitoring.enums import FilingState
from reports.situation import contract_situation

pytestmark = pytest.mark.django_db


@pytest.fixture
def synthetic() -> Synthetic:
    return build(2, lines=5, filings=5)


def test_synthetic_contracts_say_so(synthetic: Synthetic) -> None:
    assert [one.title for one in synthetic.contracts] == ["Contrat synthétique 001", "Contrat synthétique 002"]
    assert all(one.is_demo for one in synthetic.contracts)


def test_sizes_are_those_asked_for(synthetic: Synthetic) -> None:
    first, second = Contract.objects.order_by("code")
    assert [first.sheets.count(), second.sheets.count()] == [11, 12]
    assert first.axes.count() == 4
    assert PlannedCredit.objects.count() == 2 * 5 * 5 * 2  # contracts × lines × years × versions
    assert Consumption.objects.count() == 2 * 5 * 5  # contracts × lines × filings


def test_what_is_committed_is_paid_in_the_end(synthetic: Synthetic) -> None:
    situation = contract_situation(synthetic.contracts[0])
    assert situation.credits.total.planned.ae == situation.credits.total.planned.cp


def test_the_last_filing_of_the_first_contract_is_to_be_filled(synthetic: Synthetic) -> None:
    states = [filing.refresh_from_db() or filing.state for filing in synthetic.filings[synthetic.contracts[0].pk]]
    assert states == [FilingState.LOCKED] * 4 + [FilingState.DRAFT]
    assert synthetic.draft.state == FilingState.DRAFT


def test_figures_depend_on_the_number_alone(synthetic: Synthetic) -> None:
    situation = contract_situation(synthetic.contracts[0])
    assert situation.credits.total.planned.ae == Decimal("561000.00")
