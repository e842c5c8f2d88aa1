"""A filing: its recap, and the acts that move it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.resuming import signed_in_or_kept
from monitoring import rules
from monitoring.enums import FilingAction, FilingState
from monitoring.errors import FilingError, NotAllowedError
from monitoring.forms import ReasonForm
from monitoring.permissions import (
    allowed_actions,
    can_review_filing,
    can_see_threads,
    editable_sheets,
    writable_sheets,
)
from monitoring.selectors import transitions_of
from monitoring.services.filings import act_on_filing
from monitoring.views.access import seen_filing, trail, viewer
from monitoring.views.review import REVIEW_ACTIONS, WITH_REASON, review_page
from monitoring.work import work_on

_DONE = {
    FilingAction.SUBMIT: "Le dossier est soumis. Il attend maintenant sa revue.",
    FilingAction.TAKE_BACK: "Le dossier est de nouveau ouvert à la saisie.",
    FilingAction.SEND_BACK: "Le dossier est renvoyé au chef de projet, avec votre motif.",
    FilingAction.VALIDATE: "Le dossier est validé par la DITP. Il attend la direction du budget.",
    FilingAction.COUNTERSIGN: "Le dossier est validé et verrouillé. Son rapport est en préparation.",
    FilingAction.REOPEN: "Le dossier est rouvert, avec votre motif.",
    FilingAction.REOPEN_TEXTS: "Les textes du dossier sont rouverts, avec votre motif.",
}


@require_safe
@login_required
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """The recap: what is filled in, what is odd, what may be done now."""
    person, shown = viewer(request), seen_filing(request, pk)
    found = rules.findings(shown)
    actions = allowed_actions(person, shown)
    work = work_on(shown) if can_see_threads(person, shown) else []
    sheets = editable_sheets(person, shown) or ()
    context = {
        "filing": shown,
        "findings": found,
        "blocking": [each for each in found if each.is_blocking],
        "simple_actions": [action for action in actions if action not in REVIEW_ACTIONS],
        "review_actions": [action for action in actions if action in REVIEW_ACTIONS],
        "submits": writable_sheets(person, shown) is None,
        "can_review": can_review_filing(person, shown),
        "transitions": transitions_of(shown),
        "work": work,
        "mine": [line for line in work if line.work.sheet in sheets],
        **trail(shown),
    }
    return render(request, "monitoring/filing.html", context)


@require_safe
@login_required
def recap(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of the recap among those of the sections: it is the filing's own page."""
    return redirect(seen_filing(request, pk))


@require_POST
@signed_in_or_kept
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Does what the button says: one act of the table of transitions."""
    person, shown = viewer(request), seen_filing(request, pk)
    form = ReasonForm(request.POST)
    if action in WITH_REASON and action in allowed_actions(person, shown) and not form.is_valid():
        return review_page(request, shown, form, status=422)
    try:
        moved = act_on_filing(
            filing=shown,
            action=action,
            actor=person,
            reason=request.POST.get("reason", ""),
            submission=request.POST.get("soumission"),
        )
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FilingError as error:
        if action in WITH_REASON and form.is_valid() and can_review_filing(person, shown):
            form.add_error(None, str(error))
            return review_page(request, seen_filing(request, pk), form, status=422)
        messages.error(request, str(error))
    else:
        done = FilingAction.COUNTERSIGN if moved.state == FilingState.LOCKED else FilingAction(action)
        messages.success(request, _DONE[done])
    return redirect("monitoring:filing", pk)
