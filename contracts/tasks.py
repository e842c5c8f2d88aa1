"""Celery tasks of contracts: an id in, one service call."""

from celery import shared_task
from django.utils import timezone

from contracts.amendments.prolongation import prolong_due
from contracts.checks import tallies


@shared_task(name=tallies.TALLY_TASK)
def tally_anomalies(contract_id: int | None = None) -> int:
    """Computes again what the checks find, in one contract or in all; harmless when delivered twice."""
    return tallies.tally_all(contract_id)


@shared_task(name="contracts.prolong_due")
def prolong_due_task() -> int:
    """Brings the prolongations that are due into effect; gives how many contracts moved."""
    return prolong_due(on=timezone.localdate())
