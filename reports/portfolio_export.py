"""The portfolio as a workbook or as CSV: the same columns, numbers as numbers."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from reports.portfolio_columns import COLUMNS, Cell
from reports.selectors import PortfolioRow

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDE, NARROW = 34, 16


def workbook(rows: Sequence[PortfolioRow]) -> bytes:
    """An XLSX file with one sheet, headings frozen and filters on."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Portefeuille")
    sheet.append([column.title for column in COLUMNS])
    for row in rows:
        sheet.append([_safe(column.value(row)) for column in COLUMNS])
    for rank in range(1, len(COLUMNS) + 1):
        sheet.cell(1, rank).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(rank)].width = WIDE if rank <= 2 else NARROW
        for line in range(2, len(rows) + 2):
            if "(€" in COLUMNS[rank - 1].title:
                sheet.cell(line, rank).number_format = "#,##0.00"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def comma_separated(rows: Sequence[PortfolioRow]) -> bytes:
    """A CSV file as French spreadsheets open it: semicolons, decimal comma, UTF-8 with its mark."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([column.title for column in COLUMNS])
    writer.writerows([_written(_safe(column.value(row))) for column in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(value: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula stays a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _written(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value
