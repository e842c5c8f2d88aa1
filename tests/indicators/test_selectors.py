"""Of many contracts at once, each indicator is where its own contract's page says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts.models import Contract
from indicators.models import Indicator, Measurement
from indicators.selectors import results_by_contract, results_situation
from monitoring.enums import FilingState
from monitoring.reality import counting_filings
from tests.factories import CampaignFactory, FilingFactory
from tests.reports.filed import move

END_2021 = date(2021, 12, 31)
DUE = {"opens_on": date(2022, 1, 1), "due_on": date(2022, 1, 31)}
THIRD, YEAR = {"next_quarter": True}, {"whole_year": True}
FOURTH = {"quarter": 4, "starts_on": date(2021, 10, 1), "ends_on": END_2021} | DUE


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ([(YEAR, "85"), (FOURTH, "12"), (THIRD, "9")], Decimal(85)),
        ([(FOURTH, "12"), (YEAR, None), (THIRD, "9")], None),
        ([(THIRD, None), (FOURTH, "12")], Decimal(12)),
    ],
)
def test_the_last_filing_tells_whatever_was_opened_first(
    contract: Contract, declared: list[tuple[dict[str, Any], str | None]], told: Decimal | None
) -> None:
    indicator, version = Indicator.objects.get(contract=contract), contract.versions.get()
    for period, value in declared:
        filing = FilingFactory(contract=contract, campaign=CampaignFactory(**period))
        Measurement.objects.create(indicator=indicator, filing=filing, value=value)
        move(filing, FilingState.SUBMITTED)
    (own,) = results_situation(contract, version, END_2021).indicators
    (among,) = results_by_contract([version], [counting_filings(contract)], END_2021)[contract.pk].indicators
    assert [len(own.measures), len(among.measures)] == [len(declared), 1]
    assert own.value == among.value == told
    assert own.last_measure == among.last_measure
    assert own.status is among.status
