"""The fund's envelope of a year through time: each act that opened its credits, and what was open on a day.

A row of `FundEnvelope` bears what the last act left; the acts before are in its history, which nobody rewrites.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from budget.models import FundEnvelope
from contracts.fields import amount
from figures.ae_cp import NOTHING, AeCp, total_ae_cp


@dataclass(frozen=True)
class EnvelopeAct:
    """What the fund may give in a year after an act of a day (finance act, carry-over…), in euros."""

    year: int
    dated_on: date
    voted: AeCp = NOTHING
    carried: AeCp = NOTHING
    source: str = ""
    recorded_by: int | None = None
    recorded_at: datetime | None = None

    @property
    def open(self) -> AeCp:
        """Voted + carried over."""
        return total_ae_cp([self.voted, self.carried])


def acts_of(years: Collection[int] | None = None) -> dict[int, list[EnvelopeAct]]:
    """Every act recorded for these years (all without years), the last recorded first. One query."""
    rows = FundEnvelope.pgh_event_model.objects.order_by("-pgh_id")  # type: ignore[attr-defined]
    found: dict[int, list[EnvelopeAct]] = defaultdict(list)
    for row in rows if years is None else rows.filter(year__in=years):
        found[row.year].append(
            EnvelopeAct(
                row.year,
                row.dated_on,
                AeCp(amount(row.voted_ae), amount(row.voted_cp)),
                AeCp(amount(row.carried_ae), amount(row.carried_cp)),
                row.source,
                row.updated_by_id,
                row.pgh_created_at,
            )
        )
    return found


def envelopes_on(on: date, years: Collection[int] | None = None) -> dict[int, EnvelopeAct]:
    """What was open on a day, by year: the last act recorded among those dated by then. A year without is not there.

    An act recorded again corrects those that it precedes or equals in date. One query.
    """
    past = {year: [one for one in acts if one.dated_on <= on] for year, acts in acts_of(years).items()}
    return {year: acts[0] for year, acts in past.items() if acts}
