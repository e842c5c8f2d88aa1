"""Writes of the reference of unit costs: the secretariat's own; one transaction each."""

from dataclasses import dataclass
from decimal import Decimal

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from djmoney.money import Money

from accounts.models import User
from contracts.checks.tallies import tally_soon
from savings.models import UnitCostReference
from savings.permissions import can_run_unit_costs


class ReferenceRefused(ValueError):  # noqa: N818 - says what happened
    """Nothing was written; the message says why, in French."""


@dataclass(frozen=True)
class ReferenceFacts:
    """What is said of a category from a year on: the cost of one post for a year, in euros, and where it is from."""

    category: str
    year: int
    amount: Decimal
    source: str


def record_reference(facts: ReferenceFacts, actor: User) -> UnitCostReference:
    """Write down the reference of a category from a year on; one that exists is corrected, and the history keeps it.

    Raises `ReferenceRefused`: not the secretariat, a cost of zero or below, no source, a year out of range.
    """
    if not can_run_unit_costs(actor):
        raise ReferenceRefused("Le référentiel des coûts unitaires revient au secrétariat du fonds.")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        key = {"category": facts.category.strip(), "year": facts.year}
        row = UnitCostReference.objects.select_for_update().filter(**key).first() or UnitCostReference(**key)
        row.amount, row.source, row.recorded_by = Money(facts.amount, "EUR"), facts.source.strip(), actor
        try:
            row.full_clean()
        except ValidationError as error:
            raise ReferenceRefused(" ".join(error.messages)) from error
        row.save()
        tally_soon()
    return row
