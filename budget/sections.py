"""The section « crédits » of a filing."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q
from django.utils import timezone

from budget.calc import lost_of
from budget.entry import CreditRow
from budget.entry_selectors import entry_rows
from budget.models import BudgetLine, Consumption
from budget.tranches.decided import decided_tranche
from contracts.fields import amount
from contracts.parts import with_since
from figures.ae_cp import NOTHING, AeCp, total_ae_cp
from figures.formats import euros, missing, signed_euros
from monitoring.entry.cells import row_anchor
from monitoring.models import Filing
from monitoring.sections import (
    Beside,
    Completeness,
    Said,
    Section,
    SectionTotal,
    SummaryRow,
    count_rows,
    has_changed,
    prepare_rows,
    row_key,
    rows_at,
)
from monitoring.work import sheets_with_rows, work_by_sheet

PLANNED: Final = "Prévu"
_FILLED = Q(ae__isnull=False, cp__isnull=False)
_count = count_rows(Consumption, filled=_FILLED)


def prepare_all(filings: Sequence[Filing]) -> None:
    """An empty row for each line of the contract that has none yet; every line lives as long as the contract."""
    prepare_rows(Consumption, "line", with_since(BudgetLine.objects.all(), "planned"), filings)


def prepare(filing: Filing) -> None:
    """The same for one filing."""
    prepare_all([filing])


def completeness(filing: Filing) -> Completeness:
    """Lines whose AE and CP are both reported."""
    return _count([filing]).get(filing.pk, Completeness(0, 0))


def summary(filing: Filing) -> list[SummaryRow]:
    """AE and CP of each line beside the year's plan and the previous filing."""
    return [shown for row in entry_rows(filing) for shown in _summary(row)]


def _summary(row: CreditRow) -> list[SummaryRow]:
    return [
        SummaryRow(
            label=row.label,
            measure=measure,
            declared=euros(_one(row.consumed, measure)),
            planned=euros(_one(row.planned, measure), missing=missing(is_lost=measure.lower() in row.lost)),
            previous=euros(_one(row.last_known, measure)),
            comment=row.comment,
            author=row.updated_by,
            anchor=row_anchor(row.pk),
            sheet=row.sheet,
            typed_at=row.updated_at,
            group=", ".join(filter(None, (row.place, row.note))),
            changed=has_changed(
                _one(row.consumed, measure), _one(row.last_known, measure), is_untouched=row.updated_at is None
            ),
            gap=signed_euros(_one(row.consumed - row.planned, measure)),
            difference=signed_euros(_one(row.consumed - row.last_known, measure)),
        )
        for measure in ("AE", "CP")
    ]


def said_at(filing: Filing, at: datetime) -> dict[str, Said]:
    """What each line said on an instant. One query."""
    return {
        row_key(row_anchor(row.pgh_obj_id), measure): Said(euros(amount(told)), row.comment)
        for row in rows_at(Consumption, filing, at)
        for measure, told in (("AE", row.ae), ("CP", row.cp))
    }


def totals(filing: Filing) -> list[SectionTotal]:
    """AE and CP of the fund's own lines beside the year's plan, the tranche decided for it, and the previous filing.

    Against the plan and the previous filing, a line left blank has no gap; a tranche is decided for all lines together.
    """
    rows = [row for row in entry_rows(filing) if row.is_ftap]
    declared = total_ae_cp(row.consumed for row in rows)
    tranche = decided_tranche(filing.contract, filing.campaign.year, timezone.localdate())
    told = [row.consumed for row in rows]
    lost = lost_of(total_ae_cp(row.planned for row in rows), (row.lost for row in rows))
    beside = {
        PLANNED: _held([row.planned for row in rows], told),
        "Tranche": (tranche, declared - tranche, NOTHING),
        "Précédent": _held([row.last_known for row in rows], told),
    }
    return [
        SectionTotal(
            label=measure,
            declared=euros(_one(declared, measure)),
            beside=tuple(
                Beside(
                    title,
                    euros(_one(pair, measure), missing=missing(is_lost=title == PLANNED and measure.lower() in lost)),
                    signed_euros(_one(gap, measure)),
                    euros(_one(part, measure), missing=""),
                )
                for title, (pair, gap, part) in beside.items()
            ),
        )
        for measure in ("AE", "CP")
        if rows
    ]


def _held(pairs: Sequence[AeCp], told: Sequence[AeCp]) -> tuple[AeCp, AeCp, AeCp]:
    """Amounts of lines added, the gaps of the lines that reported, and what these are held against where it is less."""
    whole, both = total_ae_cp(pairs), list(zip(pairs, told, strict=True))
    gap = total_ae_cp(now - pair for pair, now in both)
    return whole, gap, total_ae_cp(pair.where(now) for pair, now in both).unlike(whole).where(gap)


def _one(pair: AeCp, measure: str) -> Decimal | None:
    return pair.ae if measure == "AE" else pair.cp


SECTION = Section(
    code="credits",
    title="Crédits consommés",
    url_name="budget:entry",
    position=10,
    applies=lambda filing: True,
    prepare_all=prepare_all,
    completeness=completeness,
    completeness_of=_count,
    summary=summary,
    said_at=said_at,
    totals=totals,
    totals_title="Crédits du FTAP, cumulés depuis le 1er janvier",
    work_of=work_by_sheet(Consumption, _FILLED, sheet="line__sheet"),
    sheets_of=sheets_with_rows(Consumption, "line__sheet"),
)
