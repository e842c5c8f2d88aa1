"""Which filings count as reality, said once for the three ledgers.

The figures of a year are those of its last filing that was submitted or is further on (figures are cumulated since
1 January); each figure says which filing it comes from, so that what is only submitted is not taken for validated.
Drafts and filings sent back are seen on their own pages only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from contracts.models import Contract
from figures.formats import of_period_fr
from monitoring.enums import CampaignKind, FilingState
from monitoring.models import Filing

COUNTING_STATES = (
    FilingState.SUBMITTED,
    FilingState.VALIDATED,
    FilingState.LOCKED,
    FilingState.TEXTS_OPEN,
    FilingState.TEXTS_SUBMITTED,
)
"""Reopening the texts leaves the figures as they were validated: they go on counting."""

DEMO: Final = "Chiffres de démonstration, inventés"
"""What every document says that shows some."""


@dataclass(frozen=True, slots=True)
class FilingRef:
    """Where a figure comes from. `certainty` is what a reader is told: « soumis », « validé »…"""

    pk: int
    label: str
    year: int
    quarter: int | None
    period_start: date
    period_end: date
    state: str
    state_label: str
    is_demo: bool

    @property
    def of_period(self) -> str:
        """`du 2e trimestre 2021`, `de l’année 2021`."""
        return of_period_fr(self.year, self.quarter)


def nature_of_figures(*, is_demo: bool) -> str:
    """Whether figures are declared by somebody or invented for a demonstration, in French."""
    return "Démonstration, chiffres inventés" if is_demo else "Déclarés"


def filing_ref(filing: Filing) -> FilingRef:
    """A filing (with its campaign) as the source of a figure."""
    campaign = filing.campaign
    return FilingRef(
        pk=filing.pk,
        label=str(campaign),
        year=campaign.year,
        quarter=campaign.quarter,
        period_start=campaign.starts_on,
        period_end=campaign.ends_on,
        state=filing.state,
        state_label=filing.get_state_display(),
        is_demo=filing.is_demo,
    )


def counting_filings(contract: Contract, *, on: date | None = None, filing: Filing | None = None) -> list[Filing]:
    """The contract's filings that count, oldest period first, with their campaign. One query.

    `on` keeps periods ended by that day. `filing` keeps the periods up to its own and adds it whatever its state: what
    a report on that filing, or its review, shows.
    """
    rows = Filing.objects.filter(contract=contract).select_related("campaign", "version")
    kept = [row for row in rows if row.state in COUNTING_STATES or (filing is not None and row.pk == filing.pk)]
    if on is not None:
        kept = [row for row in kept if row.campaign.ends_on <= on]
    if filing is not None:
        end = filing.campaign.ends_on
        kept = [row for row in kept if row.pk == filing.pk or row.campaign.ends_on <= end]
    kept.sort(key=lambda row: (row.campaign.ends_on, filing is not None and row.pk == filing.pk, filing_order(row)))
    return kept


def later_filing(filing: Filing) -> Filing | None:
    """A filing of the contract, submitted or further on, whose period ended after this one's; None if none."""
    return (
        Filing.objects.filter(
            contract_id=filing.contract_id, state__in=COUNTING_STATES, campaign__ends_on__gt=filing.campaign.ends_on
        )
        .select_related("campaign")
        .order_by("campaign__ends_on", "pk")
        .first()
    )


def opened_again() -> Q:
    """The filings whose figures were submitted once and are open for entry again, whatever opened them."""
    return Q(state__in=FilingState.editable(), submitted_at__isnull=False)


def reopened_before(filing: Filing) -> str:
    """The period of an earlier filing of the contract whose figures are open again; blank when there is none."""
    earlier = Filing.objects.filter(contract_id=filing.contract_id, campaign__ends_on__lt=filing.campaign.ends_on)
    found = earlier.filter(opened_again()).select_related("campaign").order_by("campaign__ends_on", "pk").first()
    return str(found.campaign) if found else ""


def last_of_each_year(filings: Iterable[Filing]) -> dict[int, Filing]:
    """The filing whose cumulated figures tell a year, for each year; `filings` oldest first."""
    return {filing.campaign.year: filing for filing in filings}


def before_in_year(filings: Sequence[Filing]) -> Filing | None:
    """The filing of the last one's year whose period ended before it did; None for a year's first. Oldest first."""
    if not filings:
        return None
    last = filings[-1].campaign
    earlier = [one for one in filings if one.campaign.year == last.year and one.campaign.ends_on < last.ends_on]
    return earlier[-1] if earlier else None


def filing_order(filing: Filing) -> tuple[date, bool, int]:
    """By end of period; a year's filing comes after the quarter that ends with it."""
    return filing.campaign.ends_on, filing.campaign.kind == CampaignKind.YEAR, filing.pk
