"""Each named constraint of campaigns, filings and what hangs on them refuses in the database and says why in French."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from monitoring.models import (
    Attachment,
    DueDateChange,
    FiledRisk,
    Filing,
    FilingTransition,
    MilestoneProgress,
    Notice,
    NotificationPreference,
    OutgoingMail,
    Remark,
    Reminder,
    Thread,
    WorkbookImport,
)
from tests.constraints import copy_of_first, named_constraints, refused

pytestmark = pytest.mark.django_db

NOW = timezone.now()
WITHOUT_REASON = [{"action": action, "reason": " "} for action in ("send_back", "reopen", "reopen_texts")]

BROKEN: dict[str, list[dict[str, Any]]] = {
    "campaign_quarter_matches_kind": [{"quarter": None}, {"quarter": 0}, {"quarter": 5}, {"kind": "year"}],
    "campaign_dates_ordered": [
        {"ends_on": date(2021, 4, 1)},
        {"due_on": date(2021, 6, 30)},
        {"opens_on": date(2021, 4, 1)},
    ],
    "campaign_no_overlap": [{}, {"quarter": 3, "starts_on": date(2021, 6, 30), "ends_on": date(2021, 9, 30)}],
    "filing_state_known": [{"state": "perdu"}],
    "filing_submitted_has_author": [{"state": "submitted"}, {"state": "texts_filed", "submitted_at": NOW}],
    "filing_locked_has_date": [{"state": "locked"}],
    "filing_transition_reason_given": WITHOUT_REASON,
    "milestone_progress_done_has_state": [{"state": "late", "done_on": date(2021, 6, 1)}],
    "filed_risk_scale": [{field: mark} for field in ("probability", "severity") for mark in (0, 6)],
    "outgoing_mail_sent_has_date": [{"state": "sent"}, {"sent_at": NOW}],
    "notification_preference_optional": [{"topic": "report"}],
    "notification_preference_way_known": [{"way": "pigeon"}],
    "notice_at_once_has_mail": [{"way": "at_once", "mail": None}],
    "notice_unwanted_has_no_mail": [{"way": "never"}],
    "attachment_size_within_limit": [{"size": 0}, {"size": 10 * 1024 * 1024 + 1}],
    "attachment_type_accepted": [{"content_type": "application/x-msdownload"}],
    "attachment_row_has_section": [{"section": ""}],
    "attachment_removed_by_somebody": [{"removed_at": NOW}],
    "reminder_step_known": [{"step": 0}],
    "reminder_told_or_dropped": [{"told_at": NOW, "dropped_at": NOW}],
    "due_date_change_reason_given": [{"reason": "\n"}],
    "due_date_change_changes": [{"due_after": date(2021, 7, 31)}],
    "thread_on_a_row": [{"section": ""}, {"row": ""}, {"label": " "}],
    "thread_resolved_by_somebody": [{"resolved_at": NOW}],
    "remark_says_something": [{"text": " \n"}],
}
"""What breaks each constraint in a copy of a good row; a unique one is broken by the copy itself."""

CONSTRAINTS = named_constraints("monitoring")


@pytest.fixture
def one_of_each(filing: Filing, lead: User) -> None:
    """A good row of every table of the time frame."""
    MilestoneProgress.objects.create(filing=filing, milestone=filing.contract.milestones.get(position=1))
    FiledRisk.objects.create(filing=filing, title="Recrutement", probability=1, severity=5)
    FilingTransition.objects.create(
        filing=filing, action="submit", from_state="draft", to_state="submitted", actor=lead
    )
    Attachment.objects.create(
        filing=filing,
        section="credits",
        row=1,
        name="bail.pdf",
        content_type="application/pdf",
        size=10 * 1024 * 1024,
        sha256="0" * 64,
        uploaded_by=lead,
    )
    Reminder.objects.create(filing=filing, step=-5, day=date(2021, 7, 26))
    DueDateChange.objects.create(
        filing=filing, actor=lead, due_before=date(2021, 7, 31), due_after=date(2021, 8, 7), reason="Congés"
    )
    thread = Thread.objects.create(filing=filing, section="meteo", row="meteo-declaree", label="Météo déclarée")
    Remark.objects.create(thread=thread, author=lead, text="Pourquoi ?")
    WorkbookImport.objects.create(filing=filing, uploaded_by=lead, expires_at=NOW, file_name="a.xlsx", content=b"")
    NotificationPreference.objects.create(user=lead, topic="remark", way="digest")
    mail = OutgoingMail.objects.create(key="a", topic="remark", recipient=lead.email, next_attempt_at=NOW)
    Notice.objects.create(key="a", user=lead, topic="remark", way="at_once", mail=mail, created_at=NOW)


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name in CONSTRAINTS for change in BROKEN.get(name, [{}])]
)
def test_each_constraint_refuses_and_says_why(name: str, change: dict[str, Any], one_of_each: None) -> None:
    model, constraint = CONSTRAINTS[name]
    refused(copy_of_first(model, change), constraint)


def test_no_constraint_is_broken_that_does_not_exist() -> None:
    assert set(BROKEN) <= set(CONSTRAINTS)
