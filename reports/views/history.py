"""What a contract contradicts, and what was changed on it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.checks.registry import Severity
from contracts.pages import contract_page
from contracts.stated import Verdict
from figures import formats
from monitoring.models import Filing
from monitoring.permissions import can_see_filing
from reports.anomalies import readings_of, wrong_figures
from reports.history import LIMIT, history
from reports.tables.frame import read_value
from reports.tables.model import Kind, shown


@require_safe
@login_required
def anomalies(request: HttpRequest, code: str) -> HttpResponse:
    """Printed figures beside computed ones, readings of the scan, contradictions of the text."""
    page = contract_page(request, code, "Anomalies")
    if page.version is None:
        return render(request, "reports/contract_empty.html", page.context)
    stated, anomalies = wrong_figures(page.version, page.on)
    told = [one for one in anomalies if not one.is_reading]
    readings = readings_of(page.version)
    context = page.context | {
        "stated": stated,
        "unexplained": [one for one in stated if one.verdict == Verdict.DIFFERENCE],
        "corrected": [
            (one, _read(one.label, one.printed), _read(one.label, one.retained)) for one in readings if one.retained
        ],
        "unreadable": [one for one in readings if not one.retained],
        "open": [one for one in told if one.severity != Severity.INFO and not one.is_accepted],
        "accepted": [one for one in told if one.is_accepted],
        "facts": [one for one in told if one.severity == Severity.INFO],
        "notes": page.contract.observations.order_by("position", "pk"),
    }
    return render(request, "reports/anomalies.html", context)


def _read(label: str, text: str) -> str:
    """A figure as a French reader sees it, `1 492,5` for `1492.5`; any other text as it is."""
    return shown(read_value(label, text), Kind.NUMBER) if text else formats.NOT_REPORTED


@require_safe
@login_required
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """Who changed what, when, from what to what."""
    page = contract_page(request, code, "Historique")
    filings = Filing.objects.filter(contract=page.contract).select_related("contract__holder__ministry").order_by("pk")
    hidden = [filing.pk for filing in filings if not can_see_filing(request.user, filing)]
    entries = history(page.contract, hidden=hidden)
    return render(request, "reports/history.html", page.context | {"entries": entries, "limit": LIMIT})
