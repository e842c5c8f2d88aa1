"""The tranches of a contract beside credits already read: what was decided by a day, against what was consumed."""

from dataclasses import replace
from datetime import date

from budget.calc import CreditSituation
from budget.tranches.calc import TrancheSituation, TrancheYear
from budget.tranches.decided import decided_of
from contracts.models import Contract
from figures.ae_cp import NOTHING


def tranches_beside(contract: Contract, credits_: CreditSituation, on: date) -> TrancheSituation:
    """Each year's tranche as it stood on a day, FTAP credits only, in euros; what came later is not told.

    A tranche decided after the day is provisional, one made available or closed after it is not yet so. Three queries.
    """
    decided = decided_of(contract, on)
    by_year = {cell.year: cell for cell in credits_.ftap.years}
    years = []
    for year in sorted({*by_year, *decided}):
        cell = decided.get(year, TrancheYear(year, NOTHING))
        if (known := by_year.get(year)) is not None:
            cell = replace(cell, planned=known.planned, lost=known.lost)
            cell = replace(cell, consumed=known.consumed, filing=known.filing)
        years.append(cell)
    return TrancheSituation(tuple(years))
