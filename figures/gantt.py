"""The calendar of a contract as SVG: quarters across, rows by axis, promised hatched, realised solid.

A long calendar is split into several drawings on the same quarters, so that none is taller than a page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from figures import formats
from figures.charts import svg
from figures.charts.svg import Colour
from figures.periods import Quarter, quarters_between

ROW_HEIGHT: Final = 24
MILESTONES_HEIGHT: Final = 15
BAR_HEIGHT: Final = 6
HEADER_HEIGHT: Final = 56
FOOTER_HEIGHT: Final = 16
LABEL_SIZE: Final = 9.5
NOTE_SIZE: Final = 8.5
NARROWEST_NAMED_QUARTER: Final = 14
LATE_WORD: Final = "retard"
UNREADABLE_WORDS: Final = "illisible dans l’original"
UNDATED_WORDS: Final = "date non renseignée"


@dataclass(frozen=True, slots=True)
class GanttPhase:
    """What was to be done from one quarter to another, and when it was; an unfinished phase has no realised end.

    An end that the contract does not give is drawn dashed from the other one, and `lost` says why in words. `note` is
    said in the place of a solid bar that no date allows to draw.
    """

    first: Quarter
    last: Quarter
    label: str = ""
    realised_first: Quarter | None = None
    realised_last: Quarter | None = None
    is_late: bool = False
    lacks_start: bool = False
    lacks_end: bool = False
    lost: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GanttMilestone:
    """An event planned for a quarter, None when no day is promised; `done_in` is the one it was reached in.

    `done_in` is None when nobody said it; one of the two is known. `note` is said beside the label.
    """

    quarter: Quarter | None
    label: str = ""
    is_done: bool = False
    is_late: bool = False
    done_in: Quarter | None = None
    note: str = ""

    @property
    def ends(self) -> tuple[Quarter, ...]:
        """Where it was planned and where it was reached, of what is known."""
        return tuple(quarter for quarter in (self.quarter, self.done_in) if quarter)


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One action; `is_unreadable` when the original cannot be read, which is written instead of drawn."""

    label: str
    phases: tuple[GanttPhase, ...] = ()
    milestones: tuple[GanttMilestone, ...] = ()
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class GanttGroup:
    """The actions of one axis."""

    label: str
    rows: tuple[GanttRow, ...]


