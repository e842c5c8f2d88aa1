"""The calendar of a contract as pages and reports draw it. Pure."""

from collections.abc import Sequence

from figures.gantt import GanttFrame, GanttGroup, GanttMilestone, GanttPhase, GanttRow, gantt
from figures.periods import Quarter
from reports.facts import MilestoneStanding, Situation

PHASE = "phase"
NEXT = 5


def calendar_conclusion(situation: Situation) -> str:
    """How many milestones, how many done, late, unreadable."""
    count = len(situation.calendar)
    if not count:
        return "Le contrat n’imprime ni phase ni jalon."
    lost = sum(one.is_start_unreadable or one.is_end_unreadable for one in situation.calendar)
    done = sum(one.state == "done" for one in situation.calendar)
    late = len(situation.late_milestones)
    told = [_count(done, "terminée", "terminées"), _count(late, "en retard", "en retard")]
    if lost:
        told.append(_count(lost, "illisible dans l’original", "illisibles dans l’original"))
    noun = "étape" if count == 1 else "étapes"
    return f"{count} {noun} au calendrier\u00a0: {', '.join(told)}."


def calendar_drawings(situation: Situation) -> tuple[str, ...]:
    """The Gantt as SVG, in as many drawings as its rows need."""
    last = situation.last_filing
    frame = GanttFrame("calendrier", "Calendrier du contrat", as_of=last.period_end if last else None)
    return gantt(frame, gantt_groups(situation))


def gantt_groups(situation: Situation) -> Sequence[GanttGroup]:
    """The calendar by axis; what hangs on no axis comes first."""
    titles = {axis.code: f"Axe {axis.code} – {axis.title}" for axis in situation.frame.axes}
    codes = dict.fromkeys(["", *titles])
    groups = ((code, tuple(_row(one) for one in situation.calendar if one.axis == code)) for code in codes)
    return [GanttGroup(titles.get(code, situation.frame.title), rows) for code, rows in groups if rows]


def next_milestones(situation: Situation) -> list[MilestoneStanding]:
    """What is not finished, the earliest end first; what has no date comes last."""
    waiting = [one for one in situation.calendar if one.state not in ("done", "dropped")]
    return sorted(waiting, key=lambda one: (one.ends_on is None, one.ends_on or situation.on))[:NEXT]


def _row(one: MilestoneStanding) -> GanttRow:
    start, end = one.starts_on or one.ends_on, one.ends_on or one.starts_on
    if start is None or end is None:
        return GanttRow(one.label, is_unreadable=one.is_start_unreadable or one.is_end_unreadable)
    if one.kind != PHASE:
        milestone = GanttMilestone(Quarter.of(one.done_on or end), is_done=one.state == "done", is_late=one.is_late)
        return GanttRow(one.label, milestones=(milestone,))
    begun = Quarter.of(start) if one.state in ("done", "ongoing", "late") else None
    finished = Quarter.of(one.done_on or end) if one.state == "done" else None
    return GanttRow(
        one.label, phases=(GanttPhase(Quarter.of(start), Quarter.of(end), "", begun, finished, one.is_late),)
    )


def _count(number: int, one: str, several: str) -> str:
    return f"{number or 'aucune'} {several if number > 1 else one}"
