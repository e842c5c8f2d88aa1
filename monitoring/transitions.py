"""The life of a filing, as one table: state × action × who → state.

Read by services, pages, tests and the help page; nothing else says who may move a filing.
"""

from dataclasses import dataclass

from accounts.enums import Role
from monitoring.enums import FilingAction, FilingState


@dataclass(frozen=True)
class Transition:
    """One line of the table.

    `roles` are held on the filing's contract. `needs_reason`: a written reason is required and shown to the lead.
    `not_declarant`: refused to whoever submitted the filing or typed any row of it.
    """

    action: FilingAction
    from_state: FilingState
    roles: tuple[Role, ...]
    to_state: FilingState
    needs_reason: bool = False
    not_declarant: bool = False


_S, _A = FilingState, FilingAction

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_A.SUBMIT, _S.DRAFT, (Role.LEAD,), _S.SUBMITTED),
    Transition(_A.SUBMIT, _S.SENT_BACK, (Role.LEAD,), _S.SUBMITTED),
    Transition(_A.TAKE_BACK, _S.SUBMITTED, (Role.LEAD,), _S.DRAFT),
    Transition(_A.SEND_BACK, _S.SUBMITTED, (Role.DITP_REVIEWER, Role.SECRETARIAT), _S.SENT_BACK, needs_reason=True),
    Transition(_A.VALIDATE, _S.SUBMITTED, (Role.DITP_REVIEWER,), _S.VALIDATED, not_declarant=True),
    Transition(_A.SEND_BACK, _S.VALIDATED, (Role.DB_REVIEWER,), _S.SENT_BACK, needs_reason=True),
    Transition(_A.COUNTERSIGN, _S.VALIDATED, (Role.DB_REVIEWER,), _S.LOCKED, not_declarant=True),
    Transition(_A.REOPEN, _S.LOCKED, (Role.SECRETARIAT,), _S.SENT_BACK, needs_reason=True),
)


def transition(action: str, state: str) -> Transition | None:
    """The line for this action from this state; None when the table has none."""
    return next((line for line in TRANSITIONS if line.action == action and line.from_state == state), None)


def transitions_from(state: str) -> list[Transition]:
    """What may happen to a filing in this state, whoever does it."""
    return [line for line in TRANSITIONS if line.from_state == state]


def states_where(*roles: Role) -> frozenset[FilingState]:
    """States in which one of these roles has something to do: what « À faire » looks for."""
    return frozenset(line.from_state for line in TRANSITIONS if set(line.roles) & set(roles))
