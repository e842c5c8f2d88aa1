"""Tables of article 5 and of the calendar: indicators with their targets, milestones, risks."""

from decimal import Decimal

from figures import formats
from figures.operators import Operator, wording
from figures.rounding import round_half_up
from indicators.calc import DatedGoal, IndicatorResult
from indicators.words import WITHOUT_DAY, blank_words, status_words
from reports.facts import MilestoneStanding, Situation
from reports.names import risk_reference
from reports.tables.model import (
    ABSENT,
    CLOSING,
    OPENING,
    Column,
    Kind,
    Quantity,
    Row,
    Table,
    Value,
    band,
    broken_down,
    by_quarter,
)


def indicators(situation: Situation) -> Table:
    """One row for each indicator: where it started, what is due, what was measured, where it stands."""
    columns = (
        Column("label", "Indicateur", width=37),
        Column("unit", "Unité", width=12),
        Column("baseline", "Valeur initiale", Kind.NUMBER, 11),
        Column("target", "Cible à tenir", width=19),
        Column("on", "Échéance", Kind.DATE, 11),
        Column("value", "Mesure", Kind.NUMBER, 12),
        Column("measured", "Mesurée le", Kind.DATE, 12),
        Column("status", "État", width=19),
        Column("comment", "Commentaire", width=22),
    )
    rows = tuple(_indicator(one) for one in situation.results.indicators)
    return Table("indicateurs", "Indicateurs", columns, rows, is_wide=True)


def indicators_sheet(situation: Situation) -> Table:
    """The same for the workbook: what the target asks and the number that it asks, each in its column."""
    columns = (
        Column("label", "Indicateur", width=40),
        Column("unit", "Unité", width=13),
        Column("baseline", "Valeur initiale", Kind.NUMBER, 12),
        Column("operator", "Sens de la cible", width=18),
        Column("target", "Cible à tenir", Kind.NUMBER, 12),
        Column("on", "Échéance", Kind.DATE, 11),
        Column("expected", "Valeur attendue au jour de la mesure", Kind.NUMBER, 12),
        Column("value", "Mesure", Kind.NUMBER, 12),
        Column("parts", "Composantes", width=14),
        Column("measured", "Mesurée le", Kind.DATE, 11),
        Column("status", "État", width=14),
        Column("comment", "Commentaire", width=24),
    )
    rows = tuple(_indicator_in_columns(one) for one in situation.results.indicators)
    return Table("indicateurs", "Indicateurs", columns, rows, is_wide=True)


def targets(situation: Situation) -> Table:
    """Every target of every indicator, as printed and as read."""
    columns = (
        Column("label", "Indicateur", width=46),
        Column("unit", "Unité", width=13),
        Column("on", "À la date du", Kind.DATE, 11),
        Column("operator", "Sens de la cible", width=18),
        Column("value", "Cible", Kind.NUMBER, 12),
        Column("parts", "Composantes", width=16),
        Column("printed", "Texte imprimé", width=22),
    )
    rows = tuple(_target(one, goal) for one in situation.results.indicators for goal in one.targets)
    return Table("cibles", "Cibles", columns, rows)


def calendar(situation: Situation) -> Table:
    """Phases and milestones by axis."""
    columns = (
        Column("label", "Phase ou jalon", width=46),
        Column("kind", "Type", width=8),
        Column("starts", "Début", Kind.DATE, 11, "Prévu", quarter=OPENING),
        Column("ends", "Fin", Kind.DATE, 11, "Prévu", quarter=CLOSING),
        Column("state", "État", width=13),
        Column("done", "Terminé le", Kind.DATE, 11),
        Column("expected", "Nouvelle date", Kind.DATE, 11),
        Column("comment", "Commentaire", width=26),
    )
    titles = {axis.code: f"Axe {axis.code} – {axis.title}" for axis in situation.frame.axes}
    rows: list[Row] = []
    seen = None
    for one in situation.calendar:
        if one.axis != seen and titles:
            rows.append(band(titles.get(one.axis, "Ensemble du contrat"), columns))
            seen = one.axis
        rows.append(_milestone(one))
    return Table("calendrier", "Étapes du calendrier", columns, tuple(rows), by_quarter(rows), is_wide=True)


