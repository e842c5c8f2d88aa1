"""The calendar of a filing as an entry grid: what is typed of a milestone, and what stands beside.

Its page has a form of its own; the workbook reads and writes it as any other grid.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from figures.formats import NOT_REPORTED
from monitoring.entry.cells import Field, Kind
from monitoring.entry.ledger import Column, Ledger
from monitoring.entry.writing import Table, write_rows
from monitoring.enums import ProgressState
from monitoring.filing_sections import CALENDAR, milestone_words
from monitoring.milestone_dates import FIRST_DAY, is_past, refused
from monitoring.models import Filing, MilestoneProgress
from monitoring.models.progress import MILESTONE_TEXTS
from monitoring.permissions import editable_sheets
from monitoring.selectors import CalendarRow, calendar_rows, calendar_since

TABLE = Table(
    MilestoneProgress,
    ("milestone__sheet",),
    lambda row: row.milestone.sheet.number if row.milestone.sheet else None,
    MILESTONE_TEXTS,
)
STATES = [(state.value, str(state.label)) for state in ProgressState]


@dataclass(frozen=True, slots=True)
class MilestoneEntry:
    """What is typed for one milestone, on which revision."""

    row: int
    revision: int
    state: str = ""
    done_on: date | None = None
    expected_on: date | None = None
    comment: str = ""

    @property
    def values(self) -> Mapping[str, Any]:
        """By column of the table."""
        return {
            "state": self.state,
            "done_on": self.done_on,
            "expected_on": self.expected_on,
            "comment": self.comment,
        }


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone in a filing: `promised` is the end by the filing's version, `before` what the last filing said.

    `since`: the first day that its dates may bear.
    """

    pk: int
    revision: int
    label: str
    note: str
    sheet: str | None
    promised: str
    before: str
    since: date = FIRST_DAY
    state: str = ""
    done_on: date | None = None
    expected_on: date | None = None
    comment: str = ""
    updated_by: str = ""
    updated_at: datetime | None = None


def milestone_rows(filing: Filing, keys: Collection[int] | None = None) -> list[MilestoneRow]:
    """The milestones of a filing, or those of these keys, in the contract's order. Four queries."""
    found = calendar_rows(filing)
    since = calendar_since(filing, found)
    return [
        refreshed(
            MilestoneRow(
                pk=one.progress.pk,
                revision=one.progress.revision,
                label=one.progress.milestone.label,
                note=str(one.progress.milestone.axis or ""),
                sheet=one.sheet_number,
                promised=one.planned,
                before=milestone_words(one.before) if one.before else NOT_REPORTED,
                since=since,
            ),
            one.progress,
        )
        for one in found
        if keys is None or one.progress.pk in keys
    ]


def refreshed(row: MilestoneRow, written: MilestoneProgress) -> MilestoneRow:
    """The row with what the table now holds."""
    return replace(
        row,
        revision=written.revision,
        state=written.state,
        done_on=written.done_on,
        expected_on=written.expected_on,
        comment=written.comment,
        updated_by=written.updated_by.get_full_name() if written.updated_by else "",
        updated_at=written.updated_at,
    )


def record_milestones(*, filing: Filing, entries: Sequence[MilestoneEntry], actor: User) -> list[MilestoneProgress]:
    """Record where many milestones stand, all or nothing, in constant queries. Errors: as `write_rows`."""
    return write_rows(TABLE, filing=filing, actor=actor, entries=entries)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was taken over from the last period: how many rows, and how many of their dates are no longer true."""

    rows: int
    dates_left: int


def take_over_last_period(*, filing: Filing, actor: User) -> TakenOver:
    """Say again of the person's blank milestones what the previous filing said.

    States and dates are taken, comments are of their period. A date that would be refused if it were typed, and a new
    date that the period has passed (S16), are left blank. Errors: as `record_milestones`.
    """
    sheets, rows = editable_sheets(actor, filing), calendar_rows(filing)
    since, today = calendar_since(filing, rows), timezone.localdate()
    entries, dates_left = [], 0
    for row in rows:
        if row.before is None or not has_something_to_take(row) or not (sheets is None or row.sheet_number in sheets):
            continue
        now, last = row.progress, row.before
        said = {"state": last.state, "done_on": last.done_on, "expected_on": last.expected_on}
        gone = set(refused(said, since=since, today=today))
        if is_past(last.state, last.expected_on, filing.campaign.ends_on):
            gone.add("expected_on")
        done = None if "done_on" in gone else last.done_on
        expected = None if "expected_on" in gone else last.expected_on
        entries.append(MilestoneEntry(now.pk, now.revision, last.state, done, expected, now.comment))
        dates_left += len(gone)
    record_milestones(filing=filing, entries=entries, actor=actor)
    return TakenOver(len(entries), dates_left)


def has_something_to_take(row: CalendarRow) -> bool:
    """Whether nothing is said of the milestone but by the previous filing."""
    now = row.progress
    is_blank = not now.state and now.done_on is None and now.expected_on is None
    return is_blank and row.before is not None and bool(row.before.state)


def check(row: MilestoneRow, values: Mapping[str, Any]) -> Mapping[str, str]:
    """Dates that cannot be true, unless nobody touched the row; the service refuses the same."""
    if all(values[name] == getattr(row, name) for name in ("state", "done_on", "expected_on")):
        return {}
    return refused(values, since=row.since, today=timezone.localdate())


def _fields(row: MilestoneRow) -> Sequence[Field]:
    return (
        Field("state", "state", Kind.CHOICE, row.state, choices=STATES),
        Field("done_on", "done_on", Kind.DATE, row.done_on),
        Field("expected_on", "expected_on", Kind.DATE, row.expected_on),
        Field("comment", "comment", Kind.TEXT, row.comment),
    )


LEDGER = Ledger(
    section=CALENDAR,
    lede="Dites où en est chaque jalon à la fin de la période ; un jalon en retard demande une nouvelle date.",
    caption=lambda filing: f"Calendrier {filing.campaign.of_period}",
    row_title="Jalon",
    columns=lambda filing: [
        Column("prevu", "Fin prévue", text=lambda row: row.promised),
        Column("avant", "Dossier précédent", text=lambda row: row.before),
        Column("state", "État", is_input=True),
        Column("done_on", "Terminé le", is_input=True),
        Column("expected_on", "Nouvelle date prévue", is_input=True),
        Column("comment", "Commentaire", is_input=True),
    ],
    rows=milestone_rows,
    table=TABLE,
    beside=lambda filing, stored: milestone_rows(filing, [row.pk for row in stored]),
    fields=_fields,
    entry=lambda row, revision, values: MilestoneEntry(row.pk, revision, **values),
    record=record_milestones,
    refresh=refreshed,
    rules=(),
    facts=lambda filing, rows: rows,
    filled=lambda row: bool(row.state),
    has_amounts=False,
    check=check,
)
