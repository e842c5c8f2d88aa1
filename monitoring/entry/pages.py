"""The pages of an entry grid, the same for every ledger: the whole form, one row, a block of rows."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role_on
from contracts.perimeters import perimeters_of
from figures import formats
from monitoring.entry.cells import UNITS, Unit, revision_name, unit_of
from monitoring.entry.conflicts import StaleRows, UnknownRow
from monitoring.entry.grid import NO_ATTEMPT, Attempt, build_grid
from monitoring.entry.ledger import Ledger
from monitoring.entry.typed import TypedRow, read_rows, sent_rows, typed_row
from monitoring.entry.writing import held_rows, write_held
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing
from monitoring.permissions import writable_sheets
from monitoring.selectors import named
from monitoring.views.access import seen_filing, trail, viewer

ROWS = "components/grid/rows.html"
UNIT_CHOSEN = "unite"
"""Where the session keeps the unit, from one grid to the next."""
OK, BAD_REQUEST, CONFLICT, UNREADABLE = 200, 400, 409, 422


def show(request: HttpRequest, pk: int, ledger: Ledger, template: str) -> HttpResponse:
    """GET: the grid. POST: saves the whole form, all or nothing, without JavaScript."""
    filing = _filing(request, pk, ledger)
    if request.method == "POST":
        return _save_form(request, filing, ledger, template)
    return _page(request, filing, ledger, template, ledger.rows_of(filing))


def save_block(request: HttpRequest, pk: int, ledger: Ledger) -> HttpResponse:
    """POST: the rows sent, in one transaction; those refused or stale come back as such and the others are saved."""
    filing = _filing(request, pk, ledger, whole=False)
    return _save_fragment(request, filing, ledger, sorted(sent_rows(request.POST)))


def save_row(request: HttpRequest, pk: int, row: int, ledger: Ledger) -> HttpResponse:
    """POST: one row, answered by its fragment with 200, 409 (stale or closed) or 422. GET: the row as it stands."""
    filing = _filing(request, pk, ledger, whole=False)
    if request.method == "POST":
        return _save_fragment(request, filing, ledger, [row])
    rows = ledger.rows_of(filing, [row])
    if not rows:
        raise Http404
    return _fragment(request, filing, ledger, rows, NO_ATTEMPT)


def _filing(request: HttpRequest, pk: int, ledger: Ledger, *, whole: bool = True) -> Filing:
    """The filing, when this person may see it and it has this section; 404 otherwise. `whole`: as `seen_filing`."""
    filing = seen_filing(request, pk, whole=whole)
    if not ledger.section.applies(filing):
        raise Http404
    return filing


def _author(request: HttpRequest, filing: Filing) -> User:
    """The person, who types in this contract's filings; 403 for anybody else, whatever the state of the filing."""
    if not has_role_on(viewer(request), perimeters_of(filing.contract), Role.LEAD, Role.CONTRIBUTOR):
        raise PermissionDenied
    return viewer(request)


def _save_form(request: HttpRequest, filing: Filing, ledger: Ledger, template: str) -> HttpResponse:
    actor = _author(request, filing)
    rows = ledger.rows_of(filing)
    typed = _typed(request, ledger, rows)
    reading = read_rows(ledger, rows, typed, _unit(request, ledger))
    if reading.errors:
        return _page(request, filing, ledger, template, rows, Attempt(typed, reading.errors), status=UNREADABLE)
    try:
        ledger.save(filing, reading.entries, actor)
    except StaleRows as stale:
        attempt = Attempt(typed, conflicts=stale.conflicts)
        return _page(request, filing, ledger, template, rows, attempt, status=CONFLICT)
    except NotAllowedError as error:
        raise PermissionDenied from error
    except FilingError as error:
        return _page(request, filing, ledger, template, rows, Attempt(typed), status=CONFLICT, refusal=str(error))
    if "afficher" in request.POST:
        request.session[UNIT_CHOSEN] = unit_of(request.POST["afficher"])
    messages.success(request, _saved_now())
    if ledger.take_over and "reprendre" in request.POST:
        try:
            messages.info(request, taken_over_words(ledger.take_over(filing=filing, actor=actor)))
        except FilingError as error:  # somebody writes the same rows meanwhile; what was typed is saved
            messages.error(request, str(error))
    return redirect(_address(request, filing, ledger))


def _typed(request: HttpRequest, ledger: Ledger, rows: Sequence[Any]) -> dict[int, TypedRow]:
    """What was sent, row by row, but for the row whose stored values the person chose to keep."""
    dropped = request.POST.get("prendre")
    typed = {row.pk: typed_row(ledger, row, request.POST) for row in rows if str(row.pk) != dropped}
    return {pk: one for pk, one in typed.items() if one is not None}


