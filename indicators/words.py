"""Values and targets of an indicator as a reader sees them. Pure."""

from decimal import Decimal

from figures import formats
from figures.operators import Operator
from indicators.calc import DatedGoal, IndicatorResult

UNREADABLE = "illisible ou absente"
WITHOUT_DAY = "sans date"
WITHOUT_BASELINE = f"{formats.NOT_COMPUTABLE} (valeur initiale absente)"


def value_words(one: IndicatorResult, value: Decimal | None, components: tuple[Decimal | None, ...] = ()) -> str:
    """`48,2 %`, `5 (3/2)`: the value, with `%` when that is the unit, and its breakdown."""
    shown = formats.rate(value) if one.unit.strip().startswith("%") else formats.number(value, None)
    return f"{shown}{_breakdown(components)}"


def goal_words(one: IndicatorResult, goal: DatedGoal) -> str:
    """`≥ 60 %`, `−50 %`; what is printed, or that it cannot be read or was left blank."""
    if goal.value is None:
        return goal.printed or UNREADABLE
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
