"""Typing the calendar, the risks, the weather and the comments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.resuming import signed_in_or_kept
from figures.formats import NOT_REPORTED, short_date_fr
from monitoring import rules
from monitoring.enums import ProgressState, RiskState, Weather
from monitoring.errors import FilingError, NotAllowedError, StaleRow
from monitoring.filing_sections import CALENDAR, RISKS, WEATHER
from monitoring.forms import MilestoneForm, RiskChangeForm, RiskForm, WeatherForm
from monitoring.models import Filing
from monitoring.models.progress import MILESTONE_TEXTS, RISK_TEXTS
from monitoring.permissions import can_edit_whole_filing, can_write_comments, writable_sheets
from monitoring.selectors import CalendarRow, calendar_rows, worst_first
from monitoring.services.progress import add_risk, close_risk, record_calendar, record_risk, record_texts
from monitoring.views.access import risk_of, seen_filing, trail, typed_filing, viewer

CONFLICT, UNREADABLE = 409, 422
WHOLE = ""  # rules on the filing as a whole, such as its being late


def _write(form: Any, write: Callable[[], object]) -> bool:
    """Whether the service took it; what it refused is said on the form, which keeps what was typed."""
    try:
        write()
    except StaleRow as stale:
        form.stale = stale
        form.data = form.data.copy()
        form.data["revision"] = str(stale.revision)
        form.add_error(None, str(stale))
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FilingError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return not form.errors


def _labels(form: Any) -> dict[str, str]:
    return {name: str(field.label) for name, field in form.fields.items()}


def _status(form: Any) -> int:
    if getattr(form, "stale", None):
        return CONFLICT
    return UNREADABLE if form.errors else 200


# --- Calendar ---


@dataclass(frozen=True)
class Line:
    """A row of the calendar's page; `form` is None when this person may not write the row."""

    row: CalendarRow
    form: MilestoneForm | None


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
        messages.success(request, _saved(len(typed)))
    return redirect("monitoring:calendar", pk)


def _lines(person: User, shown: Filing, data: QueryDict | None = None) -> list[Line]:
    sheets, only = writable_sheets(person, shown), MILESTONE_TEXTS if shown.takes_texts_only else None

    def line(row: CalendarRow) -> Line:
        is_mine = sheets is None or row.sheet_number in sheets
        return Line(row, MilestoneForm(row.progress, data, only=only) if is_mine else None)

    return [line(row) for row in calendar_rows(shown)]


def _calendar_page(
    request: HttpRequest, shown: Filing, lines: list[Line], *, stale: StaleRow | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "filing": shown,
        "section": CALENDAR,
        "lines": lines,
        "can_edit": any(line.form for line in lines),
        "texts_only": shown.takes_texts_only,
        "stale": stale,
        "differences": _differences(stale, MilestoneForm.COLUMNS, ProgressState),
        "findings": rules.findings(shown, within=[CALENDAR.code]),
        **trail(shown, (CALENDAR.title, request.path)),
    }
    return render(request, "monitoring/calendar.html", context, status=status)


@dataclass(frozen=True)
class Difference:
    """A field on which two people differ, as French texts: mine, theirs, and the one before."""

    label: str
    mine: str
    theirs: str
    before: str


def _differences(stale: StaleRow | None, labels: Mapping[str, str], choices: type[TextChoices]) -> list[Difference]:
    """Each field that was typed otherwise by two people, with what both had started from."""
    if stale is None:
        return []
    words, before = dict(choices.choices), stale.before or {}

    def text(value: object) -> str:
        if isinstance(value, date):
            return short_date_fr(value)
        return str(words.get(value, str(value or ""))) or NOT_REPORTED  # type: ignore[call-overload]

    return [
        Difference(labels.get(name, name), text(mine), text(stale.theirs[name]), text(before.get(name)))
        for name, mine in stale.mine.items()
        if mine != stale.theirs[name]
    ]


def _saved(count: int) -> str:
    if not count:
        return "Rien n’a changé."
    return "Une ligne est enregistrée." if count == 1 else f"{count} lignes sont enregistrées."


# --- Risks ---


