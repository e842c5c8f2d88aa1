"""What the ledger of credits gives to the computed weather: CP paid beside CP planned, for the fund's own money."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from budget.calc import CreditSituation
from budget.selectors import credit_situation
from figures.ae_cp import total
from monitoring.models import Filing


def paid_on_plan(credits_: CreditSituation) -> tuple[Decimal | None, Decimal | None]:
    """FTAP CP consumed, and planned over the years for which some are reported, in euros."""
    cells = [cell for cell in credits_.ftap.years if cell.consumed.cp is not None]
    return total(cell.consumed.cp for cell in cells), total(cell.planned.cp for cell in cells)


def facts_of(filing: Filing, counting: Sequence[Filing]) -> Mapping[str, Decimal | None]:
    """The same at the end of a filing's period. Three queries."""
    consumed, planned = paid_on_plan(credit_situation(filing.contract, filing.version, filings=counting))
    return {"consumed": consumed, "planned": planned}
