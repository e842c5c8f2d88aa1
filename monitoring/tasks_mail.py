"""Celery tasks of the outbox."""

from celery import shared_task

from monitoring.outbox import SEND_TASK, send_due


@shared_task(name=SEND_TASK)
def send_mail() -> int:
    """Sends what is due: kicked at each commit that writes a message, and by beat for what was put off."""
    return send_due()
