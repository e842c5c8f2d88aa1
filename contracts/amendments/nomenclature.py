"""Changes of the annex of nomenclatures: dated codes, decided by whom article 8 says, with an amendment or without."""

from datetime import date, timedelta

import pghistory
from django.db import transaction

from accounts.models import User
from contracts.amendments.refusals import AmendmentRefused, require_unsigned
from contracts.checks.tallies import tally_soon
from contracts.enums import AmendmentType, CodeKind
from contracts.models import Contract, ContractVersion, NomenclatureChange, NomenclatureCode
from contracts.permissions import can_change_nomenclature
from figures.codes import normalise_code


def change_code(
    contract: Contract,
    kind: str,
    printed: str,
    reason: str,
    actor: User,
    *,
    effective_on: date | None = None,
    replaces: NomenclatureCode | None = None,
    label: str = "",
    version: ContractVersion | None = None,
) -> NomenclatureChange:
    """Bring a code into the annex from a day, and close the one it replaces the day before. Logged, never undone.

    Without `version`, at once and only by whom article 8 allows; with the amendment in preparation `version`, when it
    takes effect. The code is kept as printed. Raises `AmendmentRefused`.
    """
    reasons = _wrong(contract, kind, printed, reason, replaces)
    if version is None:
        if not can_change_nomenclature(actor, contract):
            reasons.append(
                "L’article\u00a08 de ce contrat ne vous laisse pas modifier l’annexe des nomenclatures sans avenant."
            )
        if effective_on is None:
            reasons.append("Donnez la date d’effet du nouveau code.")
    elif not version.is_draft or AmendmentType.NOMENCLATURE not in version.types:
        reasons.append("Cet avenant ne porte pas sur l’annexe des nomenclatures, ou il est déjà signé.")
    if reasons:
        raise AmendmentRefused(reasons)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        if version is not None:
            require_unsigned(ContractVersion.objects.select_for_update().get(pk=version.pk))
        change = NomenclatureChange.objects.create(
            contract=contract,
            version=version,
            replaces=replaces,
            kind=kind,
            printed=printed.strip(),
            label=label.strip(),
            effective_on=None if version else effective_on,
            reason=reason.strip(),
            decided_by=actor,
        )
        if version is None:
            _apply(change)
            tally_soon(contract)
    return change


def apply_with(version: ContractVersion) -> None:
    """Make the codes of a signed amendment start on the day of its effect. Called in its transaction."""
    for change in version.code_changes.select_related("contract", "replaces").order_by("pk"):
        change.effective_on = version.effective_on
        change.save(update_fields=["effective_on"])
        _apply(change)


def move_with(version: ContractVersion, before: date | None, after: date) -> None:
    """Have the codes that came with an act start on the day of its effect once that is corrected. In its transaction.

    Those of the signature follow its date where they began with it. Raises `AmendmentRefused` for a code that the one
    before it would no longer precede.
    """
    if version.number == 0:
        version.contract.codes.filter(valid_from=before).update(valid_from=after)
        return
    for change in version.code_changes.select_related("replaces").order_by("pk"):
        old = change.replaces
        if old is not None and old.valid_from is not None and after <= old.valid_from:
            raise AmendmentRefused(f"Le code «\u00a0{old.printed}\u00a0» n’est pas encore en usage à cette date.")
        code = normalise_code(change.printed)
        version.contract.codes.filter(kind=change.kind, normalised=code, valid_from=before).update(valid_from=after)
        if old is not None:
            old.valid_until = after - timedelta(days=1)
            old.save(update_fields=["valid_until"])
        change.effective_on = after
        change.save(update_fields=["effective_on"])


def _wrong(contract: Contract, kind: str, printed: str, reason: str, replaces: NomenclatureCode | None) -> list[str]:
    reasons = []
    if kind not in CodeKind.values:
        reasons.append("Cette nomenclature n’existe pas.")
    if not normalise_code(printed):
        reasons.append("Donnez le nouveau code.")
    if not reason.strip():
        reasons.append("Dites le motif du changement.")
    if replaces is not None and (replaces.contract_id != contract.pk or replaces.kind != kind):
        reasons.append("Le code remplacé n’est pas de cette nomenclature.")
    return reasons


def _apply(change: NomenclatureChange) -> None:
    day, old = change.effective_on, change.replaces
    assert day is not None  # noqa: S101 - dated by its decision or by its amendment
    if old is not None:
        if (old.valid_from is not None and day <= old.valid_from) or (old.valid_until and old.valid_until < day):
            raise AmendmentRefused(f"Le code «\u00a0{old.printed}\u00a0» n’est pas en usage à cette date.")
        old.valid_until = day - timedelta(days=1)
        old.save(update_fields=["valid_until"])
    code = normalise_code(change.printed)
    same = NomenclatureCode.objects.filter(contract=change.contract, kind=change.kind, normalised=code)
    if same.filter(valid_until__isnull=True).exists() or same.filter(valid_until__gte=day).exists():
        raise AmendmentRefused("Ce code figure déjà au contrat pour les mêmes dates.")
    NomenclatureCode.objects.create(
        contract=change.contract,
        kind=change.kind,
        printed=change.printed,
        normalised=code,
        label=change.label,
        valid_from=day,
        position=old.position if old else change.contract.codes.count() + 1,
    )
