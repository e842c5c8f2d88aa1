"""A filing's workbook: download it, bring it back, see what it changes, confirm."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.resuming import signed_in_or_kept
from figures.formats import typeset
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing
from monitoring.views.access import seen_filing, trail, typed_filing, viewer
from monitoring.workbook.differences import Status
from monitoring.workbook.form import WorkbookForm
from monitoring.workbook.imports import (
    Pending,
    confirm_workbook,
    drop_workbook,
    make_workbook,
    marked_workbook,
    pending,
    receive_workbook,
)

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOICE: Final = "garder-"
CONFLICT, UNREADABLE = 409, 422


@require_safe
@login_required
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook, prefilled; what this person may not write is locked in it."""
    filing = seen_filing(request, pk)
    return _file(filing, make_workbook(filing, viewer(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form, and the differences of the workbook that waits. POST: brings a workbook in its place."""
    filing = typed_filing(request, pk, whole=False)
    if request.method != "POST":
        return _page(request, filing, WorkbookForm())
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, filing, form, status=UNREADABLE)
    file = form.cleaned_data["file"]
    try:
        receive_workbook(filing=filing, actor=viewer(request), file_name=file.name, content=file.read())
    except FilingError as error:
        form.add_error("file", str(error))
        return _page(request, filing, form, status=UNREADABLE if filing.takes_texts else CONFLICT)
    return redirect("monitoring:workbook_upload", pk)


@require_POST
@signed_in_or_kept
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Writes what was shown, or drops the workbook."""
    filing = typed_filing(request, pk, whole=False)
    if "abandonner" in request.POST:
        drop_workbook(filing=filing, actor=viewer(request))
        messages.info(request, "Le classeur est abandonné\u00a0: rien n’a changé.")
        return redirect("monitoring:workbook_upload", pk)
    choices = {name.removeprefix(CHOICE): str(kept) for name, kept in request.POST.items() if name.startswith(CHOICE)}
    try:
        count = confirm_workbook(filing=filing, actor=viewer(request), seen=request.POST.get("vu", ""), choices=choices)
    except NotAllowedError as error:
        raise PermissionDenied from error
    except FilingError as error:
        return _page(request, filing, WorkbookForm(), status=CONFLICT, refusal=str(error), choices=choices)
    messages.success(request, _told(count))
    return redirect("monitoring:filing", pk)


@require_safe
@login_required
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own workbook, its refused cells marked; 404 when nothing in it is refused."""
    filing = typed_filing(request, pk, whole=False)
    waiting, _ = _pending(request, filing)
    if waiting is None or not waiting.differences.refusals:
        raise Http404
    return _file(filing, marked_workbook(filing, viewer(request), waiting), "-a-corriger")


def _pending(request: HttpRequest, filing: Filing) -> tuple[Pending | None, str]:
    """What waits, and why it can no longer be taken."""
    try:
        return pending(filing, viewer(request)), ""
    except FilingError as error:
        return None, str(error)


def _page(
    request: HttpRequest,
    filing: Filing,
    form: WorkbookForm,
    *,
    status: int = 200,
    refusal: str = "",
    choices: dict[str, str] | None = None,
) -> HttpResponse:
    waiting, said = _pending(request, filing)
    found = waiting.differences if waiting else None
    context: dict[str, Any] = {
        "filing": filing,
        "form": form,
        "refusal": typeset(refusal or said),
        "waiting": waiting,
        "differences": found,
        "counts": [(one.label, found.count(one)) for one in Status] if found else [],
        "mine": [key for key, kept in (choices or {}).items() if kept == "mine"],
        "theirs": [key for key, kept in (choices or {}).items() if kept == "theirs"],
        **trail(filing, ("Classeur", reverse("monitoring:workbook_upload", args=[filing.pk]))),
    }
    return render(request, "monitoring/workbook.html", context, status=status)


def _file(filing: Filing, content: bytes, suffix: str = "") -> HttpResponse:
    """As an attachment, never kept by a shared machine in between."""
    response = HttpResponse(content, content_type=XLSX)
    name = f"{filing.contract.code}-{filing.campaign.code}"
    response["Content-Disposition"] = f'attachment; filename="{name}{suffix}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def _told(count: int) -> str:
    if not count:
        return "Le classeur ne changeait rien."
    return "Une valeur est enregistrée." if count == 1 else f"{count} valeurs sont enregistrées."
