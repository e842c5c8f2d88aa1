"""The log of what left by mail."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from monitoring.outbox import send_again
from reports.permissions import can_see_deliveries, deliveries_visible_to
from reports.views.files import PAGE_SIZE


@require_safe
@login_required
def deliveries(request: HttpRequest) -> HttpResponse:
    """Which report went to whom, when, and what the mail server said."""
    if not can_see_deliveries(request.user):
        raise PermissionDenied
    page = Paginator(deliveries_visible_to(cast("User", request.user)), PAGE_SIZE).get_page(request.GET.get("page"))
    breadcrumbs = [("Accueil", "/"), ("Envois", "")]
    return render(request, "reports/deliveries.html", {"page": page, "breadcrumbs": breadcrumbs})


@require_POST
@login_required
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a message that waits, or was given up, back in front; one that was sent stays so."""
    delivery = get_object_or_404(deliveries_visible_to(cast("User", request.user)), pk=pk)
    send_again(delivery.mail)
    messages.success(request, "Le message repart dès que le serveur de messagerie répond.")
    return redirect("reports:deliveries")
