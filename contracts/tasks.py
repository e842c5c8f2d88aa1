"""Celery tasks of contracts: an id in, one service call."""

from celery import shared_task

from contracts.checks import tallies


@shared_task(name=tallies.TALLY_TASK)
def tally_anomalies(contract_id: int | None = None) -> int:
    """Computes again what the checks find, in one contract or in all; harmless when delivered twice."""
    return tallies.tally_all(contract_id)
