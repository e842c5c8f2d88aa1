"""What a quarter consumed: the difference of two cumulated figures, on « Marine » with its two lines."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from urllib.parse import urljoin

import pytest
from django.test import Client

from accounts.models import User
from budget.calc import CreditSituation
from budget.flow import PeriodFlow
from budget.selectors import credit_situation
from contracts.models import Contract
from figures.ae_cp import AeCp
from monitoring.enums import FilingState
from reports.situation import contract_situation
from reports.tables.credits import by_period
from reports.tables.model import Role
from tests.factories import CampaignFactory
from tests.reports.filed import file
from tests.reports.page_amounts import credit_differences
from tests.reports.reading import PageTable, page_tables

pytestmark = pytest.mark.django_db


def euros(ae: int | None, cp: int | None) -> AeCp:
    return AeCp(None if ae is None else Decimal(ae), None if cp is None else Decimal(cp))


def credits_of(contract: Contract) -> CreditSituation:
    return credit_situation(contract, contract.versions.get())


def period_of(contract: Contract) -> PeriodFlow:
    period = credits_of(contract).period
    assert period is not None
    return period


def flows(period: PeriodFlow) -> Mapping[str, AeCp]:
    return {line.key: line.flow for line in period.lines}


def test_the_third_quarter_is_what_it_adds_to_the_second(contract: Contract) -> None:
    file(contract, etudes=("60000", "40000"), outil=("10000", "0"))
    file(contract, campaign=CampaignFactory(next_quarter=True), etudes=("85000", "40000"), outil=("8000", "5000"))
    period = period_of(contract)
    assert period.said == "3e\u00a0trimestre\u00a02021"
    assert flows(period) == {"etudes": euros(25000, 0), "outil": euros(-2000, 5000)}, "2 000 € were withdrawn"
    assert period.flow == euros(23000, 5000)


def test_the_first_filing_of_a_year_begins_at_zero_and_says_since_when(contract: Contract) -> None:
    """The first quarter was never filed: the cumul holds both, and the name of the period says so."""
    file(contract, etudes=("60000", "40000"))
    period = period_of(contract)
    assert period.said == "du 1er\u00a0janvier\u00a02021 au 30\u00a0juin\u00a02021"
    assert flows(period) == {"etudes": euros(60000, 40000)}, "a line that nobody told of is not in the period"


def test_a_line_silent_before_is_not_computed_and_counts_nowhere(contract: Contract) -> None:
    file(contract, etudes=("60000", "40000"), outil=(None, "1000"))
    file(contract, campaign=CampaignFactory(next_quarter=True), etudes=("85000", "45000"), outil=("30000", "1500"))
    period = period_of(contract)
    assert flows(period)["outil"] == euros(None, 500)
    assert period.flow == euros(25000, 5500), "no difference of totals, which would give 55 000 € of AE"
    assert period.left_out == "Une ligne sans cumul précédent ne compte pas au total de la période."


def test_a_draft_does_not_count_and_a_year_does_not_follow_its_last_quarter(contract: Contract) -> None:
    file(contract, etudes=("60000", "40000"))
    file(
        contract,
        campaign=CampaignFactory(next_quarter=True),
        state=FilingState.DRAFT,
        etudes=("85000", "40000"),
    )
    assert flows(period_of(contract)) == {"etudes": euros(60000, 40000)}
    file(contract, campaign=CampaignFactory(fourth_quarter=True), etudes=("90000", "80000"))
    file(contract, campaign=CampaignFactory(whole_year=True), etudes=("95000", "85000"))
    assert flows(period_of(contract)) == {"etudes": euros(35000, 45000)}, "from 30 June, and not from 31 December"


def test_without_filing_there_is_no_period(contract: Contract) -> None:
    assert credits_of(contract).period is None


def test_page_and_report_show_the_same_period(
    contract: Contract, signed_in: Callable[[User], Client], secretariat: User
) -> None:
    file(contract, etudes=("60000.25", "40000"), outil=("10000", None))
    last = file(contract, campaign=CampaignFactory(next_quarter=True), etudes=("85000", "40000"), outil=("8000", "5"))
    client = signed_in(secretariat)

    def page(address: str) -> dict[str, PageTable]:
        return page_tables(client.get(urljoin("/contrats/marine/", address)).content.decode())

    situation = contract_situation(contract, filing=last)
    assert list(credit_differences(situation, page)) == []
    table = by_period(situation)
    assert [column.label for column in table.columns[3:]] == ["AE", "CP"] * 3
    total = next(row for row in table.rows if row.role is Role.TOTAL)
    assert total.values[3:] == (*(Decimal(each) for each in ("70000.25", 40000, 93000, 40005, "22999.75", 0)),)
