"""Reads of a contract's life: its events, those of its versions among them, and its phase on a day."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from contracts.enums import PartyRole, VersionState
from contracts.lifecycle.calc import FINAL, Event, Phase, Step, phase, stopped_by
from contracts.models import ActDateCorrection, Contract, ContractVersion, LifeEvent
from contracts.selectors import funded_by, last_in_force, signed_versions


def events_of(contract: Contract, by: date | None = None) -> tuple[Event, ...]:
    """Every event, dated ones first in order: selection, decision, signatures by party, effects, and what followed.

    With a day, those that had happened by then; an act that bears no date is among them.
    """
    events = list(recorded_events(contract))
    versions = contract.versions.filter(state=VersionState.SIGNED).prefetch_related("signatories").order_by("number")
    for version in versions:
        for who in version.signatories.all():
            label = f"Signature, {PartyRole(who.role).label[:1].lower()}{PartyRole(who.role).label[1:]}"
            events.append(
                Event(Step.SIGNATURE, who.signed_on, label, f"{version}\u00a0: {who}", version=version.number)
            )
        effect = Event(Step.EFFECT, version.in_force_from, "Prise d’effet", str(version), version=version.number)
        events.append(effect)
    if by is not None:
        events = [one for one in events if one.on is None or one.on <= by]
    return tuple(sorted(events, key=lambda one: (one.on is None, one.on or date.max)))


def recorded_events(contract: Contract) -> tuple[Event, ...]:
    """Those recorded one by one, signatures and effects apart: all that suspends, resumes or ends. One query."""
    return tuple(
        Event(Step(one.kind), one.on, one.get_kind_display(), _detail(one), one.pk)
        for one in contract.life_events.select_related("call").order_by("on", "pk")
    )


def cancelled_events(contract: Contract, by: date | None = None) -> list[LifeEvent]:
    """Those cancelled or corrected, the last first, with what stands in their place; with a day, of that day or before.

    One query.
    """
    rows = LifeEvent.every.filter(contract=contract, cancelled_at__isnull=False)
    rows = rows if by is None else rows.filter(on__lte=by)
    return list(rows.select_related("call", "cancelled_by", "corrected_by").order_by("-cancelled_at", "-pk"))


def corrected_dates(
    contract: Contract, by: date | None = None, *, number: int | None = None
) -> list[ActDateCorrection]:
    """The dates of acts that were corrected, the last first; with a day, those dated of it or before, then or now.

    With a number, those of that version.

    One query.
    """
    rows = ActDateCorrection.objects.filter(version__contract=contract)
    rows = rows if number is None else rows.filter(version__number=number)
    rows = rows if by is None else rows.filter(Q(before__lte=by) | Q(after__lte=by))
    return list(rows.select_related("version", "signatory", "corrected_by").order_by("-corrected_at", "-pk"))


def dates_were_corrected(version: ContractVersion) -> str:
    """A French sentence when a date of the act was corrected, which its file would bring back; blank otherwise."""
    return "Une date de cet acte a été corrigée." if version.date_corrections.exists() else ""


def _detail(event: LifeEvent) -> str:
    """Why or on which act, and the call for projects of a selection."""
    return "\u00a0; ".join(filter(None, (str(event.call or ""), event.reason)))


def phase_of(contract: Contract, on: date) -> Phase:
    """The phase of a contract on a day."""
    signed = signed_versions([contract]).get(contract.pk, [])
    begun = any(one.number == 0 and (one.in_force_from is None or one.in_force_from <= on) for one in signed)
    last_year = funded_by(contract, last_in_force(signed, on)).last_year
    return phase(events_of(contract), last_year, on, is_signed=begun)


def ended(contracts: Iterable[Contract], on: date) -> set[int]:
    """The keys of those whose execution has ended by a day: finished, or with their final review to come. One query."""
    return _reached(contracts, on, [Step.END])


def over(contracts: Iterable[Contract], on: date) -> set[int]:
    """The keys of those to which nothing new will be given after a day: ended or interrupted by then. One query."""
    return _reached(contracts, on, FINAL)


def _reached(contracts: Iterable[Contract], on: date, steps: Sequence[Step]) -> set[int]:
    rows = LifeEvent.objects.filter(contract__in=list(contracts), kind__in=steps, on__lte=on)
    return set(rows.order_by().values_list("contract_id", flat=True))


def stop_of(contract: Contract, on: date) -> Event | None:
    """The event by which nothing new may be given to the contract on a day (see `stopped_by`); None otherwise."""
    return stopped_by(recorded_events(contract), on)
