"""Where does the fund itself stand? Its envelope, what may be carried over, what sleeps."""

from decimal import Decimal
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
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
    form = DormancyForm(request.GET or None)
    limits = Thresholds()
    if form.is_valid():
        given = form.cleaned_data
        limits = Thresholds(given["mois"], Decimal(given["part"]) / 100, Decimal(given["duree"]) / 100)
    return form, fund_on(timezone.localdate(), limits)


@require_safe
@login_required
def performance(request: HttpRequest) -> HttpResponse:
    """The indicators of programme 349: numerator, denominator, definition, what is not reported; and year by year."""
    user = cast("User", request.user)
    if not can_see_fund(user):
        raise PermissionDenied
    on = timezone.localdate()
    trail = [("Accueil", "/"), ("Fonds", reverse("reports:fund")), ("Performance", "")]
    found = measured(user, on)
    context = {"found": found, "measures": found.measures, "on": on, "breadcrumbs": trail}
    return render(request, "reports/performance.html", context)
