"""Campaigns: create one, open it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contracts.enums import Frequency, VersionState
from contracts.models import Contract, ContractVersion
from figures.periods import FiscalYear, Quarter
from monitoring import letters, sections
from monitoring.enums import CampaignKind, FilingState, MailTopic
from monitoring.errors import NotAllowedError
from monitoring.models import Campaign, Filing
from monitoring.notices import Message, tell_all
from monitoring.permissions import can_open_campaign
from monitoring.selectors import leads_by_contract
from monitoring.services.reminders import make_calendars

DAYS_TO_FILE = 30
"""Between the opening and the due date, when nobody says otherwise."""

FREQUENCY = {CampaignKind.QUARTER: Frequency.QUARTERLY, CampaignKind.YEAR: Frequency.YEARLY}
"""A contract files at one rhythm, in campaigns of one kind."""


def create_campaign(
    *,
    actor: User,
    kind: str,
    year: int,
    quarter: int | None = None,
    opens_on: date | None = None,
    due_on: date | None = None,
    is_demo: bool = False,
) -> Campaign:
    """Save and return a campaign for a quarter or a year; it opens the day after the period unless told otherwise.

    Errors: `NotAllowedError`; `ValidationError` with the French message of each constraint (dates, overlap, quarter).
    """
    if not can_open_campaign(actor):
        raise NotAllowedError("Seul le secrétariat du fonds crée une campagne.")
    period = Quarter(year, quarter) if quarter is not None else FiscalYear(year)
    opening = opens_on or period.last_day + timedelta(days=1)
    campaign = Campaign(
        kind=kind,
        year=year,
        quarter=quarter,
        starts_on=period.first_day,
        ends_on=period.last_day,
        opens_on=opening,
        due_on=due_on or opening + timedelta(days=DAYS_TO_FILE),
        is_demo=is_demo,
    )
    campaign.full_clean()
    campaign.save()
    return campaign


@transaction.atomic
def open_campaign(*, campaign: Campaign, actor: User | None) -> list[Filing]:
    """Create the filing of each contract concerned; give the new ones.

    Effects, in order: the filings, bound to the version in force on the campaign's opening day; their entry rows, by
    section; their calendar of reminders; a notice to the leads. A constant number of queries in each. Safe to run
    twice: the second run adds the contracts that have arrived since and repeats nothing. `actor` is None for the
    scheduler. Errors: `NotAllowedError`.
    """
    if actor is not None and not can_open_campaign(actor):
        raise NotAllowedError("Seul le secrétariat du fonds ouvre une campagne.")
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    opened = _open_filings(held)
    for section in sections.all_sections():
        section.prepare_all([filing for filing in opened if section.applies(filing)])
    make_calendars(list(held.filings.filter(reminders__isnull=True, state=FilingState.DRAFT)))
    _tell_leads(opened)
    if held.opened_at is None:
        held.opened_at = timezone.now()
        held.save(update_fields=["opened_at"])
    campaign.opened_at = held.opened_at
    return opened


def versions_concerned(campaign: Campaign) -> list[ContractVersion]:
    """For each contract that has to file in this campaign and has no filing yet, the version that it is held against.

    Concerned: the rhythm is the campaign's; the act was signed by the end of the period (undated acts count); the year
    is one of funding or of savings followed after it. One query.
    """
    contracts = Contract.objects.filter(
        filing_frequency=FREQUENCY[CampaignKind(campaign.kind)], first_year__lte=campaign.year
    ).exclude(filings__campaign=campaign)
    signed = (
        ContractVersion.objects.filter(state=VersionState.SIGNED, contract__in=contracts)
        .select_related("contract__holder__ministry")
        .order_by("contract__title", "contract__code", "number")
    )
    in_force: dict[int, ContractVersion] = {}
    for version in signed:
        if _counts(version, campaign):
            in_force[version.contract_id] = version
    return [version for version in in_force.values() if campaign.year <= version.contract.savings_followed_until]


def _counts(version: ContractVersion, campaign: Campaign) -> bool:
    """Whether a version is in force on the opening day; the signature counts when it is undated."""
    if version.number == 0:
        return version.in_force_from is None or version.in_force_from <= campaign.ends_on
    return version.in_force_from is not None and version.in_force_from <= campaign.opens_on


def _open_filings(campaign: Campaign) -> list[Filing]:
    """The filings that the campaign still lacks. Two queries."""
    return Filing.objects.bulk_create(
        [
            Filing(
                campaign=campaign,
                contract=version.contract,
                version=version,
                due_on=campaign.due_on,
                is_demo=campaign.is_demo,
            )
            for version in versions_concerned(campaign)
        ]
    )


def _tell_leads(filings: Sequence[Filing]) -> None:
    """A notice to each lead of each filing."""
    leads = leads_by_contract()
    tell_all(
        [
            Message(f"opening-{filing.pk}", MailTopic.OPENING, lead, letters.opening(filing))
            for filing in filings
            for lead in leads.get(filing.contract.code, ())
        ]
    )


def open_due_campaigns(*, on: date) -> list[Campaign]:
    """Open every campaign whose opening day has come and that is not open yet; give them."""
    due = list(Campaign.objects.filter(opens_on__lte=on, opened_at__isnull=True).order_by("opens_on", "pk"))
    for campaign in due:
        open_campaign(campaign=campaign, actor=None)
    return due
