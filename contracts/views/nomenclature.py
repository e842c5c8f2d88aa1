"""The annex of nomenclatures: its dated codes, their changes, and a change without amendment where article 8 allows."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contracts.amendments.forms import CodeForm
from contracts.amendments.nomenclature import change_code
from contracts.amendments.refusals import AmendmentRefused
from contracts.models import Contract, ContractVersion
from contracts.pages import contract_page
from contracts.permissions import can_change_nomenclature, can_prepare_amendment


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nomenclature(request: HttpRequest, code: str) -> HttpResponse:
    """Codes with their dates, who changed what and why; POST changes one."""
    page = contract_page(request, code, "Avenants")
    contract = page.contract
    draft = _draft_about_codes(request, contract)
    may_change = draft is not None or can_change_nomenclature(request.user, contract)
    form = CodeForm(request.POST or None, contract=contract, with_amendment=draft is not None) if may_change else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                change_code(contract, actor=cast("User", request.user), version=draft, **form.cleaned_data)
            except AmendmentRefused as refusal:
                form.add_error(None, list(refusal.reasons))
            else:
                messages.success(request, "La modification de l’annexe est enregistrée.")
                return redirect("contracts:nomenclature", code)
    context = page.context | {
        "form": form,
        "draft": draft,
        "codes": contract.codes.order_by("kind", "position", "pk"),
        "breadcrumbs": [
            *page.context["breadcrumbs"][:-1],
            ("Avenants", reverse("contracts:amendments", args=[code])),
            ("Nomenclatures", ""),
        ],
        "code_changes": contract.code_changes.select_related("replaces", "version", "decided_by").order_by("-pk"),
    }
    return render(
        request, "contracts/amendments/nomenclature.html", context, status=422 if request.method == "POST" else 200
    )


def _draft_about_codes(request: HttpRequest, contract: Contract) -> ContractVersion | None:
    """The amendment in preparation that is about codes, when the person may edit it."""
    if not can_prepare_amendment(request.user, contract):
        return None
    return contract.versions.filter(state="draft", types__contains=["nomenclature"]).first()
