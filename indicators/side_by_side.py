"""Targets in three series: promised at signature, in force, measured. Pure."""

from datetime import date

from contracts.side_by_side import IN_FORCE, SIGNED, SideBySide
from figures import formats
from indicators.calc import IndicatorResult, ResultsSituation
from indicators.words import day_words, goal_words, value_words


def results_side_by_side(signed: ResultsSituation, results: ResultsSituation) -> list[SideBySide]:
    """The last dated target of each indicator, else the undated one, in each version, and its last measure."""
    before = {one.key: one for one in signed.indicators}
    rows = tuple((one.label, (_aim(before.get(one.key)), _aim(one), _came(one))) for one in results.indicators)
    columns = (SIGNED, IN_FORCE, "Dernière mesure")
    return [SideBySide("Dernière cible en trois séries", "chaque indicateur dans son unité", columns, rows)]


def _aim(one: IndicatorResult | None) -> str:
    if one is None or not one.targets:
        return "–"
    goal = max(one.targets, key=lambda each: each.on or date.min)
    return f"{goal_words(one, goal)} {day_words(goal)}"


def _came(one: IndicatorResult) -> str:
    last = one.last_measure
    if one.is_followed:
        return one.followed_label
    return value_words(one, last.value, last.components) if last else formats.NOT_REPORTED
