"""Who may write in the ledger of results."""

from indicators.models import Measurement
from monitoring.permissions import Viewer, can_edit_sheet


def can_record(user: Viewer, row: Measurement) -> bool:
    """The lead measures all, a contributor the indicators of the sheets given to them, while the filing is open."""
    sheet = row.indicator.sheet
    return can_edit_sheet(user, row.filing, sheet.number if sheet else None)
