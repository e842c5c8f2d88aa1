"""Reads for the entry grid of savings: five queries whatever the number of lines, years and filings.

Seven after the contract's table, when what recurs each year is the plan.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Max

from contracts.fields import amount
from figures.ae_cp import NOTHING, AeCp
from monitoring.evidence_selectors import count_by_row
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES
from savings.entry import Certification, SavingFacts, SavingRow
from savings.enums import SavingsMethod
from savings.models import (
    PlannedPost,
    PlannedSaving,
    RealisedSaving,
    SavingCertification,
    SavingsLine,
    SavingsTerms,
)
from savings.selectors import years_after

SECTION_CODE = "economies"
READ_WITH = ("line", "certification__certified_by")


def entry_rows(filing: Filing, keys: Collection[int] | None = None) -> list[SavingRow]:
    """The lines of a filing, or those of these keys, in the contract's order."""
    rows = RealisedSaving.objects.filter(filing=filing).select_related(*READ_WITH, "updated_by")
    kept = (rows if keys is None else rows.filter(pk__in=keys)).order_by("line__position", "pk")
    return rows_beside(filing, list(kept))


def rows_beside(filing: Filing, stored: Sequence[RealisedSaving]) -> list[SavingRow]:
    """These rows of the table with what stands beside them: four queries when they were read with `READ_WITH`."""
    lines = [row.line_id for row in stored]
    planned, last, posts = _planned(filing, lines), _last_year(filing, lines), _redeployed(filing, lines)
    pieces = count_by_row(filing, SECTION_CODE)
    return [
        replace(
            _row(row, planned.get(row.line_id, NOTHING), last.get(row.line_id, NOTHING), posts.get(row.line_id)),
            attachments=pieces.get(row.pk, 0),
            certification=_certification(row),
        )
        for row in stored
    ]


def refreshed(row: SavingRow, written: RealisedSaving) -> SavingRow:
    """The row with what the table now holds."""
    return replace(
        row,
        revision=written.revision,
        declared=AeCp(amount(written.ae), amount(written.cp)),
        reason=written.reason,
        evidence_level=written.evidence_level,
        evidence=written.evidence,
        updated_by=written.updated_by.get_full_name() if written.updated_by else "",
        updated_at=written.updated_at,
    )


def saving_facts(filing: Filing, rows: Sequence[SavingRow]) -> SavingFacts:
    """These rows with the year that they are declared for."""
    return SavingFacts(filing.campaign.year, tuple(rows))


def filing_facts(filing: Filing, on: date) -> SavingFacts:
    """All the lines of a filing; the day plays no part."""
    return saving_facts(filing, entry_rows(filing))


def _planned(filing: Filing, lines: Iterable[int]) -> Mapping[int, AeCp]:
    """By line, in the filing's version, for its year; after the contract's table, what recurs each year."""
    year, held = filing.campaign.year, {"version_id": filing.version_id, "line__in": lines}
    rows = PlannedSaving.objects.filter(**held, year=year).values_list("line_id", "ae", "cp").order_by("pk")
    printed = {line: AeCp(ae, cp) for line, ae, cp in rows}
    if printed or year <= filing.contract.last_year:
        return printed
    last = PlannedSaving.objects.filter(version_id=filing.version_id).aggregate(last=Max("year"))["last"]
    if year not in years_after(filing.contract, [] if last is None else [last]):
        return {}
    terms = SavingsTerms.objects.filter(**held, line__is_recurrent=True).order_by("pk")
    return {line: AeCp(ae, cp) for line, ae, cp in terms.values_list("line_id", "recurrent_ae", "recurrent_cp")}


def _last_year(filing: Filing, lines: Iterable[int]) -> Mapping[int, AeCp]:
    """By line, what the last filing that counts declared for an earlier year."""
    rows = RealisedSaving.objects.filter(
        line__in=lines, filing__state__in=COUNTING_STATES, filing__campaign__year__lt=filing.campaign.year
    ).order_by("filing__campaign__ends_on", "pk")
    return {line: AeCp(ae, cp) for line, ae, cp in rows.values_list("line_id", "ae", "cp")}


def _redeployed(filing: Filing, lines: Iterable[int]) -> Mapping[int, Decimal]:
    """By line, the posts (ETPT) that the version redeploys up to the filing's year."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    rows = PlannedPost.objects.filter(
        version_id=filing.version_id, line__in=lines, year__lte=filing.campaign.year, redeployed_etpt__isnull=False
    ).order_by("pk")
    for line, etpt in rows.values_list("line_id", "redeployed_etpt"):
        found[line] += etpt or Decimal(0)
    return found


def _row(row: RealisedSaving, planned: AeCp, last: AeCp, redeployed: Decimal | None) -> SavingRow:
    line = row.line
    return refreshed(
        SavingRow(
            pk=row.pk,
            revision=row.revision,
            label=line.label,
            note=_note(line),
            is_redeployed=line.is_redeployed,
            is_valued=line.method != SavingsMethod.UNVALUED,
            declared=NOTHING,
            reason="",
            evidence_level="",
            evidence="",
            planned=planned,
            last=last,
            redeployed_etpt=redeployed,
        ),
        row,
    )


def _certification(row: RealisedSaving) -> Certification | None:
    held: SavingCertification | None = getattr(row, "certification", None)
    if held is None:
        return None
    return Certification(
        revision=held.revision,
        amounts=AeCp(amount(held.ae), amount(held.cp)),
        level=held.level,
        level_label=held.get_level_display(),
        reason=held.reason,
        by=held.certified_by.get_full_name(),
        at=held.certified_at,
        declared=AeCp(amount(held.declared_ae), amount(held.declared_cp)),
    )


def _note(line: SavingsLine) -> str:
    """Titre, benefiting programme, method, and whether posts are redeployed."""
    parts = [
        f"titre {line.titre}" if line.titre else "",
        f"programme {line.programme}" if line.programme else "programme à répartir",
        line.get_method_display().lower(),
        "" if line.is_recurrent else "ponctuelle",
        "redéployée, non comptée" if line.is_redeployed else "",
    ]
    return ", ".join(part for part in parts if part)
