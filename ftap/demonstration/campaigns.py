"""The demo's campaigns: some over and locked, with their reports; one of each kind open; one late."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from monitoring.enums import CampaignKind
from monitoring.models import Campaign
from monitoring.services.campaigns import create_campaign, open_campaign


@dataclass(frozen=True)
class DemoCampaign:
    """A period, and in how many days from today it is due (contracts catch up); None: it was filed in its time."""

    kind: CampaignKind
    year: int
    quarter: int | None
    due_in: int | None = None


CAMPAIGNS = (
    DemoCampaign(CampaignKind.QUARTER, 2018, 4),
    DemoCampaign(CampaignKind.QUARTER, 2019, 4),
    DemoCampaign(CampaignKind.QUARTER, 2020, 1),
    DemoCampaign(CampaignKind.QUARTER, 2020, 2),
    DemoCampaign(CampaignKind.QUARTER, 2020, 3, 10),
    DemoCampaign(CampaignKind.YEAR, 2021, None),
    DemoCampaign(CampaignKind.YEAR, 2022, None),
    DemoCampaign(CampaignKind.YEAR, 2023, None, 20),
    DemoCampaign(CampaignKind.QUARTER, 2020, 4, 20),
    DemoCampaign(CampaignKind.YEAR, 2024, None, -3),
    DemoCampaign(CampaignKind.QUARTER, 2025, 2, 15),  # of the invented contract alone
)
OPENED_BEFORE = timedelta(days=30)


def open_demo_campaign(planned: DemoCampaign, *, actor: User, on: date) -> Campaign:
    """Create a campaign of the demo as of a day, and open it; safe to run twice."""
    opens_on = due_on = None
    if planned.due_in is not None:
        opens_on, due_on = on - OPENED_BEFORE, on + timedelta(days=planned.due_in)
    found = Campaign.objects.filter(kind=planned.kind, year=planned.year, quarter=planned.quarter).first()
    campaign = found or create_campaign(
        kind=planned.kind,
        year=planned.year,
        quarter=planned.quarter,
        opens_on=opens_on,
        due_on=due_on,
        actor=actor,
        is_demo=True,
    )
    open_campaign(campaign=campaign, actor=actor)
    return campaign
