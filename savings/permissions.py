"""Who may write in the ledger of savings, and who may certify what was written."""

from accounts.enums import Role
from accounts.permissions import has_role_on, has_role_on_all
from contracts.perimeters import perimeters_of
from figures.formats import typeset
from monitoring.models import Filing
from monitoring.permissions import READING_ROLES, Viewer, can_edit_sheet, declarants
from savings.locks import DECLARED_BY_THEM, NOT_SUBMITTED
from savings.models import RealisedSaving


def can_record(user: Viewer, row: RealisedSaving) -> bool:
    """Savings belong to no sheet: the lead alone declares them, while the filing is open."""
    return can_edit_sheet(user, row.filing, None)


CERTIFYING_ROLES = (Role.DITP_REVIEWER, Role.DB_REVIEWER)


def may_certify(user: Viewer, filing: Filing) -> bool:
    """Reviewers of the contract, of the DITP or of the direction du budget, whatever the state of the filing."""
    return has_role_on(user, perimeters_of(filing.contract), *CERTIFYING_ROLES)


def certification_refusal(user: Viewer, filing: Filing) -> str:
    """Why this person may not certify the savings of this filing now, as a French sentence; empty when they may."""
    if not may_certify(user, filing):
        return "La certification revient aux instructeurs de la DITP et de la direction du budget."
    if filing.is_editable:
        return typeset(NOT_SUBMITTED)
    return typeset(DECLARED_BY_THEM) if user.pk in declarants(filing) else ""


def can_see_unit_costs(user: Viewer) -> bool:
    """Unit costs compare all the contracts of the fund: whoever reads every contract."""
    return has_role_on_all(user, *READING_ROLES)


def can_run_unit_costs(user: Viewer) -> bool:
    """The secretariat of the fund keeps the reference."""
    return has_role_on_all(user, Role.SECRETARIAT)
