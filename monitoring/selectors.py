"""Reads about campaigns and filings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from accounts.enums import PerimeterKind, Role
from accounts.models import User
from accounts.selectors import grants_of_role, people_with
from contracts.models import Contract, PlannedMilestone
from contracts.perimeters import perimeters_of
from contracts.selectors import unreadable_ends
from figures.formats import NOT_REPORTED, lower_first
from figures.periods import closing_fr
from monitoring import sections
from monitoring.awaited import Standing, standings
from monitoring.enums import FilingState, Way
from monitoring.frame_of_a_row import frame_of_a_row
from monitoring.milestone_dates import first_day
from monitoring.models import Campaign, FiledRisk, Filing, FilingTransition, MilestoneProgress
from monitoring.permissions import Viewer, can_open_campaign, can_see_filing
from monitoring.reality import COUNTING_STATES
from monitoring.reminder_selectors import last_reminders
from monitoring.sections import Completeness, Section
from monitoring.topics import TOPICS

WITH_FRAME = ("campaign", "version", "contract__holder__ministry")
"""What every question about a filing reads: fetched with it, permissions cost no query."""


def filing_visible_to(user: Viewer, pk: int, *, whole: bool = True) -> Filing | None:
    """The filing when it exists and this person may see it, with its campaign, version and contract; else None.

    `whole`: also with those who submitted it and wrote its texts, whom its pages name; otherwise `frame_of_a_row`.
    """
    filing = _whole_filings().filter(pk=pk).first() if whole else frame_of_a_row(pk)
    return filing if filing is not None and can_see_filing(user, filing) else None


def _whole_filings() -> QuerySet[Filing]:
    return Filing.objects.select_related(*WITH_FRAME, "submitted_by", "updated_by").order_by()


def campaigns_visible_to(user: Viewer) -> QuerySet[Campaign]:
    """Campaigns, the latest period first, with counts of filings over the person's perimeter.

    `is_done`: every filing of the campaign, whoever sees it, is locked.
    """
    campaigns = Campaign.objects.all() if can_open_campaign(user) else Campaign.objects.filter(opened_at__isnull=False)
    contracts = Contract.objects.visible_to(user)  # type: ignore[arg-type]
    mine = Q(filings__contract__in=contracts.values("pk"))
    return campaigns.annotate(
        filings_count=Count("filings", filter=mine),
        locked_count=Count("filings", filter=mine & Q(filings__state=FilingState.LOCKED)),
        awaited_count=Count("filings", filter=mine & Q(filings__state__in=FilingState.editable())),
        is_done=Q(pk__in=_done_campaigns()),
    ).order_by("-ends_on", "kind", "pk")


def _done_campaigns() -> QuerySet[Filing, int]:
    """The numbers of the campaigns of which every filing is locked, and that have at least one."""
    counted = (
        Filing.objects.order_by().values("campaign").annotate(waiting=Count("pk", filter=~Q(state=FilingState.LOCKED)))
    )
    return counted.filter(waiting=0).values_list("campaign", flat=True)


def leads_of(contract: Contract) -> list[User]:
    """The active project leads of a contract, by name."""
    return people_with([Role.LEAD], perimeters_of(contract))


def people_of(contract: Contract, *roles: Role) -> list[User]:
    """Active people who hold one of these roles on the contract, by name."""
    return people_with(roles, perimeters_of(contract))


def leads_by_contract() -> dict[str, list[User]]:
    """The leads of every contract, by code: one query."""
    leads: dict[str, list[User]] = {}
    for user, held in grants_of_role(Role.LEAD):
        if held.perimeter_kind == PerimeterKind.CONTRACT:
            leads.setdefault(held.perimeter_key, []).append(user)
    return leads


def previous_filing(filing: Filing) -> Filing | None:
    """The contract's last filing, submitted or further on, of a period that ended before this one; None if none."""
    return (
        Filing.objects.filter(
            contract_id=filing.contract_id, state__in=COUNTING_STATES, campaign__ends_on__lt=filing.campaign.ends_on
        )
        .select_related("campaign", "version")
        .order_by("-campaign__ends_on", "-pk")
        .first()
    )


