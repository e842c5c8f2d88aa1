"""Lines that an amendment in preparation adds or removes."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from contracts.amendments.changed_lines import AdditionRefused, add_line, additions_of, remove_line
from contracts.amendments.grid import editable_parts
from contracts.amendments.line_form import LINE, AddedLineForm
from contracts.amendments.refusals import AmendmentRefused
from contracts.models import ContractVersion
from contracts.parts import Part
from contracts.views.amendments import draft_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, code: str, number: int, part_code: str, addition_code: str) -> HttpResponse:
    """The form of a new line; everything that the contract file would refuse is refused at its cell."""
    page, draft = draft_page(request, code, number)
    part = _part(draft, part_code)
    addition = next((one for one in additions_of(draft, part) if one.code == addition_code), None)
    if addition is None:
        raise Http404("nothing of this kind may be added")
    form = AddedLineForm(request.POST or None, draft=draft, addition=addition)
    if request.method == "POST" and form.is_valid():
        line = form.cleaned_data.get(LINE, "")
        try:
            add_line(draft, addition, form.cleaned_data, cast("User", request.user), line=line)
        except AdditionRefused as refusal:
            form.refuse(refusal.errors)
        except AmendmentRefused as refusal:
            form.add_error(None, list(refusal.reasons))
        else:
            messages.success(request, f"L’avenant compte {addition.title} de plus.")
            return redirect("contracts:amendment_edit", code, number, part.code)
    context = page.context | {"shown": draft, "part": part, "addition": addition, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/amendments/add_line.html", context, status=status)


@require_POST
@login_required
def remove(request: HttpRequest, code: str, number: int, part_code: str) -> HttpResponse:
    """Drop what the draft promises of a line."""
    _, draft = draft_page(request, code, number)
    part = _part(draft, part_code)
    try:
        told = remove_line(draft, part, request.POST.get("ligne", ""), cast("User", request.user))
    except AmendmentRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"L’avenant ne promet plus rien de «\u00a0{told}\u00a0».")
    return redirect("contracts:amendment_edit", code, number, part.code)


def _part(draft: ContractVersion, code: str) -> Part:
    part = next((one for one in editable_parts(draft) if one.code == code), None)
    if part is None:
        raise Http404("the amendment does not touch this part")
    return part
