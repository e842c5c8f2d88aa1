"""Writes of amendments: prepared as a copy, signed by the parties, in force from a day. One transaction each."""

import re
from collections.abc import Collection
from datetime import date
from typing import Final

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contracts.amendments import lines, nomenclature
from contracts.amendments.checks import require_valid
from contracts.amendments.prolongation import prolong
from contracts.amendments.refusals import AmendmentRefused, require_draft
from contracts.checks.tallies import tally_soon
from contracts.enums import AmendmentType, PartyRole, ReadingKind, VersionKind, VersionState
from contracts.models import Contract, ContractVersion, Reading, Signatory
from contracts.parts import copy_version, locked_until
from figures.formats import date_fr

# Tables of a contract file that belong to the act itself: an amendment has its own.
OF_THE_ACT: Final = ("signataires", "contrat", "chiffres_affiches")


def prepare_amendment(contract: Contract, kinds: Collection[str], actor: User, *, reason: str = "") -> ContractVersion:
    """An editable copy of the last signed version: every part, units, and what the scan lost. Promises nothing yet.

    `kinds` are values of `AmendmentType`. Raises `AmendmentRefused` without kind, when an amendment is already being
    prepared, or when no version was ever signed.
    """
    if not kinds or not set(kinds) <= set(AmendmentType.values):
        raise AmendmentRefused("Dites sur quoi porte l’avenant\u00a0: au moins un objet parmi ceux de la liste.")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        versions = list(_locked(contract).versions.order_by("number"))
        if any(version.is_draft for version in versions):
            raise AmendmentRefused(
                "Un avenant est déjà en préparation pour ce contrat\u00a0: signez-le ou abandonnez-le."
            )
        if not versions:
            raise AmendmentRefused("Ce contrat n’a aucune version signée\u00a0: il n’y a rien à modifier.")
        base = versions[-1]
        draft = ContractVersion.objects.create(
            contract=contract,
            number=base.number + 1,
            kind=VersionKind.AMENDMENT,
            state=VersionState.DRAFT,
            types=[kind for kind in AmendmentType.values if kind in kinds],
            based_on=base,
            reason=reason.strip(),
            table_units=base.table_units,
            extends_to=base.extends_to,
            prepared_by=actor,
            prepared_at=timezone.now(),
        )
        copy_version(base, draft)
        _copy_readings(base, draft)
    return draft


def record_signature(
    version: ContractVersion, role: str, name: str, function: str, signed_on: date, actor: User
) -> Signatory:
    """Write down that a party signed; a second signature of the same person replaces the first one's date.

    Raises `AmendmentRefused` for a party unknown to the contract, a date to come, or a version already signed.
    """
    require_draft(version)
    if role not in required_parties(version.contract):
        raise AmendmentRefused("Cette partie ne signe pas ce contrat.")
    if not name.strip() or not function.strip():
        raise AmendmentRefused("Donnez le nom et la qualité du signataire.")
    if signed_on > timezone.localdate():
        raise AmendmentRefused("La date de signature est à venir.")
    if version.signatories.filter(name=name.strip(), function=function.strip()).exclude(role=role).exists():
        raise AmendmentRefused("Cette personne a déjà signé pour une autre partie.")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        require_draft(ContractVersion.objects.select_for_update().get(pk=version.pk))
        position = list(required_parties(version.contract)).index(role) + 1
        signatory, _ = Signatory.objects.update_or_create(
            version=version,
            name=name.strip(),
            function=function.strip(),
            defaults={"role": role, "signed_on": signed_on, "position": position},
        )
    return signatory


def withdraw_signatures(version: ContractVersion, actor: User) -> int:
    """Drop the signatures recorded on an amendment in preparation, whose figures may then change; gives how many.

    The history keeps them; each party signs again. Raises `AmendmentRefused` for a version in force or to come.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = ContractVersion.objects.select_for_update().get(pk=version.pk)
        require_draft(held)
        count = held.signatories.count()
        held.signatories.all().delete()
    return count


def sign_amendment(
    version: ContractVersion, signed_on: date, effective_on: date, number: int, reason: str, actor: User
) -> ContractVersion:
    """Put a prepared amendment among the signed versions; it is in force from `effective_on`, never before.

    Every party of the contract must have signed by `signed_on`, which is the date of the last signature (article 9).
    An effect in a period already locked is refused, but for a material error, which is marked retroactive. Codes that
    come with the amendment start on the day of its effect; a prolongation waits for its own. Raises `AmendmentRefused`
    with every reason found.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        contract = _locked(version.contract)
        draft = ContractVersion.objects.select_for_update().get(pk=version.pk)
        require_draft(draft)
        draft.contract = contract
        is_retroactive = _is_in_locked_period(contract, effective_on)
        reasons = [
            *_wrong_dates(draft, signed_on, effective_on),
            *_unsigned(draft, signed_on),
            *_wrong_words(draft, number, reason),
        ]
        if is_retroactive and AmendmentType.ERROR not in draft.types:
            last = date_fr(locked_until(contract))
            reasons.append(
                f"La date d’effet tombe dans une période déjà verrouillée (jusqu’au {last})\u00a0: "
                "seule la correction d’une erreur matérielle peut y remonter."
            )
        if reasons:
            raise AmendmentRefused(reasons)
        require_valid(draft)
        tally_soon(contract)
        draft.state, draft.signed_on, draft.effective_on = VersionState.SIGNED, signed_on, effective_on
        draft.reason, draft.is_retroactive = reason.strip(), is_retroactive
        draft.save()
        if prolong(contract.pk, on=timezone.localdate()):
            contract.refresh_from_db(fields=["last_year"])
        nomenclature.apply_with(draft)
    return draft