def previous_of_year(filing: Filing) -> Filing | None:
    """`previous_filing` when it is of the same year: what figures cumulated since 1 January follow. One query."""
    last = previous_filing(filing)
    return last if last is not None and last.campaign.year == filing.campaign.year else None


def previous_of_earlier_years(filing: Filing) -> Filing | None:
    """The contract's last filing, submitted or further on, of an earlier year, which a year's figures follow.

    One query.
    """
    found = Filing.objects.filter(
        contract_id=filing.contract_id, state__in=COUNTING_STATES, campaign__year__lt=filing.campaign.year
    )
    return found.select_related("campaign").order_by("-campaign__ends_on", "-pk").first()


def named(filing: Filing) -> str:
    """« dossier du 2e trimestre 2020, verrouillé »: where a figure shown beside another comes from."""
    return f"dossier {filing.campaign.of_period}, {lower_first(filing.get_state_display())}"


def previous_filings(filings: Sequence[Filing]) -> dict[int, Filing]:
    """`previous_filing` of each of these filings, by its number: one query."""
    rows = Filing.objects.filter(
        contract__in={filing.contract_id for filing in filings}, state__in=COUNTING_STATES
    ).select_related("campaign")
    candidates: dict[int, list[Filing]] = defaultdict(list)
    for row in rows.order_by("campaign__ends_on", "pk"):
        candidates[row.contract_id].append(row)
    found: dict[int, Filing] = {}
    for filing in filings:
        for row in candidates[filing.contract_id]:
            if row.campaign.ends_on < filing.campaign.ends_on:
                found[filing.pk] = row
    return found


@dataclass(frozen=True)
class CalendarRow:
    """A milestone in a filing: what is typed, the dates that the version promises, what the last filing said."""

    progress: MilestoneProgress
    promised: PlannedMilestone | None
    before: MilestoneProgress | None
    is_end_unreadable: bool = False

    @property
    def planned(self) -> str:
        """The promised end, `T4 2021` or a day; « illisible » when the scan lost it, « n. r. » when none is given."""
        if self.is_end_unreadable:
            return "illisible"
        end = self.promised.ends_on if self.promised else None
        return NOT_REPORTED if end is None else closing_fr(end)

    @property
    def sheet_number(self) -> str | None:
        """The project sheet on which a contributor's right rests."""
        sheet = self.progress.milestone.sheet
        return sheet.number if sheet else None


def worst_first(filing: Filing) -> QuerySet[FiledRisk]:
    """The risks of a filing, open ones first, the most critical first: on every page and in every report."""
    critical = F("probability") * F("severity")
    return filing.risks.select_related("updated_by").order_by("-state", -critical, "-severity", "pk")


def calendar_rows(filing: Filing) -> list[CalendarRow]:
    """The filing's calendar in the contract's order. Four queries, two more where one has no promised end."""
    planned = PlannedMilestone.objects.filter(version_id=filing.version_id)
    promised = {dates.milestone_id: dates for dates in planned.order_by("pk")}
    last = previous_filing(filing)
    before = {row.milestone_id: row for row in last.milestone_progress.order_by("pk")} if last else {}
    rows = filing.milestone_progress.select_related("milestone__axis", "milestone__sheet", "updated_by")
    has_no_end = any(dates.ends_on is None for dates in promised.values())
    lost = unreadable_ends(filing.version) if has_no_end else ()
    return [
        CalendarRow(row, promised.get(row.milestone_id), before.get(row.milestone_id), row.milestone_id in lost)
        for row in rows.order_by("milestone__position", "pk")
    ]


def calendar_since(filing: Filing, rows: Sequence[CalendarRow]) -> date:
    """Before which day nothing of the contract can have been done (`monitoring.milestone_dates`). No query of rows."""
    promised = [day for row in rows if row.promised for day in (row.promised.starts_on, row.promised.ends_on)]
    return first_day([filing.version.signed_on, *promised])


