"""A workbook compared with what is stored: each cell added, changed, erased, unchanged or in conflict, or refused.

A cell counts as typed when it differs from what the workbook was made with. A row typed by one person and changed
meanwhile by another is a conflict, as in the grid: the person says which values to keep.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from accounts.models import User
from figures.formats import NOT_REPORTED, typeset
from figures.numbers import NumberError
from figures.workbook.styles import clean
from monitoring.entry.cells import Field, Kind, Value, write
from monitoring.entry.conflicts import FIGURES_CLOSED, NotYourRow
from monitoring.entry.grid import changed_by
from monitoring.entry.ledger import Ledger
from monitoring.models import Filing
from monitoring.permissions import writable_sheets
from monitoring.workbook.errors import Refusal
from monitoring.workbook.keys import RowKey
from monitoring.workbook.layout import Sheet, SheetColumn, sheets_of
from monitoring.workbook.reader import Received, ReceivedRow
from monitoring.workbook.sheet import LABEL, NOTE
from monitoring.workbook.values import typed_value

MAX_REFUSALS: Final = 500
BLANK: Final = "(vide)"


class Status(StrEnum):
    """What a cell does to the stored value."""

    ADDED = "added"
    CHANGED = "changed"
    ERASED = "erased"

    @property
    def label(self) -> str:
        return {"added": "Ajoutée", "changed": "Modifiée", "erased": "Effacée"}[self.value]


@dataclass(frozen=True, slots=True)
class CellChange:
    """One typed cell: the value that the workbook was made with, the one stored now, the one typed, as texts."""

    label: str
    status: Status
    before: str
    now: str
    mine: str
    is_figure: bool


@dataclass(frozen=True)
class RowChange:
    """A row with typed cells; `values` is the whole row as it would be written, by field."""

    ledger: Ledger
    row: Any
    values: Mapping[str, Value]
    cells: Sequence[CellChange]
    is_conflict: bool

    @property
    def key(self) -> str:
        """The name of the row among those of all the sections."""
        return f"{self.ledger.section.code}-{self.row.pk}"

    @property
    def changed(self) -> str:
        """Who wrote the stored values, and when."""
        return changed_by(self.row.updated_by, self.row.updated_at)


@dataclass
class Differences:
    """All that a workbook would do; `missing` are rows of the filing that it no longer holds."""

    changes: list[RowChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def plain(self) -> list[RowChange]:
        return [one for one in self.changes if not one.is_conflict]

    @property
    def conflicts(self) -> list[RowChange]:
        return [one for one in self.changes if one.is_conflict]

    def count(self, status: Status) -> int:
        """Cells outside of conflicts."""
        return sum(cell.status is status for row in self.plain for cell in row.cells)

    @property
    def fingerprint(self) -> str:
        """Changes when what a person was shown is not what stands now."""
        seen = [
            (one.key, one.row.revision, [(cell.label, cell.now, cell.mine) for cell in one.cells])
            for one in self.changes
        ]
        return hashlib.sha256(repr(seen).encode()).hexdigest()


def compare(filing: Filing, actor: User, received: Received) -> Differences:
    """What this person's workbook would change in the filing. Reads only."""
    sheets, editable = sheets_of(filing), writable_sheets(actor, filing)
    found = Differences()
    for sheet in sheets:
        _Comparison(sheet, received, editable, found).run()
    known = {sheet.code for sheet in sheets}
    for code, rows in received.rows.items():
        if code not in known:
            found.refusals += [_stray(code, row) for row in rows]
    found.refusals = found.refusals[:MAX_REFUSALS]
    return found


def _stray(code: str, row: ReceivedRow) -> Refusal:
    return Refusal(
        code, row.sheet, f"{row.line}", 0, row.text(LABEL), "", "", "", "Cette ligne n’appartient pas à ce dossier."
    )


