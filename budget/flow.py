"""What one period consumed, line by line: the difference of two cumulated figures of one financial year. Pure.

Actuals are typed cumulated since 1 January (domain § 4): a quarter's own consumption is what was added since the
filing before, in the same year. Amounts in euros; None is « not reported ».
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Final

from figures.ae_cp import NOTHING, AeCp, total_ae_cp
from figures.periods import Period

NONE_YET: Final = AeCp(Decimal(0), Decimal(0))
"""What is consumed on 1 January, before anything is."""


@dataclass(frozen=True)
class LineFlow:
    """A budget line's cumulated figures at the filing before (`before`) and at the period's own (`after`)."""

    key: str
    before: AeCp
    after: AeCp
    COMPUTED: ClassVar = ("flow",)

    @property
    def flow(self) -> AeCp:
        """Consumed within the period, negative when commitments were withdrawn; None where one cumul is missing."""
        return self.after - self.before

    @property
    def is_partial(self) -> bool:
        """Whether an amount is reported whose part in the period is not known, for want of the cumul before."""
        return (self.after.ae is not None and self.flow.ae is None) or (
            self.after.cp is not None and self.flow.cp is None
        )


@dataclass(frozen=True)
class PeriodFlow:
    """From the day after the filing before (1 January for a year's first) to the end of the last filing's period."""

    since: date
    until: date
    lines: tuple[LineFlow, ...]
    COMPUTED: ClassVar = ("before", "after", "flow")

    @cached_property
    def before(self) -> AeCp:
        """Every line's cumul at the filing before."""
        return total_ae_cp(line.before for line in self.lines)

    @cached_property
    def after(self) -> AeCp:
        """Every line's cumul at the end of the period."""
        return total_ae_cp(line.after for line in self.lines)

    @cached_property
    def flow(self) -> AeCp:
        """The sum of the lines' own flows: a line without one counts on no side, so it is no difference of sums."""
        return total_ae_cp(line.flow for line in self.lines)

    @property
    def partial(self) -> tuple[LineFlow, ...]:
        """The lines that the total leaves out, in AE or in CP."""
        return tuple(line for line in self.lines if line.is_partial)

    @property
    def is_since_january(self) -> bool:
        """Whether no other filing of the year came before: the cumul is the flow."""
        return (self.since.month, self.since.day) == (1, 1)

    @property
    def said(self) -> str:
        """`2e trimestre 2021`, or `du 1er janvier 2021 au 30 juin 2021` when a quarter before it was not filed."""
        return str(Period(self.since, self.until))

    @property
    def before_until(self) -> date:
        """The last day of the filing before."""
        return self.since - timedelta(days=1)

    @property
    def left_out(self) -> str:
        """What the total does not count, in one sentence; empty when it counts everything."""
        count = len(self.partial)
        if count > 1:
            return f"{count} lignes sans cumul précédent ne comptent pas au total de la période."
        return "Une ligne sans cumul précédent ne compte pas au total de la période." if count else ""

    def of(self, key: str) -> LineFlow | None:
        """The flow of one line; None when neither filing tells of it."""
        return next((line for line in self.lines if line.key == key), None)


def period_flow(
    until: date, after: Mapping[str, AeCp], before: Mapping[str, AeCp], before_until: date | None
) -> PeriodFlow:
    """The flow from two sets of cumulated figures, by key of the line, in the order of `after` then `before`.

    `before_until` is the last day of the filing before; None for the first of its year, where the cumul begins at zero.
    """
    keys = dict.fromkeys((*after, *before))
    start = date(until.year, 1, 1) if before_until is None else before_until + timedelta(days=1)
    missing = NONE_YET if before_until is None else NOTHING
    lines = (LineFlow(key, before.get(key, missing), after.get(key, NOTHING)) for key in keys)
    return PeriodFlow(start, until, tuple(line for line in lines if line.after.is_reported or line.before.is_reported))
