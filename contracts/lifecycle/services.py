"""Writes of a contract's life."""

from datetime import date
from typing import Final

import pghistory
from django.db import transaction

from accounts.models import User
from contracts.checks.tallies import tally_soon
from contracts.enums import LifeEventKind
from contracts.lifecycle.calc import Phase, is_suspended
from contracts.lifecycle.selectors import events_of, phase_of
from contracts.models import Contract, LifeEvent, ProjectCall
from figures.formats import date_fr


class EventRefused(ValueError):  # noqa: N818 - says what happened
    """The event was not written; the message says why, in French."""


def record_event(
    contract: Contract,
    kind: str,
    on: date,
    reason: str,
    actor: User,
    *,
    today: date,
    call: ProjectCall | None = None,
) -> LifeEvent:
    """Write down what happened to a contract on a day. Raises `EventRefused` for what cannot have happened then.

    `call` is the call for projects in which a contract was selected, open by then. A day to come is refused; so are a
    resumption without suspension, a suspension of a suspended contract, anything after an interruption but the final
    review, and a final review without an end.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = Contract.objects.select_for_update().get(pk=contract.pk)
        asked = LifeEventKind(kind)
        if refusal := _refusal(held, asked, on, reason.strip(), today) or _wrong_call(asked, on, call):
            raise EventRefused(refusal)
        tally_soon(held)  # a tranche may turn out to have been granted while the funding was stopped
        return LifeEvent.objects.create(
            contract=held, kind=kind, on=on, reason=reason.strip(), recorded_by=actor, call=call
        )


def _wrong_call(kind: LifeEventKind, on: date, call: ProjectCall | None) -> str:
    """Why the event is not one of the call; blank when it may be."""
    if call is None:
        return ""
    if kind != LifeEventKind.SELECTION:
        return "Seule une sélection se rattache à un appel à projets."
    if on < call.opens_on:
        return f"La sélection précède l’ouverture de l’appel, le {date_fr(call.opens_on)}."
    return ""


_OF_FUNDING: Final = (LifeEventKind.SUSPENSION, LifeEventKind.RESUMPTION, LifeEventKind.INTERRUPTION)


def _is_out_of_order(contract: Contract, kind: LifeEventKind, on: date) -> bool:
    """Whether the decision would precede the selection: P2 counts the days from one to the other."""
    if kind == LifeEventKind.DECISION:
        return contract.life_events.filter(kind=LifeEventKind.SELECTION, on__gt=on).exists()
    return (
        kind == LifeEventKind.SELECTION and contract.life_events.filter(kind=LifeEventKind.DECISION, on__lt=on).exists()
    )


def _refusal(contract: Contract, kind: LifeEventKind, on: date, reason: str, today: date) -> str:
    """The first reason why the event cannot have happened; blank when it may have."""
    rows = contract.life_events.filter(kind=kind)
    may_repeat = kind in (LifeEventKind.SUSPENSION, LifeEventKind.RESUMPTION)
    paused, reached = is_suspended(events_of(contract), on), phase_of(contract, on)
    reasons = (
        (on > today, "Cette date est à venir\u00a0: un événement s’enregistre quand il a eu lieu."),
        (
            (rows.filter(on=on) if may_repeat else rows).exists(),
            f"«\u00a0{kind.label}\u00a0» est déjà enregistré pour ce contrat.",
        ),
        (
            kind in (LifeEventKind.SUSPENSION, LifeEventKind.INTERRUPTION) and not reason,
            "Une suspension ou une interruption a un motif.",
        ),
        (
            kind == LifeEventKind.SUSPENSION and paused,
            f"Les financements sont déjà suspendus au {date_fr(on)}.",
        ),
        (
            kind == LifeEventKind.RESUMPTION and not paused,
            f"Les financements ne sont pas suspendus au {date_fr(on)}.",
        ),
        (
            kind == LifeEventKind.RESUMPTION and contract.life_events.filter(kind="suspension", on=on).exists(),
            "La reprise suit la suspension\u00a0: elle est d’un jour suivant.",
        ),
        (
            kind == LifeEventKind.FINAL_REVIEW and reached not in (Phase.ENDED, Phase.INTERRUPTED),
            "Le bilan final suit la fin d’exécution\u00a0: enregistrez d’abord celle-ci.",
        ),
        (
            reached == Phase.INTERRUPTED and kind != LifeEventKind.FINAL_REVIEW,
            "Le contrat est interrompu à cette date\u00a0: seul son bilan final peut encore être enregistré.",
        ),
        (
            reached == Phase.ENDED and kind in _OF_FUNDING,
            "L’exécution du contrat est finie à cette date\u00a0: son financement ne se suspend ni ne reprend plus.",
        ),
        (
            _is_out_of_order(contract, kind, on),
            "La décision suit la sélection\u00a0: leurs dates se contredisent.",
        ),
    )
    return next((message for is_wrong, message in reasons if is_wrong), "")
