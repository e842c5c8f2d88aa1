"""One grid on one worksheet: keys in the hidden first row and first column, headers, rows, totals as formulas."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Final

from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from figures import formats
from figures.workbook import styles
from figures.workbook.styles import put, style
from monitoring.entry.cells import Field, Kind
from monitoring.workbook.layout import Place, Sheet, SheetColumn
from monitoring.workbook.lists import Lists
from monitoring.workbook.values import FORMATS, GENERAL, Typed, written

MARK: Final = "ftap:"
"""In the corner of each sheet of ours, before the code of its section."""
LABEL, NOTE, TOTAL, HEAD = "libelle", "precision", "total", "entete"
NOT_ROWS: Final = (TOTAL, HEAD)
"""Keys of the lines that are no row of the filing."""
KEY_ROW, GROUP_ROW, HEADER_ROW, FIRST_ROW = 1, 4, 5, 6
KEY_COLUMN, LABEL_COLUMN, NOTE_COLUMN, FIRST_COLUMN = 1, 2, 3, 4
WIDTHS: Final = {Kind.AMOUNT: 15, Kind.NUMBER: 13, Kind.RATE: 13, Kind.DATE: 13, Kind.CHOICE: 17, Kind.TEXT: 36}
LINE_HEIGHT: Final = 13.5
"""Points; spreadsheets do not all make room for folded text when they open a file."""
COMMENT_WIDTH, COMMENT_HEIGHT = 320, 110

Cells = Mapping[tuple[str, int, str], Typed]
Messages = Mapping[tuple[str, int, str], str]


def write_sheet(
    target: Worksheet,
    sheet: Sheet,
    *,
    editable: frozenset[str] | None,
    lists: Lists,
    typed: Cells,
    messages: Messages,
) -> None:
    """Writes the whole sheet; `typed` holds what stands instead of the stored values, `messages` what is refused."""
    _Writer(target, sheet, editable, lists, typed, messages).write()


class _Writer:
    def __init__(
        self,
        target: Worksheet,
        sheet: Sheet,
        editable: frozenset[str] | None,
        lists: Lists,
        typed: Cells,
        messages: Messages,
    ) -> None:
        self.target, self.sheet, self.editable = target, sheet, editable
        self.lists, self.typed, self.messages = lists, typed, messages
        self.columns = list(enumerate(sheet.columns, start=FIRST_COLUMN))
        self.choices: dict[tuple[str, ...], Any] = {}

    def write(self) -> None:
        self._head()
        self._widths()
        for line, row in enumerate(self.sheet.rows, start=FIRST_ROW):
            self._row(line, row)
            self.target.row_dimensions[line].height = LINE_HEIGHT * self._lines(line)
        last = FIRST_ROW + len(self.sheet.rows) - 1
        if any(column.is_total for column in self.sheet.columns):
            self._totals(last + 1)
        self._frame()

    def _head(self) -> None:
        """The keys that the reader looks for, the title, the headers under which numbers stand."""
        put(self.target.cell(KEY_ROW, KEY_COLUMN), MARK + self.sheet.code)
        put(self.target.cell(KEY_ROW, LABEL_COLUMN), LABEL)
        put(self.target.cell(KEY_ROW, NOTE_COLUMN), NOTE)
        for line in range(KEY_ROW + 1, FIRST_ROW):
            put(self.target.cell(line, KEY_COLUMN), HEAD)
        ledger = self.sheet.ledger
        for line, text, font in ((2, ledger.section.title, styles.TITLE), (3, _lede(ledger.lede), styles.NOTE)):
            cell = self.target.cell(line, LABEL_COLUMN)
            put(cell, formats.typeset(text))
            cell.font = font
        self._header(LABEL_COLUMN, "", ledger.row_title)
        self._header(NOTE_COLUMN, "", "Précisions")
        group = ""
        for place, column in self.columns:
            put(self.target.cell(KEY_ROW, place), column.key)
            label = column.column.group.label if column.column.group else ""
            self._header(place, label if label != group else "", _unit(column, self.sheet), column)
            group = label

    def _header(self, place: int, group: str, label: str, column: SheetColumn | None = None) -> None:
        is_number = column is not None and column.column.amount is not None
        put(self.target.cell(GROUP_ROW, place), group)
        style(self.target.cell(GROUP_ROW, place), styles.HEADER, styles.BOTTOM, fill=styles.GREY)
        if group:
            self.target.cell(GROUP_ROW, place).alignment = styles.ONE_LINE
        cell = self.target.cell(HEADER_ROW, place)
        put(cell, label)
        alignment = styles.BOTTOM_RIGHT if is_number else styles.BOTTOM
        style(cell, styles.HEADER, alignment, fill=styles.GREY, border=styles.UNDER)

    def _row(self, line: int, row: Any) -> None:
        put(self.target.cell(line, KEY_COLUMN), str(row.pk))
        for place, text in ((LABEL_COLUMN, row.label), (NOTE_COLUMN, self.sheet.note(row))):
            put(self.target.cell(line, place), text)
            style(self.target.cell(line, place), styles.BODY if place == NOTE_COLUMN else styles.STRONG, styles.TOP)
        is_open = self.editable is None or row.sheet in self.editable
        for place, column in self.columns:
            self._cell(self.target.cell(line, place), row, column, is_open=is_open)
        if said := self.messages.get((self.sheet.code, row.pk, "")):
            _mark(self.target.cell(line, LABEL_COLUMN), said)

    def _cell(self, cell: Any, row: Any, column: SheetColumn, *, is_open: bool) -> None:
        field = self.sheet.field(row, column) if column.place is not Place.FACT else None
        if column.place is Place.FACT:
            _fact(cell, row, column)
        elif field is None:
            style(cell, styles.BODY, styles.TOP, fill=styles.GREY)
        elif column.place is Place.NAME:
            put(cell, field.label)
            style(cell, styles.NOTE, styles.TOP)
        else:
            self._input(cell, row, column, field, is_open=is_open)

    def _input(self, cell: Any, row: Any, column: SheetColumn, field: Field, *, is_open: bool) -> None:
        place = (self.sheet.code, row.pk, column.key)
        put(cell, written(field, field.value))
        cell.number_format = FORMATS.get(field.kind, GENERAL)
        if place in self.typed:
            _as_typed(cell, self.typed[place])
        alignment = styles.RIGHT if field.kind.is_figure else styles.TOP
        if is_open and self.sheet.is_open(field.name):
            style(cell, styles.BODY, alignment, fill=styles.INPUT, border=styles.BOX)
            cell.protection = styles.OPEN
        else:
            style(cell, styles.BODY, alignment)
        if field.choices:
            self._choose(cell, [label for _, label in field.choices])
        if said := self.messages.get(place):
            _mark(cell, said)

    def _choose(self, cell: Any, labels: list[str]) -> None:
        key = tuple(labels)
        if key not in self.choices:
            self.choices[key] = self.lists.validation(labels)
            self.target.add_data_validation(self.choices[key])
        self.choices[key].add(cell)

    def _totals(self, line: int) -> None:
        """Sums of the rows that count, which the spreadsheet computes; « n. r. », « illisible » where none is known."""
        put(self.target.cell(line, KEY_COLUMN), TOTAL)
        put(self.target.cell(line, LABEL_COLUMN), self.sheet.ledger.total_title(self.sheet.rows))
        for place in range(LABEL_COLUMN, FIRST_COLUMN + len(self.columns)):
            style(self.target.cell(line, place), styles.STRONG, styles.TOP, fill=styles.GREY, border=styles.OVER)
        spans = _runs([at for at, row in enumerate(self.sheet.rows, FIRST_ROW) if self.sheet.ledger.counts(row)])
        for place, column in self.columns:
            if column.is_total:
                letter = get_column_letter(place)
                total = self.target.cell(line, place)
                cells = ",".join(f"{letter}{first}:{letter}{last}" for first, last in spans)
                total.value = _total(cells, column.column.missing(self.sheet.rows))
                total.number_format, total.alignment = FORMATS[Kind.AMOUNT], styles.RIGHT

    def _frame(self) -> None:
        """Keys hidden, headers repeated on each page and kept in sight."""
        target = self.target
        target.row_dimensions[KEY_ROW].hidden = True
        target.column_dimensions[get_column_letter(KEY_COLUMN)].hidden = True
        target.freeze_panes = target.cell(FIRST_ROW, NOTE_COLUMN).coordinate
        target.print_title_rows = f"{GROUP_ROW}:{HEADER_ROW}"

    def _widths(self) -> None:
        """Columns as wide as what they hold."""
        widths = {LABEL_COLUMN: 34, NOTE_COLUMN: 24} | {place: self._width(column) for place, column in self.columns}
        for place, width in widths.items():
            self.target.column_dimensions[get_column_letter(place)].width = width

    def _lines(self, line: int) -> int:
        """How many lines of text the fullest cell of this row takes, at most twelve."""
        found = 1
        for place in range(LABEL_COLUMN, FIRST_COLUMN + len(self.columns)):
            text = self.target.cell(line, place).value
            if isinstance(text, str):
                width = int(self.target.column_dimensions[get_column_letter(place)].width)
                found = max(found, sum(1 + len(part) // width for part in text.split("\n")))
        return min(found, 12)

    def _width(self, column: SheetColumn) -> int:
        if column.place is not Place.INPUT:
            return WIDTHS[Kind.AMOUNT] if column.column.amount is not None else 18
        kinds = [field.kind for row in self.sheet.rows if (field := self.sheet.field(row, column))]
        return max((WIDTHS[kind] for kind in kinds), default=13)


def _runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last of each run of lines that follow one another, of lines in order."""
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found


