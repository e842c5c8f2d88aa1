"""The section « économies » of a filing: once a year."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from contracts.fields import amount
from contracts.parts import with_since
from figures.ae_cp import AeCp
from figures.formats import euros, missing, signed_euros
from monitoring.entry.cells import row_anchor
from monitoring.models import Filing
from monitoring.sections import (
    Completeness,
    Said,
    Section,
    SummaryRow,
    count_rows,
    has_changed,
    is_annual,
    prepare_rows,
    row_key,
    rows_at,
)
from monitoring.work import work_by_sheet
from savings.entry import SavingRow
from savings.entry_selectors import SECTION_CODE, entry_rows
from savings.enums import EvidenceLevel, SavingsMethod
from savings.models import RealisedSaving, SavingsLine

_FILLED, _WANTED = Q(ae__isnull=False, cp__isnull=False), ~Q(line__method=SavingsMethod.UNVALUED)
_count = count_rows(RealisedSaving, filled=_FILLED, wanted=_WANTED)


def prepare_all(filings: Sequence[Filing]) -> None:
    """An empty row for each savings line of the contract that has none yet."""
    prepare_rows(RealisedSaving, "line", with_since(SavingsLine.objects.all(), "terms", "planned"), filings)


def prepare(filing: Filing) -> None:
    """The same for one filing."""
    prepare_all([filing])


def completeness(filing: Filing) -> Completeness:
    """Lines that the contract values, whose AE and CP are both reported."""
    return _count([filing]).get(filing.pk, Completeness(0, 0))


def summary(filing: Filing) -> list[SummaryRow]:
    """AE and CP of each line beside the year's plan and what was last declared."""
    return [shown for row in entry_rows(filing) for shown in _summary(row)]


def _summary(row: SavingRow) -> list[SummaryRow]:
    return [
        SummaryRow(
            label=row.label,
            measure=measure,
            declared=euros(_one(row.declared, measure)),
            planned=euros(_one(row.planned, measure), missing=missing(is_lost=row.is_lost)),
            previous=euros(_one(row.last, measure)),
            comment=_comment(row),
            author=row.updated_by,
            anchor=row_anchor(row.pk),
            sheet=row.sheet,
            typed_at=row.updated_at,
            group=row.note,
            changed=has_changed(
                _one(row.declared, measure), _one(row.last, measure), is_untouched=row.updated_at is None
            ),
            gap=signed_euros(_one(row.declared - row.planned, measure)),
            difference=signed_euros(_one(row.declared - row.last, measure)),
        )
        for measure in ("AE", "CP")
    ]


def _comment(row: Any) -> str:
    """The reason, the evidence level and the evidence, of a row or of an event of its history."""
    level = EvidenceLevel(row.evidence_level).label if row.evidence_level else ""
    return " – ".join(part for part in (row.reason, level, row.evidence) if part)


def said_at(filing: Filing, at: datetime) -> dict[str, Said]:
    """What each line said on an instant. One query."""
    return {
        row_key(row_anchor(row.pgh_obj_id), measure): Said(euros(amount(told)), _comment(row))
        for row in rows_at(RealisedSaving, filing, at)
        for measure, told in (("AE", row.ae), ("CP", row.cp))
    }


def _one(pair: AeCp, measure: str) -> Decimal | None:
    return pair.ae if measure == "AE" else pair.cp


SECTION = Section(
    code=SECTION_CODE,
    title="Économies réalisées",
    url_name="savings:entry",
    position=20,
    applies=is_annual,
    prepare_all=prepare_all,
    completeness=completeness,
    completeness_of=_count,
    summary=summary,
    said_at=said_at,
    work_of=work_by_sheet(RealisedSaving, _FILLED, _WANTED),
    decision_url_name="savings:certification",
    decision_title="Certifier les économies",
)
