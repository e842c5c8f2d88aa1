"""The last year of funding of a draft, typed on a page."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contracts.amendments.forms import ProlongForm
from contracts.amendments.prolongation import may_prolong, set_last_year, signed_last_year
from contracts.amendments.refusals import AmendmentRefused
from contracts.views.amendments import draft_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prolong(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Until which year an amendment in preparation funds the contract; nothing moves before its effect."""
    page, draft = draft_page(request, code, number)
    if not may_prolong(draft):
        raise PermissionDenied
    signed = signed_last_year(draft)
    form = ProlongForm(request.POST or None, signed=signed, initial={"last_year": draft.extends_to or signed})
    if form.is_valid():
        try:
            held = set_last_year(draft, form.cleaned_data["last_year"], cast("User", request.user))
        except AmendmentRefused as refusal:
            form.add_error("last_year", list(refusal.reasons))
        else:
            last = held.extends_to or signed
            messages.success(request, f"L’avenant en préparation finance le contrat jusqu’en {last}.")
            return redirect("contracts:amendment", code, number)
    context = page.context | {
        "form": form,
        "form_heading": f"Dernière année de financement de l’avenant n°\u00a0{number}",
        "action": "Enregistrer",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/amendments/form.html", context, status=status)
