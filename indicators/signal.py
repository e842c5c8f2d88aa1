"""What the ledger of results gives to the computed weather: indicators measured, and those behind."""

from collections.abc import Mapping, Sequence

from figures.operators import Status
from indicators.calc import ResultsSituation
from indicators.selectors import results_situation
from monitoring.models import Filing


def measured_and_behind(results: ResultsSituation) -> tuple[int, int]:
    """Indicators that a status can be given to, and those behind among them."""
    counts = results.counts
    measured = len(results.indicators) - counts[Status.NOT_REPORTED] - counts[Status.NOT_DUE]
    return measured, counts[Status.BEHIND]


def facts_of(filing: Filing, counting: Sequence[Filing]) -> Mapping[str, int]:
    """The same at the end of a filing's period. Three queries."""
    day = filing.campaign.ends_on
    measured, behind = measured_and_behind(results_situation(filing.contract, filing.version, day, filings=counting))
    return {"measured": measured, "behind": behind}
