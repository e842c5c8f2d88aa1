"""Several filings of a campaign validated at once: what may be, a confirmation, what was done."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import has_role
from monitoring.models import Campaign
from monitoring.preflight import VALIDATORS, chosen, preflight
from monitoring.services.several import validate_several
from monitoring.views.access import seen_campaign, viewer

MOST = 500
"""Filings in one go; a campaign has about 150."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def several(request: HttpRequest, pk: int) -> HttpResponse:
    """The preflight; posted, the confirmation of what was ticked; confirmed, what was done filing by filing."""
    person, shown = viewer(request), seen_campaign(request, pk)
    if not has_role(person, *VALIDATORS):
        raise PermissionDenied
    numbers = [int(text) for text in request.POST.getlist("dossier")[:MOST] if text.isdecimal() and len(text) < 19]
    seen = {number: request.POST[name] for number in numbers if (name := f"soumission-{number}") in request.POST}
    if request.POST.get("confirme") and numbers:
        outcomes = validate_several(campaign=shown, actor=person, filings=numbers, submissions=seen)
        return _page(request, shown, "several_done", outcomes=outcomes, done=sum(one.is_done for one in outcomes))
    found = preflight(person, shown)
    ticked = chosen(found.rows, numbers)
    if ticked:
        confirmed = [(row, seen.get(row.filing.pk, row.filing.submission)) for row in ticked]
        return _page(request, shown, "several_confirm", ticked=confirmed)
    return _page(request, shown, "several", preflight=found, nothing_ticked=request.method == "POST")


def _page(request: HttpRequest, campaign: Campaign, template: str, **context: object) -> HttpResponse:
    address = reverse("monitoring:campaign", args=[campaign.pk])
    trail = [("Accueil", "/"), ("Campagnes", "/campagnes/"), (str(campaign), address), ("Validation", request.path)]
    return render(request, f"monitoring/{template}.html", {"campaign": campaign, "breadcrumbs": trail, **context})
