"""Reads about reminders: which campaigns have late filings, when each filing was last reminded."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from monitoring.awaited import late_filings
from monitoring.models import Campaign, Filing, Nudge, Reminder
from monitoring.permissions import can_open_campaign


def campaigns_to_chase(user: User, on: date) -> list[tuple[Campaign, int]]:
    """The campaigns with late filings, the oldest first, with how many; for the secretariat.

    Two queries for who may remind, none for the others.
    """
    if not can_open_campaign(user):
        return []
    late = Counter(filing.campaign for filing, _ in late_filings(on))
    return sorted(late.items(), key=lambda found: (found[0].ends_on, found[0].kind, found[0].pk))


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
