"""Celery tasks of contracts: an id in, one service call."""

from celery import shared_task

from contracts.checks import decisions


@shared_task(name=decisions.TALLY_TASK)
def tally_anomalies(contract_id: int | None = None) -> int:
    """Computes again what the checks find, in one contract or in all; harmless when delivered twice."""
    return decisions.tally_all(contract_id)
