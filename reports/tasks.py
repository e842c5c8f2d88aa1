"""Celery tasks of reports: an id in, one service call."""

from celery import shared_task

from reports import jobs


@shared_task(name=jobs.MAKE_TASK)
def make_report(job_id: int) -> bool:
    """Makes the report of a job; harmless when delivered twice."""
    return jobs.make_report(job_id)


@shared_task(name="reports.sweep")
def sweep() -> int:
    """Finds the jobs that a dead worker or a broker out of reach left behind."""
    return jobs.sweep()
