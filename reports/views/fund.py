"""Where does the fund itself stand? Its envelope, what may be carried over, what sleeps."""

from datetime import date
from decimal import Decimal
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from budget.tranches.permissions import can_run_tranches, can_see_fund
from reports import fund_export
from reports.forms import DormancyForm
from reports.fund import Fund, Thresholds, tables
from reports.fund import fund as fund_on
from reports.performance_selectors import performance as measured
from reports.tables.shown import shown_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def fund(request: HttpRequest) -> HttpResponse:
    """The three tables; the address says from when a contract is called dormant."""
    form, facts = _asked(request)
    context = {
        "fund": facts,
        "form": form,
        "shown": [shown_table(one) for one in tables(facts)],
        "may_run": can_run_tranches(cast("User", request.user)),
        "query": request.GET.urlencode(),
        "is_past": facts.on < timezone.localdate(),
        "breadcrumbs": [("Accueil", "/"), ("Fonds", "")],
    }
    return render(request, "reports/fund.html", context)


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """The same tables as a workbook."""
    _, facts = _asked(request)
    headers = {"Content-Disposition": f'attachment; filename="fonds-ftap-{facts.on:%Y-%m-%d}.xlsx"'}
    return HttpResponse(fund_export.workbook(facts), content_type=XLSX, headers=headers)


def _asked(request: HttpRequest) -> tuple[DormancyForm, Fund]:
    if not can_see_fund(cast("User", request.user)):
        raise PermissionDenied
    form = DormancyForm({name: text for name, text in request.GET.items() if name != "au"} or None)
    limits = Thresholds()
    if form.is_valid():
        given = form.cleaned_data
        limits = Thresholds(given["mois"], Decimal(given["part"]) / 100, Decimal(given["duree"]) / 100)
    return form, fund_on(_day(request), limits)


def _day(request: HttpRequest) -> date:
    """The day that `?au=2022-12-31` asks for, today without it; one that is none, or to come, is 404."""
    text, today = request.GET.get("au", ""), timezone.localdate()
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError as error:
        raise Http404("no such day") from error
    if day > today:
        raise Http404("a day to come")
    return day


@require_safe
@login_required
def performance(request: HttpRequest) -> HttpResponse:
    """The indicators of programme 349: numerator, denominator, definition, what is not reported; and year by year."""
    user = cast("User", request.user)
    if not can_see_fund(user):
        raise PermissionDenied
    on = _day(request)
    trail = [("Accueil", "/"), ("Fonds", reverse("reports:fund")), ("Performance", "")]
    found = measured(user, on)
    context = {"found": found, "measures": found.measures, "on": on, "breadcrumbs": trail}
    context["is_past"] = on < timezone.localdate()
    return render(request, "reports/performance.html", context)
