"""In the demo, filings of periods long over bear the days on which they would have been filed, in their history too.

The services date every act of the moment: the demo puts the acts of an over campaign back within it, as invented as
the figures, so that what is measured on past days (the return of the fund, P6) has something to tell.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

import pgtrigger
from django.db.models import Model, Q, QuerySet
from django.utils.timezone import make_aware

from budget.models import Consumption
from indicators.models import Measurement
from monitoring.enums import FilingAction, FilingState
from monitoring.models import Attachment, Campaign, FiledRisk, Filing, FilingTransition, MilestoneProgress
from savings.models import RealisedSaving, SavingCertification

TYPED, SUBMITTED = timedelta(days=-12), timedelta(days=-6)
VALIDATED, CERTIFIED, LOCKED = timedelta(days=8), timedelta(days=11), timedelta(days=16)
"""From the day on which a filing is due."""
MORNING: Final = time(10)
ROWS: Final = (Consumption, RealisedSaving, Measurement, MilestoneProgress, FiledRisk)


def date_back(campaign: Campaign) -> None:
    """Put what was done in this campaign, whose filings are locked, back to the days of the campaign.

    Triggers are put aside: they keep what people did, and would record the change of day as an act of today.
    """
    filings = Filing.objects.filter(campaign=campaign, state=FilingState.LOCKED)
    opened, due = _at(campaign.opens_on), _at(campaign.due_on)
    with pgtrigger.ignore():
        _date(Campaign.objects.filter(pk=campaign.pk), opened, "opened_at")
        _date_filings(filings, opened, due)
        for model in ROWS:
            _date(model.objects.filter(filing__in=filings), due + TYPED, "updated_at", opened)
        _date(Attachment.objects.filter(filing__in=filings), due + TYPED, "uploaded_at")
        _date(SavingCertification.objects.filter(realised__filing__in=filings), due + CERTIFIED, "certified_at")
        for action, after in (
            (FilingAction.SUBMIT, SUBMITTED),
            (FilingAction.VALIDATE, VALIDATED),
            (FilingAction.COUNTERSIGN, LOCKED),
        ):
            _date(FilingTransition.objects.filter(filing__in=filings, action=action), due + after, "at")


def _date_filings(filings: QuerySet[Filing], opened: datetime, due: datetime) -> None:
    columns = {
        "created_at": opened,
        "updated_at": due + TYPED,
        "submitted_at": due + SUBMITTED,
        "locked_at": due + LOCKED,
    }
    events = _events(filings)
    for column, at in columns.items():
        for rows in (filings, events):
            rows.filter(**{f"{column}__isnull": False}).update(**{column: at})
    for state, at in (
        (Q(state=FilingState.DRAFT, updated_at__isnull=True), opened),
        (Q(state=FilingState.DRAFT, updated_at__isnull=False), due + TYPED),
        (Q(state=FilingState.SUBMITTED), due + SUBMITTED),
        (Q(state=FilingState.VALIDATED), due + VALIDATED),
        (Q(state=FilingState.LOCKED), due + LOCKED),
    ):
        events.filter(state).update(pgh_created_at=at)


def _date(rows: QuerySet[Any], on: datetime, column: str, made: datetime | None = None) -> None:
    """The column of these rows and of their events, where it is told; an event without it was made `made`."""
    told = Q(**{f"{column}__isnull": False})
    events = _events(rows)
    rows.filter(told).update(**{column: on})
    events.filter(told).update(**{column: on, "pgh_created_at": on})
    events.exclude(told).update(pgh_created_at=made or on)


def _events(rows: QuerySet[Any]) -> QuerySet[Any]:
    model: type[Model] = rows.model
    found: QuerySet[Any] = model.pgh_event_model.objects.filter(pgh_obj__in=list(rows.values_list("pk", flat=True)))  # type: ignore[attr-defined]
    return found


def _at(day: date) -> datetime:
    return make_aware(datetime.combine(day, MORNING))