def _total(spans: str, missing: str) -> str:
    """The formula that adds these cells, with the words where none holds a number; these alone when no row counts."""
    return f'=IF(COUNT({spans})=0,"{missing}",SUM({spans}))' if spans else missing


def _lede(text: str) -> str:
    return f"{text} Les cases teintées sont à remplir ; les montants sont en euros."


def _unit(column: SheetColumn, sheet: Sheet) -> str:
    return f"{column.label} (€)" if column.column.amount is not None and sheet.ledger.has_amounts else column.label


def _fact(cell: Any, row: Any, column: SheetColumn) -> None:
    """What stands beside: an amount as a number, « n. r. » when nothing was stated, or words."""
    if column.column.amount is None:
        put(cell, column.column.text(row) if column.column.text else "")
        style(cell, styles.BODY, styles.TOP)
        return
    value = column.column.amount(row)
    put(cell, column.column.missing([row]) if value is None else value, FORMATS[Kind.AMOUNT])
    style(cell, styles.BODY, styles.RIGHT)


def _as_typed(cell: Any, typed: Typed) -> None:
    """What the person's cell held; a formula comes back as its text."""
    if isinstance(typed.value, str):
        put(cell, typed.value)
    elif isinstance(typed.value, bool) or not isinstance(typed.value, int | float) or not isfinite(typed.value):
        put(cell, typed.text or None)
    else:
        put(cell, typed.value, typed.number_format)


def _mark(cell: Any, said: str) -> None:
    cell.fill = styles.REFUSED
    cell.comment = Comment(said, "Suivi du FTAP", width=COMMENT_WIDTH, height=COMMENT_HEIGHT)
