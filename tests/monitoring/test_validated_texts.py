"""While the texts of a filing are typed again, the pages of its contract tell those that were validated."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from contracts.models import Contract
from indicators.models import Measurement
from monitoring.enums import FilingState
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.models.filings import COMMENTS
from monitoring.services.filings import act_on_filing
from monitoring.validated_texts import validated_texts
from reports.situation import contract_situation
from savings.models import RealisedSaving
from tests.budget.rows import close
from tests.factories import CampaignFactory, FilingFactory
from tests.monitoring.workbook.books import annual_filing

SignedIn = Callable[[User], Client]
ROWS: tuple[tuple[Any, str], ...] = (
    (RealisedSaving, "reason"),
    (Measurement, "comment"),
    (MilestoneProgress, "comment"),
    (FiledRisk, "mitigation"),
)


@pytest.fixture
def reopened(contract: Contract, lead: User, secretariat: User) -> Filing:
    """The fourth quarter of 2021, whose texts are « Validé », reopened for them, a later quarter being submitted."""
    filing = annual_filing(contract)
    FiledRisk.objects.create(filing=filing, title="Recrutement", probability=4, severity=4)
    Measurement.objects.filter(filing=filing).update(value=50, components=[])
    write(filing, "Validé")
    close(filing, FilingState.LOCKED, lead)
    FilingFactory(contract=contract, campaign=CampaignFactory(next_year=True), state="submitted")
    filing = Filing.objects.select_related("campaign", "version", "contract").get(pk=filing.pk)
    act_on_filing(filing=filing, action="reopen_texts", actor=secretariat, reason="Un nom est à corriger.")
    filing.refresh_from_db()
    return filing


def write(filing: Filing, text: str) -> None:
    """The same text everywhere, as somebody who types it now."""
    now = timezone.now()
    for model, name in ROWS:
        model.objects.filter(filing=filing).update(**{name: text}, updated_at=now)
    Filing.objects.filter(pk=filing.pk).update(**dict.fromkeys(COMMENTS, text), updated_at=now)


def told(contract: Contract) -> set[str]:
    """The texts that the situation of the contract tells, on the day on which this filing is the last."""
    found = contract_situation(contract, filing=None, on=LAST_DAY)
    measures = (one.comment for indicator in found.results.indicators for one in indicator.measures)
    reasons = (cell.reason for line in found.savings.lines for cell in line.years if cell.filing)
    return {
        *measures,
        *reasons,
        *(one.comment for one in found.calendar),
        *(one.mitigation for one in found.risks),
        found.weather.comment,
        found.weather.progress,
        found.weather.difficulties,
    }


LAST_DAY = CampaignFactory.build(fourth_quarter=True).ends_on


def test_texts_typed_again_are_told_once_they_are_submitted(reopened: Filing, lead: User) -> None:
    contract = reopened.contract
    assert told(contract) == {"Validé"}
    write(reopened, "À moitié tapé")
    assert told(contract) == {"Validé"}
    reopened.refresh_from_db()
    act_on_filing(filing=reopened, action="submit", actor=lead)
    assert told(contract) == {"À moitié tapé"}


def test_texts_sent_back_are_not_told_either(reopened: Filing, lead: User, ditp_reviewer: User) -> None:
    """What was validated last is, as for figures."""
    write(reopened, "À refaire")
    reopened.refresh_from_db()
    act_on_filing(filing=reopened, action="submit", actor=lead)
    act_on_filing(filing=reopened, action="send_back", actor=ditp_reviewer, reason="À refaire en effet.")
    assert told(reopened.contract) == {"Validé"}


def test_the_pages_of_the_contract_and_of_the_filing(reopened: Filing, lead: User, signed_in: SignedIn) -> None:
    write(reopened, "À moitié tapé")
    client, site = signed_in(lead), f"/contrats/{reopened.contract.code}"
    page = client.get(f"{site}/indicateurs/").content.decode()
    assert "50 – Validé" in page
    assert "À moitié tapé" not in page
    assert "À moitié tapé" in client.get(f"/dossiers/{reopened.pk}/indicateurs/").content.decode()


def test_nothing_is_asked_of_filings_that_nobody_types_again(
    reopened: Filing, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = Filing.objects.get(state="submitted")
    with django_assert_num_queries(0):
        assert validated_texts(Measurement, [other], ("comment",)) == {}
    with django_assert_num_queries(2):
        assert set(validated_texts(Filing, [reopened, other], COMMENTS)) == {reopened.pk}
