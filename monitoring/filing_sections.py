"""The sections of a filing that this room owns: calendar, risks, weather and comments."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from contracts.models import PlannedMilestone
from figures.formats import NOT_REPORTED, short_date_fr
from monitoring.enums import RiskState, Weather
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.models.filings import COMMENTS
from monitoring.sections import (
    Completeness,
    Said,
    Section,
    SummaryRow,
    Work,
    count_rows,
    has_changed,
    pairs_known,
    register,
    row_key,
    rows_at,
    standing_at,
)
from monitoring.selectors import CalendarRow, calendar_rows, previous_filing, previous_filings, worst_first
from monitoring.work import sheets_with_rows, work_by_sheet

WORST = (Weather.SUPPORT, Weather.COMPROMISED)
"""Weathers that ask for a comment."""


def register_sections() -> None:
    """Called once, when the application starts."""
    for section in (CALENDAR, RISKS, WEATHER):
        register(section)


# --- Calendar ---


def prepare_calendar(filings: Sequence[Filing]) -> None:
    """One empty row for each phase or milestone that the version promises. Three queries."""
    planned: dict[int, list[int]] = defaultdict(list)
    promised = PlannedMilestone.objects.filter(version__in={filing.version_id for filing in filings})
    for version, milestone in promised.order_by("pk").values_list("version_id", "milestone_id"):
        planned[version].append(milestone)
    known = pairs_known(MilestoneProgress, "milestone", filings)
    MilestoneProgress.objects.bulk_create(
        [
            MilestoneProgress(filing=filing, milestone_id=pk)
            for filing in filings
            for pk in planned[filing.version_id]
            if (filing.pk, pk) not in known
        ]
    )


calendar_completeness = count_rows(MilestoneProgress, filled=~Q(state=""))


def calendar_summary(filing: Filing) -> list[SummaryRow]:
    """Each milestone: declared state, promised end, what the last filing said."""
    return [_milestone_row(row) for row in calendar_rows(filing)]


def _milestone_row(row: CalendarRow) -> SummaryRow:
    milestone, author = row.progress.milestone, row.progress.updated_by
    declared, previous = milestone_words(row.progress), milestone_words(row.before) if row.before else ""
    return SummaryRow(
        label=milestone.label,
        declared=declared,
        planned=row.planned if row.promised else "",
        previous=previous,
        comment=row.progress.comment,
        author=author.get_full_name() if author else "",
        anchor=f"jalon-{row.progress.pk}",
        sheet=row.sheet_number,
        typed_at=row.progress.updated_at,
        group=str(milestone.axis) if milestone.axis else "",
        changed=has_changed(declared, previous or NOT_REPORTED, is_untouched=author is None),
    )


def calendar_said_at(filing: Filing, at: datetime) -> dict[str, Said]:
    """What each milestone said on an instant. One query."""
    rows = rows_at(MilestoneProgress, filing, at)
    return {row_key(f"jalon-{row.pgh_obj_id}"): Said(milestone_words(row), row.comment) for row in rows}


def milestone_words(row: Any) -> str:
    """« Terminé le 31/03/2021 », « En retard, prévu le… », or « n. r. »; of a row or of an event of its history."""
    if not row.state:
        return NOT_REPORTED
    if row.done_on:
        return f"{row.get_state_display()} le {short_date_fr(row.done_on)}"
    if row.expected_on:
        return f"{row.get_state_display()}, prévu le {short_date_fr(row.expected_on)}"
    return str(row.get_state_display())


# --- Risks ---


def prepare_risks(filings: Sequence[Filing]) -> None:
    """Risks still open in the last filing are taken over, to be confirmed, changed or closed. Four queries."""
    before = previous_filings(filings)
    open_risks: dict[int, list[FiledRisk]] = defaultdict(list)
    for risk in FiledRisk.objects.filter(filing__in=before.values(), state=RiskState.OPEN).order_by("pk"):
        open_risks[risk.filing_id].append(risk)
    known = set(FiledRisk.objects.filter(filing__in=filings).values_list("filing_id", "title"))
    FiledRisk.objects.bulk_create(
        [
            _taken_over(risk, filing)
            for filing in filings
            for risk in (open_risks[before[filing.pk].pk] if filing.pk in before else ())
            if (filing.pk, risk.title) not in known
        ]
    )


def _taken_over(risk: FiledRisk, filing: Filing) -> FiledRisk:
    return FiledRisk(
        filing=filing,
        title=risk.title,
        description=risk.description,
        probability=risk.probability,
        severity=risk.severity,
        mitigation=risk.mitigation,
    )


risks_completeness = count_rows(FiledRisk, filled=Q(updated_by__isnull=False))


def risks_summary(filing: Filing) -> list[SummaryRow]:
    """Each risk, the worst first, with what the last filing said of it."""
    last = previous_filing(filing)
    before = {risk.title: risk_words(risk) for risk in last.risks.order_by("pk")} if last else {}
    return [
        SummaryRow(
            label=risk.title,
            declared=risk_words(risk),
            previous=before.get(risk.title, ""),
            comment=_risk_comment(risk),
            author=risk.updated_by.get_full_name() if risk.updated_by else "",
            anchor=f"risque-{risk.pk}",
            changed=before.get(risk.title) != risk_words(risk),
            typed_at=risk.updated_at,
        )
        for risk in worst_first(filing)
    ]


def risks_said_at(filing: Filing, at: datetime) -> dict[str, Said]:
    """What each risk said on an instant. One query."""
    rows = rows_at(FiledRisk, filing, at)
    return {row_key(f"risque-{row.pgh_obj_id}"): Said(risk_words(row), _risk_comment(row)) for row in rows}


def _risk_comment(risk: Any) -> str:
    return str(risk.mitigation or risk.description)


def risk_words(risk: Any) -> str:
    """« Ouvert – probabilité 3, gravité 4 », of a risk or of an event of its history."""
    return f"{risk.get_state_display()} – probabilité {risk.probability}, gravité {risk.severity}"


# --- Weather and comments ---


def weather_completeness(filing: Filing) -> Completeness:
    """The weather and the progress of the period; a comment too when the weather is one of the two worst."""
    asked = [filing.weather, filing.progress_comment]
    if filing.weather in WORST:
        asked.append(filing.weather_comment)
    return Completeness(sum(1 for text in asked if text), len(asked))


def weather_completeness_of(filings: Sequence[Filing]) -> dict[int, Completeness]:
    """The same for many filings, without any query."""
    return {filing.pk: weather_completeness(filing) for filing in filings}


def weather_work(filing: Filing) -> list[Work]:
    """Who wrote the texts of the filing last: they are one row, and the lead's. No query when it came with them."""
    filled, author = weather_completeness(filing), filing.updated_by
    people = ((author.get_full_name(), filled.done),) if author else ()
    return [Work("", filled, people, filing.updated_at)]


