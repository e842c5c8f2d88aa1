"""Why a version of a contract may no longer be replaced: what was filed is held against it."""

from contracts.models import ContractVersion
from monitoring.models import Filing


def filings_hang_on(version: ContractVersion) -> str:
    """A French sentence when filings point at the version; blank otherwise."""
    count = Filing.objects.filter(version=version).count()
    if not count:
        return ""
    filings = "un dossier de suivi en dépend" if count == 1 else f"{count} dossiers de suivi en dépendent"
    return f"{filings}\u00a0; préparez un avenant."
