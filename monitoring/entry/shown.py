"""A grid ready to show, as frozen values that the templates read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from monitoring.entry.cells import Kind, Unit
from monitoring.entry.ledger import Column


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its text is what was typed when it was refused or in conflict, else the value."""

    id: str
    kind: Kind
    text: str
    label: str
    labelled_by: str
    described_by: str
    error: str
    choices: Sequence[tuple[str, str]]
    rank: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the body: a fact as text, or inputs."""

    column: Column
    headers: str
    text: str
    is_number: bool
    is_input: bool
    inputs: Sequence[Input] = ()
    anchors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RowWarning:
    """What a rule says of a row, or of all: its code, its severity, the sentence, the cell or the total."""

    code: str
    severity: str
    severity_label: str
    message: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One figure on which two people differ: mine, theirs, and the one before."""

    label: str
    mine: str
    theirs: str
    before: str


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """Who wrote the row meanwhile, when, and the figures on which the two differ."""

    who: str
    when: str
    lines: Sequence[ConflictLine]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the grid; `state` is what became of a save: `saved`, `refused`, `stale`, or blank.

    `band` is the heading it stands under, with the anchor of that heading, both blank without one.
    `counts`: whether it enters the totals. `filled`: whether the stepper counts it filled; None when it asks nothing.
    """

    pk: int
    anchor: str
    label: str
    note: str
    band: str
    band_anchor: str
    revision: int
    is_writable: bool
    cells: Sequence[Cell]
    warnings: Sequence[RowWarning]
    conflict: ShownConflict | None
    changed: str
    state: str
    counts: bool
    filled: bool | None

    @property
    def has_checks(self) -> bool:
        return bool(self.warnings or self.conflict or self.changed)

    @property
    def name(self) -> str:
        """The row where its heading is not in sight."""
        return f"{self.band}, {self.label}" if self.band else self.label


@dataclass(frozen=True, slots=True)
class HeaderGroup:
    """A group of columns; without label, the one `column` that spans both lines of headers."""

    key: str
    label: str
    span: int
    column: Column


@dataclass(frozen=True, slots=True)
class Total:
    """The foot of a column; `key` is blank where nothing is summed.

    In euros, for the script: `fixed` is the part that this person may not type, `planned` the total it is held against.
    """

    column: Column
    headers: str
    key: str
    text: str
    is_input: bool
    fixed: Decimal | None = None
    planned: Decimal | None = None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """All that the page's table shows; `warnings` are those on all the rows together."""

    caption: str
    row_title: str
    unit: Unit
    unit_label: str
    has_amounts: bool
    groups: Sequence[HeaderGroup]
    columns: Sequence[Column]
    rows: Sequence[ShownRow]
    totals: Sequence[Total]
    total_title: str
    warnings: Sequence[RowWarning] = ()

    @property
    def has_groups(self) -> bool:
        return any(group.label for group in self.groups)

    @property
    def has_rest(self) -> bool:
        """Whether some total is held against a plan."""
        return any(total.planned is not None for total in self.totals)

    @property
    def errors(self) -> list[tuple[str, Input]]:
        """Every refused cell, with the name of its row."""
        return [(row.name, one) for row in self.rows for cell in row.cells for one in cell.inputs if one.error]

    @property
    def bands(self) -> list[tuple[str, str, list[ShownRow]]]:
        """The rows under their headings: the heading, its anchor, its rows; one without heading where there is none."""
        return [
            (title, anchor, list(rows))
            for (title, anchor), rows in groupby(self.rows, key=lambda row: (row.band, row.band_anchor))
        ]

    @property
    def conflicts(self) -> list[ShownRow]:
        return [row for row in self.rows if row.conflict]

    @property
    def is_writable(self) -> bool:
        return any(row.is_writable for row in self.rows)
