"""The fund's calls for projects: their list, the form of one, the contracts selected in it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from contracts.calls.forms import CallForm, SelectionForm
from contracts.calls.selectors import calls_on, untied_selections, wordings_of
from contracts.calls.services import CallFacts, CallRefused, record_call, tie_selection, untie_selection
from contracts.models import LifeEvent, ProjectCall
from contracts.permissions import can_run_calls, can_see_calls

FIELDS = ("name", "opens_on", "closes_on", "applications", "source")
Trail = list[tuple[str, str]]


@require_safe
@login_required
def calls(request: HttpRequest) -> HttpResponse:
    """Every call with what was filed and selected; the selections tied to none are counted."""
    _require(can_see_calls(request.user))
    context = {
        "calls": calls_on(timezone.localdate()),
        "coming": ProjectCall.objects.filter(opens_on__gt=timezone.localdate()),
        "untied": untied_selections(),
        "may_run": can_run_calls(request.user),
        "breadcrumbs": _trail(),
    }
    return render(request, "contracts/calls/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_call(request: HttpRequest) -> HttpResponse:
    """The form of a new call."""
    _require(can_run_calls(request.user))
    form = CallForm(request.POST or None)
    if request.method == "POST" and (written := _written(request, form)):
        messages.success(request, "L’appel à projets est enregistré.")
        return redirect("contracts:call", written.pk)
    context = {"form": form, "breadcrumbs": _trail("Nouvel appel")}
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/calls/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: the contracts selected in it, what it said before; the secretariat corrects it."""
    _require(can_see_calls(request.user))
    row = get_object_or_404(ProjectCall, pk=pk)
    may_run = can_run_calls(request.user)
    form = CallForm(request.POST or None, initial={name: getattr(row, name) for name in FIELDS}) if may_run else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if _written(request, form, row):
            messages.success(request, "L’appel à projets est corrigé.")
            return redirect("contracts:call", pk)
    context: dict[str, Any] = {
        "call": ProjectCall.objects.get(pk=pk),
        "selections": row.selections.select_related("contract").order_by("on", "pk"),
        "wordings": wordings_of(row),
        "form": form,
        "tie_form": SelectionForm(selections=untied_selections()) if may_run else None,
        "breadcrumbs": _trail(row.name),
    }
    return render(request, "contracts/calls/call.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Tie a contract's selection to the call."""
    _require(can_run_calls(request.user))
    row = get_object_or_404(ProjectCall, pk=pk)
    form = SelectionForm(request.POST, selections=untied_selections())
    if not form.is_valid():
        messages.error(request, "Choisissez un contrat dont la sélection n’est rattachée à aucun appel.")
        return redirect("contracts:call", pk)
    selection: LifeEvent = form.cleaned_data["selection"]
    try:
        tie_selection(row, selection, cast("User", request.user))
    except CallRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{selection.contract.title} est rattaché à l’appel.")
    return redirect("contracts:call", pk)


@require_POST
@login_required
def untie(request: HttpRequest, pk: int, selection: int) -> HttpResponse:
    """Take a contract's selection out of the call."""
    _require(can_run_calls(request.user))
    row = get_object_or_404(LifeEvent.objects.select_related("contract"), pk=selection, call=pk)
    untie_selection(row, cast("User", request.user))
    messages.success(request, f"{row.contract.title} n’est plus rattaché à l’appel.")
    return redirect("contracts:call", pk)


def _written(request: HttpRequest, form: CallForm, row: ProjectCall | None = None) -> ProjectCall | None:
    """The call as the form says it; None when it is refused, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return record_call(CallFacts(**form.cleaned_data), cast("User", request.user), call=row)
    except CallRefused as refusal:
        form.add_error(None, str(refusal))
        return None


def _trail(last: str = "") -> Trail:
    trail = [("Accueil", "/"), ("Fonds", reverse("reports:fund"))]
    if last:
        return [*trail, ("Appels à projets", reverse("contracts:calls")), (last, "")]
    return [*trail, ("Appels à projets", "")]


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
