"""One anomaly: what it is, what was said of it, and what one may say."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from dsfr.forms import DsfrBaseForm

from accounts.models import User
from contracts.checks.decisions import (
    DecisionRefused,
    actions_for,
    decide_anomaly,
    last_decisions,
    standing_of,
)
from contracts.checks.registry import anomalies_of, check_of
from contracts.checks.tallies import tally_soon
from contracts.enums import AnomalyAction
from contracts.models import AnomalyDecision
from contracts.pages import ContractPage, contract_page

REFUSED = 422
GONE = 409
VERBS = {AnomalyAction.EXPLAIN: "Expliquer", AnomalyAction.ACCEPT: "Accepter", AnomalyAction.REOPEN: "Rouvrir"}


class DecisionForm(DsfrBaseForm):  # type: ignore[misc]
    """The reason, with the figures that the person saw."""

    text = forms.CharField(
        label="Motif", widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": "Donnez un motif."}
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def anomaly(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The anomaly with its history; POST explains, accepts or reopens it, by the button pressed."""
    page = contract_page(request, code, "Anomalies")
    found = next((one for one in anomalies_of(page.version) if one.key == key), None) if page.version else None
    if found is None or page.version is None:
        if request.method == "POST" and page.version is not None and check_of(key.partition("-")[0]):
            return _gone(request, page, key)
        raise Http404("no such anomaly in the version in force")
    user = cast("User", request.user)
    standing = standing_of(key, found.fingerprint, last_decisions(page.contract))
    actions = actions_for(user, page.contract, standing) if found.is_to_handle and page.on is None else []
    form = DecisionForm(request.POST or None, initial={"fingerprint": found.fingerprint})
    if request.method == "POST":
        if not actions:
            raise PermissionDenied
        if form.is_valid():
            try:
                decide_anomaly(
                    version=page.version,
                    key=key,
                    action=request.POST.get("action", ""),
                    actor=user,
                    **form.cleaned_data,
                )
            except DecisionRefused as refusal:
                form.add_error(None, str(refusal))
                # Sent again, the form speaks of the figures that the page now shows; what was typed stays.
                form.data = form.data.copy()
                form.data["fingerprint"] = found.fingerprint
            else:
                tally_soon(page.contract)
                messages.success(request, "C’est enregistré.")
                return redirect("reports:anomaly", code, key)
    context = page.context | {
        "anomaly": found,
        "standing": standing,
        "actions": [(action, VERBS[action]) for action in actions],
        "form": form,
        "decisions": _decisions(page, key),
        "breadcrumbs": _trail(page, found.code),
    }
    return render(request, "reports/anomaly.html", context, status=REFUSED if request.method == "POST" else 200)


def _gone(request: HttpRequest, page: ContractPage, key: str) -> HttpResponse:
    """The anomaly went while somebody wrote of it: nothing is kept, and what was typed is shown again."""
    context = page.context | {
        "text": request.POST.get("text", ""),
        "check": check_of(key.partition("-")[0]),
        "decisions": _decisions(page, key),
        "breadcrumbs": _trail(page, "Anomalie disparue"),
    }
    return render(request, "reports/anomaly_gone.html", context, status=GONE)


def _decisions(page: ContractPage, key: str) -> QuerySet[AnomalyDecision]:
    """What was said of the anomaly, the latest first."""
    rows = AnomalyDecision.objects.filter(contract=page.contract, key=key)
    return rows.select_related("actor").order_by("-at", "-pk")


def _trail(page: ContractPage, last: str) -> list[tuple[str, str]]:
    above = ("Anomalies", reverse("reports:anomalies", args=[page.contract.code]))
    return [*page.context["breadcrumbs"][:-1], above, (last, "")]
