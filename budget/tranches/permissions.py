"""Who may do what with tranches and with the envelope."""

from accounts.enums import Role
from accounts.permissions import has_role_on, has_role_on_all
from contracts.models import Contract
from contracts.perimeters import perimeters_of
from monitoring.permissions import READING_ROLES, Viewer


def can_decide(user: Viewer, contract: Contract) -> bool:
    """The secretariat of the fund decides, makes available and closes tranches (article 6)."""
    return has_role_on(user, perimeters_of(contract), Role.SECRETARIAT)


def can_run_tranches(user: Viewer) -> bool:
    """The list of what is to be decided, and the envelope: the secretariat of every contract."""
    return has_role_on_all(user, Role.SECRETARIAT)


def can_see_fund(user: Viewer) -> bool:
    """Figures of the whole fund: whoever reads every contract."""
    return has_role_on_all(user, *READING_ROLES)
