"""Reads for the entry grid of credits: three queries whatever the number of lines, years and filings."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from budget.entry import CreditFacts, CreditRow, fund_ae
from budget.entry_beside import Past, Plan, own_ae, past_by_line, planned_by_line
from budget.enums import Titre
from budget.models import Consumption
from budget.tranches.decided import decided_tranche
from budget.tranches.phases import affected_by_line
from contracts.fields import amount
from figures.ae_cp import NOTHING, AeCp, total_ae_cp
from monitoring.models import Filing

READ_WITH = ("line__sheet",)


def entry_rows(filing: Filing, keys: Collection[int] | None = None) -> list[CreditRow]:
    """The lines of a filing, or those of these keys, in the contract's order."""
    rows = Consumption.objects.filter(filing=filing).select_related(
        *READ_WITH, "line__axis", "line__sheet__axis", "line__co_financer", "updated_by"
    )
    kept = list((rows if keys is None else rows.filter(pk__in=keys)).order_by("line__position", "pk"))
    shown = zip(kept, rows_beside(filing, kept), strict=True)
    return [replace(row, note=stored.line.note, place=stored.line.place) for stored, row in shown]


def rows_beside(filing: Filing, stored: Sequence[Consumption]) -> list[CreditRow]:
    """These rows of the table with what stands beside them: two queries when they were read with `READ_WITH`, three
    where the plan leaves a cell blank.

    Without the place and the note that tell lines apart, which a row saved does not show again.
    """
    positions = {row.line_id: row.line.position for row in stored}
    planned, past = planned_by_line(filing, positions), past_by_line(filing, list(positions))
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
    spent = None if tranche.ae is None else own_ae(filing)
    return replace(credit_facts(filing, ()), tranche=tranche, fund_ae=spent)


def _tranche(filing: Filing) -> AeCp:
    return decided_tranche(filing.contract, filing.campaign.year, timezone.localdate())


def _row(row: Consumption, year: int, plan: Plan, past: Past) -> CreditRow:
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
            planned=plan.by_year.get(year, NOTHING),
            planned_over_life=total_ae_cp(plan.by_year.values()),
            lost=plan.lost.get(year, ()),
            last=past.by_year.get(year),
            earlier=past.before(year),
            following=past.following,
            moved_on=past.moved_on,
        ),
        row,
    )
