"""What every page of a filing shows at its head, whichever room draws it: `{% load filings %}`."""

from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from figures import formats
from monitoring.awaited import standing
from monitoring.enums import Severity
from monitoring.evidence_selectors import attachments_of, attachments_of_section, has_lines_to_prove
from monitoring.models import Filing
from monitoring.permissions import can_review_filing, can_see_threads, writable_sheets
from monitoring.selectors import reason_to_show, steps_of
from monitoring.threads_selectors import open_threads_of, place_of

register = template.Library()

TONES = {
    Severity.BLOCKING: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}


@register.filter
def tone(word: str) -> str:
    """The tone of `components/state.html` for a severity."""
    return TONES.get(word, "neutral")  # type: ignore[call-overload,no-any-return]


@register.inclusion_tag("monitoring/_filing_header.html", takes_context=True)
def filing_header(context: Context, filing: Filing, current: str = "") -> dict[str, Any]:
    """State, due date, reason for sending back, stepper of sections; `current` is the code of the section shown."""
    stands, user = standing(filing, timezone.localdate()), context["request"].user
    discusses = can_see_threads(user, filing)
    return {
        "filing": filing,
        "steps": steps_of(filing),
        "current": current,
        "reason": reason_to_show(filing),
        "standing": stands,
        "can_review": can_review_filing(user, filing),
        "discusses": discusses,
        "threads": [(thread, place_of(thread, filing)) for thread in open_threads_of(filing)] if discusses else [],
        "pieces": sum(not one.is_removed for one in attachments_of(filing)),
        "can_type": writable_sheets(user, filing) != frozenset(),
        "request": context["request"],
    }


@register.filter
def file_size(octets: int) -> str:
    """`647 o`, `12 Ko`, `4,7 Mo`: a file's size as people read it, thousands by 1 024."""
    if octets < 1024:
        return f"{octets}\u00a0o"
    if octets < 1024 * 1024:
        return f"{formats.number(Decimal(octets) / 1024)}\u00a0Ko"
    return f"{formats.number(Decimal(octets) / (1024 * 1024), 1)}\u00a0Mo"


@register.inclusion_tag("monitoring/_evidence.html", takes_context=True)
def evidence(context: Context, filing: Filing, section: str) -> dict[str, Any]:
    """The pieces joined to a section of the filing, to read beside its figures."""
    return {
        "filing": filing,
        "section": section,
        "pieces": attachments_of_section(filing, section),
        "can_join": has_lines_to_prove(context["request"].user, filing, section),
    }
