"""Who may write in the ledger of credits."""

from budget.models import Consumption
from monitoring.permissions import Viewer, can_edit_sheet


def can_record(user: Viewer, row: Consumption) -> bool:
    """The lead writes on every line, a contributor on those of the sheets given to them, while the filing is open."""
    sheet = row.line.sheet
    return can_edit_sheet(user, row.filing, sheet.number if sheet else None)
