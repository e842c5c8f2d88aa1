"""Reads about evidence: what is joined to a filing, and to which of its lines a file may be joined."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, prefetch_related_objects

from monitoring.models import Attachment, Filing
from monitoring.permissions import Viewer, editable_sheets
from monitoring.sections import Section, sections_of
from monitoring.sections import section as find_section


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of a section that a file may prove: `row` is the number of its entry row, `sheet` of its project sheet."""

    section: Section
    row: int
    label: str
    sheet: str | None


def attachments_of(filing: Filing) -> list[Attachment]:
    """Everything ever joined, removed pieces included, with who joined and removed it: read once for each filing."""
    with_people = Attachment.objects.select_related("uploaded_by", "removed_by")
    prefetch_related_objects([filing], Prefetch("attachments", with_people))
    return list(filing.attachments.all())


def attachments_of_section(filing: Filing, section: str) -> list[Attachment]:
    """The pieces joined to a section, or to one of its lines, and not removed."""
    return [one for one in attachments_of(filing) if one.section == section and not one.is_removed]


def count_by_row(filing: Filing, section: str, rows: Collection[int]) -> Mapping[int, int]:
    """How many pieces prove each of these lines of a section: its own, and those of the whole section; one query."""
    found = Attachment.objects.filter(Q(row__in=rows) | Q(row__isnull=True), filing=filing, section=section)
    held = found.filter(removed_at__isnull=True).order_by().values_list("row").annotate(count=Count("pk"))
    counts: dict[int | None, int] = dict(held)
    whole = counts.pop(None, 0)
    return {row: whole + counts.get(row, 0) for row in rows}


def lines_of(filing: Filing) -> list[EvidenceLine]:
    """The lines of a filing in the order of its sections, as its review shows them."""
    found: dict[tuple[str, int], EvidenceLine] = {}
    for section in sections_of(filing):
        for shown in section.summary(filing) if section.summary else ():
            number = re.search(r"\d+", shown.anchor)
            if number:
                line = EvidenceLine(section, int(number[0]), shown.label, shown.sheet)
                found.setdefault((section.code, line.row), line)
    return list(found.values())


def lines_to_prove(user: Viewer, filing: Filing) -> list[EvidenceLine]:
    """The lines to which the person may join a file now: those whose figures are theirs to write."""
    sheets = editable_sheets(user, filing)
    if sheets is None:
        return lines_of(filing)
    return [line for line in lines_of(filing) if line.sheet in sheets] if sheets else []


def has_lines_to_prove(user: Viewer, filing: Filing, section: str) -> bool:
    """Whether the section has such a line, without reading its figures: one query at most, for a contributor only."""
    sheets, shown = editable_sheets(user, filing), find_section(section)
    if sheets is None or not sheets or shown is None:
        return sheets is None
    return shown.sheets_of is not None and bool(sheets & shown.sheets_of([filing]).get(filing.pk, set()))
