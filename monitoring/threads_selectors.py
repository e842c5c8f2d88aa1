"""Reads about threads of remarks."""

from collections.abc import Sequence

from django.db.models import Count, Prefetch

from monitoring.models import Filing, Remark, Thread
from monitoring.sections import section


def threads_of(filing: Filing) -> list[Thread]:
    """Every thread of a filing with what was said in it and by whom: open ones first, then the last resolved. Two
    queries."""
    said = Prefetch("remarks", Remark.objects.select_related("author").order_by("at", "pk"))
    rows = Thread.objects.filter(filing=filing).select_related("resolved_by").prefetch_related(said)
    return sorted(rows.order_by("opened_at", "pk"), key=lambda thread: not thread.is_open)


def open_threads_of(filing: Filing) -> list[Thread]:
    """The threads of a filing that wait for a settlement, the oldest first. One query."""
    return list(Thread.objects.filter(filing=filing, resolved_at__isnull=True).order_by("opened_at", "pk"))


def count_open_threads(filings: Sequence[Filing]) -> dict[int, int]:
    """How many threads are open in each filing that has any, by number: one query."""
    rows = Thread.objects.filter(filing__in=[filing.pk for filing in filings], resolved_at__isnull=True)
    return dict(rows.order_by().values_list("filing").annotate(count=Count("pk")))


def place_of(thread: Thread, filing: Filing) -> str:
    """The address where the row of a thread is typed."""
    found = section(thread.section)
    return found.url(filing, thread.row_anchor) if found else filing.get_absolute_url()
