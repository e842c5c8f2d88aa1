"""Rules of the ledger of results: pure checks of what is measured, with the cell to look at."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from figures.formats import number
from figures.rounding import HUNDRED
from indicators.entry import MeasureFacts, MeasureRow
from indicators.enums import Accumulation, Direction
from indicators.words import day_words, goal_words, value_words
from monitoring.entry.cells import cell_anchor, row_anchor
from monitoring.enums import Severity
from monitoring.rules import Finding, Rule

LineCheck = Callable[[MeasureRow], Finding | None]


def _each_line(check: LineCheck) -> Callable[[MeasureFacts], list[Finding]]:
    """A check of one indicator, made on all."""
    return lambda facts: [found for row in facts.rows if (found := check(row)) is not None]


def _at(row: MeasureRow, field: str, message: str) -> Finding:
    return Finding(f"{row.label}\u00a0: {message}", cell_anchor(row.pk, field))


def _shown(row: MeasureRow, value: Decimal | None) -> str:
    return value_words(row.promise, value)


def _out_of_range(row: MeasureRow) -> Finding | None:
    """A rate outside 0 to 100, a negative count or delay: kept raw, and said."""
    if row.value is None or row.is_amount:
        return None
    if row.is_rate and not 0 <= row.value <= HUNDRED:
        return _at(row, "value", f"{_shown(row, row.value)} sort de l’intervalle de 0 à 100\u00a0%.")
    if row.value < 0:
        return _at(row, "value", f"{_shown(row, row.value)} est négatif.")
    return None


def _falling_goes_up(row: MeasureRow) -> Finding | None:
    """An indicator that has to fall and rises since the last measure, or since the baseline."""
    before = row.last.value if row.last else row.promise.baseline
    if row.promise.direction != Direction.FALLING or row.value is None or before is None or row.value <= before:
        return None
    return _at(row, "value", f"doit baisser et passe de {_shown(row, before)} à {_shown(row, row.value)}.")


def _cumulated_falls(row: MeasureRow) -> Finding | None:
    """What is cumulated since the beginning cannot fall."""
    before = row.last.value if row.last else None
    if row.promise.accumulation != Accumulation.CUMULATED or row.value is None or before is None or row.value >= before:
        return None
    return _at(row, "value", f"cumulé depuis l’origine, passe de {_shown(row, before)} à {_shown(row, row.value)}.")


def _missed_without_comment(row: MeasureRow) -> Finding | None:
    """A target already due that is not met, with no word on why."""
    goal = row.missed
    if goal is None or row.comment:
        return None
    message = (
        f"{_shown(row, row.value)} pour une cible de {goal_words(row.promise, goal)} {day_words(goal)}\u00a0: "
        "expliquez l’écart en commentaire."
    )
    return _at(row, "comment", message)


def _components_differ(row: MeasureRow) -> Finding | None:
    """`5 (3/2)`: the parts make the whole."""
    known = [part for part in row.components if part is not None]
    if row.value is None or not known or len(known) < len(row.components) or row.is_rate or sum(known) == row.value:
        return None
    total = number(sum(known, Decimal(0)), None)
    return _at(row, "value", f"les composantes font {total} et non {_shown(row, row.value)}.")


def _components_missing(row: MeasureRow) -> Finding | None:
    """A value without the breakdown that the contract asks for."""
    if row.value is None or not row.components or all(part is not None for part in row.components):
        return None
    rank = next(rank for rank, part in enumerate(row.components) if part is None)
    return _at(row, f"components.{rank}", f"la part «\u00a0{row.promise.components[rank]}\u00a0» manque.")


def _nothing_reported(row: MeasureRow) -> Finding | None:
    """An indicator left blank, with no word on why."""
    if row.value is not None or row.comment:
        return None
    return Finding(f"{row.label}\u00a0: rien n’est renseigné.", row_anchor(row.pk), cell=cell_anchor(row.pk, "value"))


def _rule(
    code: str, title: str, severity: Severity, source: str, check: Callable[[MeasureFacts], list[Finding]]
) -> Rule:
    return Rule(code, title, severity, "5.2", source, check, section="indicateurs")


_WARNING, _INFO = Severity.WARNING, Severity.INFO

RULES: Final = (
    _rule(
        "I01",
        "Indicateur hors de son intervalle possible",
        _WARNING,
        "Unité de l’indicateur",
        _each_line(_out_of_range),
    ),
    _rule("I02", "Indicateur à la baisse qui monte", _WARNING, "Sens de l’indicateur", _each_line(_falling_goes_up)),
    _rule("I03", "Indicateur cumulé qui baisse", _WARNING, "Cumul de l’indicateur", _each_line(_cumulated_falls)),
    _rule(
        "I04", "Cible manquée sans commentaire", _WARNING, "Cibles de la version", _each_line(_missed_without_comment)
    ),
    _rule(
        "I05",
        "Composantes dont la somme diffère",
        _WARNING,
        "Composantes de l’indicateur",
        _each_line(_components_differ),
    ),
    _rule("I06", "Composante manquante", _INFO, "Composantes de l’indicateur", _each_line(_components_missing)),
    _rule("I07", "Indicateur sans rien de renseigné", _WARNING, "Suivi des indicateurs", _each_line(_nothing_reported)),
)
