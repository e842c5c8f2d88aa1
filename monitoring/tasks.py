"""What beat does by itself: each task is one service call, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from monitoring.services.campaigns import open_due_campaigns
from monitoring.services.digests import send_digests
from monitoring.services.reminders import chase


@shared_task(name="monitoring.open_due_campaigns")
def open_due_campaigns_task() -> int:
    """Opens the campaigns that are due and not yet open; gives how many."""
    return len(open_due_campaigns(on=timezone.localdate()))


@shared_task(name="monitoring.chase")
def chase_task() -> int:
    """Writes the reminders that are due and not yet told; gives how many people are told."""
    return chase(on=timezone.localdate())


@shared_task(name="monitoring.send_digests")
def send_digests_task() -> int:
    """Writes the digests of the day that are due and not yet written; gives how many."""
    return send_digests(now=timezone.now())
