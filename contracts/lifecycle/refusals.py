"""Why an event cannot have happened, beside the others of its contract. Pure; in French."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from contracts.enums import LifeEventKind
from contracts.lifecycle.calc import Event, Phase, Step, is_suspended, phase
from figures.formats import date_fr, lower_first

_OF_FUNDING: Final = (Step.SUSPENSION, Step.RESUMPTION, Step.INTERRUPTION)
_REPEATED: Final = (Step.SUSPENSION, Step.RESUMPTION)
_NEVER: Final = 9999


def refusal(others: Sequence[Event], step: Step, on: date, reason: str, today: date) -> str:
    """The first reason why an event of this kind cannot have happened on the day; blank when it may have.

    `others` are the contract's other recorded events, all dated.
    """
    same = [one for one in others if one.step is step]
    paused = is_suspended(others, on)
    reached = phase(others, _NEVER, on, is_signed=True)
    label = LifeEventKind(step.value).label
    reasons = (
        (on > today, "Cette date est à venir\u00a0: un événement s’enregistre quand il a eu lieu."),
        (
            any(one.on == on for one in same) if step in _REPEATED else bool(same),
            f"«\u00a0{label}\u00a0» est déjà enregistré pour ce contrat.",
        ),
        (
            step in (Step.SUSPENSION, Step.INTERRUPTION) and not reason,
            "Une suspension ou une interruption a un motif.",
        ),
        (step is Step.SUSPENSION and paused, f"Les financements sont déjà suspendus au {date_fr(on)}."),
        (step is Step.RESUMPTION and not paused, f"Les financements ne sont pas suspendus au {date_fr(on)}."),
        (
            step is Step.RESUMPTION and any(one.step is Step.SUSPENSION and one.on == on for one in others),
            "La reprise suit la suspension\u00a0: elle est d’un jour suivant.",
        ),
        (
            step is Step.FINAL_REVIEW and reached not in (Phase.ENDED, Phase.INTERRUPTED),
            "Le bilan final suit la fin d’exécution\u00a0: enregistrez d’abord celle-ci.",
        ),
        (
            reached == Phase.INTERRUPTED and step is not Step.FINAL_REVIEW,
            "Le contrat est interrompu à cette date\u00a0: seul son bilan final peut encore être enregistré.",
        ),
        (
            reached in (Phase.ENDED, Phase.FINISHED) and step in _OF_FUNDING,
            "L’exécution du contrat est finie à cette date\u00a0: son financement ne se suspend ni ne reprend plus.",
        ),
        (_is_out_of_order(others, step, on), "La décision suit la sélection\u00a0: leurs dates se contredisent."),
    )
    return next((message for is_wrong, message in reasons if is_wrong), "")


def _is_out_of_order(others: Sequence[Event], step: Step, on: date) -> bool:
    """Whether the decision would precede the selection: P2 counts the days from one to the other."""
    days = [(one.step, one.on) for one in others if one.on is not None]
    if step is Step.DECISION:
        return any(each is Step.SELECTION and day > on for each, day in days)
    return step is Step.SELECTION and any(each is Step.DECISION and day < on for each, day in days)


def no_longer_possible(before: Sequence[Event], after: Sequence[Event], today: date) -> str:
    """The first event that stood among those `before` and could not have happened among those `after`; blank if none.

    What an event cancelled or corrected bears: a final review its end, a resumption its suspension.
    """
    for one in sorted(after, key=lambda each: each.on or date.max):
        if one in before and not _why(before, one, today) and (why := _why(after, one, today)):
            told = f"«\u00a0{one.label}\u00a0» du {date_fr(one.on)} repose sur cet événement ({lower_first(why)[:-1]})"
            return f"{told}. Annulez-le ou corrigez-le d’abord."
    return ""


def _why(events: Sequence[Event], one: Event, today: date) -> str:
    others = [each for each in events if each is not one and each != one]
    return refusal(others, one.step, one.on, "-", today) if one.on else ""
