"""Reminders: the secretariat's nudge to late filings, the list to take away, another due date."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.resuming import signed_in_or_kept
from monitoring import campaign_export, tabular
from monitoring.awaited import chased_filings
from monitoring.errors import FilingError
from monitoring.permissions import can_change_due_date, can_open_campaign
from monitoring.reminder_forms import DueDateForm
from monitoring.selectors import campaign_rows, names
from monitoring.services.nudges import Nudged, nudge
from monitoring.services.reminders import change_due_date
from monitoring.views.access import may_open_campaigns, seen_campaign, seen_filing, trail, viewer

MOST = 500
"""Filings in one go; a campaign has about 150."""


@require_POST
@login_required
def nudge_leads(request: HttpRequest, pk: int) -> HttpResponse:
    """Reminds the leads of the filings ticked, or of all those awaited, and says who was written to and who was not."""
    person, shown, today = may_open_campaigns(request), seen_campaign(request, pk), timezone.localdate()
    numbers = [int(text) for text in request.POST.getlist("dossier")[:MOST] if text.isdecimal() and len(text) < 19]
    if "tous" in request.POST:
        numbers = [filing.pk for filing, _ in chased_filings(today, shown)]
    try:
        nudged = nudge(campaign=shown, filings=numbers, actor=person, on=today)
    except FilingError as error:
        messages.error(request, str(error))
    else:
        for level, sentence in sentences(nudged):
            messages.add_message(request, level, sentence)
    return redirect("monitoring:campaign", shown.pk)


def sentences(nudged: Nudged) -> list[tuple[int, str]]:
    """What is said of a nudge, level and sentence: who has it, who will, who will not, and why."""
    said = [
        (messages.SUCCESS, "Message envoyé à", nudged.at_once),
        (messages.SUCCESS, "Dans le prochain récapitulatif de", nudged.in_digest),
        (messages.WARNING, "Déjà un message aujourd’hui, donc rien de plus pour", nudged.already),
        (messages.WARNING, "Ne reçoit pas les relances, à joindre autrement", nudged.unwanted),
    ]
    found = [(level, f"{words}\u00a0: {names(people)}.") for level, words, people in said if people]
    if nudged.without_lead:
        contracts = ", ".join(str(filing.contract) for filing in nudged.without_lead)
        found.append((messages.WARNING, f"Aucun chef de projet à qui écrire pour\u00a0: {contracts}."))
    return found


@require_safe
@login_required
def export(request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
    """What the page of the campaign shows to this person, as a file."""
    if file_format not in tabular.CONTENT_TYPES:
        raise Http404
    person, shown = viewer(request), seen_campaign(request, pk)
    found = campaign_rows(person, shown, timezone.localdate())
    headings, rows = campaign_export.table(found, with_addresses=can_open_campaign(person))
    content = tabular.written(file_format, str(shown), headings, rows)
    name = f"campagne-{shown.code}.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=tabular.CONTENT_TYPES[file_format], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def due_date(request: HttpRequest, pk: int) -> HttpResponse:
    """Another due date with its reason, the calendar of reminders, and what was changed before."""
    person, shown = viewer(request), seen_filing(request, pk)
    if not can_change_due_date(person, shown):
        raise PermissionDenied
    form = DueDateForm(request.POST or None, initial=DueDateForm.initial_of(shown))
    if form.is_valid():
        try:
            change_due_date(filing=shown, actor=person, **form.cleaned_data)
        except FilingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "L’échéance est changée, et le chef de projet en sera prévenu.")
            return redirect("monitoring:due_date", shown.pk)
    context = {
        "filing": shown,
        "form": form,
        "reminders": shown.reminders.order_by("step"),
        "changes": shown.due_date_changes.select_related("actor").order_by("-at", "-pk"),
        **trail(shown, ("Échéance", request.path)),
    }
    return render(request, "monitoring/due_date.html", context, status=422 if form.errors else 200)
