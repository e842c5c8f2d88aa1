"""Time and number of queries of the pages, through every middleware, as a signed-in person."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from budget.models import Consumption
from monitoring.entry.cells import cell_anchor, revision_name
from monitoring.models import Filing

WARM_UP = 3
SAVING = "Enregistrer une ligne"
Form = Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    """A page asked for by somebody. `form` gives what is posted, anew each time; without it the page is read."""

    label: str
    url: str
    who: User
    form: Callable[[], Form] | None = None


@dataclass(frozen=True)
class Timing:
    """Milliseconds on the server (middleware, view, template, database), queries, bytes of one page."""

    median_ms: float
    p95_ms: float
    queries: int
    size: int


class PageFailedError(Exception):
    """A measured page answered something else than 200: a measure of an error page would flatter."""


def measure(visit: Visit, requests: int) -> Timing:
    """Asks so many times after a warm-up; queries are counted apart, because counting slows. `PageFailedError`."""
    client = _signed_in(visit.who)
    for _ in range(WARM_UP):
        _once(client, visit)
    with CaptureQueriesContext(connection) as captured:
        _, size = _once(client, visit)
        queries = len(captured)
    seconds = sorted(_once(client, visit)[0] for _ in range(requests))
    return Timing(
        median_ms=1000 * statistics.median(seconds),
        p95_ms=1000 * percentile(seconds, 95),
        queries=queries,
        size=size,
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values, sorted, below or at which so many percent of them lie."""
    return values[max(0, -(-len(values) * percent // 100) - 1)]


def _signed_in(who: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(who, "django.contrib.auth.backends.ModelBackend")
    return client


def _once(client: Client, visit: Visit) -> tuple[float, int]:
    """Seconds and bytes of one answer."""
    form = visit.form() if visit.form else None
    started = time.perf_counter()
    if form is None:
        answer = client.get(visit.url, secure=settings.HTTPS)
    else:
        answer = client.post(visit.url, form, secure=settings.HTTPS)
    seconds = time.perf_counter() - started
    if answer.status_code != 200:
        raise PageFailedError(f"{visit.label}\u00a0: {visit.url} répond {answer.status_code}")
    return seconds, len(answer.content)


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
    yield from _reading("Dossier, grille des crédits", "budget:entry", [filing.pk], lead)
    yield from _reading("Dossier, grille des indicateurs", "indicators:entry", [filing.pk], lead)
    yield from _saving(filing, lead)


def _reading(label: str, name: str, args: list[Any], who: User) -> Iterator[Visit]:
    try:
        yield Visit(label, reverse(name, args=args), who)
    except NoReverseMatch:
        return


def _saving(filing: Filing, lead: User) -> Iterator[Visit]:
    """Saving one row of credits; each form is other than what is stored, so that each one writes."""
    row = Consumption.objects.filter(filing=filing).order_by("line__position").first()
    if row is not None:
        pk = row.pk
        url = reverse("budget:entry_row", args=[filing.pk, pk])
        yield Visit(SAVING, url, lead, lambda: changed_row(pk))


def changed_row(pk: int) -> Form:
    """What the grid sends for a row whose AE somebody has just raised by one euro."""
    row = Consumption.objects.get(pk=pk)
    ae = int(row.ae.amount) + 1 if row.ae is not None else 1
    return {revision_name(pk): str(row.revision), cell_anchor(pk, "ae"): str(ae), cell_anchor(pk, "cp"): "1"}
