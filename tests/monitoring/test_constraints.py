"""What the database refuses about campaigns, filings, milestones and risks; and what a form says of it in French."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from monitoring.models import FiledRisk, Filing, FilingTransition, MilestoneProgress, OutgoingMail
from tests.factories import CampaignFactory, FilingFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(row: Any, constraint: str, message: str) -> None:
    """The database refuses the row by this constraint, and validation says this in French."""
    with pytest.raises(ValidationError, match=message):
        row.validate_constraints()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()


@pytest.mark.parametrize("changes", [{"quarter": None}, {"quarter": 5}, {"kind": "year"}])
def test_quarter_and_kind_agree(changes: dict[str, Any]) -> None:
    refused(CampaignFactory.build(**changes), "campaign_quarter_matches_kind", "un trimestre de 1 à 4")


@pytest.mark.parametrize(
    "changes",
    [{"ends_on": date(2021, 4, 1)}, {"due_on": date(2021, 6, 30)}, {"opens_on": date(2021, 4, 1)}],
)
def test_dates_of_a_campaign_follow(changes: dict[str, Any]) -> None:
    refused(CampaignFactory.build(**changes), "campaign_dates_ordered", "ne se suivent pas")


def test_periods_of_a_kind_do_not_overlap() -> None:
    CampaignFactory()
    same_day = CampaignFactory.build(next_quarter=True, starts_on=date(2021, 6, 30))
    refused(same_day, "campaign_no_overlap", "couvre déjà cette période")


def test_one_filing_a_contract_and_campaign(filing: Filing) -> None:
    again = FilingFactory.build(contract=filing.contract, campaign=filing.campaign, version=filing.version)
    refused(again, "filing_unique", "a déjà un dossier")


def test_a_filing_s_state_is_known(filing: Filing) -> None:
    filing.state = "perdu"
    filing.submitted_by, filing.submitted_at = UserFactory(), timezone.now()
    refused(filing, "filing_state_known", "n’existe pas")


def test_a_submitted_filing_says_by_whom(filing: Filing) -> None:
    filing.state = "submitted"
    refused(filing, "filing_submitted_has_author", "par qui et quand")


def test_a_locked_filing_says_since_when(contract: Contract) -> None:
    filing = FilingFactory(contract=contract, state="locked")
    filing.locked_at = None
    refused(filing, "filing_locked_has_date", "depuis quand")


@pytest.mark.parametrize("action", ["send_back", "reopen"])
def test_a_filing_is_not_sent_back_without_reason(filing: Filing, lead: User, action: str) -> None:
    row = FilingTransition(filing=filing, action=action, from_state="submitted", to_state="sent_back", actor=lead)
    refused(row, "filing_transition_reason_given", "demande un motif")


def test_a_milestone_with_an_end_is_done(filing: Filing) -> None:
    milestone = filing.contract.milestones.get(position=1)
    row = MilestoneProgress(filing=filing, milestone=milestone, state="late", done_on=date(2021, 6, 1))
    refused(row, "milestone_progress_done_has_state", "est terminé")
    MilestoneProgress.objects.create(filing=filing, milestone=milestone)
    refused(MilestoneProgress(filing=filing, milestone=milestone), "milestone_progress_unique", "déjà un avancement")


@pytest.mark.parametrize(("probability", "severity"), [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_risks_are_on_a_scale_of_five(filing: Filing, probability: int, severity: int) -> None:
    row = FiledRisk(filing=filing, title="Recrutement", probability=probability, severity=severity)
    refused(row, "filed_risk_scale", "de 1 à 5")


def test_a_risk_is_declared_once(filing: Filing) -> None:
    FiledRisk.objects.create(filing=filing, title="Recrutement", probability=1, severity=1)
    again = FiledRisk(filing=filing, title="Recrutement", probability=2, severity=2)
    refused(again, "filed_risk_unique", "figure déjà")


def test_a_mail_is_sent_when_it_has_a_date() -> None:
    now = timezone.now()
    mail = OutgoingMail(key="a", topic="report", recipient="a@ftap.example", state="sent", next_attempt_at=now)
    refused(mail, "outgoing_mail_sent_has_date", "date d’envoi")
