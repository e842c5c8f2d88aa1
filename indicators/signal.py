"""What the ledger of results gives to the computed weather: indicators measured, and those behind."""

from collections.abc import Mapping, Sequence

from figures.operators import Status
from indicators.calc import ResultsSituation
from indicators.selectors import results_situation
from monitoring.models import Filing
from monitoring.signal import Score


def measured_and_behind(results: ResultsSituation) -> tuple[int, int]:
    """Indicators that a status can be given to, and those behind among them."""
    counts = results.counts
    measured = len(results.asked) - counts[Status.NOT_REPORTED] - counts[Status.NOT_DUE]
    return measured, counts[Status.BEHIND]


def targets_reached(results: ResultsSituation) -> Score:
    """The indicators with a target to be held now, those that reach it, those of which nothing was measured."""
    aimed = [one for one in results.asked if one.due is not None]
    statuses = [one.status for one in aimed]
    return Score(len(aimed), statuses.count(Status.REACHED), sum(one.value is None for one in aimed))


def facts_of(filing: Filing, counting: Sequence[Filing]) -> Mapping[str, int | Score]:
    """The same at the end of a filing's period. Three queries."""
    day = filing.campaign.ends_on
    results = results_situation(filing.contract, filing.version, day, filings=counting)
    measured, behind = measured_and_behind(results)
    return {"measured": measured, "behind": behind, "targets": targets_reached(results)}