def _save_fragment(request: HttpRequest, filing: Filing, ledger: Ledger, keys: Sequence[int]) -> HttpResponse:
    actor = _author(request, filing)
    if not keys or any(revision_name(key) not in request.POST for key in keys):
        return _plain("Lignes inconnues de ce dossier.", BAD_REQUEST)
    try:
        rows, attempt = _save_what_can_be(request, filing, ledger, keys, actor)
    except NotAllowedError as error:
        raise PermissionDenied from error
    except UnknownRow as error:
        return _plain(str(error), BAD_REQUEST)
    except FilingError as error:
        return _plain(str(error), CONFLICT)
    return _fragment(request, filing, ledger, rows, attempt)


def _save_what_can_be(
    request: HttpRequest, filing: Filing, ledger: Ledger, keys: Sequence[int], actor: User
) -> tuple[list[Any], Attempt]:
    """The rows as they now stand, and what became of each: one transaction, in which refused and stale rows stay."""
    with held_rows(ledger.table, filing=filing, actor=actor, keys=keys) as held:
        rows = ledger.beside(filing, list(held.values()))
        typed = _typed(request, ledger, rows)
        reading = read_rows(ledger, rows, typed, _unit(request, ledger))
        conflicts = write_held(ledger.table, filing, held, reading.entries, actor)
    saved = frozenset(entry.row for entry in reading.entries) - {one.row for one in conflicts}
    shown = [ledger.refresh(row, held[row.pk]) if row.pk in saved else row for row in rows]
    return shown, Attempt(typed, reading.errors, conflicts, saved)


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _page(
    request: HttpRequest,
    filing: Filing,
    ledger: Ledger,
    template: str,
    rows: Sequence[Any],
    attempt: Attempt = NO_ATTEMPT,
    *,
    status: int = OK,
    refusal: str = "",
) -> HttpResponse:
    sheets = _sheets_to_show(request, filing, attempt)
    grid = build_grid(ledger, filing, rows, unit=_unit(request, ledger), sheets=sheets, attempt=attempt)
    before = ledger.before(filing)
    context = {
        "filing": filing,
        "ledger": ledger,
        "before": named(before) if before else "",
        "grid": grid,
        "units": UNITS,
        "refusal": refusal,
        "section": ledger.section,
        "can_take_over": filing.is_editable and _has_something_to_take(ledger, rows, sheets),
        **trail(filing, (ledger.section.title, request.path)),
    }
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "private, no-store"  # the browser keeps no figure, nor shows one after a sign-out
    return answer


def _has_something_to_take(ledger: Ledger, rows: Sequence[Any], sheets: frozenset[str] | None) -> bool:
    """Whether some blank that this person may fill has a value in the last period."""
    mine = (row for row in rows if sheets is None or row.sheet in sheets)
    return ledger.take_over is not None and any(map(ledger.can_take_over, mine))


def _sheets_to_show(request: HttpRequest, filing: Filing, attempt: Attempt) -> frozenset[str] | None:
    """The sheets with inputs; after a refused save the person keeps theirs, to copy what was typed."""
    if attempt.typed and not filing.takes_texts:
        return None
    return writable_sheets(viewer(request), filing)


def _fragment(
    request: HttpRequest, filing: Filing, ledger: Ledger, rows: Sequence[Any], attempt: Attempt
) -> HttpResponse:
    """The rows as they now stand; the status tells the worst that happened to them."""
    sheets = writable_sheets(viewer(request), filing)
    grid = build_grid(ledger, filing, rows, unit=_unit(request, ledger), sheets=sheets, attempt=attempt)
    status = CONFLICT if attempt.conflicts else UNREADABLE if attempt.errors else OK
    context = {"grid": grid, "filing": filing, "said": _saved_now() if attempt.saved else ""}
    return render(request, ROWS, context, status=status)


def _unit(request: HttpRequest, ledger: Ledger) -> Unit:
    """The unit of what is sent, else the one that the person last chose; a grid that does not show one takes euros."""
    if not ledger.has_amounts:
        return "eur"
    if request.method == "POST":
        return unit_of(request.POST.get("unite"))  # whatever another window chose meanwhile
    return unit_of(request.GET.get("unite") or request.session.get(UNIT_CHOSEN))


def _address(request: HttpRequest, filing: Filing, ledger: Ledger) -> str:
    """The page again, in the unit that the person asked for."""
    unit = unit_of(request.POST.get("afficher") or request.POST.get("unite"))
    return ledger.section.url(filing) + (f"?unite={unit}" if unit != unit_of(request.session.get(UNIT_CHOSEN)) else "")


def _saved_now() -> str:
    return f"Enregistré à {formats.hour_fr(timezone.now())}"


def taken_over_words(rows: int, dates_left: int = 0) -> str:
    """What became of « Reprendre la période précédente »; `dates_left`: dates of milestones that are no longer true."""
    if not rows:
        return "Rien à reprendre\u00a0: aucune ligne vide n’a de valeur à la période précédente."
    lines = "1 ligne reprise" if rows == 1 else f"{rows} lignes reprises"
    left = (
        "1 date n’est plus possible et reste"
        if dates_left == 1
        else f"{dates_left} dates ne sont plus possibles et restent"
    )
    blank = f" {left} à donner." if dates_left else ""
    return f"{lines} de la période précédente\u00a0: vérifiez avant de soumettre.{blank}"
