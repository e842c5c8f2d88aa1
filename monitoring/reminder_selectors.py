"""Reads about reminders: which campaigns have late filings, when each filing was last reminded."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.models import User
from monitoring.enums import FilingState
from monitoring.models import Campaign, Filing, Nudge, Reminder
from monitoring.permissions import can_open_campaign


def campaigns_to_chase(user: User, on: date) -> list[tuple[Campaign, int]]:
    """The campaigns with filings open after their due date, the oldest first, with how many; for the secretariat.

    One query for who may remind, none for the others.
    """
    if not can_open_campaign(user):
        return []
    late = Q(filings__state__in=FilingState.editable(), filings__due_on__lt=on)
    found = Campaign.objects.annotate(late_count=Count("filings", filter=late)).filter(late_count__gt=0)
    return [(one, one.late_count) for one in found.order_by("ends_on", "kind", "pk")]


def last_reminders(filings: Sequence[Filing]) -> dict[int, date]:
    """The day of the last reminder for each filing, by its number: its calendar's or the secretariat's. Two queries."""
    told = Reminder.objects.filter(filing__in=filings, told_at__isnull=False).order_by()
    by_hand = Nudge.objects.filter(filing__in=filings).order_by()
    latest = [*told.values_list("filing").annotate(last=Max("told_at"))]
    latest += by_hand.values_list("filing").annotate(last=Max("at"))
    days: dict[int, date] = {}
    for pk, last in latest:
        days[pk] = max(days.get(pk, date.min), timezone.localdate(last))
    return days
