"""The entry grid of indicators, pure: what is measured, the indicator, what stands beside. In its own unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from figures.operators import Operator, is_met
from indicators.calc import DatedGoal, IndicatorResult, Measure


@dataclass(frozen=True, slots=True)
class MeasurementEntry:
    """What is measured: the raw value (None: not reported), its breakdown in the indicator's order, a comment."""

    row: int
    revision: int
    value: Decimal | None
    components: tuple[Decimal | None, ...] = ()
    comment: str = ""

    @property
    def values(self) -> Mapping[str, Any]:
        """By column of the table; a breakdown with nothing in it is stored empty."""
        known = any(part is not None for part in self.components)
        return {"value": self.value, "components": list(self.components) if known else [], "comment": self.comment}


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """An indicator in a filing: `promise` is its baseline and targets at the end of the period.

    `last` is the last measure; `components` has one value for each component, None where nothing is reported.
    """

    pk: int
    revision: int
    label: str
    note: str
    unit: str
    sheet: str | None
    promise: IndicatorResult
    value: Decimal | None
    components: tuple[Decimal | None, ...]
    comment: str
    last: Measure | None
    updated_by: str = ""
    updated_at: datetime | None = None

    @property
    def is_rate(self) -> bool:
        """Whether the value is in percentage points."""
        return self.unit.strip().startswith("%")

    @property
    def is_amount(self) -> bool:
        """Whether the value is in euros."""
        return self.unit in ("eur", "€")

    @property
    def missed(self) -> DatedGoal | None:
        """The last target already due, when the value does not meet it."""
        known = [goal for goal in self.promise.targets if goal.value is not None]
        due = [goal for goal in known if goal.on is not None and goal.on <= self.promise.on]
        if self.value is None or not due or due[-1].value is None:
            return None
        met = is_met(Operator(due[-1].operator), self.value, due[-1].value, self.promise.baseline)
        return due[-1] if met is False else None


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What the rules of indicators look at."""

    period_end: date
    rows: tuple[MeasureRow, ...]
