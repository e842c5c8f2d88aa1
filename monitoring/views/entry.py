"""Typing the calendar, the weather and the comments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.resuming import signed_in_or_kept
from monitoring import rules
from monitoring.calendar_entry import has_something_to_take, take_over_last_period
from monitoring.entry.pages import taken_over_words
from monitoring.enums import ProgressState, Weather
from monitoring.errors import FilingError, NotAllowedError, StaleRow
from monitoring.filing_sections import CALENDAR, WEATHER
from monitoring.forms import MilestoneForm, WeatherForm
from monitoring.models import Filing
from monitoring.models.filings import COMMENTS
from monitoring.models.progress import MILESTONE_TEXTS
from monitoring.permissions import can_write_comments, writable_sheets
from monitoring.rules import FilingFinding
from monitoring.selectors import CalendarRow, calendar_rows, calendar_since, named, previous_filing
from monitoring.services.progress import record_calendar, record_texts
from monitoring.views import checking
from monitoring.views.access import seen_filing, trail, typed_filing, viewer
from monitoring.views.writing import CONFLICT, UNREADABLE, differences, labels, status_of, write_form

WHOLE = ""  # rules on the filing as a whole, such as its being late


# --- Calendar ---


@dataclass(frozen=True)
class Line:
    """A row of the calendar's page; `form` is None when this person may not write the row."""

    row: CalendarRow
    form: MilestoneForm | None

    @property
    def anchor(self) -> str:
        return f"jalon-{self.row.progress.pk}"


