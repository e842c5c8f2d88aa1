"""Each named constraint of campaigns, filings and what hangs on them refuses in the database and says why in French."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from monitoring.models import Filing
from tests.constraints import copy_of_first, named_constraints, refused
from tests.monitoring.one_of_each import make_one_of_each

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
    make_one_of_each(filing, lead)


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name in CONSTRAINTS for change in BROKEN.get(name, [{}])]
)
def test_each_constraint_refuses_and_says_why(name: str, change: dict[str, Any], one_of_each: None) -> None:
    model, constraint = CONSTRAINTS[name]
    refused(copy_of_first(model, change), constraint)


def test_no_constraint_is_broken_that_does_not_exist() -> None:
    assert set(BROKEN) <= set(CONSTRAINTS)
