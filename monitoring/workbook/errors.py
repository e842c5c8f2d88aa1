"""Why a workbook, or one of its cells, is not taken."""

from dataclasses import dataclass

from monitoring.errors import FilingError


class WorkbookRefused(FilingError):  # noqa: N818 - says what became of it
    """The file as a whole is refused, before any cell was compared; nothing was written."""


class DifferencesMoved(FilingError):  # noqa: N818 - says what they did
    """What was confirmed is not what stands now: the differences have to be read again; nothing was written."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell, or a whole row, that is refused: where in the person's file, what it held, what to do, in French.

    `column` is the key of the column, blank for a whole row; `row` is 0 when no row of the filing is meant.
    """

    code: str
    sheet: str
    address: str
    row: int
    row_label: str
    column: str
    column_label: str
    typed: str
    message: str