@dataclass(frozen=True)
class RefusedCell:
    """A cell that cannot be saved: its id, its row and column in words, why."""

    anchor: str
    label: str
    message: str


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Where each milestone stands; one button saves every row that was changed, all or none."""
    if request.method != "POST":
        shown = seen_filing(request, pk)
        return _calendar_page(request, shown, _lines(viewer(request), shown))
    shown = typed_filing(request, pk, whole=False)
    lines = _lines(viewer(request), shown, request.POST)
    typed = [line.form for line in lines if line.form and line.form.is_sent and line.form.has_changed()]
    if checking.is_asked(request):
        return _check_calendar(request, shown, typed)
    if [form for form in typed if not form.is_valid()]:
        return _calendar_page(request, shown, lines, status=UNREADABLE)
    try:
        record_calendar(filing=shown, actor=viewer(request), changes=[form.change() for form in typed])
    except StaleRow as stale:
        next(form for form in typed if form.row.pk == stale.pk).accept_revision(stale.revision)
        return _calendar_page(request, shown, lines, stale=stale, status=CONFLICT)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FilingError as error:
        messages.error(request, str(error))
    else:
        takes_over = "reprendre" in request.POST and shown.is_editable
        if typed or not takes_over:
            messages.success(request, _saved(len(typed)))
        if takes_over:
            _take_over(request, shown)
    return redirect("monitoring:calendar", pk)


def _take_over(request: HttpRequest, shown: Filing) -> None:
    """What was typed is saved; whoever writes the same rows meanwhile keeps theirs."""
    try:
        taken = take_over_last_period(filing=shown, actor=viewer(request))
        messages.info(request, taken_over_words(taken.rows, taken.dates_left))
    except FilingError as error:
        messages.error(request, str(error))


def _check_calendar(request: HttpRequest, shown: Filing, typed: Sequence[MilestoneForm]) -> HttpResponse:
    """The rows that are understood, whoever changed them meanwhile; the others are told of at their place."""
    read = [form for form in typed if form.is_valid()]
    changes = [replace(form.change(), revision=form.row.revision) for form in read]
    errors = {f"jalon-{form.row.pk}": checking.errors_of(form) for form in typed if form.errors}
    return checking.answer(
        request,
        shown,
        lambda: record_calendar(filing=shown, actor=viewer(request), changes=changes),
        within=[CALENDAR.code],
        errors=errors,
    )


def _lines(person: User, shown: Filing, data: QueryDict | None = None) -> list[Line]:
    sheets, only = writable_sheets(person, shown), MILESTONE_TEXTS if shown.takes_texts_only else None

    rows = calendar_rows(shown)
    since = calendar_since(shown, rows)

    def line(row: CalendarRow) -> Line:
        is_mine = sheets is None or row.sheet_number in sheets
        return Line(row, MilestoneForm(row.progress, data, since=since, only=only) if is_mine else None)

    return [line(row) for row in rows]


def _calendar_page(
    request: HttpRequest, shown: Filing, lines: list[Line], *, stale: StaleRow | None = None, status: int = 200
) -> HttpResponse:
    refused = _refused(lines) if status == UNREADABLE else []
    typed = {line.anchor for line in lines if refused and line.form and line.form.has_changed()}
    # What was stored before says nothing of what was just typed and not saved.
    findings = [one for one in rules.findings(shown, within=[CALENDAR.code]) if one.finding.anchor not in typed]
    before = previous_filing(shown)
    context = {
        "filing": shown,
        "section": CALENDAR,
        "before": named(before) if before else "",
        "refused": refused,
        "lines": [(line, checking.Place(line.anchor, findings=checking.at(findings, line.anchor))) for line in lines],
        "can_edit": any(line.form for line in lines),
        "texts_only": shown.takes_texts_only,
        "can_take_over": shown.is_editable and any(line.form and has_something_to_take(line.row) for line in lines),
        "stale": stale,
        "differences": differences(stale, MilestoneForm.COLUMNS, ProgressState),
        "findings": findings,
        **trail(shown, (CALENDAR.title, request.path)),
    }
    return render(request, "monitoring/calendar.html", context, status=status)


def _refused(lines: Sequence[Line]) -> list[RefusedCell]:
    """Every cell that was not understood, in the order of the page."""
    return [
        RefusedCell(
            f"{line.anchor}-{name}", f"{line.row.progress.milestone.label}, {MilestoneForm.COLUMNS[name]}", str(said)
        )
        for line in lines
        if line.form
        for name in line.form.COLUMNS
        for said in line.form.errors.get(name, ())
    ]


def _saved(count: int) -> str:
    if not count:
        return "Rien n’a changé."
    return "Une ligne est enregistrée." if count == 1 else f"{count} lignes sont enregistrées."


# --- Weather and comments ---


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def weather(request: HttpRequest, pk: int) -> HttpResponse:
    """The filing as a whole, in words."""
    reading = request.method != "POST"
    shown = seen_filing(request, pk) if reading else typed_filing(request, pk, whole=True)
    form = WeatherForm(request.POST or None, initial=WeatherForm.initial_of(shown), auto_id="meteo-%s")
    if shown.takes_texts_only:
        form.close_all_but(COMMENTS)

    def write(revision: int) -> Filing:
        values = {name: form.cleaned_data[name] for name in form.VALUES}
        return record_texts(filing=shown, actor=viewer(request), revision=revision, values=values)

    sections = [WEATHER.code, WHOLE]
    if checking.is_asked(request):
        if not form.is_valid():
            return checking.refused()
        return checking.answer(
            request, shown, lambda: write(shown.revision), within=sections, here=lambda _, found: _weather_place(found)
        )
    if form.is_valid() and write_form(form, lambda: write(form.cleaned_data["revision"])):
        messages.success(request, "La météo et les commentaires sont enregistrés.")
        return redirect("monitoring:weather", pk)
    findings = rules.findings(shown, within=sections)
    context = {
        "filing": shown,
        "section": WEATHER,
        "form": form,
        "can_edit": can_write_comments(viewer(request), shown),
        "texts_only": shown.takes_texts_only,
        "stale": getattr(form, "stale", None),
        "differences": differences(getattr(form, "stale", None), labels(form), Weather),
        "findings": findings,
        "place": _weather_place(findings),
        **trail(shown, (WEATHER.title, request.path)),
    }
    return render(request, "monitoring/weather.html", context, status=status_of(form))


def _weather_place(findings: Sequence[FilingFinding]) -> checking.Place:
    """Beside the form, all that is said of the weather and of the filing as a whole."""
    return checking.Place("meteo", findings=findings)
