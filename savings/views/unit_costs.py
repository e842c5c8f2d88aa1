"""What does a post cost? The fund's reference, and what the contracts in force state."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contracts.models import Contract
from savings.permissions import can_run_unit_costs, can_see_unit_costs
from savings.unit_costs.calc import FAR, dispersions, spans
from savings.unit_costs.forms import ReferenceForm
from savings.unit_costs.selectors import references, stated_costs
from savings.unit_costs.services import ReferenceFacts, ReferenceRefused, record_reference


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def unit_costs(request: HttpRequest) -> HttpResponse:
    """Dispersion by category and year, then each contract against the reference; the secretariat records one."""
    user = cast("User", request.user)
    if not (can_run_unit_costs(user) if request.method == "POST" else can_see_unit_costs(user)):
        raise PermissionDenied
    form = ReferenceForm(request.POST or None) if can_run_unit_costs(user) else None
    if request.method == "POST" and form is not None and _is_recorded(form, user):
        messages.success(request, "Le coût de référence est enregistré.")
        return redirect("savings:unit_costs")
    known = references()
    costs = stated_costs(Contract.objects.all(), timezone.localdate())
    context = {
        "references": known,
        "dispersions": dispersions(costs, known),
        "spans": spans(costs, known),
        "far": FAR,
        "form": form,
        "breadcrumbs": [("Accueil", "/"), ("Fonds", reverse("reports:fund")), ("Coûts unitaires", "")],
    }
    return render(request, "savings/unit_costs.html", context, status=422 if request.method == "POST" else 200)


def _is_recorded(form: ReferenceForm, actor: User) -> bool:
    """Whether the reference was written; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        record_reference(ReferenceFacts(**form.cleaned_data), actor)
    except ReferenceRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
