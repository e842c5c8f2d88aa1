"""A table as a file: a workbook, or CSV as French spreadsheets open it. A text never becomes a formula."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from math import ceil
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Cell = Decimal | int | str | date | None

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
WIDE, NARROW = 34, 16
LINE: Final = 15
A4: Final = 9
CONTENT_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def written(file_format: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The table in one of the formats of `CONTENT_TYPES`."""
    return workbook(title, headings, rows) if file_format == "xlsx" else comma_separated(headings, rows)


def workbook(title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """An XLSX file with one sheet, headings frozen and filters on; a column whose heading says `(€` is of euros."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title[:31])
    sheet.append(list(headings))
    for row in rows:
        sheet.append([_safe(value) for value in row])
    for rank in range(1, len(headings) + 1):
        sheet.cell(1, rank).font = Font(bold=True)
        sheet.cell(1, rank).alignment = Alignment(wrap_text=True, vertical="bottom")
        sheet.column_dimensions[get_column_letter(rank)].width = WIDE if rank <= 2 else NARROW
        for line in range(2, len(rows) + 2) if "(€" in headings[rank - 1] else ():
            sheet.cell(line, rank).number_format = "#,##0.00"
    sheet.row_dimensions[1].height = LINE * max((ceil(len(each) / NARROW) for each in headings[2:]), default=1)
    sheet.freeze_panes = "B2"
    # More columns than a page is wide: what names a row, and a column, is on each page.
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"
    sheet.auto_filter.ref = sheet.dimensions
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def comma_separated(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Semicolons, decimal comma, UTF-8 with its mark."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows([_written(_safe(value)) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(value: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula stays a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _written(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
