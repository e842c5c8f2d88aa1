"""The dates of a signed act that were written down wrong."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contracts.amendments.act_dates import correct_dates
from contracts.amendments.forms import ActDatesForm
from contracts.amendments.refusals import AmendmentRefused
from contracts.pages import contract_page
from contracts.permissions import can_correct_dates, can_see_version


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dates(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The signatures, the date and the effect of a version: POST corrects them, with what was wrong."""
    page = contract_page(request, code, "Avenants")
    version = page.contract.versions.filter(number=number).select_related("contract__holder__ministry").first()
    if version is None or version.is_draft or not can_see_version(request.user, version):
        raise Http404("no such signed version for this person")
    if not can_correct_dates(request.user, version):
        raise PermissionDenied
    form = ActDatesForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        actor, today = cast("User", request.user), timezone.localdate()
        try:
            count = correct_dates(version, form.dates, form.cleaned_data["why"], actor, today=today)
        except AmendmentRefused as refusal:
            form.add_error(None, list(refusal.reasons))
        else:
            messages.success(request, "La date est corrigée." if count == 1 else f"{count} dates sont corrigées.")
            return redirect("contracts:amendment", code, number)
    trail = [
        *page.context["breadcrumbs"][:-1],
        ("Avenants", reverse("contracts:amendments", args=[code])),
        (str(version), reverse("contracts:amendment", args=[code, number])),
        ("Dates", ""),
    ]
    context = page.context | {"shown": version, "form": form, "breadcrumbs": trail}
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/act_dates.html", context, status=status)
