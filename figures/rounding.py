"""Rounding: once, half up, in Decimal; and what rounding may explain between a printed figure and a computed one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

HUNDRED: Final = Decimal(100)
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class RoundingExplanation:
    """A printed figure beside the computed one, in the printed unit; `difference` is printed − computed."""

    printed: Decimal
    computed: Decimal
    difference: Decimal
    tolerance: Decimal
    explained_by_rounding: bool

    @property
    def agrees(self) -> bool:
        """Whether the two figures are the same."""
        return not self.difference


def round_half_up(value: Decimal, decimals: int = 0) -> Decimal:
    """The value with so many decimals; a half goes away from zero (1.25 gives 1.3), and −0 is 0."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded or abs(rounded)


def printed_decimals(value: Decimal) -> int:
    """Decimals that a figure needs to be written: 1 for 2.50, 0 for 160."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def terms_tolerance(terms: Sequence[Decimal | None], decimals: int = 0, scale: Decimal = ONE) -> Decimal:
    """The largest difference that the rounding of printed terms makes in their sum, in the unit of the terms.

    Half the last printed decimal of each term that is not zero; `scale` is what one unit of the table is worth (1000
    for k€), `decimals` those that every term is printed with at least: 160 k€ is within 500 €, 2,5 k€ within 50 €.
    """
    finest = (max(decimals, printed_decimals(term / scale)) for term in terms if term)
    return HALF * scale * sum((ONE.scaleb(-places) for places in finest), Decimal(0))


def explain(printed: Decimal, computed: Decimal, decimals: int, of_terms: Decimal = ZERO) -> RoundingExplanation:
    """Hold a printed figure against the computed one, both in the printed unit.

    The tolerance is that of the terms (`terms_tolerance`) and half the last printed decimal of the figure itself.
    """
    difference, tolerance = printed - computed, of_terms + HALF.scaleb(-decimals)
    return RoundingExplanation(printed, computed, difference, tolerance, abs(difference) <= tolerance)


def explain_share(printed: Decimal, computed: Decimal, decimals: int, of_terms: Decimal = ZERO) -> RoundingExplanation:
    """The same for a percentage, rounded half up or cut off: 44,2225 printed 44,223 or 44,222 is explained."""
    found = explain(printed, computed, decimals, of_terms)
    cut_off = computed.quantize(ONE.scaleb(-decimals), rounding=ROUND_DOWN)
    return replace(found, explained_by_rounding=found.explained_by_rounding or printed == cut_off)


def places_shown(amount: Decimal | None) -> int:
    """Decimals under which euros are shown: two when there are cents, else none; a figure is never shown rounded."""
    return 0 if amount is None or amount == amount.to_integral_value() else 2
