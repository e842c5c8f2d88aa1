"""The life of a funding tranche, as one table: state × action → state. The secretariat alone moves it (article 6).

Read by services, pages, the database's trigger, tests and help; nothing else says how a tranche moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from budget.tranches.enums import TrancheAction, TrancheKind, TrancheState


@dataclass(frozen=True)
class Transition:
    """One line of the table.

    `needs_reason`: a written reason. `stops_when_suspended`: refused while the contract's funding is suspended, and
    once it is interrupted or its execution ended.
    `kinds`: the decisions that it suits; every one when empty. `by_hand`: whether a person may ask for it.
    """

    action: TrancheAction
    from_state: TrancheState
    to_state: TrancheState
    needs_reason: bool = False
    stops_when_suspended: bool = False
    kinds: tuple[TrancheKind, ...] = ()
    by_hand: bool = True


_S, _A, _K = TrancheState, TrancheAction, TrancheKind

TRANSITIONS: tuple[Transition, ...] = (
    # The first year's amounts are fixed by the contract itself: written down when the tranche is first used.
    Transition(_A.FIX, _S.PROVISIONAL, _S.DECIDED, by_hand=False),
    Transition(_A.DECIDE, _S.PROVISIONAL, _S.DECIDED, needs_reason=True, stops_when_suspended=True),
    Transition(_A.WITHDRAW, _S.DECIDED, _S.PROVISIONAL, needs_reason=True),
    Transition(_A.MAKE_AVAILABLE, _S.DECIDED, _S.AVAILABLE, stops_when_suspended=True, kinds=(_K.FULL, _K.REDUCED)),
    # What was given is not taken back: an amendment that raises the year's plan is granted on top of it.
    Transition(_A.COMPLETE, _S.AVAILABLE, _S.AVAILABLE, needs_reason=True, stops_when_suspended=True),
    Transition(_A.CLOSE, _S.AVAILABLE, _S.CLOSED),
    # A withheld tranche is never made available.
    Transition(_A.CLOSE, _S.DECIDED, _S.CLOSED, kinds=(_K.WITHHELD,)),
)


_KEPT: Final = (
    "ce qui est donné, compléments compris, n’est pas repris ; la tranche d’un exercice suivant peut être réduite"
)
_OVER: Final = (
    "plus rien n’en est attendu, et ce que le plan promet encore se décide avec la tranche d’un autre exercice"
)

WHY_NOT: Final[Mapping[tuple[str, str], str]] = {
    (_A.DECIDE, _S.DECIDED): "revenez d’abord sur la décision",
    (_A.DECIDE, _S.AVAILABLE): f"{_KEPT}, et un avenant qui relève le plan se donne en complément",
    (_A.WITHDRAW, _S.PROVISIONAL): "rien n’y est décidé",
    (_A.WITHDRAW, _S.AVAILABLE): _KEPT,
    (_A.MAKE_AVAILABLE, _S.PROVISIONAL): "décidez-la d’abord",
    (_A.MAKE_AVAILABLE, _S.DECIDED): "rien n’en est accordé ; elle se clôt directement",
    (_A.MAKE_AVAILABLE, _S.AVAILABLE): "elle l’est déjà",
    (_A.COMPLETE, _S.PROVISIONAL): "décidez-la d’abord",
    (_A.COMPLETE, _S.DECIDED): "rien n’en est encore donné ; revenez sur la décision pour en prendre une autre",
    (_A.CLOSE, _S.PROVISIONAL): "rien n’y est décidé",
    (_A.CLOSE, _S.DECIDED): "rien n’en est encore donné ; mettez-la à disposition, ou revenez sur la décision",
    **{(action, _S.CLOSED): _OVER for action in _A},
}
"""Why the table has no line for an act that a person may ask for, in French, after « n’est pas possible… : »."""


def transition(action: str, state: str, kind: str = "") -> Transition | None:
    """The line for this action on a tranche of this state and decision; None when the table has none."""
    return next(
        (
            line
            for line in TRANSITIONS
            if line.action == action and line.from_state == state and (not line.kinds or kind in line.kinds)
        ),
        None,
    )


def actions_by_hand(state: str, kind: str, *, is_stopped: bool = False) -> list[TrancheAction]:
    """What the secretariat may ask for, in the order of the table; nothing new when the contract's funding stops."""
    lines = [line for line in TRANSITIONS if line.by_hand and transition(line.action, state, kind) is line]
    return [line.action for line in lines if not (is_stopped and line.stops_when_suspended)]


def moves() -> frozenset[tuple[str, str]]:
    """Every (state, state) that the table allows, a complement left out, which leaves the tranche where it is."""
    pairs = ((line.from_state.value, line.to_state.value) for line in TRANSITIONS)
    return frozenset(pair for pair in pairs if pair[0] != pair[1])
