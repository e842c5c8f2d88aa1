"""A longer funding comes with its amendment: nothing moves before the effect, earlier versions keep their years."""

from datetime import date
from typing import Final

import pghistory
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from contracts.amendments.calc import PROLONGING
from contracts.amendments.refusals import AmendmentRefused, require_unsigned
from contracts.checks.tallies import tally_soon
from contracts.enums import VersionState
from contracts.models import Contract, ContractVersion
from contracts.parts import PARTS, figure_of, promised, years_of

LATEST: Final = 2100


def prolong_due(*, on: date) -> int:
    """Bring into effect the prolongations signed and due on a day and not yet made; gives how many contracts moved.

    Safe to run twice, and at once with another.
    """
    due = _due(on).values_list("contract", flat=True).distinct()
    return sum(prolong(pk, on=on) for pk in list(due))


def prolong(contract: int, *, on: date) -> bool:
    """Fund a contract until the last year of the amendments in force on a day, if that is later than its own.

    Its earlier versions keep the last year that was theirs. Gives whether anything moved.
    """
    with transaction.atomic():
        held = Contract.objects.select_for_update().get(pk=contract)
        last = _due(on).filter(contract=held).order_by("-extends_to").values_list("extends_to", flat=True).first()
        if last is None:
            return False
        for version in held.versions.filter(extends_to__isnull=True):
            version.extends_to = held.last_year
            version.save(update_fields=["extends_to"])
        held.last_year = last
        held.save(update_fields=["last_year"])
        tally_soon(held)
    return True


def _due(on: date) -> QuerySet[ContractVersion]:
    """Signed versions in force on the day that fund their contract for longer than it is."""
    signed = ContractVersion.objects.filter(state=VersionState.SIGNED, effective_on__lte=on)
    return signed.filter(extends_to__gt=F("contract__last_year"))


def may_prolong(draft: ContractVersion) -> bool:
    """Whether the amendment's object lets it fund the contract for longer."""
    return bool(PROLONGING & set(draft.types))


def signed_last_year(draft: ContractVersion) -> int:
    """The last year of funding without the draft: the contract's, or that of a prolongation signed already."""
    base = draft.based_on
    return max(draft.contract.last_year, (base.extends_to or 0) if base is not None else 0)


def set_last_year(draft: ContractVersion, last_year: int, actor: User) -> ContractVersion:
    """Have the draft fund the contract until a year; savings are followed three years longer with it.

    The year without the amendment takes the prolongation back. Raises `AmendmentRefused` for a version signed, an
    object that does not prolong, an earlier year than what is signed, one after 2100, and a year taken back that bears
    figures.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        rows = ContractVersion.objects.select_related("contract", "based_on").select_for_update(of=("self",))
        held = rows.get(pk=draft.pk)
        signed = signed_last_year(held)
        require_unsigned(held)
        if not may_prolong(held):
            told = "Seul un avenant au plan de financement ou au calendrier prolonge le financement."
            raise AmendmentRefused(told)
        if not signed <= last_year <= LATEST:
            told = f"Un avenant prolonge le financement, sans le raccourcir\u00a0: de {signed} à {LATEST}."
            raise AmendmentRefused(told)
        base = held.based_on.extends_to if held.based_on is not None else None
        held.extends_to = last_year if last_year > signed else base
        if left := sorted(_beyond(held)):
            told = f"Des chiffres sont écrits pour {', '.join(map(str, left))}\u00a0: effacez-les d’abord."
            raise AmendmentRefused(told)
        held.save(update_fields=["extends_to"])
    return held


def _beyond(draft: ContractVersion) -> set[int]:
    """The years that bear a figure of the draft, later than those over which it may stand."""
    found: set[int] = set()
    for promise in (one for part in PARTS for one in part.promises if one.years):
        last = years_of(draft, promise)[-1]
        known = promised(promise, draft.based_on) if draft.based_on else {}
        for key, row in promised(promise, draft).items():
            if key[-1] > last and key not in known and any(figure_of(row, one) is not None for one in promise.figures):
                found.add(key[-1])
    return found
