"""Who may do what with sub-projects: the project team proposes, the secretariat and the DITP decide."""

from accounts.enums import Role
from accounts.permissions import has_role_on
from contracts.models import Contract, SubProject
from contracts.perimeters import perimeters_of
from contracts.permissions import Person
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.transitions import DECIDERS, Transition

PROPOSED = (SubProjectState.IDENTIFIED, SubProjectState.PRESELECTED)


def can_propose(user: Person, contract: Contract) -> bool:
    """The lead of the contract adds sub-projects; so may those who decide."""
    return has_role_on(user, perimeters_of(contract), Role.LEAD, *DECIDERS)


def can_edit(user: Person, sub_project: SubProject) -> bool:
    """The lead until the sub-project is retained; those who decide until it is over."""
    if sub_project.is_closed:
        return False
    roles = (Role.LEAD, *DECIDERS) if sub_project.state in PROPOSED else DECIDERS
    return has_role_on(user, perimeters_of(sub_project.contract), *roles)


def can_except(user: Person, sub_project: SubProject) -> bool:
    """Those who decide grant an exception, until the sub-project is over."""
    return not sub_project.is_closed and has_role_on(user, perimeters_of(sub_project.contract), *DECIDERS)


def can_move(user: Person, sub_project: SubProject, line: Transition) -> bool:
    """Whether the table gives this act to a role that the person holds on the contract."""
    return has_role_on(user, perimeters_of(sub_project.contract), *line.roles)
