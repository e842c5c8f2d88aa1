"""Writes of a contract's life."""

from datetime import date

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contracts.checks.tallies import tally_soon
from contracts.enums import LifeEventKind
from contracts.lifecycle.calc import Step
from contracts.lifecycle.granted import granted_between
from contracts.lifecycle.refusals import no_longer_possible, refusal
from contracts.lifecycle.selectors import recorded_events
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
        return _record(held, kind, on, reason, actor, today=today, call=call)


def correct_event(
    event: LifeEvent,
    on: date,
    reason: str,
    why: str,
    actor: User,
    *,
    today: date,
    call: ProjectCall | None = None,
) -> LifeEvent:
    """Another date, reason or call for an event recorded by error: the old one is cancelled, and stays written.

    `why` says what was wrong. Raises `EventRefused` for what `record_event` refuses, for an event cancelled already,
    and when another event could not have happened any more.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = Contract.objects.select_for_update().get(pk=event.contract_id)
        before = recorded_events(held)
        old = _cancelled(event, why, actor)
        new = _record(held, old.kind, on, reason, actor, today=today, call=call, corrects=old)
        if refused := no_longer_possible(before, recorded_events(held), today):
            raise EventRefused(refused)
        return new


def cancel_event(event: LifeEvent, why: str, actor: User, *, today: date) -> LifeEvent:
    """Withdraw an event that did not happen, with a reason: it stays written, and tells nothing more of the contract.

    Raises `EventRefused` without reason, for an event cancelled already, and when a later act rests on it: another
    event, or what was granted since the funding resumed.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = Contract.objects.select_for_update().get(pk=event.contract_id)
        before = recorded_events(held)
        cancelled = _cancelled(event, why, actor)
        after = recorded_events(held)
        if refused := no_longer_possible(before, after, today) or granted_between(held, before, after):
            raise EventRefused(refused)
        tally_soon(held)
        return cancelled


def _record(
    held: Contract,
    kind: str,
    on: date,
    reason: str,
    actor: User,
    *,
    today: date,
    call: ProjectCall | None,
    corrects: LifeEvent | None = None,
) -> LifeEvent:
    asked, said = LifeEventKind(kind), reason.strip()
    refused = refusal(recorded_events(held), Step(asked.value), on, said, today)
    if refused := refused or _wrong_call(asked, on, call):
        raise EventRefused(refused)
    tally_soon(held)  # a tranche may turn out to have been granted while the funding was stopped
    return LifeEvent.objects.create(
        contract=held, kind=kind, on=on, reason=said, recorded_by=actor, call=call, corrects=corrects
    )


def _cancelled(event: LifeEvent, why: str, actor: User) -> LifeEvent:
    """The event held and cancelled."""
    if not why.strip():
        raise EventRefused("Dites ce qui était faux\u00a0: le motif reste écrit avec l’événement annulé.")
    row = LifeEvent.objects.select_for_update().filter(pk=event.pk).first()
    if row is None:
        raise EventRefused("Cet événement est déjà annulé ou corrigé.")
    row.cancelled_at, row.cancelled_by, row.cancel_reason = timezone.now(), actor, why.strip()
    row.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    return row


def _wrong_call(kind: LifeEventKind, on: date, call: ProjectCall | None) -> str:
    """Why the event is not one of the call; blank when it may be."""
    if call is None:
        return ""
    if kind != LifeEventKind.SELECTION:
        return "Seule une sélection se rattache à un appel à projets."
    if on < call.opens_on:
        return f"La sélection précède l’ouverture de l’appel, le {date_fr(call.opens_on)}."
    return ""
