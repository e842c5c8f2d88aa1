"""A contract as a whole: synthesis, calendar, filings, reports."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from budget.drawings import ftap_drawing
from contracts.drawings import HALF
from contracts.pages import contract_page
from indicators.views.article import conclusion as results_conclusion
from monitoring.models import Filing
from monitoring.permissions import can_see_filing
from reports import charts
from reports.anomalies import tally_shown
from reports.drawings import key_figures, next_milestones, results_drawing
from reports.milestones import milestones_side_by_side
from reports.models import Snapshot
from reports.situation import contract_situation
from savings.drawings import savings_drawing


@require_safe
@login_required
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """What is this contract, and is it on course?"""
    page = contract_page(request, code, "Synthèse")
    if page.version is None:
        return render(request, "reports/contract_empty.html", page.context)
    situation = contract_situation(page.contract, page.on, checked=False)
    signed = situation.signature
    context = page.context | {
        "situation": situation,
        "keys": key_figures(situation),
        "charts": [
            drawing
            for drawing in (
                ftap_drawing(situation.credits, HALF, signed=signed.credits if signed else None),
                savings_drawing(situation.savings, HALF, signed=signed.savings if signed else None),
                results_drawing(situation.results, results_conclusion(situation.results)),
            )
            if drawing is not None
        ],
        "milestones": next_milestones(situation),
        "tally": tally_shown(page.version, page.on),
    }
    return render(request, "reports/contract.html", context)


@require_safe
@login_required
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Phases and milestones: promised, and where the last filing says they stand."""
    page = contract_page(request, code, "Calendrier")
    if page.version is None:
        return render(request, "reports/contract_empty.html", page.context)
    situation = contract_situation(page.contract, page.on, checked=False)
    context = page.context | {
        "situation": situation,
        "gantt": charts.calendar(situation),
        "is_drawn": any(not charts.is_undrawn(one) for one in situation.calendar),
        "sides": milestones_side_by_side(situation) if situation.signature else [],
    }
    return render(request, "reports/calendar.html", context)


@require_safe
@login_required
def filings(request: HttpRequest, code: str) -> HttpResponse:
    """Every filing of the contract that the person may see, the last period first."""
    page = contract_page(request, code, "Dossiers de suivi")
    user = cast("User", request.user)
    rows = Filing.objects.filter(contract=page.contract).order_by("-campaign__ends_on", "-pk")
    rows = rows.select_related("campaign", "version", "submitted_by", "contract__holder__ministry")
    context = page.context | {"filings": [row for row in rows if can_see_filing(user, row)]}
    return render(request, "reports/contract_filings.html", context)


@require_safe
@login_required
def contract_reports(request: HttpRequest, code: str) -> HttpResponse:
    """Every report issued for the contract, the last first."""
    page = contract_page(request, code, "Rapports")
    rows = Snapshot.objects.filter(filing__contract=page.contract).select_related("filing__campaign")
    snapshots = rows.prefetch_related("files").order_by("-taken_at", "-pk")
    return render(request, "reports/contract_reports.html", page.context | {"snapshots": snapshots})
