"""Values and targets of an indicator as a reader sees them. Pure."""

from decimal import Decimal

from figures import formats
from figures.operators import Operator
from indicators.calc import DatedGoal, IndicatorResult

LOST_OR_BLANK = "illisible ou absente"
WITHOUT_DAY = "sans date"
WITHOUT_BASELINE = f"{formats.NOT_COMPUTABLE} (valeur initiale absente)"


def value_words(one: IndicatorResult, value: Decimal | None, components: tuple[Decimal | None, ...] = ()) -> str:
    """`48,2 %`, `5 (3/2)`: the value, with `%` when that is the unit, and its breakdown."""
    shown = formats.rate(value) if one.unit.strip().startswith("%") else formats.number(value, None)
    return f"{shown}{_breakdown(components)}"


def baseline_words(one: IndicatorResult) -> str:
    """`12 %`, the value that it starts from; « illisible » where the scan lost it, « n. r. » where the act has none."""
    if one.baseline is None:
        return formats.missing(is_lost=one.is_baseline_lost)
    return value_words(one, one.baseline, one.baseline_components)


def blank_words(goal: DatedGoal) -> str:
    """Why a target has no value: lost by the scan or left blank; a snapshot that does not tell says both."""
    return LOST_OR_BLANK if goal.is_lost is None else formats.missing(is_lost=goal.is_lost)


def goal_words(one: IndicatorResult, goal: DatedGoal) -> str:
    """`≥ 60 %`, `−50 %`; what is printed, or that it cannot be read or was left blank."""
    if goal.value is None:
        return goal.printed or blank_words(goal)
    if goal.operator == Operator.REDUCTION:
        return formats.rate(-abs(goal.value))
    sign = Operator(goal.operator).sign
    shown = value_words(one, goal.value, goal.components)
    return f"{sign}{formats.NO_BREAK_SPACE}{shown}" if sign else shown


def status_words(one: IndicatorResult) -> str:
    """Where it stands; a measure that nothing can be compared to is not « not reported »."""
    if one.is_incomparable:
        return WITHOUT_BASELINE if one.due else "sans cible"
    return one.status_label


def day_words(goal: DatedGoal) -> str:
    """`au 31/12/2021`, or « sans date »."""
    return f"au\u00a0{formats.short_date_fr(goal.on)}" if goal.on else WITHOUT_DAY


def _breakdown(components: tuple[Decimal | None, ...]) -> str:
    if not components:
        return ""
    return f" ({'/'.join(formats.number(part, None) for part in components)})"
