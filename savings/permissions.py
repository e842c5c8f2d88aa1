"""Who may write in the ledger of savings."""

from monitoring.permissions import Viewer, can_edit_sheet
from savings.models import RealisedSaving


def can_record(user: Viewer, row: RealisedSaving) -> bool:
    """Savings belong to no sheet: the lead alone declares them, while the filing is open."""
    return can_edit_sheet(user, row.filing, None)
