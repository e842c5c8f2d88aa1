"""Savings in three series: promised at signature, in force, realised (declared and certified apart). Pure."""

from contracts.side_by_side import IN_FORCE, SIGNED, ByYear, SideBySide, amounts_side_by_side
from figures.formats import legible
from savings.calc import SavingsSituation


def savings_side_by_side(signed: SavingsSituation, savings: SavingsSituation) -> list[SideBySide]:
    """CP by year."""
    years = savings.total.years
    return [
        amounts_side_by_side(
            "Économies en trois séries, en CP",
            [
                (SIGNED, _expected(signed)),
                (IN_FORCE, _expected(savings)),
                ("Déclaré", {cell.year: cell.declared.cp for cell in years}),
                ("Certifié", {cell.year: cell.certified.cp for cell in years}),
            ],
        )
    ]


def _expected(savings: SavingsSituation) -> ByYear:
    whole = savings.total
    return {cell.year: legible(cell.expected.cp, is_lost=whole.is_lost) for cell in whole.years}
