"""The pipeline of sub-projects, as one table: state × action × who → state.

Read by services, pages, the database's trigger, « À faire », tests and the help page; nothing else says who may move a
sub-project. The project team (lead) proposes, the steering committee's decision is recorded by the secretariat or the
DITP (Lean, articles 4.1 to 4.3).
"""

from dataclasses import dataclass
from enum import StrEnum

from accounts.enums import Role
from contracts.subprojects.enums import SubProjectAction, SubProjectState


class Need(StrEnum):
    """What is asked of the sub-project, and of all of them together, before it moves."""

    ELIGIBILITY = "eligibility"
    SELECTION = "selection"
    DOCUMENT = "document"
    WHOLE = "whole"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Need.ELIGIBILITY: "critères d’éligibilité respectés",
    Need.SELECTION: "critères de sélection renseignés, retour suffisant ou exception motivée",
    Need.DOCUMENT: "document de cadrage joint",
    Need.WHOLE: "en cas d’exception, ensemble des sous-projets retenus au niveau de la règle",
}


@dataclass(frozen=True)
class Transition:
    """One line of the table.

    `roles` are held on the contract. `needs_reason`: a written reason. `stops_when_suspended`: refused while the
    contract's funding is stopped.
    """

    action: SubProjectAction
    from_state: SubProjectState
    roles: tuple[Role, ...]
    to_state: SubProjectState
    needs: tuple[Need, ...] = ()
    needs_reason: bool = False
    stops_when_suspended: bool = False

    @property
    def conditions(self) -> list[str]:
        """What is asked besides the role, in French."""
        return [
            *(need.label for need in self.needs),
            *(["motif écrit"] if self.needs_reason else []),
            *(["financements du contrat non suspendus"] if self.stops_when_suspended else []),
        ]


_S, _A = SubProjectState, SubProjectAction
DECIDERS = (Role.SECRETARIAT, Role.DITP_REVIEWER)
_ALL = (Role.LEAD, *DECIDERS)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_A.PRESELECT, _S.IDENTIFIED, _ALL, _S.PRESELECTED, needs=(Need.ELIGIBILITY,)),
    Transition(
        _A.FRAME,
        _S.PRESELECTED,
        DECIDERS,
        _S.FRAMED,
        needs=(Need.ELIGIBILITY, Need.SELECTION, Need.DOCUMENT, Need.WHOLE),
        stops_when_suspended=True,
    ),
    Transition(_A.LAUNCH, _S.FRAMED, _ALL, _S.RUNNING, stops_when_suspended=True),
    # What the sub-project gave is the reason of its end.
    Transition(_A.FINISH, _S.RUNNING, _ALL, _S.FINISHED, needs_reason=True),
    Transition(_A.SEND_BACK, _S.PRESELECTED, DECIDERS, _S.IDENTIFIED, needs_reason=True),
    Transition(_A.SEND_BACK, _S.FRAMED, DECIDERS, _S.PRESELECTED, needs_reason=True),
    # One leaves the pipeline at any point, with a reason; and may come back.
    *(
        Transition(_A.REFUSE, state, DECIDERS, _S.REFUSED, needs_reason=True)
        for state in (_S.IDENTIFIED, _S.PRESELECTED, _S.FRAMED)
    ),
    *(
        Transition(_A.ABANDON, state, _ALL, _S.ABANDONED, needs_reason=True)
        for state in (_S.IDENTIFIED, _S.PRESELECTED, _S.FRAMED, _S.RUNNING)
    ),
    Transition(_A.REOPEN, _S.REFUSED, DECIDERS, _S.IDENTIFIED, needs_reason=True),
    Transition(_A.REOPEN, _S.ABANDONED, DECIDERS, _S.IDENTIFIED, needs_reason=True),
)


def transition(action: str, state: str) -> Transition | None:
    """The line for this action from this state; None when the table has none."""
    return next((line for line in TRANSITIONS if line.action == action and line.from_state == state), None)


def transitions_from(state: str) -> list[Transition]:
    """What may happen to a sub-project in this state, whoever does it, in the order of the table."""
    return [line for line in TRANSITIONS if line.from_state == state]


def moves() -> frozenset[tuple[str, str]]:
    """Every (state, state) that the table allows."""
    return frozenset((line.from_state.value, line.to_state.value) for line in TRANSITIONS)
