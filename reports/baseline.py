"""Read what the signature promised, to be held beside the promise in force."""

from datetime import date

from budget.selectors import credit_situation
from contracts.models import Contract, ContractVersion, PlannedMilestone
from contracts.selectors import lost_paths
from indicators.selectors import results_situation
from reports.promise import SignedMilestone, SignedPromise
from savings.selectors import savings_situation


def signed_promise(contract: Contract, version: ContractVersion, on: date) -> SignedPromise | None:
    """The promise of the signature, in euros and in each indicator's unit; None while it is the one in force.

    No query while no amendment is in force; else a number that depends on no line, year or filing.
    """
    if version.number == 0:
        return None
    signature = contract.versions.get(number=0)
    rows = PlannedMilestone.objects.filter(version=signature).select_related("milestone")
    lost = lost_paths(signature)
    return SignedPromise(
        label=str(signature),
        signed_on=signature.signed_on,
        credits=credit_situation(contract, signature, on, filings=()),
        savings=savings_situation(contract, signature, on, filings=()),
        results=results_situation(contract, signature, on, filings=()),
        milestones=tuple(
            SignedMilestone(
                row.milestone.key,
                row.milestone.label,
                row.milestone.get_kind_display(),
                row.starts_on,
                row.ends_on,
                f"calendrier[{rank}].debut" in lost,
                f"calendrier[{rank}].fin" in lost,
            )
            for rank, row in enumerate(rows.order_by("milestone__position", "pk"), start=1)
        ),
    )
