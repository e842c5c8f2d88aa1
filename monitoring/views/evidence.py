"""Evidence of a filing: the list, joining a file, reading one, marking one removed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.resuming import signed_in_or_kept
from contracts.evidence.refusals import EvidenceRefused
from contracts.evidence.storage import sent
from monitoring import sections
from monitoring.errors import FilingError, NotAllowedError
from monitoring.evidence_form import WHOLE_FILING, EvidenceForm
from monitoring.evidence_selectors import attachments_of, lines_of, lines_to_prove
from monitoring.models import Attachment, Filing
from monitoring.permissions import can_download, can_edit_filing, can_edit_whole_filing, can_remove_attachment
from monitoring.services.evidence import add_attachment, remove_attachment
from monitoring.views.access import seen_filing, trail, typed_filing, viewer

UNREADABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """What proves the filing; POST joins a file to it, to a section or to a line."""
    if request.method != "POST":
        shown = seen_filing(request, pk)
        return _page(request, shown, _form(request, shown, initial={"proves": request.GET.get("ligne", WHOLE_FILING)}))
    shown = typed_filing(request, pk, whole=False)
    form = _form(request, shown, request.POST, request.FILES)
    if form.is_valid() and _join(request, shown, form):
        return redirect("monitoring:evidence", pk)
    return _page(request, shown, form, status=UNREADABLE)


def _form(request: HttpRequest, shown: Filing, *args: Any, **kwargs: Any) -> EvidenceForm:
    """The form with what this person may prove; of a closed filing every line, for the service says why it refuses."""
    person, is_open = viewer(request), shown.is_editable
    lines = lines_to_prove(person, shown) if is_open else lines_of(shown)
    return EvidenceForm(lines, *args, whole=not is_open or can_edit_whole_filing(person, shown), **kwargs)


def _join(request: HttpRequest, shown: Filing, form: EvidenceForm) -> bool:
    """Whether the service took the file; what it refused is said on the form."""
    file: UploadedFile[Any] = form.cleaned_data["file"]
    try:
        joined = add_attachment(
            filing=shown,
            actor=viewer(request),
            name=file.name or "",
            content=file.read(),
            section=form.section,
            row=form.row,
        )
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except ValidationError as error:
        form.add_error("file", error.messages)
    except EvidenceRefused as refused:
        form.add_error("file", str(refused))
    except FilingError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, f"La pièce «\u00a0{joined.name}\u00a0» est jointe.")
    return not form.errors


def _page(request: HttpRequest, shown: Filing, form: EvidenceForm, status: int = 200) -> HttpResponse:
    person = viewer(request)
    titles = {section.code: section.title for section in sections.all_sections()}
    pieces = [
        {
            "attachment": one,
            "section": titles.get(one.section, "Ensemble du dossier"),
            "can_download": can_download(person, one),
            "can_remove": not one.is_removed and can_remove_attachment(person, one),
        }
        for one in attachments_of(shown)
    ]
    context = {
        "filing": shown,
        "form": form,
        "can_join": can_edit_filing(person, shown) and form.has_choices,
        "has_no_line": can_edit_filing(person, shown) and not form.has_choices,
        "pieces": pieces,
        "can_remove": any(piece["can_remove"] for piece in pieces),
        **trail(shown, ("Pièces jointes", request.path)),
    }
    return render(request, "monitoring/evidence.html", context, status=status)


@require_safe
@login_required
def evidence_file(request: HttpRequest, pk: int, attachment_pk: int) -> FileResponse:
    """The file itself, to be saved and never shown; 404 for a stranger, as for a file that does not exist."""
    attachment = _attachment(request, pk, attachment_pk)
    if not can_download(viewer(request), attachment):
        raise Http404
    return sent(attachment)


@require_POST
@signed_in_or_kept
def evidence_remove(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    """Marks a piece removed; it stays in the list, struck, and in the storage."""
    typed_filing(request, pk, whole=False)
    attachment = _attachment(request, pk, attachment_pk)
    try:
        remove_attachment(attachment=attachment, actor=viewer(request))
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FilingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"La pièce «\u00a0{attachment.name}\u00a0» est retirée\u00a0; sa trace reste.")
    return redirect("monitoring:evidence", pk)


def _attachment(request: HttpRequest, pk: int, attachment_pk: int) -> Attachment:
    """A piece of this filing, with the filing that was fetched and authorised; 404 for another's."""
    shown = seen_filing(request, pk)
    attachment = get_object_or_404(shown.attachments, pk=attachment_pk)
    attachment.filing = shown
    return attachment
