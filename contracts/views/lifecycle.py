"""The life of a contract: its dated events and the phase it is in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contracts.lifecycle.forms import EventForm
from contracts.lifecycle.selectors import events_of, phase_of
from contracts.lifecycle.services import EventRefused, record_event
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
        "phase": phase_of(page.contract, day),
        "day": day,
        "form": form,
    }
    return render(request, "contracts/lifecycle.html", context, status=422 if request.method == "POST" else 200)
