"""Reads for the entry grid of savings: four queries whatever the number of lines, years and filings.

Six after the contract's table, when what recurs each year is the plan.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, Max, Sum, Value

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
from savings.planned import is_lost
from savings.selectors import years_after

SECTION_CODE = "economies"
READ_WITH = ("line", "certification__certified_by")


def entry_rows(filing: Filing, keys: Collection[int] | None = None) -> list[SavingRow]:
    """The lines of a filing, or those of these keys, in the contract's order."""
    rows = RealisedSaving.objects.filter(filing=filing).select_related(*READ_WITH, "updated_by")
    kept = (rows if keys is None else rows.filter(pk__in=keys)).order_by("line__position", "pk")
    return rows_beside(filing, list(kept))


def rows_beside(filing: Filing, stored: Sequence[RealisedSaving]) -> list[SavingRow]:
    """These rows of the table with what stands beside them: three queries when they were read with `READ_WITH`."""
    lines = [row.line_id for row in stored]
    (planned, lost, posts), last = _promised(filing, lines), _last_year(filing, lines)
    pieces = count_by_row(filing, SECTION_CODE, [row.pk for row in stored])
    return [
        replace(
            _row(row, planned.get(row.line_id, NOTHING), last.get(row.line_id, NOTHING), posts.get(row.line_id)),
            is_lost=row.line_id in lost,
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


Promised = tuple[Mapping[int, AeCp], Collection[int], Mapping[int, Decimal]]


def _promised(filing: Filing, lines: Sequence[int]) -> Promised:
    """By line, in the filing's version: the saving of its year, the lines of which the scan lost amounts, and the posts
    (ETPT) redeployed up to that year.

    After the contract's table, the saving is what recurs each year. One query, three more in that case.
    """
    year, held = filing.campaign.year, {"version_id": filing.version_id, "line__in": lines}
    savings = PlannedSaving.objects.filter(**held, year=year).order_by()
    posts = PlannedPost.objects.filter(**held, year__lte=year, redeployed_etpt__isnull=False).order_by()
    nothing, no = Value(None, output_field=DecimalField()), Value(value=False)
    both = savings.annotate(lost=is_lost(), etpt=nothing).values_list("line_id", "ae", "cp", "lost", "etpt")
    redeployed = posts.values("line_id").annotate(
        no_ae=nothing,
        no_cp=Value(None, output_field=DecimalField()),
        lost=no,
        etpt=Sum("redeployed_etpt"),
    )
    planned: dict[int, AeCp] = {}
    lost: set[int] = set()
    found: dict[int, Decimal] = {}
    told = redeployed.values_list("line_id", "no_ae", "no_cp", "lost", "etpt")
    for line, ae, cp, is_unread, etpt in both.union(told, all=True):
        if etpt is not None:
            found[line] = etpt
            continue
        planned[line] = AeCp(ae, cp)
        if is_unread:
            lost.add(line)
    return (planned, lost, found) if planned else (*_recurrent(filing, lines), found)


def _recurrent(filing: Filing, lines: Iterable[int]) -> tuple[Mapping[int, AeCp], Collection[int]]:
    """By line, what recurs each year once the contract's table has ended, and the lines of which the scan lost amounts;
    nothing before, nor when it is over."""
    year = filing.campaign.year
    if year <= (filing.version.extends_to or filing.contract.last_year):
        return {}, ()
    last = PlannedSaving.objects.filter(version_id=filing.version_id).aggregate(last=Max("year"))["last"]
    if year not in years_after(filing.contract, filing.version, [] if last is None else [last]):
        return {}, ()
    terms = SavingsTerms.objects.filter(version_id=filing.version_id, line__in=lines, line__is_recurrent=True)
    told = terms.order_by("pk").annotate(lost=is_lost())
    rows = list(told.values_list("line_id", "recurrent_ae", "recurrent_cp", "lost"))
    return {line: AeCp(ae, cp) for line, ae, cp, _ in rows}, {line for line, _, _, is_unread in rows if is_unread}


def _last_year(filing: Filing, lines: Iterable[int]) -> Mapping[int, AeCp]:
    """By line, what the last filing that counts declared for an earlier year."""
    rows = RealisedSaving.objects.filter(
        line__in=lines, filing__state__in=COUNTING_STATES, filing__campaign__year__lt=filing.campaign.year
    ).order_by("filing__campaign__ends_on", "pk")
    return {line: AeCp(ae, cp) for line, ae, cp in rows.values_list("line_id", "ae", "cp")}


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
            titre=line.titre,
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
    """Titre, benefiting programme, method, whether posts are redeployed, and what enters no total."""
    parts = [
        f"titre {line.titre}" if line.titre else "",
        f"programme {line.programme}" if line.programme else "programme à répartir",
        line.get_method_display().lower(),
        "" if line.is_recurrent else "ponctuelle",
        "redéployée" if line.is_redeployed else "",
        "non comptée" if line.is_redeployed or line.method == SavingsMethod.UNVALUED else "",
    ]
    return ", ".join(part for part in parts if part)