def transitions_of(filing: Filing) -> list[FilingTransition]:
    """Everything that happened to the filing, the last first, with who did it."""
    return list(filing.transitions.select_related("actor").order_by("-at", "-pk"))


OPENED_AGAIN = (FilingState.SENT_BACK, FilingState.REOPENED, FilingState.TEXTS_OPEN)
"""States in which a filing waits for a correction that somebody asked for."""


def reason_to_show(filing: Filing) -> FilingTransition | None:
    """Why the filing was sent back or reopened, while it waits for its correction; None otherwise."""
    if filing.state not in OPENED_AGAIN:
        return None
    back = filing.transitions.filter(to_state=filing.state).exclude(reason="")
    return back.select_related("actor").order_by("-at", "-pk").first()


def reason_answered(filing: Filing) -> FilingTransition | None:
    """Why a filing under review was sent back or reopened before it was submitted again; None when it never was."""
    if filing.state not in (FilingState.SUBMITTED, FilingState.VALIDATED, FilingState.TEXTS_SUBMITTED):
        return None
    opened = filing.transitions.filter(to_state__in=OPENED_AGAIN).exclude(reason="")
    return opened.select_related("actor").order_by("-at", "-pk").first()


@dataclass(frozen=True)
class Step:
    """A section in the stepper of a filing."""

    section: Section
    completeness: Completeness
    url: str


def steps_of(filing: Filing) -> list[Step]:
    """The filing's sections in order, with what is filled in."""
    return [
        Step(section, section.completeness(filing), section.url(filing)) for section in sections.sections_of(filing)
    ]


def completeness_of(filings: Sequence[Filing]) -> dict[int, Completeness]:
    """What is filled in over all the sections of each filing: a constant number of queries."""
    whole = {filing.pk: Completeness(0, 0) for filing in filings}
    for section in sections.all_sections():
        for pk, part in section.completeness_by_filing(filings).items():
            whole[pk] += part
    return whole


@dataclass(frozen=True)
class CampaignRow:
    """A contract in a campaign: who owes it, where it stands against its due date, when its lead was last reminded.

    `url` is empty when the person may not read the filing.
    """

    filing: Filing
    leads: tuple[User, ...]
    completeness: Completeness
    standing: Standing
    url: str
    reminded_on: date | None

    @property
    def days_late(self) -> int:
        return self.standing.days_late


_ORDER = [
    FilingState.SENT_BACK,
    FilingState.REOPENED,
    FilingState.DRAFT,
    FilingState.TEXTS_OPEN,
    FilingState.SUBMITTED,
    FilingState.TEXTS_SUBMITTED,
    FilingState.VALIDATED,
    FilingState.LOCKED,
]


def campaign_rows(user: User, campaign: Campaign, on: date) -> list[CampaignRow]:
    """The filings of a campaign over the person's perimeter: late first, then what is awaited, then what is done.

    The number of queries does not depend on the number of contracts.
    """
    contracts = Contract.objects.visible_to(user).values("pk")
    filings = list(campaign.filings.filter(contract__in=contracts).select_related(*WITH_FRAME).order_by("pk"))
    filled, leads, reminded = completeness_of(filings), leads_by_contract(), last_reminders(filings)
    stands = standings(filings, on)
    rows = [
        CampaignRow(
            filing,
            tuple(leads.get(filing.contract.code, ())),
            filled[filing.pk],
            stands[filing.pk],
            filing.get_absolute_url() if can_see_filing(user, filing) else "",
            reminded.get(filing.pk),
        )
        for filing in filings
    ]
    return sorted(rows, key=lambda row: (-row.days_late, _ORDER.index(FilingState(row.filing.state)), str(row.filing)))


def ways_chosen(user: User) -> dict[str, Way]:
    """How the person wants each optional topic: what they said, else the topic's own default."""
    said = dict(user.notification_preferences.order_by().values_list("topic", "way"))
    return {one.code: Way(said.get(one.code, one.default)) for one in TOPICS if not one.is_fixed}


def names(people: Iterable[User]) -> str:
    """People as a French list of names."""
    return ", ".join(person.get_full_name() for person in people)
