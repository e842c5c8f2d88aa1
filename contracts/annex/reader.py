"""Reads an annex back: its signed keys, then each row and each column by its own key, wherever they stand."""

import tomllib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from django.core import signing
from openpyxl import load_workbook

from contracts.annex.writer import FIRST_ROW, HEADER_ROW, KEYS, MARK, SALT, SUM, TOTAL
from figures.workbook.safety import UNREADABLE, UnsafeWorkbook, require_safe

MAX_ROWS: Final = 3_000
MAX_COLUMNS: Final = 200
FOREIGN: Final = (
    "Ce fichier n’est pas une annexe téléchargée ici, ou ses clés ont été modifiées\u00a0: téléchargez l’annexe de "
    "cette version, puis reportez-y vos valeurs."
)


class AnnexRefused(ValueError):  # noqa: N818 - says what became of it
    """The file as a whole is refused, in French; nothing was written."""


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A row of a sheet: its key (blank for a new one) and its cells by the key of their column.

    `strays` are the cells that somebody typed where nothing is read: a column without key, the row of totals.
    """

    sheet: str
    line: int
    key: str
    cells: Mapping[str, Any]
    strays: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class ReceivedAnnex:
    """An annex as it was read: of which version, made with which tables, its rows by the code of their sheet, and the
    titles of its columns as they now stand.
    """

    code: str
    number: int
    tables: Mapping[str, Any]
    rows: Mapping[str, Sequence[AnnexRow]] = field(default_factory=dict)
    titles: Mapping[str, AnnexRow] = field(default_factory=dict)


def read_annex(name: str, content: bytes) -> ReceivedAnnex:
    """The rows of a workbook made here. Raises `AnnexRefused`."""
    try:
        require_safe(name, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library does not keep of a file's looks
            return _read(load_workbook(BytesIO(content), data_only=False, keep_links=False))
    except AnnexRefused:
        raise
    except UnsafeWorkbook as error:
        raise AnnexRefused(str(error)) from error
    except Exception as error:  # openpyxl names no error of its own: whatever it trips on, the file is unreadable
        raise AnnexRefused(UNREADABLE) from error


def _read(book: Any) -> ReceivedAnnex:
    made_of = _keys(book)
    rows: dict[str, list[AnnexRow]] = {}
    titles: dict[str, AnnexRow] = {}
    for sheet in book.worksheets:
        code, heads, found = _rows(sheet)
        if code in rows:
            raise AnnexRefused(f"La feuille «\u00a0{sheet.title}\u00a0» figure deux fois\u00a0: supprimez la copie.")
        if code:
            _require_within(sheet)
            rows[code] = found
        if heads:
            titles[code] = heads
    tables = tomllib.loads(made_of["tables"], parse_float=Decimal)
    return ReceivedAnnex(made_of["code"], made_of["number"], tables, rows, titles)


def _keys(book: Any) -> Any:
    if KEYS not in book.sheetnames:
        raise AnnexRefused(FOREIGN)
    cells = book[KEYS].iter_rows(max_row=100, max_col=1, values_only=True)
    try:
        return signing.loads("".join(str(value) for (value,) in cells if value is not None), salt=SALT)
    except signing.BadSignature as error:
        raise AnnexRefused(FOREIGN) from error


def _rows(sheet: Any) -> tuple[str, AnnexRow | None, list[AnnexRow]]:
    """The code of the sheet, its titles and its rows; a blank code for a sheet that is not ours."""
    code, columns, heads, found = "", {}, None, []
    last = min(sheet.max_row, MAX_ROWS)  # the library makes every cell that it is asked for
    for line, cells in enumerate(sheet.iter_rows(max_row=last, max_col=min(sheet.max_column, MAX_COLUMNS)), start=1):
        mark = str(cells[0].value or "")
        if mark.startswith(MARK) and not code:
            code, columns = mark.removeprefix(MARK), _columns(sheet, cells)
        elif code and line == HEADER_ROW:
            heads = AnnexRow(sheet.title, line, "", {key: cells[at] for at, key in columns.items()})
        elif code and mark == TOTAL:
            found.append(AnnexRow(sheet.title, line, TOTAL, {}, [one for one in cells[2:] if _is_typed(one)]))
        elif code and line >= FIRST_ROW:
            kept = {key: cells[at] for at, key in columns.items()}
            strays = [one for at, one in enumerate(cells) if at and at not in columns and _is_typed(one)]
            if mark or strays or any(one.value not in (None, "") for one in kept.values()):
                found.append(AnnexRow(sheet.title, line, mark, kept, strays))
    return code, heads, found


def _require_within(sheet: Any) -> None:
    """Refuse a sheet on which something is typed so far away that it would not be read.

    Looks at the cells that the file has: any other way makes each cell that it looks at.
    """
    typed = (place for place, cell in sheet._cells.items() if cell.value not in (None, ""))
    if any(row > MAX_ROWS or column > MAX_COLUMNS for row, column in typed):
        raise AnnexRefused(
            f"Une valeur est tapée trop loin dans la feuille «\u00a0{sheet.title}\u00a0», après sa ligne "
            f"{MAX_ROWS} ou sa colonne {MAX_COLUMNS}\u00a0: rapprochez-la des autres, ou effacez-la."
        )


def _columns(sheet: Any, cells: Sequence[Any]) -> dict[int, str]:
    found = {at: str(cell.value) for at, cell in enumerate(cells) if at and cell.value not in (None, "")}
    if len(set(found.values())) != len(found):
        raise AnnexRefused(
            f"Une colonne de la feuille «\u00a0{sheet.title}\u00a0» (une année, peut-être) figure deux fois\u00a0: "
            "supprimez la copie."
        )
    return found


def _is_typed(cell: Any) -> bool:
    """Whether somebody typed where only our own sums stand."""
    return cell.value not in (None, "") and not (cell.data_type == "f" and str(cell.value).startswith(SUM))
