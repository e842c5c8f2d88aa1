"""What filings hold of the promise: versions no longer replaced, periods in which nothing new takes effect."""

from datetime import date

from contracts.models import Contract, ContractVersion
from monitoring.enums import FilingState
from monitoring.models import Filing


def filings_hang_on(version: ContractVersion) -> str:
    """A French sentence when filings point at the version; blank otherwise."""
    count = Filing.objects.filter(version=version).count()
    if not count:
        return ""
    filings = "un dossier de suivi en dépend" if count == 1 else f"{count} dossiers de suivi en dépendent"
    return f"{filings}\u00a0; préparez un avenant."


def locked_periods(contract: Contract) -> list[tuple[date, date]]:
    """The first and last day of each of the contract's locked periods, in order. One query."""
    locked = Filing.objects.filter(contract=contract, state=FilingState.LOCKED).order_by("campaign__ends_on")
    return list(locked.values_list("campaign__starts_on", "campaign__ends_on"))
