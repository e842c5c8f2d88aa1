"""Milestones in three series: promised at signature, in force, done."""

from datetime import date

from contracts.side_by_side import IN_FORCE, SIGNED, SideBySide
from figures.formats import ILLEGIBLE, short_date_fr
from figures.periods import closing_fr
from reports.facts import MilestoneStanding, Situation
from reports.promise import SignedMilestone


def milestones_side_by_side(situation: Situation) -> list[SideBySide]:
    """The end of each phase or milestone, in each version, and when it was done."""
    before = {one.key: one for one in situation.signature.milestones} if situation.signature else {}
    told = tuple(
        (one.label, (_promised(before.get(one.key)), _promised(one), _day(one.done_on))) for one in situation.calendar
    )
    return [SideBySide("Fins prévues et réelles en trois séries", "", (SIGNED, IN_FORCE, "Terminée le"), told)]


def _promised(one: SignedMilestone | MilestoneStanding | None) -> str:
    """The end that a version promises; « illisible » where the scan lost it."""
    if one is None or one.ends_on is None:
        return ILLEGIBLE if one is not None and one.is_end_unreadable else "–"
    return closing_fr(one.ends_on)


def _day(day: date | None) -> str:
    return short_date_fr(day, missing="–")
