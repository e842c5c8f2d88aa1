"""Reads for the entry grid of credits: three queries whatever the number of lines, years and filings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from budget.entry import CreditFacts, CreditRow, fund_ae, same_amounts
from budget.enums import Titre
from budget.models import Consumption, PlannedCredit
from budget.tranches.decided import decided_tranche
from budget.tranches.phases import affected_by_line
from contracts.fields import amount
from figures.ae_cp import NOTHING, AeCp, total_ae_cp
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES

READ_WITH = ("line__sheet",)


@dataclass
class _Past:
    """What other filings said of one line: the last of each year, when it last moved, the next of this year."""

    by_year: dict[int, AeCp] = field(default_factory=dict)
    moved_on: date | None = None
    following: AeCp | None = None

    def hear(self, year: int, ends_on: date, consumed: AeCp) -> None:
        """A filing's cumulated figures, filings told in order: a year that begins at zero has not moved."""
        if not same_amounts(consumed, self.by_year.get(year, NOTHING)):
            self.moved_on = ends_on
        self.by_year[year] = consumed

    def before(self, year: int) -> AeCp:
        """Consumed in the years before this one."""
        return total_ae_cp(pair for one, pair in self.by_year.items() if one != year)


def entry_rows(filing: Filing, keys: Collection[int] | None = None) -> list[CreditRow]:
    """The lines of a filing, or those of these keys, in the contract's order."""
    rows = Consumption.objects.filter(filing=filing).select_related(
        *READ_WITH, "line__axis", "line__sheet__axis", "line__co_financer", "updated_by"
    )
    kept = list((rows if keys is None else rows.filter(pk__in=keys)).order_by("line__position", "pk"))
    shown = zip(kept, rows_beside(filing, kept), strict=True)
    return [replace(row, note=stored.line.note, place=stored.line.place) for stored, row in shown]


def rows_beside(filing: Filing, stored: Sequence[Consumption]) -> list[CreditRow]:
    """These rows of the table with what stands beside them: two queries when they were read with `READ_WITH`.

    Without the place and the note that tell lines apart, which a row saved does not show again.
    """
    lines = [row.line_id for row in stored]
    planned, past = _planned(filing, lines), _past(filing, lines)
    return [_row(row, filing.campaign.year, planned[row.line_id], past[row.line_id]) for row in stored]


def refreshed(row: CreditRow, written: Consumption) -> CreditRow:
    """The row with what the table now holds."""
    return replace(
        row,
        revision=written.revision,
        consumed=AeCp(amount(written.ae), amount(written.cp)),
        comment=written.comment,
        updated_by=written.updated_by.get_full_name() if written.updated_by else "",
        updated_at=written.updated_at,
    )


def credit_facts(filing: Filing, rows: Sequence[CreditRow]) -> CreditFacts:
    """These rows with what rules hold each against. One query under an amendment, one for titre 5."""
    works = [row.line for row in rows if row.titre == Titre.T5]
    affectations, day = affected_by_line(works) if works else {}, filing.campaign.ends_on
    return CreditFacts(filing.campaign.year, day, filing.contract_signed_on, tuple(rows), affectations=affectations)


def filing_facts(filing: Filing, on: date) -> CreditFacts:
    """All the lines of a filing, with the year's tranche; the day plays no part. One to three queries more."""
    facts = credit_facts(filing, entry_rows(filing))
    return replace(
        facts,
        tranche=_tranche(filing),
        fund_ae=fund_ae(facts.rows),
    )


def year_facts(filing: Filing) -> CreditFacts:
    """What a filing says in all of the year's tranche, without its lines: two queries, three in the first year."""
    tranche = _tranche(filing)
    lines = Consumption.objects.filter(filing=filing, line__co_financer__isnull=True)
    spent = None if tranche.ae is None else lines.aggregate(sum=Sum("ae"))["sum"]
    return replace(credit_facts(filing, ()), tranche=tranche, fund_ae=spent)


def _tranche(filing: Filing) -> AeCp:
    return decided_tranche(filing.contract, filing.campaign.year, timezone.localdate())


def _planned(filing: Filing, lines: Iterable[int]) -> Mapping[int, dict[int, AeCp]]:
    """By line and year, in the filing's version."""
    found: dict[int, dict[int, AeCp]] = defaultdict(dict)
    for line, year, ae, cp in _planned_by_line().filter(version_id=filing.version_id, line__in=lines):
        found[line][year] = AeCp(ae, cp)
    return found


def _past(filing: Filing, lines: Iterable[int]) -> Mapping[int, _Past]:
    """What the contract's other filings that count said, by line."""
    found: dict[int, _Past] = defaultdict(_Past)
    this = filing.campaign
    for line, year, ends_on, ae, cp in _counted_by_line().filter(line__in=lines):
        past, consumed = found[line], AeCp(ae, cp)
        if ends_on < this.ends_on:
            past.hear(year, ends_on, consumed)
        elif ends_on > this.ends_on and year == this.year and past.following is None and consumed.is_reported:
            past.following = consumed
    return found


@cache
def _planned_by_line() -> QuerySet[Any, Any]:
    """What every version plans. Never read itself, only narrowed."""
    return PlannedCredit.objects.order_by("pk").values_list("line_id", "year", "ae", "cp")


@cache
def _counted_by_line() -> QuerySet[Any, Any]:
    """What filings that count say, in the order of their periods. Never read itself, only narrowed."""
    rows = Consumption.objects.filter(filing__state__in=COUNTING_STATES)
    order = rows.order_by("filing__campaign__ends_on", "filing__campaign__kind", "pk")
    return order.values_list("line_id", "filing__campaign__year", "filing__campaign__ends_on", "ae", "cp")


def _row(row: Consumption, year: int, planned: Mapping[int, AeCp], past: _Past) -> CreditRow:
    line = row.line
    return refreshed(
        CreditRow(
            pk=row.pk,
            line=row.line_id,
            revision=row.revision,
            label=line.label,
            note="",
            place="",
            titre=line.titre,
            programme=line.programme,
            is_ftap=line.is_ftap,
            sheet=line.sheet.number if line.sheet else None,
            consumed=NOTHING,
            comment=row.comment,
            planned=planned.get(year, NOTHING),
            planned_over_life=total_ae_cp(planned.values()),
            last=past.by_year.get(year),
            earlier=past.before(year),
            following=past.following,
            moved_on=past.moved_on,
        ),
        row,
    )
