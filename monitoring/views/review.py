"""The review of a filing: what changed first, what the rules say, its evidence, its threads, the decision."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.enums import FilingAction
from monitoring.forms import ReasonForm
from monitoring.models import Filing
from monitoring.permissions import allowed_actions, declarants
from monitoring.review import review_of
from monitoring.selectors import transitions_of
from monitoring.threads_selectors import open_threads_of
from monitoring.views.access import reviewed_filing, trail, viewer

REVIEW_ACTIONS = (
    FilingAction.SEND_BACK,
    FilingAction.VALIDATE,
    FilingAction.COUNTERSIGN,
    FilingAction.REOPEN,
    FilingAction.REOPEN_TEXTS,
)
WITH_REASON = (FilingAction.SEND_BACK, FilingAction.REOPEN, FilingAction.REOPEN_TEXTS)
VIEWS = EVERYTHING, CHANGES, RETOUCHED = "tout", "changements", "retouches"


@require_safe
@login_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What is declared beside the plan and the last filing.

    `?vue=tout` shows the lines that did not change too, `?vue=retouches` those written since the filing came back.
    """
    shown = reviewed_filing(request, pk)
    return review_page(request, shown, ReasonForm(initial={"reason": reason_from_threads(shown)}))


def review_page(request: HttpRequest, shown: Filing, form: ReasonForm, status: int = 200) -> HttpResponse:
    """The page, with what was typed as a reason when it was refused."""
    person = viewer(request)
    actions = allowed_actions(person, shown)
    if form.errors:
        # The page is long: what was refused is at its end, where the browser goes by itself.
        form.fields["reason"].widget.attrs["autofocus"] = True
    asked = request.GET.get("vue")
    read = review_of(shown, only_changes=asked != EVERYTHING, only_retouched=asked == RETOUCHED)
    view = RETOUCHED if read.only_retouched else CHANGES if read.only_changes else EVERYTHING
    context = {
        "filing": shown,
        "review": read,
        "view": view,
        "decisions": [action for action in actions if action not in WITH_REASON and action in REVIEW_ACTIONS],
        "reasoned": [action for action in actions if action in WITH_REASON],
        "has_declared": person.pk in declarants(shown),
        "transitions": transitions_of(shown),
        "form": form,
        **trail(shown, ("Revue", request.path)),
    }
    return render(request, "monitoring/review.html", context, status=status)


def reason_from_threads(filing: Filing) -> str:
    """The open threads as the beginning of a reason to send back, to be kept, changed or erased."""
    threads = open_threads_of(filing)
    if not threads:
        return ""
    return "Répondez aux remarques ouvertes\u00a0:\n" + "\n".join(f"– {thread.label}" for thread in threads)
