"""Long tasks: their list, one of them with its progress, and asking again after a failure."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from reports import jobs as job_services
from reports.enums import JobState
from reports.models import Job
from reports.permissions import can_retry, can_see_reports, jobs_visible_to
from reports.views.files import PAGE_SIZE

STOP_POLLING = 286  # htmx: the last answer of a polled element


@require_safe
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    """Every task of the contracts that the person may read, the last first."""
    if not can_see_reports(request.user):
        raise PermissionDenied
    page = Paginator(jobs_visible_to(cast("User", request.user)), PAGE_SIZE).get_page(request.GET.get("page"))
    breadcrumbs = [("Accueil", "/"), ("Tâches", "")]
    return render(request, "reports/jobs.html", {"page": page, "breadcrumbs": breadcrumbs})


@require_safe
@never_cache
@login_required
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: the whole page, or only its progress for htmx, which stops asking once the task is over."""
    found = _job_for(request, pk)
    is_over = found.state in (JobState.DONE, JobState.FAILED)
    context = {
        "job": found,
        "is_over": is_over,
        "percent": 100 * found.done // found.total,
        "can_retry": found.state == JobState.FAILED and can_retry(request.user, found),
        "breadcrumbs": [("Accueil", "/"), ("Tâches", "/taches/"), (str(found.filing), "")],
    }
    if request.headers.get("HX-Request"):
        return render(request, "reports/_job.html", context, status=STOP_POLLING if is_over else 200)
    return render(request, "reports/job.html", context)


@require_POST
@login_required
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks again for a report that failed."""
    found = _job_for(request, pk)
    if not can_retry(request.user, found):
        raise PermissionDenied
    again = job_services.retry(found, cast("User", request.user))
    messages.success(request, "Le rapport est de nouveau demandé.")
    return redirect("reports:job", again.pk)


def _job_for(request: HttpRequest, pk: int) -> Job:
    """The task if the person may read its contract; 404 otherwise."""
    return get_object_or_404(jobs_visible_to(cast("User", request.user)), pk=pk)
