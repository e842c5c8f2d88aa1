"""Certification of the savings declared in a filing, by reviewers who did not declare them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.resuming import signed_in_or_kept
from figures.ae_cp import NOTHING, AeCp
from monitoring.entry.cells import CellError, Field, Kind, cell_anchor, read_fields, revision_name, write
from monitoring.errors import FilingError, NotAllowedError
from monitoring.evidence_selectors import attachments_of_section
from monitoring.models import Attachment, Filing
from monitoring.views.access import reviewed_filing, trail, viewer
from savings.certification import CertificationEntry, changes_of, is_outdated, refused_cells, seen_of, totals
from savings.entry import SavingRow
from savings.entry_selectors import entry_rows
from savings.enums import EvidenceLevel
from savings.permissions import certification_refusal, may_certify
from savings.sections import SECTION
from savings.services import CertificationRefused, StaleCertification, certify_savings

OK, CONFLICT, UNREADABLE = 200, 409, 422
LEVELS: Final = [(level.value, str(level.label)) for level in (EvidenceLevel.CERTIFIED, EvidenceLevel.BUDGETED)]
Cells = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name, what it holds (as typed when it was refused), what is wrong with it."""

    id: str
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Line:
    """A saving on the page: what is declared, its pieces, the inputs by field, whether it was declared anew since."""

    row: SavingRow
    seen: str
    seen_name: str
    pieces: Sequence[Attachment]
    certified: AeCp
    inputs: Mapping[str, Input]
    is_outdated: bool
    is_stale: bool


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def certification(request: HttpRequest, pk: int) -> HttpResponse:
    """Declared, planned and certified beside the evidence; POST certifies what was typed, all or nothing."""
    shown = reviewed_filing(request, pk)
    if not SECTION.applies(shown):
        raise Http404
    if request.method != "POST":
        return _page(request, shown)
    if not may_certify(viewer(request), shown):
        raise PermissionDenied
    return _certify(request, shown)


def _certify(request: HttpRequest, shown: Filing) -> HttpResponse:
    rows = entry_rows(shown)
    entries, errors = _read(rows, request.POST.dict())
    if errors:
        others = refused_cells(changes_of({row.pk: row for row in rows}, entries))
        return _page(request, shown, cells={**_by_row(errors), **others}, refused=_COUNT, status=UNREADABLE)
    try:
        written = certify_savings(filing=shown, entries=entries, actor=viewer(request))
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except CertificationRefused as refused:
        return _page(request, shown, cells=refused.cells, refused=str(refused), status=UNREADABLE)
    except StaleCertification as stale:
        return _page(request, shown, stale=stale.rows, refused=str(stale), status=CONFLICT)
    except FilingError as error:
        return _page(request, shown, refused=str(error), status=CONFLICT)
    messages.success(request, _said(len(written)))
    return redirect("savings:certification", shown.pk)


_COUNT: Final = "Rien n’est enregistré\u00a0: des montants sont à corriger."


def _fields(row: SavingRow) -> Sequence[Field]:
    """The four inputs of a line; the reason is that of this change, so it begins empty."""
    held = row.certification
    return (
        Field("ae", "ae", Kind.AMOUNT, held.amounts.ae if held else None),
        Field("cp", "cp", Kind.AMOUNT, held.amounts.cp if held else None),
        Field("level", "level", Kind.CHOICE, held.level if held else EvidenceLevel.CERTIFIED.value, "", LEVELS),
        Field("reason", "reason", Kind.TEXT, ""),
    )


def _read(rows: Sequence[SavingRow], form: Mapping[str, str]) -> tuple[list[CertificationEntry], list[CellError]]:
    """Entries of the lines that were sent, and the cells that were not understood."""
    entries: list[CertificationEntry] = []
    errors: list[CellError] = []
    for row in rows:
        if revision_name(row.pk) in form:
            values, refused = read_fields(row.pk, _fields(row), _typed(row, form), "eur")
            errors += refused
            if not refused:
                entries.append(CertificationEntry(row.pk, seen=form[revision_name(row.pk)], **values))
    return entries, errors


def _typed(row: SavingRow, form: Mapping[str, str]) -> dict[str, str]:
    names = {field.name: cell_anchor(row.pk, field.name) for field in _fields(row)}
    return {field: form[name] for field, name in names.items() if name in form}


def _by_row(errors: Sequence[CellError]) -> Cells:
    found: dict[int, dict[str, str]] = {}
    for error in errors:
        found.setdefault(error.row, {})[error.field] = error.message
    return found


def _page(
    request: HttpRequest,
    shown: Filing,
    *,
    cells: Cells | None = None,
    stale: frozenset[int] = frozenset(),
    refused: str = "",
    status: int = OK,
) -> HttpResponse:
    rows = entry_rows(shown)
    pieces, typed = attachments_of_section(shown, SECTION.code), request.POST.dict()
    lines = [_line(row, pieces, typed, (cells or {}).get(row.pk, {}), row.pk in stale) for row in rows]
    context: dict[str, Any] = {
        "filing": shown,
        "lines": lines,
        "levels": LEVELS,
        "totals": totals(rows),
        "refused": refused,
        "faults": [(line.row.label, one) for line in lines for one in line.inputs.values() if one.error],
        "why_not": certification_refusal(viewer(request), shown),
        **trail(shown, ("Revue", f"{shown.get_absolute_url()}revue/"), ("Certification", request.path)),
    }
    return render(request, "savings/certification.html", context, status=status)


def _line(
    row: SavingRow, pieces: Sequence[Attachment], form: Mapping[str, str], errors: Mapping[str, str], is_stale: bool
) -> Line:
    typed = _typed(row, form)
    inputs = {
        field.name: Input(
            cell_anchor(row.pk, field.name),
            typed.get(field.name, write(field.kind, field.value)),
            errors.get(field.name, ""),
        )
        for field in _fields(row)
    }
    own = [piece for piece in pieces if piece.row in (None, row.pk)]
    held = row.certification.amounts if row.certification else NOTHING
    return Line(row, seen_of(row), revision_name(row.pk), own, held, inputs, is_outdated(row), is_stale)


def _said(count: int) -> str:
    if not count:
        return "Rien n’a changé."
    return "Une économie est certifiée." if count == 1 else f"{count} économies sont certifiées."
