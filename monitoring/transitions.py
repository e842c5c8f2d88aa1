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
    `not_declarant`: refused to whoever submitted the filing or typed any row of it. `followed`: only when a later
    filing of the contract was submitted (True), or when none was (False); None where it does not matter.
    `in_order`: not while the figures of an earlier filing of the contract are open again.
    """

    action: FilingAction
    from_state: FilingState
    roles: tuple[Role, ...]
    to_state: FilingState
    needs_reason: bool = False
    not_declarant: bool = False
    followed: bool | None = None
    in_order: bool = False

    @property
    def conditions(self) -> list[str]:
        """What is asked besides the role, in French."""
        return [
            *(["motif écrit"] if self.needs_reason else []),
            *(["n’avoir rien saisi ni soumis dans le dossier"] if self.not_declarant else []),
            *(["aucun dossier plus récent n’est soumis"] if self.followed is False else []),
            *(["un dossier plus récent est soumis"] if self.followed else []),
            *(["aucun dossier antérieur n’est ouvert de nouveau"] if self.in_order else []),
        ]


_S, _A = FilingState, FilingAction
_LEAD, _SECRETARIAT = (Role.LEAD,), (Role.SECRETARIAT,)
_DITP, _DB = (Role.DITP_REVIEWER,), (Role.DB_REVIEWER,)

TRANSITIONS: tuple[Transition, ...] = (
    # Figures: both reviewers validate them before they are locked.
    Transition(_A.SUBMIT, _S.DRAFT, _LEAD, _S.SUBMITTED),
    Transition(_A.SUBMIT, _S.SENT_BACK, _LEAD, _S.SUBMITTED),
    Transition(_A.SUBMIT, _S.REOPENED, _LEAD, _S.SUBMITTED),
    # The figures of a later filing, once submitted, rest on this one's.
    Transition(_A.TAKE_BACK, _S.SUBMITTED, _LEAD, _S.DRAFT, followed=False),
    Transition(_A.SEND_BACK, _S.SUBMITTED, _DITP + _SECRETARIAT, _S.SENT_BACK, needs_reason=True),
    Transition(_A.VALIDATE, _S.SUBMITTED, _DITP, _S.VALIDATED, not_declarant=True),
    Transition(_A.SEND_BACK, _S.VALIDATED, _DB, _S.SENT_BACK, needs_reason=True),
    Transition(_A.COUNTERSIGN, _S.VALIDATED, _DB, _S.LOCKED, not_declarant=True, in_order=True),
    # Reopening: figures of the latest filing; texts only when the figures of a later one rest on them.
    Transition(_A.REOPEN, _S.LOCKED, _SECRETARIAT, _S.REOPENED, needs_reason=True, followed=False),
    Transition(_A.REOPEN_TEXTS, _S.LOCKED, _SECRETARIAT, _S.TEXTS_OPEN, needs_reason=True, followed=True),
    # Texts alone: the figures stay as both reviewers validated them, so that the DITP's review is enough.
    Transition(_A.SUBMIT, _S.TEXTS_OPEN, _LEAD, _S.TEXTS_SUBMITTED),
    Transition(_A.TAKE_BACK, _S.TEXTS_SUBMITTED, _LEAD, _S.TEXTS_OPEN),
    Transition(_A.SEND_BACK, _S.TEXTS_SUBMITTED, _DITP + _SECRETARIAT, _S.TEXTS_OPEN, needs_reason=True),
    Transition(_A.VALIDATE, _S.TEXTS_SUBMITTED, _DITP, _S.LOCKED, not_declarant=True),
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
