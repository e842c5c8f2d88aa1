"""The addresses of an entry grid, the same for every ledger: the whole form, a block of its rows, one row."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.resuming import signed_in_or_kept
from monitoring.entry import pages
from monitoring.entry.ledger import Ledger


def grid_addresses(ledger: Ledger, template: str) -> list[URLPattern]:
    """`entry`, `entry_rows` and `entry_row`, below a filing's address; `template` is the page of the whole form."""

    @signed_in_or_kept
    @require_http_methods(["GET", "HEAD", "POST"])
    def entry(request: HttpRequest, pk: int) -> HttpResponse:
        """The grid; POST saves the whole form."""
        return pages.show(request, pk, ledger, template)

    @login_required
    @require_POST
    def entry_rows(request: HttpRequest, pk: int) -> HttpResponse:
        """Saves a block of rows."""
        return pages.save_block(request, pk, ledger)

    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])
    def entry_row(request: HttpRequest, pk: int, row: int) -> HttpResponse:
        """One row: GET shows it as it stands, POST saves it."""
        return pages.save_row(request, pk, row, ledger)

    return [
        path("", entry, name="entry"),
        path("lignes/", entry_rows, name="entry_rows"),
        path("lignes/<int:row>/", entry_row, name="entry_row"),
    ]
