"""What really happened in the synthetic contracts: quarterly campaigns, filings in every state, actuals."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from budget.models import Consumption
from figures.periods import QUARTERS_A_YEAR, Quarter
from ftap.bench.promise import FIRST_YEAR, MIDDLE_RANK, Promised
from indicators.models import Measurement
from monitoring.enums import CampaignKind, FilingState, ProgressState, Weather
from monitoring.models import Campaign, FiledRisk, Filing, MilestoneProgress
from savings.models import RealisedSaving

CENT = Decimal("0.01")
Plan = Mapping[tuple[int, int, int], Decimal]
"""AE in euros by version number, position of the line and year."""

FIRST_QUARTER = Quarter(FIRST_YEAR, 1)
LAST_STATES = (
    FilingState.DRAFT,
    FilingState.SUBMITTED,
    FilingState.VALIDATED,
    FilingState.SENT_BACK,
    FilingState.LOCKED,
)
"""States of the contracts' last filings, in turn; all earlier ones are locked."""

PACES = tuple(Decimal(share) for share in ("0.22", "0.47", "0.71", "0.96"))
"""Share of the year's plan consumed at the end of each quarter."""


def open_campaigns(count: int) -> list[Campaign]:
    """So many quarterly campaigns in a row, saved."""
    return Campaign.objects.bulk_create(_campaign(FIRST_QUARTER.shift(n)) for n in range(count))


def _campaign(quarter: Quarter) -> Campaign:
    opens_on = quarter.last_day + timedelta(days=1)
    return Campaign(
        kind=CampaignKind.QUARTER,
        year=quarter.year,
        quarter=quarter.number,
        starts_on=quarter.first_day,
        ends_on=quarter.last_day,
        opens_on=opens_on,
        due_on=opens_on + timedelta(days=30),
        opened_at=timezone.make_aware(datetime.combine(opens_on, time(8))),
        is_demo=True,
    )


def filings_of(one: Promised, campaigns: Sequence[Campaign]) -> Iterator[Filing]:
    """A draft for each campaign, to be filled; `close` gives them their states."""
    for campaign in campaigns:
        yield Filing(
            campaign=campaign,
            contract=one.contract,
            version=one.versions[-1] if campaign.year > FIRST_YEAR else one.versions[0],
            due_on=campaign.due_on,
            weather=list(Weather)[(one.rank + campaign.year) % 4],
            weather_comment="Commentaire synthétique.",
            progress_comment="Avancement synthétique.",
            is_demo=True,
        )


def last_state(rank: int) -> FilingState:
    """The state of a contract's last filing: numbers 1 and 2, whose pages are compared, are drafts."""
    return FilingState.DRAFT if rank <= MIDDLE_RANK else LAST_STATES[(rank - 1) % len(LAST_STATES)]


def close(filings: Sequence[Filing], state: FilingState, author: User) -> None:
    """Gives many filings their state, with who submitted them and when, in one statement."""
    if state == FilingState.DRAFT:
        return
    now = timezone.now()
    locked_at = now if state == FilingState.LOCKED else None
    keys = [filing.pk for filing in filings]
    Filing.objects.filter(pk__in=keys).update(state=state, submitted_by=author, submitted_at=now, locked_at=locked_at)


def declared(one: Promised, filings: Sequence[Filing], plan: Plan) -> Iterator[Any]:
    """What the filings say, in rows of the tables where it is typed, not saved."""
    for filing in filings:
        yield from _consumption(one, filing, plan)
        if filing.campaign.quarter == QUARTERS_A_YEAR:
            yield from _savings(one, filing)
        for indicator in one.indicators:
            yield Measurement(indicator=indicator, filing=filing, value=_value(indicator.position, filing))
        for milestone in one.milestones:
            yield MilestoneProgress(milestone=milestone, filing=filing, state=_state(milestone.position, filing))
        for n in (2, 3, 4):
            yield FiledRisk(filing=filing, title=f"Risque synthétique {n}", probability=n, severity=6 - n)


def _consumption(one: Promised, filing: Filing, plan: Plan) -> Iterator[Consumption]:
    for line in one.lines:
        planned = plan[filing.version.number, line.position, filing.campaign.year]
        ae = (planned * PACES[_quarter(filing).number - 1]).quantize(CENT, ROUND_HALF_UP)
        cp = ae if line.titre == "2" else (ae / 2).quantize(CENT, ROUND_HALF_UP)
        yield Consumption(line=line, filing=filing, ae=ae, cp=cp)


def _savings(one: Promised, filing: Filing) -> Iterator[RealisedSaving]:
    for line in one.savings:
        amount = Decimal(1400 * (1 + line.position) * (filing.campaign.year - FIRST_YEAR + 1))
        yield RealisedSaving(line=line, filing=filing, ae=amount, cp=amount, evidence_level="declared")


def _value(position: int, filing: Filing) -> Decimal:
    quarter = _quarter(filing)
    return Decimal(8 + position + 11 * (quarter.year - FIRST_YEAR) + quarter.number)


def _state(position: int, filing: Filing) -> ProgressState:
    rank = FIRST_QUARTER.until(_quarter(filing))
    if position % 18 + 2 < rank:
        return ProgressState.DONE
    return ProgressState.ONGOING if position % 18 <= rank else ProgressState.NOT_STARTED


def _quarter(filing: Filing) -> Quarter:
    return Quarter(filing.campaign.year, filing.campaign.quarter or QUARTERS_A_YEAR)
