"""The review of a filing, ready to show: each line with its figures, what the rules say, its evidence and its threads.

Reads through the sections' summaries and the rules, so that a fourth ledger would be reviewed without a change here.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from monitoring import rules, sections
from monitoring.entry.cells import row_anchor, row_of_anchor
from monitoring.enums import FilingAction, Severity
from monitoring.evidence_selectors import attachments_of
from monitoring.models import Attachment, Filing, FilingTransition, Thread
from monitoring.rules import FilingFinding
from monitoring.sections import Said, Section, SectionTotal, SummaryRow
from monitoring.selectors import previous_filing, reason_answered
from monitoring.threads_selectors import threads_of


@dataclass(frozen=True)
class ReviewedFigure:
    """One figure or text of a line, with the threads that hang on it, the open one first.

    `said`: what it said when the filing was sent back or reopened; None when it never was, or did not know the row yet.
    """

    row: SummaryRow
    threads: tuple[Thread, ...]
    said: Said | None = None

    @property
    def has_open_thread(self) -> bool:
        return any(thread.is_open for thread in self.threads)

    @property
    def earlier(self) -> str:
        """What it said before its correction; blank when it says the same."""
        return self.said.declared if self.said and self.said.declared != self.row.declared else ""


@dataclass(frozen=True)
class ReviewedLine:
    """A line of a section: its figures side by side, then what there is to know of them."""

    label: str
    group: str
    url: str
    figures: tuple[ReviewedFigure, ...]
    findings: tuple[FilingFinding, ...]
    pieces: tuple[Attachment, ...]
    retouched: bool = False

    @property
    def first(self) -> SummaryRow:
        return self.figures[0].row

    @property
    def changed(self) -> bool:
        return any(figure.row.changed for figure in self.figures)

    @property
    def was_added(self) -> bool:
        """Whether it was not there yet when the filing came back."""
        return self.retouched and self.figures[0].said is None

    @property
    def earlier_comment(self) -> str | None:
        """What its comment was before its correction, blank when there was none; None when it says the same."""
        said = self.figures[0].said
        return said.comment if said and said.comment != self.first.comment else None

    @property
    def is_to_look_at(self) -> bool:
        """What « changements seulement » keeps: changed, warned about, retouched, or discussed and not settled."""
        warned = any(found.severity != Severity.INFO for found in self.findings)
        return self.changed or self.retouched or warned or any(figure.has_open_thread for figure in self.figures)

    @property
    def threads(self) -> list[Thread]:
        return [thread for figure in self.figures for thread in figure.threads]

    @property
    def has_notes(self) -> bool:
        return bool(self.findings or self.pieces or self.threads or self.first.comment or self.earlier_comment)


@dataclass(frozen=True)
class ReviewedSection:
    """A section with its lines; `hidden` counts those that the filter leaves out."""

    section: Section
    url: str
    lines: tuple[ReviewedLine, ...]
    hidden: int
    pieces: tuple[Attachment, ...]
    totals: tuple[SectionTotal, ...] = ()

    @property
    def has_gaps(self) -> bool:
        """Whether its figures are amounts that can be held against the plan."""
        return not self.section.in_words


@dataclass(frozen=True)
class Review:
    """All that the page shows, and the counts that its first sentence tells.

    `back`: why the filing was open again before it was submitted anew, None when it was submitted once. `retouched` and
    `joined` count the lines written and the pieces joined since.
    """

    sections: tuple[ReviewedSection, ...]
    elsewhere: tuple[FilingFinding, ...]
    findings: tuple[FilingFinding, ...]
    previous: Filing | None
    only_changes: bool
    only_retouched: bool
    lines: int
    to_look_at: int
    changed: int
    open_threads: int
    back: FilingTransition | None
    retouched: int
    joined: int

    @property
    def before_words(self) -> str:
        """Until when what stands beside a corrected figure was said."""
        is_return = self.back is not None and self.back.action == FilingAction.SEND_BACK
        return "Avant le renvoi" if is_return else "Avant la réouverture"

    @property
    def warnings(self) -> int:
        return sum(found.severity != Severity.INFO for found in self.findings)


def review_of(filing: Filing, *, only_changes: bool, only_retouched: bool = False) -> Review:
    """The review of a filing; `only_retouched` keeps what was written since it came back, if it ever did.

    The number of queries does not depend on the number of lines.
    """
    found, threads = rules.findings(filing), threads_of(filing)
    placed, pieces, back = _by_place(found), attachments_of(filing), reason_answered(filing)
    since = back.at if back else None
    reviewed = [
        (section, _lines(section, filing, placed, threads, pieces, since))
        for section in sections.sections_of(filing)
        if section.summary
    ]
    every = [line for _, lines in reviewed for line in lines]
    is_kept = _kept(only_changes=only_changes, only_retouched=only_retouched and back is not None)
    told = {id(one) for line in every for one in line.findings}
    return Review(
        sections=tuple(_section(section, filing, lines, pieces, is_kept) for section, lines in reviewed),
        elsewhere=tuple(one for one in found if id(one) not in told),
        findings=tuple(found),
        previous=previous_filing(filing),
        only_changes=only_changes,
        only_retouched=only_retouched and back is not None,
        lines=len(every),
        to_look_at=sum(line.is_to_look_at for line in every),
        changed=sum(line.changed for line in every),
        open_threads=sum(thread.is_open for thread in threads),
        back=back,
        retouched=sum(line.retouched for line in every),
        joined=sum(since is not None and one.uploaded_at > since and not one.is_removed for one in pieces),
    )


def _kept(*, only_changes: bool, only_retouched: bool) -> Callable[[ReviewedLine], bool]:
    """Which lines the page shows."""
    if only_retouched:
        return lambda line: line.retouched
    return lambda line: line.is_to_look_at or not only_changes


def _section(
    section: Section,
    filing: Filing,
    lines: Sequence[ReviewedLine],
    pieces: Sequence[Attachment],
    is_kept: Callable[[ReviewedLine], bool],
) -> ReviewedSection:
    kept = [line for line in lines if is_kept(line)]
    whole = tuple(one for one in pieces if one.section == section.code and one.row is None and not one.is_removed)
    totals = tuple(section.totals(filing)) if section.totals else ()
    return ReviewedSection(section, section.url(filing), tuple(kept), len(lines) - len(kept), whole, totals)


def _lines(
    section: Section,
    filing: Filing,
    placed: Mapping[tuple[str, str], Sequence[FilingFinding]],
    threads: Sequence[Thread],
    pieces: Sequence[Attachment],
    since: datetime | None,
) -> list[ReviewedLine]:
    """Consecutive rows of one anchor are the measures of one line; texts stand each on their own.

    `since`: the instant from which a line that is written is retouched; what it said until then stands beside.
    """
    rows = section.summary(filing) if section.summary else ()
    said = section.said_at(filing, since) if section.said_at and since else {}
    by_row: dict[str, list[Thread]] = defaultdict(list)
    for thread in threads:
        if thread.section == section.code:
            by_row[thread.row].append(thread)
    lines, shown = [], set()
    for (anchor, label, _), members in groupby(rows, key=lambda row: (row.anchor, row.label, row.key)):
        figures = tuple(
            ReviewedFigure(row, tuple(by_row.get(row.row_key, ())), said.get(row.row_key)) for row in members
        )
        # The whole section's findings are told once, on its first line.
        findings = () if (section.code, anchor) in shown else tuple(placed.get((section.code, anchor), ()))
        shown.add((section.code, anchor))
        joined = tuple(one for one in pieces if _proves(one, section, anchor))
        first, address = figures[0].row, section.url(filing, anchor)
        retouched = since is not None and first.typed_at is not None and first.typed_at > since
        lines.append(ReviewedLine(label, first.group, address, figures, findings, joined, retouched))
    return lines


def _by_place(found: Sequence[FilingFinding]) -> dict[tuple[str, str], list[FilingFinding]]:
    """Findings by section and anchor of the line; a finding on a cell is its line's."""
    placed: dict[tuple[str, str], list[FilingFinding]] = defaultdict(list)
    for one in found:
        row = row_of_anchor(one.finding.anchor)
        placed[one.rule.section, row_anchor(row) if row else one.finding.anchor].append(one)
    return placed


def _proves(piece: Attachment, section: Section, anchor: str) -> bool:
    number = re.search(r"\d+", anchor)
    is_this_line = number is not None and piece.row == int(number[0])
    return piece.section == section.code and is_this_line and not piece.is_removed
