"""Reports as files: their list, and one of them through the permission check."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from reports.deliveries import CONTENT_TYPES
from reports.models import ReportFile
from reports.permissions import can_see_reports, snapshots_visible_to

PAGE_SIZE = 50


@require_safe
@login_required
def reports(request: HttpRequest) -> HttpResponse:
    """Every report that the person may read, the last first."""
    if not can_see_reports(request.user):
        raise PermissionDenied
    page = Paginator(snapshots_visible_to(cast("User", request.user)), PAGE_SIZE).get_page(request.GET.get("page"))
    breadcrumbs = [("Accueil", "/"), ("Rapports", "")]
    return render(request, "reports/reports.html", {"page": page, "breadcrumbs": breadcrumbs})


@require_safe
@login_required
def download(request: HttpRequest, pk: int, file_format: str) -> FileResponse:
    """One file of a report. 404 for a stranger, as for a report that does not exist."""
    snapshot = get_object_or_404(snapshots_visible_to(cast("User", request.user)), pk=pk)
    file = get_object_or_404(ReportFile, snapshot=snapshot, file_format=file_format)
    try:
        content = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Ce fichier n’est plus dans le stockage.") from error
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=CONTENT_TYPES[file.file_format])
