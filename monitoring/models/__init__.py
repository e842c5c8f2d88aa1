"""The time frame: campaigns, filings with their states and locks, what leaves by mail."""

from monitoring.models.campaigns import Campaign
from monitoring.models.evidence import Attachment
from monitoring.models.filings import Filing, FilingTransition
from monitoring.models.mail import OutgoingMail
from monitoring.models.progress import FiledRisk, MilestoneProgress

__all__ = ["Attachment", "Campaign", "FiledRisk", "Filing", "FilingTransition", "MilestoneProgress", "OutgoingMail"]