def risks(situation: Situation) -> Table:
    """Risks declared in the last filing, worst first."""
    columns = (
        Column("reference", "Réf.", width=9),
        Column("title", "Risque ou difficulté", width=28),
        Column("description", "Description", width=32),
        Column("probability", "Probabilité", Kind.NUMBER, 13),
        Column("severity", "Gravité", Kind.NUMBER, 10),
        Column("criticality", "Criticité", Kind.NUMBER, 11),
        Column("mitigation", "Mesures prises", width=32),
        Column("state", "État", width=12),
    )
    rows = tuple(
        Row(
            (
                risk_reference(rank),
                one.title,
                one.description,
                one.probability,
                one.severity,
                one.criticality,
                one.mitigation,
                one.state_label,
            )
        )
        for rank, one in enumerate(situation.risks, start=1)
    )
    return Table("risques", "Risques et difficultés", columns, rows, empty="Aucun risque déclaré.")


def target_words(goal: DatedGoal, unit: str) -> str:
    """« au moins 70 % »; what the scan lost is said so."""
    if goal.value is None:
        return blank_words(goal)
    parts = f" ({broken_down(goal.components)})" if goal.components else ""
    return wording(Operator(goal.operator), goal.value, shown_unit(unit)) + parts


def shown_unit(unit: str) -> str:
    """The unit as it is written after a figure."""
    return {"eur": "€", "nombre": ""}.get(unit, unit)


def measured(value: Decimal | None, unit: str, parts: tuple[Decimal | None, ...] = ()) -> Value:
    """The value in its unit; None when it is not reported."""
    return None if value is None else Quantity(value, shown_unit(unit), parts)


def _baseline(one: IndicatorResult) -> Value:
    """What it starts from; « illisible » where the scan lost it, blank where another article has its figures."""
    if one.is_baseline_lost:
        return formats.ILLEGIBLE
    return "" if one.is_followed else measured(one.baseline, one.unit, one.baseline_components)


def _no_target(one: IndicatorResult) -> str:
    """Why no target is to be held."""
    return formats.ILLEGIBLE if one.is_target_lost else "aucune"


def _indicator(one: IndicatorResult) -> Row:
    measure = one.last_measure
    return Row(
        (
            one.label,
            shown_unit(one.unit) or "nombre",
            _baseline(one),
            target_words(one.due, one.unit) if one.due else _no_target(one),
            one.target_on or (WITHOUT_DAY if one.due else ""),
            "" if one.is_followed else measured(one.value, one.unit, measure.components if measure else ()),
            one.measured_on if measure else "",
            status_words(one),
            measure.comment if measure else "",
        )
    )


def _indicator_in_columns(one: IndicatorResult) -> Row:
    measure = one.last_measure
    return Row(
        (
            one.label,
            shown_unit(one.unit) or "nombre",
            _baseline(one),
            Operator(one.due.operator).label if one.due else "",
            aimed(one.due, one.due.value, one.unit) if one.due else _no_target(one),
            one.target_on or (WITHOUT_DAY if one.due else ""),
            aimed(one.due, one.expected, one.unit) if one.due and measure else "",
            "" if one.is_followed else measured(one.value, one.unit),
            broken_down(measure.components) if measure else "",
            one.measured_on if measure else "",
            status_words(one),
            measure.comment if measure else "",
        )
    )


def _target(one: IndicatorResult, goal: DatedGoal) -> Row:
    lost = blank_words(goal) if goal.value is None else None
    return Row(
        (
            one.label,
            shown_unit(one.unit) or "nombre",
            goal.on or WITHOUT_DAY,
            Operator(goal.operator).label,
            lost or aimed(goal, goal.value, one.unit),
            broken_down(goal.components),
            goal.printed,
        )
    )


def aimed(goal: DatedGoal, value: Decimal | None, unit: str) -> Value:
    """A value to be held; a reduction is in percent, and what is not computable has no value."""
    aimed = "%" if goal.operator == Operator.REDUCTION else shown_unit(unit)
    return formats.NOT_COMPUTABLE if value is None else Quantity(round_half_up(value, 10), aimed)


def _milestone(one: MilestoneStanding) -> Row:
    return Row(
        (
            one.label,
            one.kind_label,
            formats.ILLEGIBLE if one.is_start_unreadable else one.starts_on or ABSENT,
            formats.ILLEGIBLE if one.is_end_unreadable else one.ends_on or ABSENT,
            one.state_said,
            one.done_on or "",
            one.expected_on or "",
            one.comment,
        )
    )
