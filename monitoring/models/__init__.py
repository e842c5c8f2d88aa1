"""The time frame: campaigns, filings with their states and locks, what leaves by mail."""

from monitoring.models.campaigns import Campaign
from monitoring.models.evidence import Attachment
from monitoring.models.filings import Filing, FilingTransition
from monitoring.models.mail import OutgoingMail
from monitoring.models.notices import Notice, NotificationPreference
from monitoring.models.progress import FiledRisk, MilestoneProgress
from monitoring.models.reminders import DueDateChange, Nudge, Reminder
from monitoring.models.threads import Remark, Thread
from monitoring.models.workbooks import WorkbookImport

__all__ = [
    "Attachment",
    "Campaign",
    "DueDateChange",
    "FiledRisk",
    "Filing",
    "FilingTransition",
    "MilestoneProgress",
    "Notice",
    "NotificationPreference",
    "Nudge",
    "OutgoingMail",
    "Remark",
    "Reminder",
    "Thread",
    "WorkbookImport",
]
