"""The dates of a signed act that were written down wrong: corrected with a reason, kept written, never where locked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pghistory
from django.db import transaction

from accounts.models import User
from contracts.amendments.grid import forget_stale_readings
from contracts.amendments.nomenclature import move_with
from contracts.amendments.prolongation import prolong
from contracts.amendments.refusals import AmendmentRefused
from contracts.checks.tallies import tally_soon
from contracts.contract_file.frame import write_frame
from contracts.enums import ActDate, AmendmentType, VersionState
from contracts.lifecycle.granted import granted_within
from contracts.models import ActDateCorrection, Contract, ContractVersion, Signatory
from contracts.parts import locked_between
from figures.formats import date_fr


@dataclass(frozen=True, slots=True)
class ActDates:
    """What an act should bear: the date of each signature by pk of its signatory, its own, that of its effect.

    None leaves a date as it is.
    """

    signatures: Mapping[int, date | None]
    signed_on: date | None
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class _Move:
    kind: ActDate
    before: date | None
    after: date
    signatory: Signatory | None = None


def correct_dates(version: ContractVersion, given: ActDates, why: str, actor: User, *, today: date) -> int:
    """Write the right dates of a signed act, each kept beside the wrong one; gives how many moved.

    What depends on them follows for every day: version in force, codes, prolongation, P3. Raises `AmendmentRefused`
    with every reason: a draft, no reason, a signature to come, dates that contradict one another or another version, a
    locked period between the wrong date and the right one, an act granted meanwhile upon the version then in force.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        contract = Contract.objects.select_for_update().get(pk=version.contract_id)
        held = ContractVersion.objects.select_related("based_on").select_for_update(of=("self",)).get(pk=version.pk)
        held.contract = contract
        if held.is_draft:
            raise AmendmentRefused("Cet avenant est en préparation\u00a0: ses dates se donnent à sa signature.")
        if not why.strip():
            raise AmendmentRefused("Dites ce qui était faux\u00a0: le motif reste écrit avec les dates d’avant.")
        moves = list(_moves(held, given))
        if not moves:
            raise AmendmentRefused("Aucune date ne change.")
        before = held.in_force_from
        _write(held, moves)
        if reasons := [*_wrong(held, today), *_locked(contract, moves), *_granted(held, before)]:
            raise AmendmentRefused(reasons)
        for one in moves:
            facts = {"kind": one.kind, "signatory": one.signatory, "before": one.before, "after": one.after}
            ActDateCorrection.objects.create(version=held, reason=why.strip(), corrected_by=actor, **facts)
        _follow(held, before, today)
        tally_soon(contract)
    return len(moves)


def _moves(held: ContractVersion, given: ActDates) -> Iterator[_Move]:
    for who in held.signatories.order_by("position", "pk"):
        after = given.signatures.get(who.pk)
        if after is not None and after != who.signed_on:
            yield _Move(ActDate.PARTY, who.signed_on, after, who)
    for kind, before, after in (
        (ActDate.ACT, held.signed_on, given.signed_on),
        (ActDate.EFFECT, held.effective_on, given.effective_on),
    ):
        if after is not None and after != before:
            yield _Move(kind, before, after)


def _write(held: ContractVersion, moves: list[_Move]) -> None:
    for one in moves:
        if one.signatory is not None:
            one.signatory.signed_on = one.after
            one.signatory.save(update_fields=["signed_on"])
        elif one.kind is ActDate.ACT:
            held.signed_on = one.after
        else:
            held.effective_on = one.after
    held.save(update_fields=["signed_on", "effective_on"])


def _wrong(held: ContractVersion, today: date) -> Iterator[str]:
    """What the dates contradict, as they are now."""
    days = [day for day in held.signatories.values_list("signed_on", flat=True) if day]
    if any(day > today for day in (*days, *filter(None, [held.signed_on]))):
        yield "Une date de signature est à venir."
    if days and held.signed_on is not None and max(days) > held.signed_on:
        yield f"La date de l’acte est celle de la dernière signature, le {date_fr(max(days))}."
    others = held.contract.versions.filter(state=VersionState.SIGNED)
    earlier = others.filter(number__lt=held.number).order_by("-number").first()
    later = others.filter(number__gt=held.number).order_by("number").first()
    now = held.in_force_from
    if now is None:
        return
    if earlier is not None and earlier.in_force_from is not None and now < earlier.in_force_from:
        yield f"L’effet précède celui de la version d’avant ({date_fr(earlier.in_force_from)})."
    if later is not None and later.in_force_from is not None and now > later.in_force_from:
        yield f"L’effet suit celui de la version d’après ({date_fr(later.in_force_from)})."
    if held.signed_on is not None and now < held.signed_on and AmendmentType.ERROR not in held.types:
        yield "L’effet précède la signature\u00a0: seule la correction d’une erreur matérielle peut être rétroactive."


def _locked(contract: Contract, moves: list[_Move]) -> Iterator[str]:
    """The date was, or would be, in a period already locked, or on the other side of one."""
    for one in moves:
        first, last = sorted([one.before or date.min, one.after])
        if (period := locked_between(contract, first, last)) is not None:
            yield (
                f"Du {date_fr(period[0])} au {date_fr(period[1])}, la période est verrouillée\u00a0: "
                f"{_named(one)} n’y change pas."
            )


def _named(one: _Move) -> str:
    if one.signatory is not None:
        return f"la date de la signature de {one.signatory.name}"
    return "la date de l’acte" if one.kind is ActDate.ACT else "la prise d’effet"


def _granted(held: ContractVersion, before: date | None) -> Iterator[str]:
    """What was granted upon the version that was in force on its day."""
    now = held.in_force_from
    if now is not None and now != before:
        first, last = sorted([before or date.min, now])
        if act := granted_within(held.contract, first, last):
            yield f"{act} repose sur la version en vigueur ce jour-là\u00a0: la prise d’effet ne passe pas ce jour."


def _follow(held: ContractVersion, before: date | None, today: date) -> None:
    """What began with the act begins with it still."""
    now = held.in_force_from
    if now is not None and now != before:
        contract = held.contract
        is_prolonged = held.extends_to is not None and held.number > 0 and before is not None and before <= today < now
        if is_prolonged and held.based_on is not None and held.extends_to != held.based_on.extends_to:
            raise AmendmentRefused("Le financement est déjà prolongé\u00a0: son effet ne peut plus être à venir.")
        move_with(held, before, now)
        prolong(contract.pk, on=today)
    forget_stale_readings(held, write_frame)
