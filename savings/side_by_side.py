"""Savings in three series: promised at signature, in force, realised (declared and certified apart). Pure."""

from contracts.side_by_side import IN_FORCE, SIGNED, SideBySide, amounts_side_by_side
from savings.calc import SavingsSituation


def savings_side_by_side(signed: SavingsSituation, savings: SavingsSituation) -> list[SideBySide]:
    """CP by year."""
    years = savings.total.years
    return [
        amounts_side_by_side(
            "Économies en trois séries, en CP",
            [
                (SIGNED, {cell.year: cell.expected.cp for cell in signed.total.years}),
                (IN_FORCE, {cell.year: cell.expected.cp for cell in years}),
                ("Déclaré", {cell.year: cell.declared.cp for cell in years}),
                ("Certifié", {cell.year: cell.certified.cp for cell in years}),
            ],
        )
    ]
