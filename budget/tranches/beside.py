"""The tranches of a contract beside credits already read: what was decided by a day, against what was consumed."""

from dataclasses import replace
from datetime import date

from budget.calc import CreditSituation
from budget.models import FundingTranche
from budget.tranches import calc
from budget.tranches.calc import TrancheSituation, TrancheYear
from budget.tranches.selectors import fixed_by_signature, signed_amounts, with_row
from contracts.models import Contract
from figures.ae_cp import NOTHING


def tranches_beside(contract: Contract, credits_: CreditSituation, on: date) -> TrancheSituation:
    """Each year's tranche as it stood on a day, FTAP credits only, in euros; what came later is not told.

    A tranche decided after the day is provisional, one made available or closed after it is not yet so. Three queries.
    """
    rows = {row.year: row for row in FundingTranche.objects.filter(contract=contract)}
    by_year = {cell.year: cell for cell in credits_.ftap.years}
    signature = contract.versions.filter(number=0).first()
    years = []
    for year in sorted({*by_year, *rows}):
        known = by_year.get(year)
        cell = TrancheYear(year, known.planned if known else NOTHING)
        if known is not None:
            cell = replace(cell, consumed=known.consumed, filing=known.filing)
        row = rows.get(year)
        if row is not None and (row.decided_on is None or row.decided_on <= on):
            cell = _as_of(with_row(cell, row), on)
        elif year == contract.first_tranche_year and signature is not None:
            cell = fixed_by_signature(cell, signature, signed_amounts(contract))
        years.append(cell)
    return TrancheSituation(tuple(years))


def _as_of(cell: TrancheYear, on: date) -> TrancheYear:
    if cell.closed_on is not None and cell.closed_on > on:
        cell = replace(cell, closed_on=None, state=calc.AVAILABLE if cell.made_available_on else calc.DECIDED)
    if cell.made_available_on is not None and cell.made_available_on > on:
        cell = replace(cell, made_available_on=None, state=calc.DECIDED)
    return cell
