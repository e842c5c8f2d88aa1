"""Write tables on a worksheet: one header row each, numbers as numbers, totals and derived columns as formulas.

openpyxl stores no computed value for a formula: a test recomputes the workbook and compares it with the situation.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any, Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from figures import formats
from reports.tables.model import Column, Derived, Kind, Quantity, Role, Row, Table, Value
from reports.xlsx.printing import ROW, Span, set_print

FORMATS: Final = {
    Kind.EUROS: '#,##0.00;-#,##0.00;"–"',
    Kind.SHARE: "0.0%",
    Kind.RATIO: "0.000",
    Kind.DATE: "dd/mm/yyyy",
    Kind.TEXT: "@",
}
BLUE: Final = "FF000091"
TITLE: Final = Font(name="Marianne", size=14, bold=True, color=BLUE)
HEADER: Final = Font(name="Marianne", size=9, bold=True)
BODY: Final = Font(name="Marianne", size=9)
STRONG: Final = Font(name="Marianne", size=9, bold=True)
BAND_FONT: Final = Font(name="Marianne", size=9, bold=True, color=BLUE)
NOTE: Final = Font(name="Marianne", size=8, italic=True, color="FF666666")
GREY: Final = PatternFill("solid", start_color="FFF6F6F6")
LILAC: Final = PatternFill("solid", start_color="FFF5F5FE")
UNDER: Final = Border(bottom=Side("thin", color=BLUE))
THIN: Final = Border(bottom=Side("hair", color="FFDDDDDD"))
OVER: Final = Border(top=Side("thin", color=BLUE), bottom=Side("thin", color=BLUE))
TOP: Final = Alignment(vertical="top", wrap_text=True)
NOTE_BESIDE: Final = Alignment(vertical="top", indent=1)
MOST_DECIMALS: Final = 4
LINE_HEIGHT: Final = ROW
TITLE_HEIGHT: Final = 20  # points, for a text of 14
RIGHT: Final = Alignment(horizontal="right", vertical="top")
RIGHT_WORDS: Final = Alignment(horizontal="right", vertical="top", wrap_text=True)  # in a column of figures
LEFT: Final = Alignment(horizontal="left", vertical="top")
BESIDE: Final = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)  # not glued to the figure before
OVER_ALL: Final = Alignment(horizontal="centerContinuous")  # over the columns of its group, without merging them
SAME: Final = Decimal("1e-9")  # a ratio is kept with 28 digits, ten in a snapshot
Places = dict[tuple[str, str, str], str]
"""Where figures stand: by key of table, first words of the row and key of the column, `'Crédits'!C12`."""


class Writer:
    """Fills a worksheet from top to bottom; remembers in `places` where each figure stands, in `spans` each table."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.line = 1
        self.places: Places = {}
        self.spans: list[Span] = []

    def text(self, words: str, font: Font = BODY) -> None:
        """One line of text over the whole width."""
        put(self.sheet.cell(self.line, 1), words)
        self.sheet.cell(self.line, 1).font = font
        if font is TITLE:
            self.sheet.row_dimensions[self.line].height = TITLE_HEIGHT
        self.line += 1

    def table(self, table: Table) -> None:
        """Title, note, header rows, rows; then an empty line."""
        first, header = self.line, 0
        self.text(table.title, TITLE)
        if table.note:
            self.text(formats.typeset(table.note), NOTE)
        if table.rows:
            self._header(table)
            header = self.line - 1
            self._rows(table)
        else:
            self.text(table.empty)
        self.spans.append(Span(first, header, self.line - 1))
        self.line += 1

    def _header(self, table: Table) -> None:
        if table.has_groups:
            place = 1
            for heading, span in table.headings:
                put(self.sheet.cell(self.line, place), _heading(heading))
                for each in range(place, place + span):
                    self.sheet.cell(self.line, each).alignment = OVER_ALL if heading else LEFT
                place += span
            self._style_row(len(table.columns), HEADER, GREY)
            self.line += 1
        for place, column in enumerate(table.columns, start=1):
            cell = self.sheet.cell(self.line, place)
            put(cell, column.label)
            side, indent = ("right", 0) if column.is_figure else ("left", min(place - 1, 1))
            cell.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True, indent=indent)
        self._style_row(len(table.columns), HEADER, GREY, UNDER)
        self.line += 1

    def _rows(self, table: Table) -> None:
        first = section = self.line
        for row in table.rows:
            if row.role is Role.BAND:
                section = self.line + 1
            start = first if row.role is Role.TOTAL else section
            self._row(table, row, start)
            self.line += 1

    def _row(self, table: Table, row: Row, start: int) -> None:
        values = zip(table.columns, row.values, strict=True)
        for place, (column, value) in enumerate(values, start=1):
            cell = self.sheet.cell(self.line, place)
            if row.role is Role.BAND and place > 1:
                continue
            self._fill(cell, table.columns, column, row, value, start)
            if place > 1 and any(cell.alignment == one for one in (TOP, LEFT)):  # a proxy, equal from its side alone
                cell.alignment = BESIDE
            self.places.setdefault(
                (table.key, str(row.values[0]), column.key), f"'{self.sheet.title}'!{cell.coordinate}"
            )
        fonts = {Role.BAND: BAND_FONT, Role.LINE: BODY}
        borders = {Role.LINE: THIN, Role.BAND: THIN}
        fill = LILAC if row.role is Role.BAND else None
        self._style_row(len(table.columns), fonts.get(row.role, STRONG), fill, borders.get(row.role, OVER))

    def _fill(self, cell: Any, columns: Sequence[Column], column: Column, row: Row, value: Value, start: int) -> None:
        is_figure = column.is_figure and row.role is not Role.BAND
        cell.alignment = RIGHT if is_figure else TOP
        if isinstance(value, int) and not is_figure:
            cell.value, cell.number_format, cell.alignment = value, "0", LEFT
        elif isinstance(value, Quantity) or (is_figure and isinstance(value, Decimal | int)):
            put_number(cell, value, column.kind)
            cell.value = self._formula(columns, column, row, start) or cell.value
        elif row.role is Role.BAND:
            put(cell, _heading(str(value or "")))
            cell.alignment = LEFT
        else:
            put(cell, _words(column, value))
            if is_figure and " " in str(cell.value):
                cell.alignment = RIGHT_WORDS

    def _formula(self, columns: Sequence[Column], column: Column, row: Row, start: int) -> str:
        """SUBTOTAL adds the lines and passes over other subtotals; a derived column follows its own row."""
        if column.derived is not None:
            return self._derived(columns, column, row)
        if row.role is Role.LINE or not column.is_additive or start >= self.line:
            return ""
        letter = _letter(columns, column.key)
        return f"=SUBTOTAL(9,{letter}{start}:{letter}{self.line - 1})"

    def _derived(self, columns: Sequence[Column], column: Column, row: Row) -> str:
        """Nothing where one of the two is no number, or where they do not give the figure: the value stands then."""
        derived, values = column.derived, dict(zip((one.key for one in columns), row.values, strict=True))
        if derived is None or not gives(derived, values, values[column.key]):
            return ""
        left, right = (f"{_letter(columns, key)}{self.line}" for key in (derived.left, derived.right))
        return f"={left}-{right}" if derived.operation == "minus" else f"={left}/{right}"

    def _style_row(self, width: int, font: Font, fill: PatternFill | None = None, border: Border | None = None) -> None:
        for place in range(1, width + 1):
            cell = self.sheet.cell(self.line, place)
            cell.font = font
            if fill is not None:
                cell.fill = fill
            if border is not None:
                cell.border = border


