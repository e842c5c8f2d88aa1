"""The phase of a contract on a day, from its dated events. Pure; defined in docs/calculs/contrat-termine.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

DEFINITION: Final = 1


class Step(StrEnum):
    """What an event is; the values of `LifeEventKind`, and what versions tell."""

    SELECTION = "selection"
    DECISION = "decision"
    SIGNATURE = "signature"
    EFFECT = "effet"
    SUSPENSION = "suspension"
    RESUMPTION = "reprise"
    INTERRUPTION = "interruption"
    END = "fin"
    FINAL_REVIEW = "bilan"


class Phase(StrEnum):
    """Where a contract stands on a day."""

    NOT_BEGUN = "not_begun"
    SELECTED = "selected"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    INTERRUPTED = "interrupted"
    OVERDUE = "overdue"
    ENDED = "ended"
    FINISHED = "finished"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Phase.NOT_BEGUN: "aucun événement",
    Phase.SELECTED: "sélectionné",
    Phase.DECIDED: "décidé, signature attendue",
    Phase.IN_FORCE: "en vigueur",
    Phase.SUSPENDED: "financements suspendus",
    Phase.INTERRUPTED: "interrompu",
    Phase.OVERDUE: "échu, fin d’exécution non renseignée",
    Phase.ENDED: "achevé, bilan final attendu",
    Phase.FINISHED: "terminé",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day; `on` is None when the act bears no date. `label` and `detail` are French.

    `row` is the pk of what was recorded by itself; `version` the number of the one that tells it otherwise.
    """

    step: Step
    on: date | None
    label: str
    detail: str = ""
    row: int | None = None
    version: int | None = None


def phase(events: Sequence[Event], last_year: int, on: date, *, is_signed: bool) -> Phase:
    """Where a contract stands on a day.

    Finished: an end of execution and a final review, both dated by the day, and no interruption. An interrupted
    contract is never finished. Past its last year of funding without a dated end, it is overdue: a missing date is
    « non renseigné », it is not guessed. `is_signed`: a version is in force, its date known or not.
    """
    known = {
        step: max((one.on for one in _by(events, on) if one.step is step and one.on), default=None) for step in Step
    }
    if known[Step.INTERRUPTION]:
        return Phase.INTERRUPTED
    if known[Step.END]:
        return Phase.FINISHED if known[Step.FINAL_REVIEW] else Phase.ENDED
    if _is_suspended(known[Step.SUSPENSION], known[Step.RESUMPTION]):
        return Phase.SUSPENDED
    if is_signed:
        return Phase.OVERDUE if on.year > last_year else Phase.IN_FORCE
    if known[Step.DECISION]:
        return Phase.DECIDED
    return Phase.SELECTED if known[Step.SELECTION] else Phase.NOT_BEGUN


FINAL: Final = (Step.INTERRUPTION, Step.END)
"""What funding does not come back from."""


def stopped_by(events: Sequence[Event], on: date) -> Event | None:
    """The event by which nothing new may be given on a day: an interruption, the end of execution, or the suspension in
    course; or None."""
    past = sorted(_by(events, on), key=lambda one: one.on or on)
    over = next((one for one in past if one.step in FINAL), None)
    return over or (_last(past, Step.SUSPENSION) if is_suspended(events, on) else None)


def is_suspended(events: Sequence[Event], on: date) -> bool:
    """Whether funding is suspended on a day."""
    past = _by(events, on)
    days = [max((one.on for one in past if one.step is step and one.on), default=None) for step in _PAUSE]
    return _is_suspended(*days)


_PAUSE: Final = (Step.SUSPENSION, Step.RESUMPTION)


def _by(events: Sequence[Event], on: date) -> list[Event]:
    return [one for one in events if one.on is not None and one.on <= on]


def _last(events: Sequence[Event], step: Step) -> Event | None:
    return next((one for one in reversed(events) if one.step is step), None)


def _is_suspended(suspended: date | None, resumed: date | None) -> bool:
    """A resumption ends a suspension of an earlier day."""
    return suspended is not None and (resumed is None or resumed <= suspended)
