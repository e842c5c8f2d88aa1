"""What beat does by itself: each task is one service call, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from monitoring.services.campaigns import chase, open_due_campaigns


@shared_task(name="monitoring.open_due_campaigns")
def open_due_campaigns_task() -> int:
    """Opens the campaigns that are due and not yet open; gives how many."""
    return len(open_due_campaigns(on=timezone.localdate()))


@shared_task(name="monitoring.chase")
def chase_task() -> int:
    """Writes the reminders that are due and not yet told; gives how many messages are new."""
    return chase(on=timezone.localdate())