@dataclass(frozen=True)
class _Comparison:
    """One section."""

    sheet: Sheet
    received: Received
    editable: frozenset[str] | None
    found: Differences

    def run(self) -> None:
        code = self.sheet.code
        for row in self.sheet.rows:
            key = self.received.keys.row(code, row.pk)
            given = self.received.of(code, row.pk)
            if key is None:
                self._refuse_rows(given, row, "Cette ligne est apparue après le téléchargement du classeur.")
            elif not given:
                self.found.missing.append(row.label)
            elif len(given) > 1:
                self._refuse_rows(given, row, f"Cette ligne figure {len(given)} fois\u00a0: n’en gardez qu’une.")
            elif not _is_named(given[0], self.sheet, row):
                self._refuse_rows(given, row, "Le libellé de cette ligne, ou sa précision, n’est plus le sien.")
            else:
                self._row(row, key, given[0])
        self._unknown()

    def _unknown(self) -> None:
        """Rows of the sheet that are not of the filing."""
        known = {row.pk for row in self.sheet.rows}
        for row in self.received.rows.get(self.sheet.code, ()):
            if row.pk not in known:
                self.found.refusals.append(_stray(self.sheet.code, row))

    def _row(self, row: Any, key: RowKey, given: ReceivedRow) -> None:
        inputs = self.sheet.inputs(row)
        typed: dict[str, Value] = {}
        refused = False
        for column, one in inputs:
            before = key.value(one)
            try:
                value = self._value(column, one, before, given)
            except NumberError as error:
                self._refuse(given, row, column, error.message)
                refused = True
                continue
            if value in (before, one.value):
                self.found.unchanged += 1
            else:
                typed[one.name] = value
        if not refused and typed:
            self._typed(row, key, given, typed)

    def _value(self, column: SheetColumn, one: Field, before: Value, given: ReceivedRow) -> Value:
        """What the cell says; a column that was deleted says nothing."""
        cell = given.cells.get(column.key)
        return before if cell is None else typed_value(one, cell, before)

    def _typed(self, row: Any, key: RowKey, given: ReceivedRow, typed: Mapping[str, Value]) -> None:
        """A row in which the person changed something."""
        inputs = self.sheet.inputs(row)
        values = {one.name: typed.get(one.name, one.value) for one in self.sheet.ledger.fields(row)}
        if said := self._refused(row, values, typed):
            for column, one in inputs:
                if one.name in said:
                    self._refuse(given, row, column, said[one.name])
            return
        cells = [_change(column, one, key, typed[one.name]) for column, one in inputs if one.name in typed]
        self.found.changes.append(RowChange(self.sheet.ledger, row, values, cells, row.revision != key.revision))

    def _refused(self, row: Any, values: Mapping[str, Value], typed: Mapping[str, Value]) -> Mapping[str, str]:
        """Why the row is not to be written, as French messages by field: not theirs, closed, or against one another."""
        if self.editable is not None and row.sheet not in self.editable:
            return dict.fromkeys(typed, str(NotYourRow()))
        if closed := [name for name in typed if not self.sheet.is_open(name)]:
            return dict.fromkeys(closed, FIGURES_CLOSED)
        return self.sheet.ledger.check(row, values)

    def _refuse(self, given: ReceivedRow, row: Any, column: SheetColumn, message: str) -> None:
        cell = given.cells.get(column.key)
        self.found.refusals.append(
            Refusal(
                code=self.sheet.code,
                sheet=given.sheet,
                address=cell.address if cell else str(given.line),
                row=row.pk,
                row_label=row.label,
                column=column.key,
                column_label=column.full_label,
                typed=cell.text[:120] if cell else "",
                message=typeset(message),
            )
        )

    def _refuse_rows(self, given: Sequence[ReceivedRow], row: Any, message: str) -> None:
        for one in given:
            self.found.refusals.append(
                Refusal(self.sheet.code, one.sheet, str(one.line), row.pk, row.label, "", "", "", typeset(message))
            )


def _change(column: SheetColumn, one: Field, key: RowKey, mine: Value) -> CellChange:
    label = f"{column.full_label}\u00a0: {one.label}" if one.label and one.label != column.label else column.full_label
    status = Status.CHANGED
    if one.value in (None, ""):
        status = Status.ADDED
    elif mine in (None, ""):
        status = Status.ERASED
    return CellChange(
        label=label,
        status=status,
        before=_shown(one, key.value(one)),
        now=_shown(one, one.value),
        mine=_shown(one, mine),
        is_figure=one.kind.is_figure,
    )


def _shown(one: Field, value: Value) -> str:
    """As in the grid; what is blank says so."""
    if one.kind is Kind.CHOICE:
        return dict(one.choices).get(str(value or ""), str(value or "")) or BLANK
    return write(one.kind, value) or (NOT_REPORTED if one.kind.is_figure else BLANK)


def _is_named(given: ReceivedRow, sheet: Sheet, row: Any) -> bool:
    """Whether the line still bears the words of its row: keys that were moved apart from their line are found out."""
    # A workbook taken away before headings stood in the note has the row's own note alone.
    wanted = {LABEL: (row.label,), NOTE: (sheet.note(row), row.note)}
    return all(
        _flat(given.text(key)) in {_flat(text) for text in texts} for key, texts in wanted.items() if key in given.cells
    )


def _flat(text: str) -> str:
    return " ".join(clean(text).split())
