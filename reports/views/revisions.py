"""Downward revisions of savings over the portfolio."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from reports.revisions import downward_revisions


@require_safe
@login_required
def revisions(request: HttpRequest) -> HttpResponse:
    """Who promises less than at signature, by how much and why."""
    today = timezone.localdate()
    trail = [("Accueil", "/"), ("Portefeuille", reverse("reports:portfolio")), ("Révisions à la baisse", "")]
    found = downward_revisions(cast("User", request.user), today)
    context = {"revisions": found.falls, "told_once": found.told_once, "on": today, "breadcrumbs": trail}
    return render(request, "reports/revisions.html", context)
