"""A contract that was prolonged since: a day before the effect is told with the years that were its own then."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.models import User
from budget.tranches.selectors import standing
from contracts.enums import VersionKind, VersionState
from contracts.lifecycle.calc import Phase
from contracts.lifecycle.selectors import phase_of
from contracts.models import Contract, ContractVersion
from monitoring.enums import FilingState
from reports.curve_selectors import contract_curves
from reports.returns_selectors import contract_terms
from reports.selectors import portfolio
from reports.situation import contract_situation
from savings.models import RealisedSaving
from savings.services import certify_saving
from tests.factories import CampaignFactory, UserFactory, grant
from tests.reports.filed import file

pytestmark = pytest.mark.django_db
BEFORE, EFFECT = date(2025, 12, 31), date(2026, 1, 1)


@pytest.fixture
def prolonged(contract: Contract) -> Contract:
    """« Marine », funded until 2022, then until 2027 by an amendment in force since 1 January 2026."""
    ContractVersion.objects.filter(contract=contract).update(extends_to=2022)
    ContractVersion.objects.create(
        contract=contract,
        number=1,
        kind=VersionKind.AMENDMENT,
        state=VersionState.SIGNED,
        types=["calendrier"],
        reason="Prolongation",
        signed_on=EFFECT,
        effective_on=EFFECT,
        extends_to=2027,
    )
    Contract.objects.filter(pk=contract.pk).update(last_year=2027)
    return Contract.objects.get(pk=contract.pk)


LAST: dict[str, Callable[[Contract, User, date], int]] = {
    "returns": lambda _, user, on: contract_terms(user, on)[0].due_on.year - 3,
    "portfolio": lambda _, user, on: portfolio(user, on=on)[0].contract.last_year,
    "curve": lambda contract, _, on: contract_curves([contract], on)[0].last_year,
    "dormancy": lambda contract, _, on: standing(contract, on).activity.ends_on.year,
    "tranches": lambda contract, _, on: standing(contract, on).situation.years[-1].year,
    "situation": lambda contract, _, on: contract_situation(contract, on).frame.last_year,
    "credits": lambda contract, _, on: contract_situation(contract, on).credits.years[-1],
}


@pytest.mark.parametrize("what", LAST)
def test_each_read_of_a_past_day_has_the_years_of_then(prolonged: Contract, secretariat: User, what: str) -> None:
    assert [LAST[what](prolonged, secretariat, on) for on in (BEFORE, EFFECT)] == [2022, 2027]
    assert prolonged.last_year == 2027, "what was given is left as it was"


def test_a_contract_was_overdue_until_it_was_prolonged(prolonged: Contract) -> None:
    assert [phase_of(prolonged, on) for on in (BEFORE, EFFECT)] == [Phase.OVERDUE, Phase.IN_FORCE]


def test_r4_was_measured_at_the_end_of_2025(prolonged: Contract, secretariat: User) -> None:
    """20 000 € certified in 2024 for 80 000 € paid: 0,25 on the day; from 2026 on, R4 waits for the end of 2030."""
    days = {"starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}
    opened = {"opens_on": date(2025, 1, 1), "due_on": date(2025, 1, 31)}
    campaign = CampaignFactory(whole_year=True, year=2024, **days, **opened)
    filing = file(prolonged, campaign=campaign, state=FilingState.SUBMITTED, etudes=(None, "80000"))
    saving = RealisedSaving.objects.select_related("filing").get(filing=filing)
    certify_saving(realised=saving, ae=None, cp=Decimal(20_000), actor=grant(UserFactory(), Role.DB_REVIEWER))
    for on, due, r4 in ((BEFORE, 2025, Decimal("0.25")), (EFFECT, 2030, None)):
        (row,) = contract_terms(secretariat, on)
        assert (row.due_on, row.certified_when_due) == (date(due, 12, 31), None if r4 is None else Decimal(20_000))
        (found,) = [one for one in contract_situation(prolonged, on).returns if one.code == "R4"]
        assert found.ratio == r4
        untold = " (2020, 2021, 2022 non renseignés)" if on == BEFORE else ""
        assert found.denominator_label == f"CP FTAP consommés{untold}", "the amendment of this test plans nothing"


def test_a_report_of_a_filing_keeps_the_years_of_its_version(prolonged: Contract) -> None:
    filing = file(prolonged, etudes=("60000", "40000"))
    assert filing.version.number == 0
    assert contract_situation(prolonged, filing=filing).frame.last_year == 2022
