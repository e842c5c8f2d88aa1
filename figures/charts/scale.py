"""A value axis with round ticks that always holds zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

ROUND_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
WANTED_TICKS: Final = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high` in equal steps, drawn from pixel `start` over `length` pixels (negative: upwards)."""

    low: Decimal
    high: Decimal
    step: Decimal
    start: float
    length: float

    @property
    def ticks(self) -> tuple[Decimal, ...]:
        return tuple(self.low + self.step * rank for rank in range(int((self.high - self.low) / self.step) + 1))

    @property
    def decimals(self) -> int:
        """How many decimals the ticks need, in the unit of the values."""
        exponent = self.step.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    def at(self, value: Decimal) -> float:
        """The pixel of a value."""
        return self.start + self.length * float((value - self.low) / (self.high - self.low))


def round_scale(values: Sequence[Decimal], start: float, length: float, *, smallest_step: Decimal) -> Scale:
    """The smallest round scale that holds every value and zero; no tick finer than `smallest_step`."""
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    step = max(_round_step((high - low) / WANTED_TICKS), smallest_step)
    bottom = (low / step).to_integral_value(ROUND_FLOOR) * step
    top = (high / step).to_integral_value(ROUND_CEILING) * step
    return Scale(bottom, top if top > bottom else bottom + step, step, start, length)


def _round_step(wanted: Decimal) -> Decimal:
    if not wanted:
        return Decimal(1)
    power = Decimal(1).scaleb(wanted.adjusted())
    return next(power * factor for factor in ROUND_STEPS if power * factor >= wanted)
