"""The life of a contract: its dated events and the phase it is in."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contracts.lifecycle.forms import CancellationForm, CorrectionForm, EventForm
from contracts.lifecycle.selectors import cancelled_events, corrected_dates, events_of, phase_of
from contracts.lifecycle.services import EventRefused, cancel_event, correct_event, record_event
from contracts.models import LifeEvent
from contracts.pages import contract_page
from contracts.permissions import can_record_life_event


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lifecycle(request: HttpRequest, code: str) -> HttpResponse:
    """Events in order, those known by the day asked for; POST records one."""
    page = contract_page(request, code, "Vie du contrat")
    today = timezone.localdate()
    form = EventForm(request.POST or None) if can_record_life_event(request.user, page.contract) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                record_event(page.contract, actor=cast("User", request.user), today=today, **form.cleaned_data)
            except EventRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "L’événement est enregistré.")
                return redirect("contracts:lifecycle", code)
    day = page.on or today
    context = page.context | {
        "events": events_of(page.contract, page.on),
        "cancelled": cancelled_events(page.contract, page.on),
        "corrections": corrected_dates(page.contract, page.on),
        "phase": phase_of(page.contract, day),
        "day": day,
        "form": form,
    }
    return render(request, "contracts/lifecycle.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def event(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """An event recorded: POST corrects it, or cancels it when the form of cancellation was sent, with a reason."""
    page = contract_page(request, code, "Vie du contrat")
    if not can_record_life_event(request.user, page.contract):
        raise PermissionDenied
    row = get_object_or_404(LifeEvent.objects.select_related("call"), pk=pk, contract=page.contract)
    is_cancelling = "annuler" in request.POST
    asked: dict[str, Any] = {"correction": None, "cancellation": None}
    if request.method == "POST":
        asked["cancellation" if is_cancelling else "correction"] = request.POST
    correction, cancellation = CorrectionForm(asked["correction"], event=row), CancellationForm(asked["cancellation"])
    form = cancellation if is_cancelling else correction
    if form.is_valid():
        act = cancel_event if is_cancelling else correct_event
        try:
            act(row, actor=cast("User", request.user), today=timezone.localdate(), **form.cleaned_data)
        except EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"L’événement est {'annulé' if is_cancelling else 'corrigé'}.")
            return redirect("contracts:lifecycle", code)
    trail = [*page.context["breadcrumbs"][:-1], ("Vie du contrat", reverse("contracts:lifecycle", args=[code]))]
    context = page.context | {
        "row": row,
        "correction": correction,
        "cancellation": cancellation,
        "breadcrumbs": [*trail, (row.get_kind_display(), "")],
    }
    return render(request, "contracts/life_event.html", context, status=422 if request.method == "POST" else 200)
