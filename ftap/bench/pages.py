"""Time and number of queries of the pages, through every middleware, as a signed-in person."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import MULTIPART_CONTENT, Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from accounts.models import User
from budget.models import Consumption
from monitoring.entry.cells import cell_anchor, revision_name
from monitoring.models import Filing
from monitoring.workbook.imports import make_workbook, pending, receive_workbook
from monitoring.workbook.sheet import KEY_COLUMN, KEY_ROW, MARK

WARM_UP = 3
TERMS, TRIALS = 20_000, 9
GRID = "Dossier, grille des crédits"
SAVING, PASTING = "Enregistrer une ligne", "Coller un bloc, trois cases par ligne"
COMPARING, CONFIRMING = "Classeur, déposer et comparer", "Classeur, confirmer"
Form = Mapping[str, str | SimpleUploadedFile]


@dataclass(frozen=True)
class Visit:
    """A page asked for by somebody. `form` gives what is posted, anew each time; without it the page is read.

    What prepares the form is neither timed nor counted; the page to which the answer leads is both.
    """

    label: str
    url: str
    who: User
    form: Callable[[], Form] | None = None


@dataclass(frozen=True)
class Timing:
    """Milliseconds on the server (middleware, view, template, database), queries, bytes of one page.

    `yardstick_ms`: what `yardstick` took around these requests.
    """

    median_ms: float
    p95_ms: float
    queries: int
    size: int
    yardstick_ms: float


class PageFailedError(Exception):
    """A measured page answered something else than 200: a measure of an error page would flatter."""


def measure(visit: Visit, requests: int) -> Timing:
    """Asks so many times after a warm-up; queries are counted apart, because counting slows. `PageFailedError`."""
    client = _signed_in(visit.who)
    for _ in range(WARM_UP):
        _once(client, visit, _form(visit))
    form = _form(visit)
    with CaptureQueriesContext(connection) as captured:
        _, size = _once(client, visit, form)
        queries = len(captured)
    before = yardstick()
    seconds = sorted(_once(client, visit, _form(visit))[0] for _ in range(requests))
    after = yardstick()
    return Timing(
        median_ms=1000 * statistics.median(seconds),
        p95_ms=1000 * percentile(seconds, 95),
        queries=queries,
        size=size,
        yardstick_ms=(before + after) / 2,
    )


def yardstick() -> float:
    """Milliseconds that a fixed computation takes now: the same everywhere in a run, but for the rest of the machine.

    A neighbour on the same cores slows it as it slows the pages measured beside it.
    """
    trials = []
    for _ in range(TRIALS):
        started = time.perf_counter()
        sum((Decimal(one) for one in range(TERMS)), Decimal(0))
        trials.append(time.perf_counter() - started)
    return 1000 * statistics.median(trials)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values, sorted, below or at which so many percent of them lie."""
    return values[max(0, -(-len(values) * percent // 100) - 1)]


def _signed_in(who: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    return client


def _form(visit: Visit) -> Form | None:
    return visit.form() if visit.form else None


def _once(client: Client, visit: Visit, form: Form | None) -> tuple[float, int]:
    """Seconds and bytes of one answer, and of the page to which it leads."""
    body, encoding = _as_sent(form) if form else (None, "")
    started = time.perf_counter()
    if body is None:
        answer = client.get(visit.url, secure=settings.HTTPS)
    else:
        answer = client.post(visit.url, body, content_type=encoding, secure=settings.HTTPS, follow=True)
    seconds = time.perf_counter() - started
    if answer.status_code != 200:
        raise PageFailedError(f"{visit.label}\u00a0: {visit.url} répond {answer.status_code}")
    return seconds, len(answer.content)


def _as_sent(form: Form) -> tuple[Any, str]:
    """The body and its encoding, as a browser sends them: in parts when there is a file, in one line otherwise."""
    if any(isinstance(value, SimpleUploadedFile) for value in form.values()):
        return form, MULTIPART_CONTENT
    return urlencode(form), "application/x-www-form-urlencoded"


# --- What is measured ---


def visits(filing: Filing, lead: User, secretariat: User) -> Iterator[Visit]:
    """The pages of one contract and of one of its filings, and those that go across contracts."""
    code = filing.contract.code
    yield from _reading("Portefeuille", "reports:portfolio", [], secretariat)
    yield from _reading("À faire", "reports:home", [], secretariat)
    yield from _reading("Contrat, synthèse", "reports:contract", [code], secretariat)
    yield from _reading("Contrat, projets (art. 1)", "contracts:projects", [code], secretariat)
    yield from _reading("Contrat, financement (art. 2)", "budget:article", [code], secretariat)
    yield from _reading("Contrat, économies (art. 3)", "savings:article", [code], secretariat)
    yield from _reading("Contrat, gouvernance (art. 4)", "contracts:governance", [code], secretariat)
    yield from _reading("Contrat, calendrier (art. 4.1)", "reports:calendar", [code], secretariat)
    yield from _reading("Contrat, indicateurs (art. 5)", "indicators:article", [code], secretariat)
    yield from _reading("Contrat, anomalies", "reports:anomalies", [code], secretariat)
    yield from _reading("Campagne", "monitoring:campaign", [filing.campaign_id], secretariat)
    yield from _reading("Dossier, récapitulatif", "monitoring:filing", [filing.pk], lead)
    yield from _reading(GRID, "budget:entry", [filing.pk], lead)
    yield from _reading("Dossier, grille des indicateurs", "indicators:entry", [filing.pk], lead)
    yield from _saving(filing, lead)
    yield from _workbook(filing, lead)


def _reading(label: str, name: str, args: list[Any], who: User) -> Iterator[Visit]:
    try:
        yield Visit(label, reverse(name, args=args), who)
    except NoReverseMatch:
        return


def _saving(filing: Filing, lead: User) -> Iterator[Visit]:
    """Saving one row of credits, then all; each form is other than what is stored, so that each one writes."""
    rows = list(Consumption.objects.filter(filing=filing).order_by("line__position").values_list("pk", flat=True))
    if rows:
        yield Visit(
            SAVING, reverse("budget:entry_row", args=[filing.pk, rows[0]]), lead, lambda: changed_rows(rows[:1])
        )
        yield Visit(PASTING, reverse("budget:entry_rows", args=[filing.pk]), lead, lambda: changed_rows(rows))


def changed_rows(keys: Sequence[int]) -> Form:
    """What the grid sends for rows of which somebody has just changed three cells: AE, one euro more, CP, comment."""
    sent: dict[str, str] = {}
    for row in Consumption.objects.filter(pk__in=keys):
        ae = int(row.ae.amount) + 1 if row.ae is not None else 1
        sent[revision_name(row.pk)] = str(row.revision)
        sent |= {cell_anchor(row.pk, "ae"): str(ae), cell_anchor(row.pk, "cp"): str(ae % 2)}
        sent[cell_anchor(row.pk, "comment")] = f"Commentaire {ae}"
    return sent


# --- The same filing as a workbook ---


def _workbook(filing: Filing, lead: User) -> Iterator[Visit]:
    """Downloaded, deposited and compared, confirmed; every line of credits has a new AE each time."""
    yield from _reading("Classeur, télécharger", "monitoring:workbook", [filing.pk], lead)
    deposit = reverse("monitoring:workbook_upload", args=[filing.pk])
    yield Visit(COMPARING, deposit, lead, lambda: {"file": _filled(filing, lead)})
    yield Visit(
        CONFIRMING,
        reverse("monitoring:workbook_confirm", args=[filing.pk]),
        lead,
        lambda: {"vu": _deposited(filing, lead)},
    )


def _filled(filing: Filing, lead: User) -> SimpleUploadedFile:
    """The workbook of the filing, the first amount of each line of credits raised by one euro."""
    book = load_workbook(BytesIO(make_workbook(filing, lead)))
    sheet = next(one for one in book.worksheets if one.cell(KEY_ROW, KEY_COLUMN).value == f"{MARK}credits")
    column = next(at for at in range(1, sheet.max_column + 1) if sheet.cell(KEY_ROW, at).value == "ae.0")
    for line in range(KEY_ROW + 1, sheet.max_row + 1):
        if str(sheet.cell(line, KEY_COLUMN).value or "").isdigit():
            cell = sheet.cell(line, column)
            cell.value = int(str(cell.value or 0).split(".")[0]) + 1
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("rempli.xlsx", out.getvalue())


def _deposited(filing: Filing, lead: User) -> str:
    """Deposits a filled workbook; gives the fingerprint of the differences to confirm."""
    content = _filled(filing, lead).read()
    receive_workbook(filing=filing, actor=lead, file_name="rempli.xlsx", content=content)
    waiting = pending(filing, lead)
    if waiting is None or not waiting.differences.changes:
        raise PageFailedError("Le classeur déposé ne change rien")
    return waiting.differences.fingerprint
