"""Targets in three series: promised at signature, in force, measured. Pure."""

from contracts.side_by_side import IN_FORCE, SIGNED, SideBySide
from figures import formats
from indicators.calc import IndicatorResult, ResultsSituation
from indicators.words import goal_words, value_words


def results_side_by_side(signed: ResultsSituation, results: ResultsSituation) -> list[SideBySide]:
    """The last target of each indicator, in each version, and its last measure."""
    before = {one.key: one for one in signed.indicators}
    rows = tuple((one.label, (_aim(before.get(one.key)), _aim(one), _came(one))) for one in results.indicators)
    columns = (SIGNED, IN_FORCE, "Dernière mesure")
    return [SideBySide("Dernière cible en trois séries", "chaque indicateur dans son unité", columns, rows)]


def _aim(one: IndicatorResult | None) -> str:
    if one is None or not one.targets:
        return "–"
    goal = max(one.targets, key=lambda each: each.on)
    return f"{goal_words(one, goal)} au {formats.short_date_fr(goal.on)}"


def _came(one: IndicatorResult) -> str:
    last = one.last_measure
    return value_words(one, last.value, last.components) if last else formats.NOT_REPORTED
