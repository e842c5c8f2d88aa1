"""A good row of every table of the time frame, for the tests of what the database refuses and of what it remembers."""

from datetime import date

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
    Nudge,
    OutgoingMail,
    Remark,
    Reminder,
    Thread,
    WorkbookImport,
)


def make_one_of_each(filing: Filing, lead: User) -> None:
    """All that hangs on a filing open for entry and on its lead."""
    now = timezone.now()
    MilestoneProgress.objects.create(filing=filing, milestone=filing.contract.milestones.all()[0])
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
    Nudge.objects.create(filing=filing, actor=lead)
    DueDateChange.objects.create(
        filing=filing, actor=lead, due_before=date(2021, 7, 31), due_after=date(2021, 8, 7), reason="Congés"
    )
    thread = Thread.objects.create(filing=filing, section="meteo", row="meteo-declaree", label="Météo déclarée")
    Remark.objects.create(thread=thread, author=lead, text="Pourquoi ?")
    WorkbookImport.objects.create(filing=filing, uploaded_by=lead, expires_at=now, file_name="a.xlsx", content=b"")
    NotificationPreference.objects.create(user=lead, topic="remark", way="digest")
    mail = OutgoingMail.objects.create(key="a", topic="remark", recipient=lead.email, next_attempt_at=now)
    Notice.objects.create(key="a", user=lead, topic="remark", way="at_once", mail=mail, created_at=now)
