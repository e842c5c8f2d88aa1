"""How an indicator is held against its target: operator, expected value between two targets, status.

Values are stored raw (a rate may exceed 100); a reduction's target is in percent of the baseline (50 for « −50 % »).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from figures import formats
from figures.rounding import HUNDRED


class Operator(StrEnum):
    """How a measured value is compared with its target."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"
    EQUAL = "="
    REDUCTION = "reduction"

    @property
    def label(self) -> str:
        """French words that a target follows: « au moins »."""
        return _LABELS[self]

    @property
    def sign(self) -> str:
        """`≥`, before a target; blank where it stands alone."""
        return _SIGNS.get(self, "")

    @property
    def is_falling(self) -> bool:
        """Whether a smaller value is better."""
        return self in (Operator.AT_MOST, Operator.LESS_THAN, Operator.REDUCTION)


class Status(StrEnum):
    """Where an indicator stands against its target."""

    REACHED = "reached"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self]


_LABELS: Final = {
    Operator.AT_LEAST: "au moins",
    Operator.MORE_THAN: "plus de",
    Operator.AT_MOST: "au plus",
    Operator.LESS_THAN: "moins de",
    Operator.EQUAL: "exactement",
    Operator.REDUCTION: "réduction d’au moins",
}
_SIGNS: Final = {
    Operator.AT_LEAST: "≥",
    Operator.MORE_THAN: ">",
    Operator.AT_MOST: "≤",
    Operator.LESS_THAN: "<",
}
_STATUS_LABELS: Final = {
    Status.REACHED: "cible atteinte",
    Status.ON_COURSE: "en bonne voie",
    Status.BEHIND: "en retard",
    Status.NOT_DUE: "avant l’échéance",
    Status.NOT_REPORTED: "non renseigné",
}


@dataclass(frozen=True, slots=True)
class DatedTarget:
    """The value aimed at on a day; None when the contract leaves it blank or unreadable."""

    on: date
    value: Decimal | None


def is_met(operator: Operator, value: Decimal, target: Decimal, baseline: Decimal | None = None) -> bool | None:
    """Whether the value meets the target; None when a reduction has no baseline to be measured from."""
    if operator is Operator.REDUCTION:
        return None if baseline is None else value <= reduced(baseline, target)
    return {
        Operator.AT_LEAST: value >= target,
        Operator.MORE_THAN: value > target,
        Operator.AT_MOST: value <= target,
        Operator.LESS_THAN: value < target,
    }.get(operator, value == target)


def reduced(baseline: Decimal, percent: Decimal) -> Decimal:
    """What is left of the baseline after a reduction of so many percent: 30 days less 50 % leave 15."""
    return baseline * (HUNDRED - percent) / HUNDRED


def wording(operator: Operator, target: Decimal | None, unit: str = "") -> str:
    """« au moins 70 % », « réduction d’au moins 50 % », « n. r. »; a reduction is always in percent."""
    if target is None:
        return formats.NOT_REPORTED
    shown_unit = "%" if operator is Operator.REDUCTION else unit
    figure = formats.number(target, None)
    return f"{operator.label} {figure}{formats.NO_BREAK_SPACE + shown_unit if shown_unit else ''}"


def starting_point(operator: Operator, on: date, baseline: Decimal | None) -> DatedTarget:
    """The baseline as the point from which targets are interpolated: its value, or no reduction yet."""
    return DatedTarget(on, Decimal(0) if operator is Operator.REDUCTION else baseline)


def expected_value(on: date, points: Sequence[DatedTarget]) -> Decimal | None:
    """The target expected on a day, interpolated by days between the two points around it (our own rule).

    None before the first point with a value; the last value stays due afterwards. Blank points are passed over.
    """
    known = sorted(((point.on, point.value) for point in points if point.value is not None), key=lambda point: point[0])
    before = [point for point in known if point[0] <= on]
    after = [point for point in known if point[0] > on]
    if not before:
        return None
    if not after:
        return before[-1][1]
    (first_day, first), (last_day, last) = before[-1], after[0]
    return first + (last - first) * (on - first_day).days / (last_day - first_day).days


def target_due(on: date, targets: Sequence[DatedTarget]) -> DatedTarget | None:
    """The target to be held on a day: the next one with a value, else the last; None when there is none."""
    known = sorted((target for target in targets if target.value is not None), key=lambda target: target.on)
    return next((target for target in known if target.on >= on), known[-1] if known else None)


def status(
    operator: Operator,
    value: Decimal | None,
    *,
    target: Decimal | None,
    expected: Decimal | None = None,
    baseline: Decimal | None = None,
) -> Status:
    """Reached when the target is met, on course when the value expected by now is met, else behind.

    Not due when no value is expected yet: the first target lies ahead and no baseline says where one starts from.
    Nothing reported when the value or the target is missing, or a reduction has no baseline. A strict operator is held
    strictly against the target only: being exactly where one is expected is being on course.
    """
    met = None if value is None or target is None else is_met(operator, value, target, baseline)
    if value is None or target is None or met is None:
        return Status.NOT_REPORTED
    if met:
        return Status.REACHED
    if expected is None:
        return Status.NOT_DUE
    on_course = is_met(_towards(operator, target, baseline), value, expected, baseline)
    return Status.ON_COURSE if on_course else Status.BEHIND


def _towards(operator: Operator, target: Decimal, baseline: Decimal | None) -> Operator:
    """The operator that a value on its way to the target meets."""
    if operator is Operator.REDUCTION:
        return operator
    if operator is Operator.EQUAL:
        return Operator.AT_MOST if baseline is not None and target < baseline else Operator.AT_LEAST
    return Operator.AT_MOST if operator.is_falling else Operator.AT_LEAST
