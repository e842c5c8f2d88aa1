"""What do I owe?"""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from contracts.models import Contract
from contracts.subprojects.duties import duties as sub_project_duties
from monitoring.duties import Todo, todo
from monitoring.enums import FilingAction
from monitoring.models import FilingTransition
from monitoring.reminder_selectors import campaigns_to_chase
from monitoring.selectors import OPENED_AGAIN

RECENT = 10


@dataclass(frozen=True)
class Duty:
    """A line of « À faire »: the filing, and the one thing to do next."""

    todo: Todo
    action: str
    url: str


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What is owed, by deadline; what is to be chased; then what moved on the contracts that one sees."""
    user, today = cast("User", request.user), timezone.localdate()
    duties = [_duty(one) for one in todo(user, today)]
    awaited = [one for one in duties if one.todo.is_awaited]
    context = {
        "duties": awaited,
        "late": sum(one.todo.days_late > 0 for one in awaited),
        "others": [one for one in reversed(duties) if not one.todo.is_awaited],
        "sub_projects": sub_project_duties(user),
        "chases": campaigns_to_chase(user, today),
        "moves": _moves(user),
    }
    return render(request, "reports/home.html", context | {"today": today})


def _duty(one: Todo) -> Duty:
    """Typing is done in the filing, and so is what needs no review; deciding is done on the review page."""
    here = one.filing.get_absolute_url()
    if FilingAction.SUBMIT in one.actions:
        corrected = one.filing.state in OPENED_AGAIN
        return Duty(one, "Corriger" if corrected else "Saisir et soumettre", here)
    if one.owes_entry:
        return Duty(one, "Corriger" if one.filing.takes_texts_only else "Saisir", here)
    if not one.is_awaited:
        return Duty(one, ", ".join(action.label for action in one.actions), here)
    return Duty(one, "Relire", reverse("monitoring:review", args=[one.filing.pk]))


def _moves(user: User) -> list[FilingTransition]:
    """The last changes of state on the contracts that the person sees."""
    rows = FilingTransition.objects.filter(filing__contract__in=Contract.objects.visible_to(user).values("pk"))
    rows = rows.select_related("filing__campaign", "filing__contract", "actor").order_by("-at", "-pk")
    return list(rows[:RECENT])
