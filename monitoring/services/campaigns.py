"""Campaigns: create one, open it, chase what is owed."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.enums import Frequency, VersionState
from contracts.models import Contract, ContractVersion
from figures.periods import FiscalYear, Quarter
from monitoring import letters, outbox, sections
from monitoring.enums import CampaignKind, FilingState, MailTopic
from monitoring.errors import NotAllowedError
from monitoring.models import Campaign, Filing, OutgoingMail
from monitoring.permissions import can_open_campaign
from monitoring.selectors import WITH_FRAME, leads_by_contract, leads_of, people_of

DAYS_TO_FILE = 30
"""Between the opening and the due date, when nobody says otherwise."""

REMINDER_DAYS = (-15, -5, 1, 8)
"""Days around the due date when the lead is reminded."""

ESCALATION_DAY = 8
"""Days after the due date when the secretariat is told."""

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
    """Create the filing of each contract concerned, with its entry rows and a message to its leads; give the new ones.

    Bound to the version in force on the campaign's opening day. Safe to run twice: the second run adds the contracts
    that have arrived since and repeats nothing. `actor` is None for the scheduler.
    Errors: `NotAllowedError`.
    """
    if actor is not None and not can_open_campaign(actor):
        raise NotAllowedError("Seul le secrétariat du fonds ouvre une campagne.")
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    opened = [_open_filing(held, version) for version in versions_concerned(held)]
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


def _open_filing(campaign: Campaign, version: ContractVersion) -> Filing:
    """One filing with its empty rows, and the message that says so."""
    filing = Filing.objects.create(
        campaign=campaign,
        contract=version.contract,
        version=version,
        due_on=campaign.due_on,
        is_demo=campaign.is_demo,
    )
    for section in sections.sections_of(filing):
        section.prepare(filing)
    subject, body = letters.opening(filing)
    for lead in leads_of(filing.contract):
        outbox.enqueue(
            key=f"opening-{filing.pk}-{lead.pk}",
            topic=MailTopic.OPENING,
            recipient=lead.email,
            subject=subject,
            body=body,
        )
    return filing


def open_due_campaigns(*, on: date) -> list[Campaign]:
    """Open every campaign whose opening day has come and that is not open yet; give them."""
    due = list(Campaign.objects.filter(opens_on__lte=on, opened_at__isnull=True).order_by("opens_on", "pk"))
    for campaign in due:
        open_campaign(campaign=campaign, actor=None)
    return due


@transaction.atomic
def chase(*, on: date) -> int:
    """Write the reminders and escalations that are due and not yet told; give how many messages are new.

    A filing is chased while it is a draft: submission stops it, and a filing sent back has its own message. After a
    pause of the scheduler only the last step due is told. One key by filing, step and person: each is told once.
    """
    drafts = Filing.objects.filter(
        state=FilingState.DRAFT,
        campaign__opened_at__isnull=False,
        due_on__lte=on - timedelta(days=REMINDER_DAYS[0]),
    )
    leads = leads_by_contract()
    told = 0
    for filing in drafts.select_related(*WITH_FRAME).order_by("due_on", "pk"):
        told += _remind(filing, on, leads.get(filing.contract.code, []))
    return told


def _remind(filing: Filing, on: date, leads: list[User]) -> int:
    """The last step due for one filing, and the word to the secretariat when it is the last of all."""
    day = (on - filing.due_on).days
    step = max(step for step in REMINDER_DAYS if step <= day)
    told = _tell(f"reminder-{filing.pk}{step:+d}", leads, letters.reminder(filing, on))
    if day >= ESCALATION_DAY:
        secretariat = people_of(filing.contract, Role.SECRETARIAT)
        told += _tell(f"escalation-{filing.pk}", secretariat, letters.escalation(filing, leads))
    return told


def _tell(key: str, people: Iterable[User], letter: letters.Letter) -> int:
    """One message to each person who has not had it; gives how many are new."""
    wanted = {f"{key}-{person.pk}": person for person in people}
    known = set(OutgoingMail.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = {unique: person for unique, person in wanted.items() if unique not in known}
    subject, body = letter
    for unique, person in new.items():
        outbox.enqueue(key=unique, topic=MailTopic.REMINDER, recipient=person.email, subject=subject, body=body)
    return len(new)