@require_safe
@login_required
def risks(request: HttpRequest, pk: int) -> HttpResponse:
    """The risks of the filing, open first, the most critical first."""
    shown = seen_filing(request, pk)
    context = {
        "filing": shown,
        "section": RISKS,
        "risks": worst_first(shown),
        "can_edit": can_edit_whole_filing(viewer(request), shown),
        "can_reword": can_write_comments(viewer(request), shown),
        "findings": rules.findings(shown, within=[RISKS.code]),
        **trail(shown, (RISKS.title, request.path)),
    }
    return render(request, "monitoring/risks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a new risk."""
    shown = typed_filing(request, pk, whole=True)
    form = RiskForm(request.POST or None)
    if form.is_valid() and _write(
        form, lambda: add_risk(filing=shown, actor=viewer(request), values=form.cleaned_data)
    ):
        messages.success(request, "Le risque est enregistré.")
        return redirect("monitoring:risks", pk)
    return _risk_page(request, shown, form, "Déclarer un risque")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def risk(request: HttpRequest, pk: int, risk_pk: int) -> HttpResponse:
    """The form of a risk already declared."""
    shown = typed_filing(request, pk, whole=True)
    known = risk_of(shown, risk_pk)
    form = RiskChangeForm(request.POST or None, initial=RiskChangeForm.initial_of(known))
    for name in set(form.VALUES) - set(RISK_TEXTS) if shown.takes_texts_only else ():
        form.fields[name].disabled = True
    if form.is_valid() and _write(
        form,
        lambda: record_risk(
            filing=shown,
            risk=known,
            actor=viewer(request),
            revision=form.cleaned_data["revision"],
            values={name: form.cleaned_data[name] for name in form.VALUES},
        ),
    ):
        messages.success(request, "Le risque est enregistré.")
        return redirect("monitoring:risks", pk)
    return _risk_page(request, shown, form, "Modifier un risque")


@require_POST
@login_required
def close(request: HttpRequest, pk: int, risk_pk: int) -> HttpResponse:
    """Says that a risk is over."""
    shown = typed_filing(request, pk, whole=True)
    known = risk_of(shown, risk_pk)
    revision = request.POST.get("revision", "")
    try:
        seen = int(revision) if revision.isdecimal() else known.revision
        close_risk(filing=shown, risk=known, actor=viewer(request), revision=seen)
    except FilingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Le risque est clos.")
    return redirect("monitoring:risks", pk)


def _risk_page(request: HttpRequest, shown: Filing, form: RiskForm, title: str) -> HttpResponse:
    context = {
        "filing": shown,
        "section": RISKS,
        "form": form,
        "page_title": title,
        "stale": getattr(form, "stale", None),
        "differences": _differences(getattr(form, "stale", None), _labels(form), RiskState),
        **trail(shown, (RISKS.title, RISKS.url(shown)), (title, request.path)),
    }
    return render(request, "monitoring/risk_form.html", context, status=_status(form))


# --- Weather and comments ---


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def weather(request: HttpRequest, pk: int) -> HttpResponse:
    """The filing as a whole, in words."""
    reading = request.method != "POST"
    shown = seen_filing(request, pk) if reading else typed_filing(request, pk, whole=True)
    form = WeatherForm(request.POST or None, initial=WeatherForm.initial_of(shown))
    form.fields["weather"].disabled = texts_only = shown.takes_texts_only
    if form.is_valid() and _write(
        form,
        lambda: record_texts(
            filing=shown,
            actor=viewer(request),
            revision=form.cleaned_data["revision"],
            values={name: form.cleaned_data[name] for name in form.VALUES},
        ),
    ):
        messages.success(request, "La météo et les commentaires sont enregistrés.")
        return redirect("monitoring:weather", pk)
    context = {
        "filing": shown,
        "section": WEATHER,
        "form": form,
        "can_edit": can_write_comments(viewer(request), shown),
        "texts_only": texts_only,
        "stale": getattr(form, "stale", None),
        "differences": _differences(getattr(form, "stale", None), _labels(form), Weather),
        "findings": rules.findings(shown, within=[WEATHER.code, WHOLE]),
        **trail(shown, (WEATHER.title, request.path)),
    }
    return render(request, "monitoring/weather.html", context, status=_status(form))
