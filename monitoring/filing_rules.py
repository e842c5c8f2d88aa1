"""The rules on calendar, weather, comments and due date: pure, on frozen facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from figures.formats import date_fr, number
from figures.risk_matrix import criticality
from monitoring.awaited import standing
from monitoring.enums import ProgressState, RiskState, Severity, Weather
from monitoring.lateness import is_late
from monitoring.milestone_dates import is_past
from monitoring.models import Filing
from monitoring.reality import counting_filings, reopened_before
from monitoring.rules import Finding, Rule, register
from monitoring.selectors import (
    CalendarRow,
    calendar_rows,
    previous_filing,
)
from monitoring.signal import Computed, Score, computed_weather, signal_facts
from monitoring.signal import register as register_signal

_WEATHER, _WHY = "meteo-weather", "meteo-weather_comment"
"""The ids of two fields of the page of the weather."""

GRAVE = 16
"""Probability × severity, out of 25, from which a risk must say what is done about it."""

WORST = (Weather.SUPPORT, Weather.COMPROMISED)
LEVELS = list(Weather)
JUMP = 2
"""Levels of weather, between two filings or with the computed one, that ask for an explanation."""


@dataclass(frozen=True)
class MilestoneFact:
    """A milestone at the end of the period; `promised` is the end that the version gives, None if it gives none."""

    anchor: str
    label: str
    state: str
    promised: date | None
    done_on: date | None = None
    expected_on: date | None = None
    comment: str = ""


@dataclass(frozen=True)
class RiskFact:
    anchor: str
    title: str
    score: int
    is_open: bool
    mitigation: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class FilingFacts:
    """What the rules look at. `days_late` counts from the due date to the submission that answers it, or to the day
    asked while there is none (`answered_on` is then None): `monitoring.awaited`.
    """

    period_end: date
    due_on: date
    days_late: int
    weather: str
    weather_comment: str
    progress_comment: str
    previous_weather: str = ""
    milestones: tuple[MilestoneFact, ...] = ()
    risks: tuple[RiskFact, ...] = ()
    reopened_before: str = ""
    answered_on: date | None = None


@dataclass(frozen=True)
class WeatherFacts:
    """The declared weather and the one that the figures give at the end of the period."""

    weather: str
    weather_comment: str
    computed: Computed


def quoted(text: str) -> str:
    """The text between French quotation marks."""
    return f"«\u00a0{text}\u00a0»"


def weather_missing(facts: FilingFacts) -> list[Finding]:
    return [] if facts.weather else [Finding("La météo du projet n’est pas déclarée.", "meteo", cell=_WEATHER)]


def weather_without_comment(facts: FilingFacts) -> list[Finding]:
    if facts.weather not in WORST or facts.weather_comment:
        return []
    return [
        Finding(f"La météo «\u00a0{Weather(facts.weather).label}\u00a0» demande un commentaire.", "meteo", cell=_WHY)
    ]


def weather_jump(facts: FilingFacts) -> list[Finding]:
    if not facts.weather or not facts.previous_weather or facts.weather_comment:
        return []
    if levels_between(facts.weather, facts.previous_weather) < JUMP:
        return []
    before, now = Weather(facts.previous_weather).label, Weather(facts.weather).label
    return [
        Finding(f"La météo passe de «\u00a0{before}\u00a0» à «\u00a0{now}\u00a0» sans commentaire.", "meteo", cell=_WHY)
    ]


def levels_between(one: str, other: str) -> int:
    """How many levels of weather apart two declarations are."""
    return abs(LEVELS.index(Weather(one)) - LEVELS.index(Weather(other)))


def weather_far_from_figures(facts: WeatherFacts) -> list[Finding]:
    computed = facts.computed
    if not facts.weather or facts.weather_comment or not computed.reasons:
        return []
    if levels_between(facts.weather, computed.weather) < JUMP:
        return []
    declared, figures = quoted(Weather(facts.weather).label), quoted(computed.weather.label)
    why = ", ".join(computed.reasons)
    return [
        Finding(
            f"La météo déclarée {declared} est à deux niveaux ou plus du signal calculé {figures} ({why})\u00a0: "
            "expliquez-le en commentaire.",
            "meteo",
            cell=_WHY,
        )
    ]


def earlier_filing_reopened(facts: FilingFacts) -> list[Finding]:
    if not facts.reopened_before:
        return []
    before = facts.reopened_before
    return [Finding(f"Le dossier {before}, antérieur, est ouvert de nouveau\u00a0: il doit d’abord être soumis.")]


def progress_not_told(facts: FilingFacts) -> list[Finding]:
    return (
        []
        if facts.progress_comment
        else [Finding("L’avancement de la période n’est pas décrit.", "meteo", cell="meteo-progress_comment")]
    )


def milestone_not_reported(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(f"{quoted(row.label)}\u00a0: aucun état n’est déclaré.", row.anchor, cell=f"{row.anchor}-state")
        for row in facts.milestones
        if not row.state and row.promised is not None and row.promised <= facts.period_end
    ]


def milestone_late_without_date(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(
            f"{quoted(row.label)} est en retard\u00a0: donnez la nouvelle date prévue.",
            row.anchor,
            cell=f"{row.anchor}-expected_on",
        )
        for row in facts.milestones
        if row.state == ProgressState.LATE and row.expected_on is None
    ]


def milestone_overdue(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(
            f"{quoted(row.label)} était promis pour le {date_fr(row.promised)} et n’est pas terminé.",
            row.anchor,
            cell=f"{row.anchor}-state",
        )
        for row in facts.milestones
        if row.state in (ProgressState.NOT_STARTED, ProgressState.ONGOING)
        and row.promised is not None
        and row.promised <= facts.period_end
    ]


def milestone_done_without_date(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(f"{quoted(row.label)} est terminé sans date de fin réelle.", row.anchor, cell=f"{row.anchor}-done_on")
        for row in facts.milestones
        if row.state == ProgressState.DONE and row.done_on is None
    ]


def milestone_done_later(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(
            f"{quoted(row.label)} se termine le {date_fr(row.done_on)}, après la fin de la période.",
            row.anchor,
            cell=f"{row.anchor}-done_on",
        )
        for row in facts.milestones
        if row.done_on is not None and row.done_on > facts.period_end
    ]


def milestone_expected_before(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(
            f"{quoted(row.label)}\u00a0: la nouvelle date prévue, le {date_fr(row.expected_on)}, est déjà passée à la "
            "fin de la période.",
            row.anchor,
            cell=f"{row.anchor}-expected_on",
        )
        for row in facts.milestones
        if row.expected_on and is_past(row.state, row.expected_on, facts.period_end)
    ]


def milestone_dropped_without_comment(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(f"{quoted(row.label)} est abandonné sans explication.", row.anchor, cell=f"{row.anchor}-comment")
        for row in facts.milestones
        if row.state == ProgressState.DROPPED and not row.comment
    ]


def risk_without_mitigation(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(
            f"{quoted(risk.title)}\u00a0: aucune mesure n’est indiquée (criticité {risk.score} sur 25).",
            risk.anchor,
            cell=f"{risk.anchor}-mitigation",
        )
        for risk in facts.risks
        if risk.is_open and risk.score >= GRAVE and not risk.mitigation
    ]


def risk_not_confirmed(facts: FilingFacts) -> list[Finding]:
    return [
        Finding(f"{quoted(risk.title)}, repris du dossier précédent, n’est ni confirmé ni clos.", risk.anchor)
        for risk in facts.risks
        if risk.is_open and not risk.is_confirmed
    ]


def filing_late(facts: FilingFacts) -> list[Finding]:
    if not facts.days_late:
        return []
    days = "un jour" if facts.days_late == 1 else f"{number(Decimal(facts.days_late))} jours"
    told = "" if facts.answered_on is None else f" et soumis le {date_fr(facts.answered_on)}"
    return [Finding(f"Le dossier était attendu le {date_fr(facts.due_on)}{told}\u00a0: {days} de retard.")]


_OURS = "Règle de gestion du suivi"
_REPORT = "Contrat, calendrier et suivi de l’avancement"
_B, _W, _I = Severity.BLOCKING, Severity.WARNING, Severity.INFO

RULES = (
    Rule("S01", "Météo non déclarée", _B, "5.1", _OURS, weather_missing, "meteo"),
    Rule("S02", "Météo dégradée sans commentaire", _B, "5.1", _OURS, weather_without_comment, "meteo", by_text=True),
    Rule("S03", "Météo qui change de deux niveaux", _W, "5.1", _OURS, weather_jump, "meteo"),
    Rule("S04", "Avancement non décrit", _W, "5.1", _REPORT, progress_not_told, "meteo"),
    Rule("S05", "Jalon échu sans état", _W, "4.1", _REPORT, milestone_not_reported, "calendrier"),
    Rule("S06", "Jalon en retard sans nouvelle date", _B, "4.1", _OURS, milestone_late_without_date, "calendrier"),
    Rule("S07", "Jalon échu et non terminé", _W, "4.1", _REPORT, milestone_overdue, "calendrier"),
    Rule("S08", "Jalon terminé sans date", _W, "4.1", _OURS, milestone_done_without_date, "calendrier"),
    Rule("S09", "Jalon terminé après la période", _W, "4.1", _OURS, milestone_done_later, "calendrier"),
    Rule(
        "S10",
        "Jalon abandonné sans explication",
        _B,
        "4.1",
        _OURS,
        milestone_dropped_without_comment,
        "calendrier",
        by_text=True,
    ),
    Rule("S11", "Risque grave sans mesure", _W, "5.1", _OURS, risk_without_mitigation, "risques"),
    Rule("S12", "Risque repris sans confirmation", _I, "5.1", _OURS, risk_not_confirmed, "risques"),
    Rule("S13", "Dossier en retard", _I, "5", _OURS, filing_late),
    Rule("S15", "Dossier antérieur ouvert de nouveau", _B, "5", _OURS, earlier_filing_reopened),
    Rule("S16", "Nouvelle date déjà passée", _W, "4.1", _OURS, milestone_expected_before, "calendrier"),
)
SIGNAL_RULE = Rule("S14", "Météo éloignée du signal calculé", _W, "5.1", _OURS, weather_far_from_figures, "meteo")


def register_rules() -> None:
    """Called once, when the application starts."""
    register(*RULES, facts=read_facts)
    register(SIGNAL_RULE, facts=read_weather)
    register_signal(calendar_signal)


def read_facts(filing: Filing, on: date) -> FilingFacts:
    """The facts of a filing on a day: a handful of queries."""
    last, stands = previous_filing(filing), standing(filing, on)
    return FilingFacts(
        period_end=filing.campaign.ends_on,
        due_on=filing.due_on,
        days_late=stands.delay,
        weather=filing.weather,
        weather_comment=filing.weather_comment,
        progress_comment=filing.progress_comment,
        previous_weather=last.weather if last else "",
        milestones=_milestones(filing),
        risks=_risks(filing),
        reopened_before=reopened_before(filing),
        answered_on=stands.answered_on,
    )


def read_weather(filing: Filing, on: date) -> WeatherFacts | None:
    """The facts of the rule on the computed weather; nothing is read when it would have nothing to say."""
    if not filing.weather or filing.weather_comment:
        return None
    counting = counting_filings(filing.contract, filing=filing)
    computed = computed_weather(signal_facts(filing, counting))
    return WeatherFacts(filing.weather, filing.weather_comment, computed)


def calendar_signal(filing: Filing, counting: Sequence[Filing]) -> dict[str, int | Score]:
    """What the calendar gives to the computed weather: milestones promised, late and due at the end of the period."""
    rows, end = [row for row in calendar_rows(filing) if row.promised is not None], filing.campaign.ends_on
    return {"milestones": len(rows), "late": sum(_is_late(row, end) for row in rows), "due": _due(rows, end)}


def _due(rows: Sequence[CalendarRow], on: date) -> Score:
    """The milestones to be finished by the day, a dropped one included; those done; those of which nothing is said."""
    days = [(row.promised.ends_on if row.promised else None, row.progress.state) for row in rows]
    states = [state for day, state in days if day is not None and day <= on]
    return Score(len(states), states.count(ProgressState.DONE), states.count(""))


def _is_late(row: CalendarRow, on: date) -> bool:
    return is_late(row.progress.state, row.promised.ends_on if row.promised else None, on)


def _milestones(filing: Filing) -> tuple[MilestoneFact, ...]:
    return tuple(
        MilestoneFact(
            f"jalon-{row.progress.pk}",
            row.progress.milestone.label,
            row.progress.state,
            row.promised.ends_on if row.promised else None,
            row.progress.done_on,
            row.progress.expected_on,
            row.progress.comment,
        )
        for row in calendar_rows(filing)
    )


def _risks(filing: Filing) -> tuple[RiskFact, ...]:
    return tuple(
        RiskFact(
            f"risque-{risk.pk}",
            risk.title,
            criticality(risk.probability, risk.severity),
            risk.state == RiskState.OPEN,
            risk.mitigation,
            risk.updated_by_id is not None,
        )
        for risk in filing.risks.order_by("pk")
    )
