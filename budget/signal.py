"""What the ledger of credits gives to the computed weather: CP paid beside CP planned, for the fund's own money."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from budget.calc import CreditSituation, due_by
from budget.selectors import credit_situation
from figures.ae_cp import total
from monitoring.models import Filing


def paid_on_plan(credits_: CreditSituation, on: date) -> tuple[Decimal | None, Decimal | None]:
    """FTAP CP consumed, and planned up to a day over the years for which some are reported, in euros."""
    cells = [cell for cell in credits_.ftap.years if cell.consumed.cp is not None]
    due = total(due_by(cell.planned.cp, cell.year, on) for cell in cells)
    return total(cell.consumed.cp for cell in cells), due


def facts_of(filing: Filing, counting: Sequence[Filing]) -> Mapping[str, Decimal | None]:
    """The same at the end of a filing's period. Three queries."""
    situation = credit_situation(filing.contract, filing.version, filings=counting)
    consumed, planned = paid_on_plan(situation, filing.campaign.ends_on)
    return {"consumed": consumed, "planned": planned}
