"""« À faire » of sub-projects: whom each one waits for, read from the table of transitions and from what is missing."""

from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role_on
from accounts.roles import roles_on
from contracts.models import Contract, SubProject
from contracts.perimeters import perimeters_of
from contracts.subprojects.enums import SubProjectAction, SubProjectState
from contracts.subprojects.permissions import can_move
from contracts.subprojects.selectors import WITH_FIGURES, Standing, standing_of
from contracts.subprojects.transitions import DECIDERS, transition

_S, _A = SubProjectState, SubProjectAction
_NEXT = {_S.IDENTIFIED: _A.PRESELECT, _S.PRESELECTED: _A.FRAME, _S.FRAMED: _A.LAUNCH}
"""What a sub-project waits for, by state; one that runs waits for nobody."""


@dataclass(frozen=True)
class Duty:
    """A sub-project that waits for a person, and the one thing to do next."""

    row: SubProject
    action: str


def duties(user: User) -> list[Duty]:
    """The sub-projects that wait for this person: the lead proposes and launches, the others decide.

    No query for who has neither role; otherwise a constant number.
    """
    roles = (Role.LEAD, *DECIDERS)
    if not any(held.role in roles for held in roles_on(user)):
        return []
    contracts = Contract.objects.within(user, list(roles)).values("pk")
    rows = SubProject.objects.filter(contract__in=contracts, state__in=list(_NEXT))
    rows = rows.select_related("contract__holder__ministry").prefetch_related("contract__criteria", *WITH_FIGURES)
    known = (_duty(user, standing_of(row)) for row in rows.order_by("contract__title", "number"))
    return [one for one in known if one is not None]


def _duty(user: User, standing: Standing) -> Duty | None:
    line = transition(_NEXT[standing.state], standing.row.state)
    if line is None:
        return None
    is_lead = _holds(user, standing.row, Role.LEAD)
    if line.action == _A.FRAME:
        if standing.is_to_complete:
            return Duty(standing.row, "Compléter") if is_lead else None
        return Duty(standing.row, "Décider") if can_move(user, standing.row, line) else None
    return Duty(standing.row, "Compléter" if standing.missing(line) else line.action.label) if is_lead else None


def _holds(user: User, row: SubProject, role: Role) -> bool:
    return has_role_on(user, perimeters_of(row.contract), role)
