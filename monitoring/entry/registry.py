"""The entry grids of a filing, for what is written once over all of them; each room registers its own."""

from monitoring.entry.ledger import Ledger
from monitoring.models import Filing

_ledgers: dict[str, Ledger] = {}


def register(ledger: Ledger) -> Ledger:
    """Adds a grid, or replaces the one of the same section."""
    _ledgers[ledger.section.code] = ledger
    return ledger


def ledgers_of(filing: Filing) -> list[Ledger]:
    """The grids that this filing has, in the order of the stepper."""
    found = [ledger for ledger in _ledgers.values() if ledger.section.applies(filing)]
    return sorted(found, key=lambda ledger: (ledger.section.position, ledger.section.code))
