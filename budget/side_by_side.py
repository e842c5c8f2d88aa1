"""The fund's credits in three series: promised at signature, in force, consumed. Pure."""

from budget.calc import CreditSituation
from contracts.side_by_side import IN_FORCE, SIGNED, SideBySide, amounts_side_by_side


def credits_side_by_side(signed: CreditSituation, credits_: CreditSituation) -> list[SideBySide]:
    """AE, then CP, of the fund by year."""
    return [
        amounts_side_by_side(
            f"{kind.upper()} du FTAP en trois séries",
            [
                (SIGNED, {cell.year: getattr(cell.planned, kind) for cell in signed.ftap.years}),
                (IN_FORCE, {cell.year: getattr(cell.planned, kind) for cell in credits_.ftap.years}),
                ("Consommé", {cell.year: getattr(cell.consumed, kind) for cell in credits_.ftap.years}),
            ],
        )
        for kind in ("ae", "cp")
    ]