def abandon_amendment(version: ContractVersion, actor: User) -> None:
    """Drop an amendment in preparation, its figures and the lines that it alone promises; the history keeps them."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        _locked(version.contract)
        draft = ContractVersion.objects.select_for_update().get(pk=version.pk)
        require_draft(draft)
        lines.drop(draft)
        draft.code_changes.all().delete()
        draft.signatories.all().delete()
        draft.readings.all().delete()
        draft.stated_figures.all().delete()
        draft.delete()


def required_parties(contract: Contract) -> tuple[str, ...]:
    """Who has to sign an amendment (article 8): the contract's own parties; all three when it names none.

    An organisation that is party twice signs once, in its first quality: Lean's holder is the DITP itself.
    """
    parties = contract.parties.values_list("organisation", "role")
    first: dict[int, str] = {}
    for organisation, role in sorted(parties, key=lambda party: PartyRole.values.index(party[1])):
        first.setdefault(organisation, role)
    named = set(first.values())
    return tuple(role for role in PartyRole.values if role in named or not named)


def _locked(contract: Contract) -> Contract:
    """The contract's row, held until the end: amendments of one contract are written one after the other."""
    held: Contract = Contract.objects.select_for_update().get(pk=contract.pk)
    return held


def _copy_readings(base: ContractVersion, draft: ContractVersion) -> None:
    """What the scan lost stays lost in the copy; a corrected figure is now simply the figure."""
    rows = base.readings.filter(kind=ReadingKind.UNREADABLE).order_by("position", "pk")
    kept = [row for row in rows if re.split(r"[.\[]", row.path, maxsplit=1)[0] not in OF_THE_ACT]
    for rank, row in enumerate(kept, start=1):
        row.pk, row.version, row.position = None, draft, rank
        row._state.adding = True
    Reading.objects.bulk_create(kept)


def _is_in_locked_period(contract: Contract, effective_on: date) -> bool:
    last = locked_until(contract)
    return last is not None and effective_on <= last


def _wrong_dates(draft: ContractVersion, signed_on: date, effective_on: date) -> list[str]:
    reasons = []
    if signed_on > timezone.localdate():
        reasons.append("La date de signature est à venir.")
    base = draft.based_on
    before = base.in_force_from if base else None
    if before is not None and effective_on < before:
        reasons.append(f"L’effet précède celui de la version qu’il modifie ({date_fr(before)}).")
    is_correction = AmendmentType.ERROR in draft.types
    if effective_on < signed_on and not is_correction:
        reasons.append(
            "L’effet précède la signature\u00a0: seule la correction d’une erreur matérielle peut être rétroactive."
        )
    return reasons


def _unsigned(draft: ContractVersion, signed_on: date) -> list[str]:
    """Parties that have not signed, and dates that do not follow one another."""
    signatures = list(draft.signatories.order_by("position", "pk"))
    reasons = [
        f"Il manque la signature de la partie «\u00a0{PartyRole(role).label}\u00a0» (article\u00a08 du contrat)."
        for role in required_parties(draft.contract)
        if role not in {one.role for one in signatures}
    ]
    last = max((one.signed_on for one in signatures if one.signed_on), default=None)
    if last is not None and last != signed_on:
        reasons.append(f"La date de l’avenant est celle de la dernière signature, le {date_fr(last)}.")
    return reasons


def _wrong_words(draft: ContractVersion, number: int, reason: str) -> list[str]:
    reasons = []
    if number != draft.number:
        reasons.append(f"Le prochain avenant de ce contrat porte le n°\u00a0{draft.number}, pas le n°\u00a0{number}.")
    if not reason.strip():
        reasons.append("Dites le motif de l’avenant.")
    return reasons
