"""A longer funding comes with its amendment: nothing moves before the effect, earlier versions keep their years."""

from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet

from contracts.checks.tallies import tally_soon
from contracts.enums import VersionState
from contracts.models import Contract, ContractVersion


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
