"""The financial annex of a version: taken away as a workbook, brought back, its differences read, then confirmed."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from contracts.amendments.refusals import AmendmentRefused
from contracts.annex.reader import AnnexRefused
from contracts.annex.services import check_annex, confirm_annex, marked_annex
from contracts.annex.writer import write_annex
from contracts.contract_file.errors import ContractFileError
from contracts.forms import AnnexForm
from contracts.models import Contract, ContractVersion
from contracts.pages import ContractPage, contract_page
from contracts.permissions import can_bring_annex_back, can_see_version

TITLE = "Avenants"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = "contracts/annex/page.html"


@require_safe
@login_required
def download(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The annex of a version; a blank one for a contract that states no amounts yet."""
    page = contract_page(request, code, TITLE)
    return _workbook(write_annex(_version(request, page.contract, number)), f"annexe-{code}-version-{number}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bring_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a filled annex would change, or every reason why it is refused; `action=annotate` gives it back marked."""
    page, version = _writable(request, code, number)
    is_sent = request.method == "POST"
    form = AnnexForm(request.POST, request.FILES) if is_sent else AnnexForm()
    context: dict[str, Any] = page.context | {
        "form": form,
        "shown": version,
        "found": None,
        "reasons": (),
        "token": "",
        "refusal": "",
    }
    if not is_sent:
        return render(request, PAGE, context)
    if not form.is_valid():
        return render(request, PAGE, context, status=422)
    sent = form.cleaned_data["file"]
    content = sent.read()
    try:
        checked = check_annex(version, sent.name, content, cast("User", request.user))
    except AnnexRefused as refusal:
        return render(request, PAGE, context | {"refusal": str(refusal)}, status=422)
    found = checked.differences
    if request.POST.get("action") == "annotate" and (found.refusals or found.warnings):
        return _workbook(marked_annex(content, [*found.refusals, *found.warnings]), f"annexe-{code}-a-corriger.xlsx")
    status = 422 if found.refusals or checked.reasons else 200
    context |= {"found": found, "reasons": checked.reasons, "token": checked.token}
    return render(request, PAGE, context, status=status)


@require_POST
@login_required
def confirm(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Write what was shown, all or nothing."""
    _, version = _writable(request, code, number)
    try:
        confirm_annex(version, request.POST.get("token", ""), cast("User", request.user))
    except (AnnexRefused, AmendmentRefused, ContractFileError) as refusal:
        messages.error(request, str(refusal))
        return redirect("contracts:annex_import", code, number)
    messages.success(request, f"L’annexe est reprise dans {version}.")
    return redirect("contracts:amendment", code, number)


def _version(request: HttpRequest, contract: Contract, number: int) -> ContractVersion:
    """A version that the person may see. 404 as for one that does not exist."""
    version = contract.versions.select_related("contract__holder__ministry").filter(number=number).first()
    if version is None or not can_see_version(request.user, version):
        raise Http404("no such version for this person")
    return version


def _writable(request: HttpRequest, code: str, number: int) -> tuple[ContractPage, ContractVersion]:
    """A version whose annex the person may bring back: 404 when it is not seen, 403 when it may not be touched."""
    page = contract_page(request, code, TITLE)
    version = _version(request, page.contract, number)
    if not can_bring_annex_back(request.user, version):
        raise PermissionDenied
    return page, version


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