@dataclass(frozen=True, slots=True)
class GanttFrame:
    """`key` makes ids unique in a page, `as_of` draws the day of the data, `names` is the width of the labels."""

    key: str
    title: str
    as_of: date | None = None
    width: int = 980
    names: int = 330


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where quarters stand; `until` is the last one that realised work without an end is drawn to."""

    first: Quarter
    count: int
    left: float
    quarter: float
    until: Quarter

    def x(self, quarter: Quarter) -> float:
        return self.left + self.quarter * self.first.until(quarter)

    def of_day(self, day: date) -> float:
        quarter = Quarter.of(day)
        share = (day - quarter.first_day).days / quarter.period.days
        return self.x(quarter) + self.quarter * share


def gantt(frame: GanttFrame, groups: Sequence[GanttGroup], rows_per_drawing: int = 22) -> tuple[str, ...]:
    """One SVG for each `rows_per_drawing` rows, headings of axes counted; an axis that goes on says « (suite) »."""
    axis = _axis(frame, groups)
    if axis is None:
        return (_nothing(frame),)
    pages = list(_pages(groups, max(2, rows_per_drawing)))
    return tuple(_page(frame, axis, page, rank, len(pages)) for rank, page in enumerate(pages))


def _axis(frame: GanttFrame, groups: Sequence[GanttGroup]) -> _Axis | None:
    rows = [row for group in groups for row in group.rows]
    phases = [phase for row in rows for phase in row.phases]
    found = [phase.first for phase in phases] + [phase.last for phase in phases]
    found += [end for phase in phases for end in (phase.realised_first, phase.realised_last) if end]
    milestones = [milestone for row in rows for milestone in row.milestones]
    found += [quarter for one in milestones for quarter in one.ends]
    if not found:
        return None
    first, last = min(found), max(found)
    count = first.until(last) + 1
    until = min(last, Quarter.of(frame.as_of)) if frame.as_of else last
    return _Axis(first, count, frame.names, (frame.width - frame.names - 1) / count, until)


def _pages(groups: Sequence[GanttGroup], size: int) -> Iterator[list[GanttGroup]]:
    """Groups cut so that headings and rows of a page are at most `size`; no heading stands alone at the end."""
    page: list[GanttGroup] = []
    room = size
    for group in groups:
        rows, label = group.rows, group.label
        while rows:
            if room < 2:
                yield page
                page, room = [], size
            taken = rows[: room - 1]
            page.append(GanttGroup(label, taken))
            rows, label, room = rows[len(taken) :], f"{group.label} (suite)", room - 1 - len(taken)
    if page:
        yield page


def _page(frame: GanttFrame, axis: _Axis, groups: Sequence[GanttGroup], rank: int, count: int) -> str:
    key = f"{frame.key}-{rank + 1}" if count > 1 else frame.key
    title = f"{frame.title} ({rank + 1}/{count})" if count > 1 else frame.title
    marks, y = [], float(HEADER_HEIGHT)
    for group in groups:
        marks.append(_heading(frame, group, y))
        y += ROW_HEIGHT
        for row in group.rows:
            marks.append(_row(key, frame, axis, row, y))
            y += _height(row)
    behind = svg.hatches(key, [Colour.BLUE]) + _legend(key, frame, groups) + _quarters(axis, y)
    body = behind + "".join(marks) + _as_of(frame, axis, y)
    text = " ".join(_sentence(row) for group in groups for row in group.rows)
    return svg.drawing(key, title, text, body, frame.width, y + FOOTER_HEIGHT)


def _legend(key: str, frame: GanttFrame, groups: Sequence[GanttGroup]) -> str:
    rows = [row for group in groups for row in group.rows]
    has_milestones = any(row.milestones for row in rows)
    is_late = any(phase.is_late for row in rows for phase in row.phases)
    entries = [("prévu", svg.mark("rect", x=0, y=4, width=20, height=BAR_HEIGHT, **svg.hatched(key, Colour.BLUE)))]
    entries.append(("réalisé", svg.box(0, 4, 20, BAR_HEIGHT, Colour.BLUE)))
    if has_milestones:
        entries.append(("jalon prévu", svg.diamond(14, 7, 5, Colour.WHITE, Colour.BLUE)))
        entries.append(("jalon atteint", svg.diamond(14, 7, 5, Colour.BLUE, Colour.BLUE)))
    if any(phase.lacks_start or phase.lacks_end for row in rows for phase in row.phases):
        entries.append(("date manquante", svg.line(0, 7, 20, 7, Colour.BLUE, 1.2, stroke_dasharray="2 3")))
    if is_late:
        entries.append(("en retard", svg.box(0, 4, 20, BAR_HEIGHT, Colour.LATE)))
    marks, x = [], float(frame.names)
    for words, swatch in entries:
        shift = f"translate({x:.1f} 0)"
        marks.append(svg.mark("g", swatch + svg.label(words, 25, 11), transform=shift))
        x += 25 + svg.text_width(words) + 16
    return "".join(marks)


def _quarters(axis: _Axis, bottom: float) -> str:
    marks = []
    quarters = list(quarters_between(axis.first, axis.first.shift(axis.count - 1)))
    for year in sorted({quarter.year for quarter in quarters}):
        own = [quarter for quarter in quarters if quarter.year == year]
        x, width = axis.x(own[0]), axis.quarter * len(own)
        marks.append(svg.box(x, 20, width - 1, 16, Colour.BLUE))
        if width > svg.text_width("2000"):
            marks.append(svg.label(str(year), x + width / 2, 32, anchor="middle", fill=Colour.WHITE, bold=True))
        marks.append(svg.line(x, 38, x, bottom, Colour.GREY, 0.6))
    for quarter in quarters:
        x = axis.x(quarter)
        marks.append(svg.line(x, HEADER_HEIGHT, x, bottom, Colour.RULE, 0.6) if quarter.number > 1 else "")
        if axis.quarter >= NARROWEST_NAMED_QUARTER:
            name = f"T{quarter.number}"
            marks.append(
                svg.label(name, x + axis.quarter / 2, 49, size=NOTE_SIZE, anchor="middle", fill=Colour.SOFT_INK)
            )
    return "".join(marks)


def _heading(frame: GanttFrame, group: GanttGroup, y: float) -> str:
    ground = svg.box(0, y + 2, frame.width, ROW_HEIGHT - 4, "#ECECFE")
    words = svg.shortened(group.label, frame.width - 12, 10.5)
    return ground + svg.label(words, 6, y + 16, bold=True, fill=Colour.BLUE)


def _height(row: GanttRow) -> int:
    """Milestones have a lane of their own under the bars."""
    return ROW_HEIGHT + (MILESTONES_HEIGHT if row.phases and row.milestones and not row.is_unreadable else 0)


def _row(key: str, frame: GanttFrame, axis: _Axis, row: GanttRow, y: float) -> str:
    bottom = y + _height(row)
    rule = svg.line(0, bottom, frame.width, bottom, Colour.RULE, 0.4)
    words = svg.wrapped(row.label, frame.names - 20, LABEL_SIZE)
    first = y + (16 if len(words) == 1 else 10.5)
    name = "".join(svg.label(text, 12, first + 10.5 * rank, size=LABEL_SIZE) for rank, text in enumerate(words))
    if row.is_unreadable or not (row.phases or row.milestones):
        note = UNREADABLE_WORDS if row.is_unreadable else formats.NOT_REPORTED
        return rule + name + _note(note, axis.left + 6, y + 15)
    phases = "".join(_phase(key, frame, axis, phase, y) for phase in row.phases)
    return rule + name + phases + _milestones(frame, axis, row.milestones, bottom - 12)


def _phase(key: str, frame: GanttFrame, axis: _Axis, phase: GanttPhase, y: float) -> str:
    x, end = axis.x(phase.first), axis.x(phase.last.next)
    hatching = svg.hatched(key, Colour.BLUE)
    marks = [svg.mark("rect", x=x + 0.5, y=y + 4, width=end - x - 1, height=BAR_HEIGHT, **hatching)]
    if phase.realised_first:
        start = axis.x(phase.realised_first)
        stop = axis.x(max(phase.realised_last or axis.until, phase.realised_first).next)
        colour = Colour.LATE if phase.is_late else Colour.BLUE
        marks.append(svg.box(start + 0.5, y + 13, stop - start - 1, BAR_HEIGHT, colour))
        end = stop
    if phase.lacks_start or phase.lacks_end:
        marks.append(_lost(frame, axis, phase, y))
    elif phase.note:
        marks.append(_under(frame, x, end, y, phase.note))
    elif phase.is_late:
        marks.append(_late(frame, end, y + 19.5))
    tip = svg.mark("title", escape(phase.label)) if phase.label else ""
    return svg.mark("g", tip + "".join(marks))


def _lost(frame: GanttFrame, axis: _Axis, phase: GanttPhase, y: float) -> str:
    """A dashed line where the bar cannot be drawn, and under it the words that say why."""
    x, end, middle = axis.x(phase.first), axis.x(phase.last.next), y + 4 + BAR_HEIGHT / 2
    ends = (axis.left, x) if phase.lacks_start else (end, float(frame.width))
    dashes = svg.line(ends[0], middle, ends[1], middle, Colour.BLUE, 1.2, stroke_dasharray="2 3")
    words = f"{phase.lost} – {LATE_WORD}" if phase.is_late else phase.lost
    fill = Colour.LATE if phase.is_late else Colour.SOFT_INK
    return dashes + _under(frame, x, end, y, words, fill, is_bold=phase.is_late)


def _under(
    frame: GanttFrame, x: float, end: float, y: float, words: str, fill: str = Colour.SOFT_INK, *, is_bold: bool = False
) -> str:
    """Words in the lane of solid bars, from the start of the hatched one, or up to its end at the edge.

    They stand on a white ground: the rules of quarters do not run through them.
    """
    width = svg.text_width(words, NOTE_SIZE)
    has_room = x + 4 + width <= frame.width
    at, anchor = (x + 2, "start") if has_room else (end - 2, "end")
    ground = svg.box(at - (0 if has_room else width), y + 12.5, width, 9, Colour.WHITE)
    return ground + svg.label(words, at, y + 20, size=NOTE_SIZE, anchor=anchor, fill=fill, bold=is_bold)


def _milestones(frame: GanttFrame, axis: _Axis, milestones: Sequence[GanttMilestone], y: float) -> str:
    """Diamonds on one height, each with the words that fit before its neighbours."""
    ordered = sorted(milestones, key=_furthest)
    marks, free_from = [], float(frame.names)
    for rank, milestone in enumerate(ordered):
        following = ordered[rank + 1 :]
        free_until = min((_middle(axis, _earliest(one)) for one in following), default=frame.width + 6.0) - 6
        marks.append(_diamonds(axis, milestone, y))
        words, free_from = _beside(milestone, _middle(axis, _furthest(milestone)), y + 3, free_from, free_until)
        marks.append(words)
    return "".join(marks)


def _diamonds(axis: _Axis, milestone: GanttMilestone, y: float) -> str:
    """Hollow where it was planned, solid where it was reached, a line between the two."""
    colour = Colour.LATE if milestone.is_late else Colour.BLUE
    ends = (milestone.quarter, milestone.done_in)
    planned, reached = (None if one is None else _middle(axis, one) for one in ends)
    hollow = "" if planned is None else svg.diamond(planned, y, 5, Colour.WHITE, colour)
    solid = "" if reached is None else svg.diamond(reached, y, 5, colour, colour)
    if planned is None or reached is None:
        return hollow + solid
    return solid if reached == planned else svg.line(planned, y, reached, y, colour, 1.2) + hollow + solid


def _middle(axis: _Axis, quarter: Quarter) -> float:
    return axis.x(quarter) + axis.quarter / 2


def _furthest(milestone: GanttMilestone) -> Quarter:
    return max(milestone.ends)


def _earliest(milestone: GanttMilestone) -> Quarter:
    return min(milestone.ends)


def _beside(milestone: GanttMilestone, x: float, y: float, free_from: float, free_until: float) -> tuple[str, float]:
    """Words at the right of a diamond, or at its left when there is more room; and where they end."""
    late = LATE_WORD if milestone.is_late else ""
    undated = f"atteint, {UNDATED_WORDS}" if milestone.is_done and milestone.done_in is None else ""
    words = " – ".join(part for part in (milestone.label, milestone.note, undated, late) if part)
    right, left = free_until - x - 9, x - free_from - 9
    width = svg.text_width(words, NOTE_SIZE)
    is_right = width <= right or right >= left
    shown = svg.shortened(words, right if is_right else left, NOTE_SIZE)
    if not shown.strip("…"):
        return "", x + 6
    at, anchor = (x + 8, "start") if is_right else (x - 8, "end")
    fill = Colour.LATE if milestone.is_late else Colour.INK
    end = x + 8 + svg.text_width(shown, NOTE_SIZE) if is_right else x + 6
    return svg.label(shown, at, y, size=NOTE_SIZE, anchor=anchor, fill=fill), end


def _late(frame: GanttFrame, end: float, y: float) -> str:
    width = svg.text_width(LATE_WORD, NOTE_SIZE)
    if end + 4 + width <= frame.width:
        return svg.label(LATE_WORD, end + 4, y, size=NOTE_SIZE, fill=Colour.LATE, bold=True)
    ground = svg.box(end - width - 8, y - 7.5, width + 4, 9, Colour.WHITE)
    return ground + svg.label(LATE_WORD, end - 6, y, size=NOTE_SIZE, anchor="end", fill=Colour.LATE, bold=True)


def _note(words: str, x: float, y: float) -> str:
    ground = svg.box(x - 3, y - 10, svg.text_width(words, LABEL_SIZE) + 6, 14, Colour.WHITE)
    return ground + svg.label(words, x, y, size=LABEL_SIZE, fill=Colour.SOFT_INK)


def _as_of(frame: GanttFrame, axis: _Axis, bottom: float) -> str:
    if frame.as_of is None:
        return ""
    x, end = axis.of_day(frame.as_of), axis.x(axis.first.shift(axis.count))
    if not axis.left <= x <= end:
        return ""
    words = formats.date_fr(frame.as_of)
    half = svg.text_width(words, LABEL_SIZE) / 2
    at = min(max(x, axis.left + half), frame.width - half)
    rule = svg.line(x, HEADER_HEIGHT - 3, x, bottom + 3, Colour.INK, 1.2, stroke_dasharray="4 2")
    return rule + svg.label(words, at, bottom + 13, size=LABEL_SIZE, anchor="middle", bold=True)


def _sentence(row: GanttRow) -> str:
    """The row in words, for those who do not see the drawing."""
    if row.is_unreadable:
        return f"{row.label}{formats.NO_BREAK_SPACE}: {UNREADABLE_WORDS}."
    facts = [_phase_words(phase) for phase in row.phases]
    facts += [_milestone_words(milestone) for milestone in row.milestones]
    return f"{row.label}{formats.NO_BREAK_SPACE}: {', '.join(facts) or formats.NOT_REPORTED}."


def _phase_words(phase: GanttPhase) -> str:
    name = f"{phase.label} " if phase.label else ""
    late = " en retard" if phase.is_late else ""
    first, last = formats.short_quarter_fr(phase.first), formats.short_quarter_fr(phase.last)
    if phase.lacks_start:
        return f"{name}jusqu’à {last}, {phase.lost}{late}"
    if phase.lacks_end:
        return f"{name}à partir de {first}, {phase.lost}{late}"
    note = f", {phase.note}" if phase.note else ""
    ended = f", terminé {formats.short_quarter_fr(phase.realised_last)}" if phase.realised_last else ""
    return f"{name}{first} à {last}{ended}{note}{late}"


def _milestone_words(milestone: GanttMilestone) -> str:
    name = f"jalon {milestone.label + ' ' if milestone.label else ''}"
    done_in = milestone.done_in
    reached = f"atteint {formats.short_quarter_fr(done_in)}" if done_in else f"atteint, {UNDATED_WORDS}"
    if milestone.quarter is None:
        return f"{name}{reached}, {milestone.note}"
    planned = formats.short_quarter_fr(milestone.quarter)
    if milestone.is_done:
        return f"{name}prévu {planned}, {reached}"
    return f"{name}{planned} prévu{' en retard' if milestone.is_late else ''}"


def _nothing(frame: GanttFrame) -> str:
    words = "Aucune donnée"
    ground = svg.box(0.5, 0.5, frame.width - 1, 59, Colour.GROUND)
    text = svg.label(words, frame.width / 2, 34, size=12, anchor="middle", fill=Colour.SOFT_INK)
    return svg.drawing(frame.key, frame.title, f"{words}.", ground + text, frame.width, 60)
