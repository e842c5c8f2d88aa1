"""Milestones in three series: promised at signature, in force, done."""

from datetime import date

from contracts.models import ContractVersion, PlannedMilestone
from contracts.side_by_side import IN_FORCE, SIGNED, SideBySide
from figures.formats import short_date_fr
from figures.periods import closing_fr
from reports.facts import Situation


def milestones_side_by_side(signature: ContractVersion, situation: Situation) -> list[SideBySide]:
    """The end of each phase or milestone, in each version, and when it was done. One query."""
    rows = PlannedMilestone.objects.filter(version=signature).order_by("pk")
    ends = dict(rows.values_list("milestone__key", "ends_on"))
    told = tuple(
        (one.label, (_promised(ends.get(one.key)), _promised(one.ends_on), _day(one.done_on)))
        for one in situation.calendar
    )
    return [SideBySide("Fins prévues et réelles en trois séries", "", (SIGNED, IN_FORCE, "Terminée le"), told)]


def _promised(day: date | None) -> str:
    return "–" if day is None else closing_fr(day)


def _day(day: date | None) -> str:
    return short_date_fr(day, missing="–")
