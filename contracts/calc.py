"""Sums and shares of amounts that may be missing."""

from collections.abc import Iterable
from decimal import Decimal


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the values that are known; None when none is, which is not zero."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The ratio part ÷ whole (0.44 for 44 %); None when a figure is missing or the whole is zero."""
    return part / whole if part is not None and whole else None
