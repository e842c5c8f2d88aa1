"""Rounding: once, half up, in Decimal; and what rounding may explain between a printed figure and a computed one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from figures.numbers import CENT, POWER_OF_UNIT, AmountUnit

HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class RoundingExplanation:
    """A printed total beside the computed one, in euros; `difference` is printed − computed."""

    printed: Decimal
    computed: Decimal
    difference: Decimal
    tolerance: Decimal
    explained_by_rounding: bool

    @property
    def agrees(self) -> bool:
        """Whether the two figures are the same to the cent."""
        return not self.difference


@dataclass(frozen=True, slots=True)
class PercentageCheck:
    """A percentage printed beside two amounts, in points: a check digit of these amounts."""

    printed: Decimal
    computed: Decimal
    difference: Decimal
    agrees: bool


def round_half_up(value: Decimal, decimals: int = 0) -> Decimal:
    """The value with so many decimals; a half goes away from zero (1.25 gives 1.3), and −0 is 0."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded or abs(rounded)


def rounding_step(unit: AmountUnit, decimals: int = 0) -> Decimal:
    """The smallest step, in euros, of a table printed in this unit with so many decimals: 100 € for k€ with one."""
    return Decimal(1).scaleb(POWER_OF_UNIT[unit] - decimals)


def rounding_tolerance(step: Decimal, terms: Sequence[Decimal | None]) -> Decimal:
    """The largest difference, in euros, that rounding can make between a printed total and the sum of printed terms.

    Half a step for each rounded term: each one that is not zero, and the total itself. `step` is in euros.
    """
    return step / 2 * (sum(1 for term in terms if term) + 1)


def explain(
    printed: Decimal,
    computed: Decimal,
    unit: AmountUnit,
    decimals: int,
    terms: Sequence[Decimal | None],
) -> RoundingExplanation:
    """Compare a printed total with the one its terms give, in euros; `unit` and `decimals` are those of the table."""
    difference = printed - computed
    tolerance = rounding_tolerance(rounding_step(unit, decimals), terms)
    return RoundingExplanation(printed, computed, difference, tolerance, abs(difference) <= tolerance)


def check_percentage(printed: Decimal, part: Decimal, whole: Decimal, decimals: int) -> PercentageCheck | None:
    """Compare a printed percentage, in points, with part ÷ whole; None when the whole is zero (not computable).

    Rounded half up or cut off, both are found in print: 44.2225 printed 44.223 or 44.222 agrees.
    """
    if not whole:
        return None
    exact = part / whole * HUNDRED
    computed = round_half_up(exact, decimals)
    cut_off = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
    return PercentageCheck(printed, computed, printed - computed, printed in (computed, cut_off))


def split_evenly(total: Decimal, parts: int, step: Decimal = CENT) -> tuple[Decimal, ...]:
    """Equal shares that add up to the total; what cannot be divided goes one step at a time to the first shares."""
    return split_by_weights(total, [Decimal(1)] * parts, step)


def split_by_weights(total: Decimal, weights: Sequence[Decimal], step: Decimal = CENT) -> tuple[Decimal, ...]:
    """Shares in proportion to the weights, in whole steps, that always add up to the total.

    What is left goes to the largest remainders, the first ones on a tie. Raises `ValueError` when there is no positive
    weight, when one is negative, or when the total is not a whole number of steps.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and at least one must be positive")
    if total % step:
        raise ValueError(f"{total} is not a multiple of {step}")
    sign = -1 if total < 0 else 1
    exact = [abs(total) / step * weight / whole for weight in weights]
    steps = [int(share) for share in exact]
    left = int(abs(total) / step) - sum(steps)
    by_remainder = sorted(range(len(exact)), key=lambda rank: (steps[rank] - exact[rank], rank))
    for rank in by_remainder[:left]:
        steps[rank] += 1
    return tuple(sign * count * step for count in steps)


def places_shown(amount: Decimal | None) -> int:
    """Decimals under which euros are shown: two when there are cents, else none; a figure is never shown rounded."""
    return 0 if amount is None or amount == amount.to_integral_value() else 2