_TEXTS = (
    ("commentaire", "Commentaire de la météo", "weather_comment"),
    ("avancement", "Avancement de la période", "progress_comment"),
    ("difficultes", "Difficultés rencontrées", "difficulties"),
)
"""Each text of the filing as a whole: its key, its label, its column."""


def weather_summary(filing: Filing) -> list[SummaryRow]:
    """The four things said of the filing as a whole."""
    last = previous_filing(filing)
    author = filing.updated_by.get_full_name() if filing.updated_by else ""
    typed_at = _texts_typed_at(filing)

    def row(key: str, label: str, name: str, now: str, before: str) -> SummaryRow:
        return SummaryRow(
            label,
            now or NOT_REPORTED,
            previous=before,
            author=author,
            anchor="meteo",
            changed=has_changed(now, before, is_untouched=filing.updated_by is None),
            key=key,
            typed_at=typed_at.get(name),
        )

    def text(key: str, label: str, name: str) -> SummaryRow:
        return row(key, label, name, getattr(filing, name), getattr(last, name) if last else "")

    weather = (filing.get_weather_display(), last.get_weather_display() if last else "")
    return [row("declaree", "Météo déclarée", "weather", *weather), *(text(*one) for one in _TEXTS)]


def weather_said_at(filing: Filing, at: datetime) -> dict[str, Said]:
    """What the weather and the texts said on an instant. One query."""
    events = Filing.pgh_event_model.objects.filter(pgh_obj_id=filing.pk)  # type: ignore[attr-defined]
    told = standing_at(events, at).first()
    if told is None:
        return {}
    weather = ("declaree", told.get_weather_display())
    texts = ((key, getattr(told, name)) for key, _, name in _TEXTS)
    return {row_key("meteo", key): Said(words or NOT_REPORTED) for key, words in (weather, *texts)}


def _texts_typed_at(filing: Filing) -> dict[str, datetime]:
    """When each of the four was changed last: they are one row, which says it of all together. One query."""
    names = ("weather", *COMMENTS)
    found: dict[str, datetime] = {}
    before: tuple[str, ...] = ("",) * len(names)
    events = Filing.pgh_event_model.objects.filter(pgh_obj_id=filing.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    for at, *texts in events.values_list("updated_at", *names):
        found |= {name: at for name, old, new in zip(names, before, texts, strict=True) if old != new and at}
        before = tuple(texts)
    return found


CALENDAR = Section(
    code="calendrier",
    title="Calendrier",
    url_name="monitoring:calendar",
    position=40,
    applies=lambda filing: True,
    prepare_all=prepare_calendar,
    completeness=lambda filing: calendar_completeness([filing]).get(filing.pk, Completeness(0, 0)),
    completeness_of=calendar_completeness,
    summary=calendar_summary,
    said_at=calendar_said_at,
    work_of=work_by_sheet(MilestoneProgress, ~Q(state=""), sheet="milestone__sheet"),
    sheets_of=sheets_with_rows(MilestoneProgress, "milestone__sheet"),
    in_words=True,
)
RISKS = Section(
    code="risques",
    title="Risques",
    url_name="monitoring:risks",
    position=50,
    applies=lambda filing: True,
    prepare_all=prepare_risks,
    completeness=lambda filing: risks_completeness([filing]).get(filing.pk, Completeness(0, 0)),
    completeness_of=risks_completeness,
    summary=risks_summary,
    said_at=risks_said_at,
    work_of=work_by_sheet(FiledRisk, Q(updated_by__isnull=False)),
    in_words=True,
)
WEATHER = Section(
    code="meteo",
    title="Météo et commentaires",
    url_name="monitoring:weather",
    position=60,
    applies=lambda filing: True,
    prepare_all=lambda filings: None,
    completeness=weather_completeness,
    completeness_of=weather_completeness_of,
    summary=weather_summary,
    said_at=weather_said_at,
    work_of=weather_work,
    in_words=True,
)
