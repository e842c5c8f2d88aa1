"""Writes of calls for projects: the secretariat's own; one transaction each."""

from dataclasses import dataclass
from datetime import date

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from contracts.enums import LifeEventKind
from contracts.models import LifeEvent, ProjectCall
from contracts.permissions import can_run_calls
from figures.formats import date_fr


class CallRefused(ValueError):  # noqa: N818 - says what happened
    """Nothing was written; the message says why, in French."""


@dataclass(frozen=True)
class CallFacts:
    """What is said of a call; `applications` is None while it is not reported."""

    name: str
    opens_on: date
    closes_on: date
    applications: int | None = None
    source: str = ""


def record_call(facts: CallFacts, actor: User, *, call: ProjectCall | None = None) -> ProjectCall:
    """Write down a call, or correct `call`; the history keeps what was said before.

    Raises `CallRefused`: not the secretariat, dates out of order, a number without source, a name already taken, dates
    that a selection tied to the call contradicts.
    """
    if not can_run_calls(actor):
        raise CallRefused("Les appels à projets reviennent au secrétariat du fonds.")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        row = ProjectCall.objects.select_for_update().get(pk=call.pk) if call else ProjectCall()
        row.name, row.source = facts.name.strip(), facts.source.strip()
        row.opens_on, row.closes_on, row.applications = facts.opens_on, facts.closes_on, facts.applications
        row.recorded_by = actor
        try:
            row.full_clean()
        except ValidationError as error:
            raise CallRefused(" ".join(error.messages)) from error
        if call is not None:
            _refuse_earlier_selections(row)
        row.save()
    return row


def tie_selection(call: ProjectCall, selection: LifeEvent, actor: User) -> None:
    """Say in which call a contract was selected. Raises `CallRefused` for another event, or one before the opening."""
    _write_call(selection, call, actor)


def untie_selection(selection: LifeEvent, actor: User) -> None:
    """The contract was not selected in that call after all; its selection stays."""
    _write_call(selection, None, actor)


def _write_call(selection: LifeEvent, call: ProjectCall | None, actor: User) -> None:
    if not can_run_calls(actor):
        raise CallRefused("Les appels à projets reviennent au secrétariat du fonds.")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        row = LifeEvent.objects.select_for_update().get(pk=selection.pk)
        if row.kind != LifeEventKind.SELECTION:
            raise CallRefused("Seule une sélection se rattache à un appel à projets.")
        if call is not None and row.on < call.opens_on:
            raise CallRefused(
                f"La sélection du {date_fr(row.on)} précède l’ouverture de l’appel, le {date_fr(call.opens_on)}."
            )
        row.call = call
        row.save(update_fields=["call"])


def _refuse_earlier_selections(call: ProjectCall) -> None:
    first = call.selections.select_related("contract").filter(on__lt=call.opens_on).order_by("on").first()
    if first is not None:
        raise CallRefused(
            f"{first.contract.title} a été sélectionné dans cet appel le {date_fr(first.on)}\u00a0: "
            "il ne peut pas s’ouvrir après."
        )
