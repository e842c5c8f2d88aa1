"""Article 5 of a contract: what is measured, what is aimed at, where it stands."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.pages import contract_page
from figures.operators import Status
from indicators.calc import IndicatorResult, ResultsSituation
from indicators.enums import FollowedIn
from indicators.selectors import results_situation
from indicators.side_by_side import results_side_by_side
from indicators.words import baseline_words, goal_words, status_words, value_words
from monitoring.reality import counting_filings, filing_ref


@require_safe
@login_required
def article(request: HttpRequest, code: str) -> HttpResponse:
    """Indicators by kind: progress, result, impact."""
    page = contract_page(request, code, "Indicateurs")
    filings = counting_filings(page.contract, on=page.on)
    results = results_situation(page.contract, page.version, page.on, filings=filings)
    signed = results_situation(page.contract, page.signature, page.on, filings=filings) if page.signature else None
    context = page.context | {
        "results": results,
        "conclusion": conclusion(results),
        "tables": _tables(results),
        "measured": [one for one in results.indicators if one.valued],
        "sides": results_side_by_side(signed, results) if signed else [],
        "filings": {filing.pk: filing_ref(filing) for filing in filings},
    }
    return render(request, "indicators/article.html", context)


def conclusion(results: ResultsSituation) -> str:
    """How many indicators, how many measured, where they stand."""
    count = len(results.indicators)
    if not count:
        return "Le contrat ne suit aucun indicateur."
    measured = [one for one in results.indicators if one.value is not None]
    opening = f"Le contrat suit {count} indicateurs" if count > 1 else "Le contrat suit un indicateur"
    followed = count - len(results.asked)
    if followed:
        opening += f", dont {followed} par ses crédits, son calendrier ou ses économies"
    if not measured:
        return f"{opening}\u00a0; aucun n’est encore mesuré."
    counts = Counter(str(one.status) if not one.is_incomparable else INCOMPARABLE for one in results.asked)
    told = [f"{counts[status]} {words}" for status, words in _PLURALS.items() if counts[status]]
    return f"{opening}\u00a0: {', '.join(told)}."


INCOMPARABLE: Final = "incomparable"
FOLLOWED_AT: Final[Mapping[str, str]] = {
    FollowedIn.CREDITS: "budget:article",
    FollowedIn.CALENDAR: "reports:calendar",
    FollowedIn.SAVINGS: "savings:article",
}
"""The page of the contract that shows the figures of an indicator, by where it is followed."""

# Read after a number, of indicators: a word that does not change, or a plural marked where it is needed.
_PLURALS: Final[Mapping[str, str]] = {
    Status.REACHED: "à la cible",
    Status.ON_COURSE: "en bonne voie",
    Status.BEHIND: "en retard",
    Status.NOT_DUE: "avant l’échéance",
    INCOMPARABLE: "sans cible comparable",
    Status.NOT_REPORTED: "sans mesure",
}


def _tables(results: ResultsSituation) -> list[dict[str, object]]:
    """One table for each kind of indicator, with the days of its targets as columns."""
    kinds = dict.fromkeys((one.kind, one.kind_label) for one in results.indicators)
    return [_table(label, [one for one in results.indicators if one.kind == kind]) for kind, label in kinds]


def _table(label: str, indicators: list[IndicatorResult]) -> dict[str, object]:
    found = {goal.on for one in indicators for goal in one.targets}
    days = sorted(found, key=lambda day: day or date.max)
    return {"label": label, "days": days, "rows": [_row(one, days) for one in indicators]}


def _row(one: IndicatorResult, days: list[date | None]) -> dict[str, object]:
    goals = {goal.on: goal for goal in one.targets}
    last = one.last_measure
    return {
        "indicator": one,
        "baseline": baseline_words(one),
        "goals": [(day, goal_words(one, goals[day]) if day in goals else "") for day in days],
        "value": value_words(one, last.value, last.components) if last else "",
        "status": str(one.status),
        "followed": FOLLOWED_AT[one.followed_in] if one.is_followed else None,
        "status_label": status_words(one),
    }
