"""How figures of an anomaly are written: euros with cents only when there are some. Pure."""

from decimal import Decimal
from typing import TypedDict

from figures import formats
from figures.rounding import places_shown


def amount_text(value: Decimal) -> str:
    """`1 860 200 €`; two decimals when there are cents."""
    return formats.euros(value, places_shown(value))


class Figures(TypedDict):
    """The three figures of a finding, as text."""

    printed: str
    computed: str
    difference: str


def compared(printed: Decimal, computed: Decimal) -> Figures:
    """The three figures of a finding on amounts in euros, as text."""
    return {
        "printed": amount_text(printed),
        "computed": amount_text(computed),
        "difference": amount_text(printed - computed),
    }


def several(names: list[str]) -> str:
    """`A, B et C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
