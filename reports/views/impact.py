"""The comparison of two versions as a file."""

from typing import Final, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from contracts.amendments.impact import impact
from contracts.amendments.selectors import versions_of
from contracts.pages import contract_page
from reports.impact import render_impact_pdf, render_impact_xlsx

RENDERERS: Final = {"xlsx": render_impact_xlsx, "pdf": render_impact_pdf}
TYPES: Final = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}


@require_safe
@login_required
def impact_file(request: HttpRequest, code: str, before: int, after: int, file_format: str) -> HttpResponse:
    """The impact sheet from a version to another, as XLSX or PDF."""
    page = contract_page(request, code, "Avenants")
    today = timezone.localdate()
    versions = {
        one.version.number: one.version for one in versions_of(page.contract, cast("User", request.user), today)
    }
    if before not in versions or after not in versions or file_format not in RENDERERS:
        raise Http404("no such versions for this person, or no such format")
    content = RENDERERS[file_format](impact(versions[before], versions[after]), today)
    response = HttpResponse(content, content_type=TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="impact-{code}-{before}-{after}.{file_format}"'
    return response