def gives(derived: Derived, values: Mapping[str, Value], figure: Value) -> bool:
    """Whether the two columns give this figure of the row."""
    left, right, found = (_number(one) for one in (values[derived.left], values[derived.right], figure))
    if left is None or right is None or found is None:
        return False
    if derived.operation == "minus":
        return left - right == found
    return bool(right) and abs(left / right - found) < SAME


def _number(value: Value) -> Decimal | None:
    kept = value.value if isinstance(value, Quantity) else value
    return Decimal(kept) if isinstance(kept, Decimal | int) else None


def put(cell: Any, value: Value) -> None:
    """A value in a cell; text stays text, even when it begins like a formula."""
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
        cell.number_format = "@"
        if value[:1] in ("=", "+", "-", "@"):
            cell.quotePrefix = True
    elif isinstance(value, date):
        cell.value, cell.number_format = value, FORMATS[Kind.DATE]
    else:
        cell.value = value


def put_number(cell: Any, value: Decimal | int | Quantity, kind: Kind) -> None:
    """A number in a cell, shown with its own decimals where the column does not fix them, and with its unit."""
    if isinstance(value, Quantity):
        unit = f' "{value.unit}"' if value.unit else ""
        cell.value, cell.number_format = value.value, _plain(value.value) + unit
    else:
        cell.value, cell.number_format = value, FORMATS.get(kind) or _plain(Decimal(value))


