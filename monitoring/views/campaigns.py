"""Campaigns: the list, who owes what, create one, open it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import has_role
from monitoring.enums import FilingState
from monitoring.forms import CampaignForm, next_campaign
from monitoring.permissions import can_open_campaign
from monitoring.preflight import VALIDATORS
from monitoring.selectors import CampaignRow, campaign_rows, campaigns_visible_to
from monitoring.services.campaigns import create_campaign, open_campaign
from monitoring.views.access import may_open_campaigns, may_see_campaigns, seen_campaign, viewer

_HOME = [("Accueil", "/"), ("Campagnes", "/campagnes/")]


@require_safe
@login_required
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign, the latest first, with what is awaited and what is done."""
    person = may_see_campaigns(request)
    context = {
        "campaigns": campaigns_visible_to(person),
        "can_open": can_open_campaign(person),
        "breadcrumbs": _HOME,
    }
    return render(request, "monitoring/campaigns.html", context)


@require_safe
@login_required
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who owes what in a campaign, late first."""
    person = viewer(request)
    shown = seen_campaign(request, pk)
    rows = campaign_rows(person, shown, timezone.localdate())
    context = {
        "campaign": shown,
        "rows": rows,
        "keys": _keys(rows),
        "chased": sum(row.standing.can_be_chased for row in rows),
        "can_open": can_open_campaign(person),
        "can_validate": has_role(person, *VALIDATORS),
        "breadcrumbs": [*_HOME, (str(shown), request.path)],
    }
    return render(request, "monitoring/campaign.html", context)


def _keys(rows: list[CampaignRow]) -> list[dict[str, object]]:
    """The figures at the top of the page."""
    states = [row.filing.state for row in rows]
    back = [(states.count(FilingState.SENT_BACK), "renvoyé"), (states.count(FilingState.REOPENED), "rouvert")]
    told = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in back if count]
    opened_again = f"dont {' et '.join(told)}" if told else ""
    return [
        {"label": "Dossiers", "value": len(rows), "note": ""},
        {"label": "En retard", "value": sum(row.days_late > 0 for row in rows), "note": ""},
        {"label": "En saisie", "value": sum(row.filing.is_editable for row in rows), "note": opened_again},
        {"label": "À examiner", "value": states.count(FilingState.SUBMITTED), "note": "par la DITP"},
        {"label": "Validés par la DITP", "value": states.count(FilingState.VALIDATED), "note": "reste la DB"},
        {"label": "Verrouillés", "value": states.count(FilingState.LOCKED), "note": ""},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create(request: HttpRequest) -> HttpResponse:
    """The form of a new campaign; it is opened apart, by hand or when its day comes."""
    person = may_open_campaigns(request)
    form = CampaignForm(request.POST or None, initial=next_campaign(timezone.localdate()))
    if form.is_valid():
        try:
            made = create_campaign(actor=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"La campagne {made.of_period} est créée.")
            return redirect("monitoring:campaign", made.pk)
    trail = [*_HOME, ("Nouvelle campagne", reverse("monitoring:campaign_create"))]
    context = {"form": form, "breadcrumbs": trail}
    return render(request, "monitoring/campaign_form.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def open_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens the campaign, or adds the contracts that have arrived since."""
    person = may_open_campaigns(request)
    shown = seen_campaign(request, pk)
    count = len(open_campaign(campaign=shown, actor=person))
    words = {0: "Aucun dossier nouveau", 1: "Un dossier est ouvert"}.get(count, f"{count} dossiers sont ouverts")
    messages.success(request, f"{words} pour la campagne {shown.of_period}.")
    return redirect("monitoring:campaign", shown.pk)
