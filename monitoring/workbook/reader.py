"""Reads a workbook back: its signed keys, then each row found by its key and each column by its own, wherever they are.

Only values are read, never computed. Places count for nothing: rows may be sorted, columns moved, sheets renamed.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from figures.workbook.safety import UNREADABLE, UnsafeWorkbook, require_safe
from monitoring.workbook.errors import WorkbookRefused
from monitoring.workbook.keys import TITLE, Keys, unsign
from monitoring.workbook.sheet import KEY_ROW, MARK, NOT_ROWS
from monitoring.workbook.values import Typed

MAX_SHEETS: Final = 40
MAX_ROWS: Final = 3_000
MAX_COLUMNS: Final = 120
CLEAR_LINES: Final = 4
"""Lines of the hidden sheet before the signed text."""


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A row of a sheet of ours: its key as text (blank for none), its cells by the key of their column."""

    sheet: str
    line: int
    key: str
    cells: Mapping[str, Typed]

    @property
    def pk(self) -> int:
        """The row of the filing; 0 for a key that is no number."""
        return int(self.key) if self.key.isascii() and self.key.isdigit() and len(self.key) < 19 else 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in our columns, the key included."""
        return not self.key and all(cell.is_blank for cell in self.cells.values())

    def text(self, column: str) -> str:
        """What the column holds; blank without it."""
        cell = self.cells.get(column)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class Received:
    """A workbook as it was read: its keys, and its rows by the code of their section."""

    keys: Keys
    rows: Mapping[str, Sequence[ReceivedRow]] = field(default_factory=dict)

    def of(self, code: str, pk: int) -> list[ReceivedRow]:
        """Every row that bears this key; one, none when it was deleted, more when it was copied."""
        return [row for row in self.rows.get(code, ()) if row.pk == pk]


def read_workbook(name: str, content: bytes) -> Received:
    """The rows of a workbook made here. Errors: `WorkbookRefused`, in French."""
    try:
        require_safe(name, content)
        return _read(content)
    except UnsafeWorkbook as error:
        raise WorkbookRefused(str(error)) from error
    except WorkbookRefused:
        raise
    except Exception as error:  # openpyxl names no error of its own: whatever it trips on, the file is unreadable
        raise WorkbookRefused(UNREADABLE) from error


def _read(content: bytes) -> Received:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library does not keep of a file's looks
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            if len(book.worksheets) > MAX_SHEETS:
                raise WorkbookRefused(UNREADABLE)
            keys = _keys(book)
            rows: dict[str, list[ReceivedRow]] = {}
            for sheet in book.worksheets:
                code, found = _rows(sheet)
                rows.setdefault(code, []).extend(found)
        finally:
            book.close()
    return Received(keys, {code: found for code, found in rows.items() if code})


def _keys(book: Any) -> Keys:
    """The signed text is cut over several cells of the first column."""
    if TITLE not in book.sheetnames:
        return unsign("")
    cells = book[TITLE].iter_rows(min_row=CLEAR_LINES + 1, max_row=MAX_ROWS, max_col=1, values_only=True)
    return unsign("".join(str(value) for (value,) in cells if value is not None))


def _rows(sheet: Any) -> tuple[str, list[ReceivedRow]]:
    """The code of the section and its rows; a blank code for a sheet that is not ours."""
    lines = enumerate(sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS), start=1)
    for line, cells in lines:
        mark = str(cells[0].value or "") if cells else ""
        if line > KEY_ROW and not mark.startswith(MARK):
            continue
        if mark.startswith(MARK):
            columns = _columns(cells)
            found = [_row(sheet.title, at, columns, one) for at, one in lines if one]
            return mark.removeprefix(MARK), [row for row in found if row.key not in NOT_ROWS and not row.is_blank]
    return "", []


def _columns(cells: Sequence[Any]) -> dict[int, str]:
    """The key of each column by place. Errors: a key that stands twice."""
    found = {place: str(cell.value) for place, cell in enumerate(cells) if place and cell.value not in (None, "")}
    if len(set(found.values())) != len(found):
        raise WorkbookRefused(
            "Une colonne figure deux fois dans ce classeur\u00a0: supprimez la copie, puis déposez-le de nouveau."
        )
    return found


def _row(sheet: str, line: int, columns: Mapping[int, str], cells: Sequence[Any]) -> ReceivedRow:
    kept = {key: _typed(line, place, cells[place]) for place, key in columns.items() if place < len(cells)}
    key = cells[0].value
    return ReceivedRow(sheet, line, "" if key is None else str(key).strip().removesuffix(".0"), kept)


def _typed(line: int, place: int, cell: Any) -> Typed:
    address = f"{get_column_letter(place + 1)}{line}"
    if cell.value is None:
        return Typed(address)
    return Typed(address, cell.value, cell.data_type, cell.number_format)