def _plain(value: Decimal) -> str:
    """`#,##0` and as many decimals as the value bears, up to four: « 62, » is what an open format would show of 62."""
    decimals = min(max(0, -int(value.normalize().as_tuple().exponent)), MOST_DECIMALS)
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def lay_out(writer: Writer, tables: Sequence[Table]) -> None:
    """What is left to do once a sheet is filled: widths, heights, and how it prints."""
    set_widths(writer.sheet, tables)
    set_heights(writer.sheet)
    set_print(writer.sheet, writer.spans)


def set_widths(sheet: Worksheet, tables: Sequence[Table]) -> None:
    """Each column as wide as the widest table asks for."""
    for table in tables:
        for place, column in enumerate(table.columns, start=1):
            letter = get_column_letter(place)
            wanted = max(column.width * 1.1, 13 if column.kind is Kind.EUROS else 9)
            sheet.column_dimensions[letter].width = max(sheet.column_dimensions[letter].width or 0, min(wanted, 70))


def set_heights(sheet: Worksheet) -> None:
    """Each row as high as its wrapped words ask for: a height that is not written is one line in some readers."""
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        widths = (sheet.column_dimensions[get_column_letter(place)].width for place in range(1, len(cells) + 1))
        lines = max(map(_lines, cells, widths))
        if lines > 1:
            sheet.row_dimensions[number].height = lines * LINE_HEIGHT


def _lines(cell: Any, width: float) -> int:
    """How many lines the words of a cell take in a column of this width, in characters."""
    is_wrapped = isinstance(cell.value, str) and cell.alignment.wrap_text
    return wrapped_lines(cell.value, width - cell.alignment.indent) if is_wrapped else 1


def wrapped_lines(words: str, width: float) -> int:
    """How many lines they take in so many characters, a paragraph at a time."""
    return sum(max(1, ceil(len(paragraph) / width)) for paragraph in words.splitlines() or [""])


def _letter(columns: Sequence[Column], key: str) -> str:
    return get_column_letter(next(rank for rank, each in enumerate(columns, start=1) if each.key == key))


def _heading(words: str) -> Value:
    """A year that heads columns or a section is a number, like any other figure."""
    return int(words) if words.isdigit() else words


def _words(column: Column, value: Value) -> Value:
    if value is None and not column.is_figure and column.kind is not Kind.DATE:
        return ""
    if value is None:
        return formats.NOT_COMPUTABLE if column.kind in (Kind.SHARE, Kind.RATIO) else formats.NOT_REPORTED
    return formats.typeset(value) if isinstance(value, str) else value
