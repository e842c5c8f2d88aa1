"""The ledger of results side by side: targets, measurements, status. Pure; figures.operators compares."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Final

from figures import operators
from figures.operators import DatedTarget, Operator, Status

WITHOUT_DATE: Final = "sans échéance"


@dataclass(frozen=True)
class DatedGoal:
    """A target of a version; a None day is one that the act does not give, a None value one lost or left blank.

    `is_lost`: which of the two, None where it was not kept (a snapshot that does not tell).
    """

    on: date | None
    operator: str
    value: Decimal | None
    components: tuple[Decimal | None, ...]
    printed: str
    is_lost: bool | None = None


@dataclass(frozen=True)
class Measure:
    """What one filing measured at the end of its period."""

    on: date
    value: Decimal | None
    components: tuple[Decimal | None, ...]
    comment: str
    filing: int


@dataclass(frozen=True)
class IndicatorResult:
    """An indicator, what is promised of it and what was measured, at a date.

    `followed_in` names the ledger or the calendar whose figures it is made of: it is asked of nobody.
    `is_baseline_lost`: the scan of the contract lost the baseline.
    """

    key: str
    label: str
    article: str
    kind: str
    kind_label: str
    orientation: str
    orientation_label: str
    axis: str
    sheet: str
    unit: str
    direction: str
    accumulation: str
    components: tuple[str, ...]
    scope: str
    baseline: Decimal | None
    baseline_on: date | None
    targets: tuple[DatedGoal, ...]
    measures: tuple[Measure, ...]
    on: date
    followed_in: str = ""
    followed_label: str = ""
    baseline_components: tuple[Decimal | None, ...] = ()
    is_baseline_lost: bool = False
    COMPUTED: ClassVar = ("value", "measured_on", "target", "target_on", "expected", "status", "status_label")

    @property
    def is_followed(self) -> bool:
        """Whether its figures are those of another article, and no filing measured it besides."""
        return bool(self.followed_in) and not self.valued

    @cached_property
    def last_measure(self) -> Measure | None:
        """The last filing's measurement, when it gives a value."""
        last = self.measures[-1] if self.measures else None
        return None if last is None or last.value is None else last

    @property
    def valued(self) -> tuple[Measure, ...]:
        """The measurements that give a value."""
        return tuple(one for one in self.measures if one.value is not None)

    @property
    def value(self) -> Decimal | None:
        """The value last measured."""
        return self.last_measure.value if self.last_measure else None

    @property
    def measured_on(self) -> date | None:
        """The day that the value is of."""
        return self.last_measure.on if self.last_measure else None

    @cached_property
    def due(self) -> DatedGoal | None:
        """The target to be held now: the next one, else the last; without any dated one, the one without a date."""
        found = operators.target_due(self.measured_on or self.on, self._points)
        day = found.on if found is not None else None
        return next((goal for goal in self.targets if goal.on == day and goal.value is not None), None)

    @property
    def is_target_lost(self) -> bool:
        """Whether there is no target to be held because the scan lost the values of those that the act sets."""
        return self.due is None and any(goal.is_lost for goal in self.targets)

    @property
    def target(self) -> Decimal | None:
        """Its value."""
        return self.due.value if self.due else None

    @property
    def target_on(self) -> date | None:
        """Its day; None when it has none."""
        return self.due.on if self.due else None

    @cached_property
    def expected(self) -> Decimal | None:
        """The value expected on the day of the measure, interpolated from the baseline and the dated targets (ours)."""
        if self.due is None or self.due.on is None:
            return None
        points = list(self._points)
        if self.baseline_on is not None:
            points.insert(0, operators.starting_point(Operator(self.due.operator), self.baseline_on, self.baseline))
        return operators.expected_value(self.measured_on or self.on, points)

    @cached_property
    def status(self) -> Status:
        """Reached, on course, behind, or nothing reported."""
        if self.due is None or self.value is None:
            return Status.NOT_REPORTED
        return operators.status(
            Operator(self.due.operator),
            self.value,
            target=self.due.value,
            expected=self.expected,
            baseline=self.baseline,
        )

    @property
    def is_incomparable(self) -> bool:
        """Whether a value was measured that nothing says the status of: no target, or a reduction from nowhere."""
        return self.value is not None and self.status is Status.NOT_REPORTED

    @property
    def status_label(self) -> str:
        """The status in French; what has no date is not before its date, what is followed elsewhere says where."""
        if self.is_followed:
            return self.followed_label
        is_undated = self.due is not None and self.due.on is None
        return WITHOUT_DATE if is_undated and self.status is Status.NOT_DUE else self.status.label

    @property
    def _points(self) -> tuple[DatedTarget, ...]:
        return tuple(DatedTarget(goal.on, goal.value) for goal in self.targets if goal.on is not None)


@dataclass(frozen=True)
class ResultsSituation:
    """Article 5 and what became of it, in one version of the contract."""

    indicators: tuple[IndicatorResult, ...]
    COMPUTED: ClassVar = ("counts",)

    @cached_property
    def asked(self) -> tuple[IndicatorResult, ...]:
        """Those that the holder measures."""
        return tuple(one for one in self.indicators if not one.is_followed)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of them are in each status, statuses without any included."""
        return {str(status): sum(one.status is status for one in self.asked) for status in Status}
