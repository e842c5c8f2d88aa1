"""The fund's credits in three series: promised at signature, in force, consumed. Pure."""

from budget.calc import CreditSituation
from contracts.side_by_side import IN_FORCE, SIGNED, ByYear, SideBySide, amounts_side_by_side
from figures.formats import legible


def credits_side_by_side(signed: CreditSituation, credits_: CreditSituation) -> list[SideBySide]:
    """AE, then CP, of the fund by year."""
    return [
        amounts_side_by_side(
            f"{kind.upper()} du FTAP en trois séries",
            [
                (SIGNED, _planned(signed, kind)),
                (IN_FORCE, _planned(credits_, kind)),
                ("Consommé", {cell.year: getattr(cell.consumed, kind) for cell in credits_.ftap.years}),
            ],
        )
        for kind in ("ae", "cp")
    ]


def _planned(credits_: CreditSituation, kind: str) -> ByYear:
    years = credits_.ftap.years
    return {cell.year: legible(getattr(cell.planned, kind), is_lost=kind in cell.lost) for cell in years}
