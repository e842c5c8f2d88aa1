"""Reads of calls for projects: each with its contracts, the selections tied to none, and what was said before."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from contracts.enums import LifeEventKind
from contracts.models import LifeEvent, ProjectCall
from figures.ae_cp import share


@dataclass(frozen=True)
class CallStanding:
    """A call with the selections tied to it, oldest first."""

    call: ProjectCall
    selections: tuple[LifeEvent, ...]

    @property
    def selectivity(self) -> Decimal | None:
        """Selected ÷ filed; None while the number filed is not reported, or is zero."""
        filed = self.call.applications
        return share(Decimal(len(self.selections)), None if filed is None else Decimal(filed))


@dataclass(frozen=True)
class CallWording:
    """What a call said at a time, and who wrote it."""

    at: datetime
    who: str
    facts: Any


def calls_on(on: date) -> list[CallStanding]:
    """Every call open by a day, the last closed first, with the contracts selected in it by then. Two queries."""
    rows = ProjectCall.objects.filter(opens_on__lte=on).select_related("recorded_by")
    tied = LifeEvent.objects.filter(call__in=rows, on__lte=on).select_related("contract").order_by("on", "pk")
    found: dict[int | None, list[LifeEvent]] = {}
    for one in tied:
        found.setdefault(one.call_id, []).append(one)
    return [CallStanding(row, tuple(found.get(row.pk, ()))) for row in rows]


def untied_selections() -> QuerySet[LifeEvent]:
    """Selections that nobody tied to a call."""
    rows = LifeEvent.objects.filter(kind=LifeEventKind.SELECTION, call__isnull=True)
    return rows.select_related("contract").order_by("contract__title", "pk")


def wordings_of(call: ProjectCall) -> list[CallWording]:
    """What the call said since it was recorded, the last first. Two queries."""
    model: Any = ProjectCall
    events = list(model.pgh_event_model.objects.filter(pgh_obj=call).order_by("-pgh_created_at", "-pgh_id"))
    people = {one.pk: str(one) for one in User.objects.filter(pk__in={each.recorded_by_id for each in events})}
    return [CallWording(each.pgh_created_at, people.get(each.recorded_by_id, ""), each) for each in events]
