"""Invented actuals, as pure functions of the promise: the same promise always gives the same figures."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

PACES = tuple(Decimal(share) for share in ("0.96", "0.88", "1.00", "0.93", "0.79"))
# Commitments come before payments: what share of the year is reached at the end of each quarter.
AE_BY_QUARTER = tuple(Decimal(share) for share in ("0.55", "0.80", "0.95", "1.00"))
CP_BY_QUARTER = tuple(Decimal(share) for share in ("0.15", "0.45", "0.75", "1.00"))
EURO = Decimal(1)
LATE = {"lean-management": Decimal("0.16")}
"""Contracts that are behind, by code: what share of the usual pace they keep; one sub-project out of ten runs there."""


@dataclass(frozen=True)
class Amounts:
    """AE and CP in euros; None where nothing is promised."""

    ae: Decimal | None
    cp: Decimal | None


def reached(contract: str) -> Decimal:
    """What share of the usual pace a contract keeps."""
    return LATE.get(contract, Decimal(1))


def consumed(planned: Amounts, *, rank: int, quarter: int, is_t2: bool, share: Decimal = EURO) -> Amounts:
    """What a line consumed since 1 January at the end of a quarter, from its plan of the year; T2 has AE = CP.

    `share` of the usual pace is kept.
    """
    pace = PACES[rank % len(PACES)] * share
    cp = _part(planned.cp, pace * CP_BY_QUARTER[quarter - 1])
    if is_t2:
        return Amounts(cp, cp)
    return Amounts(_part(planned.ae, pace * AE_BY_QUARTER[quarter - 1]), cp)


def saved(planned: Amounts, *, rank: int) -> Amounts:
    """What a line saved in the year, from its plan."""
    pace = PACES[rank % len(PACES)]
    return Amounts(_part(planned.ae, pace), _part(planned.cp, pace))


def measured(expected: Decimal | None, *, rank: int, share: Decimal = EURO) -> Decimal | None:
    """What an indicator is worth, from the value expected at that day: a little under, as expected, a little over.

    `share` of that is reached, rounded down: a project is running or is not.
    """
    if expected is None:
        return None
    found = _part(expected, (Decimal("0.92"), Decimal(1), Decimal("1.04"))[rank % 3])
    return found if share == EURO or found is None else (found * share).quantize(EURO, ROUND_DOWN)


def _part(amount: Decimal | None, share: Decimal) -> Decimal | None:
    return None if amount is None else (amount * share).quantize(EURO, ROUND_HALF_UP)
