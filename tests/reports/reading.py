"""Read back what a person sees: the tables of a page, of a PDF by its tags, of a workbook recomputed by LibreOffice."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from figures import formats
from figures.rounding import round_half_up
from reports.enums import ReportKind
from reports.facts import Situation
from reports.pdf.chapters import report
from reports.tables.model import Column, Kind, Quantity, Role, Table, Value
from reports.tables.shown import shown_table
from reports.xlsx.workbook import sheets
from tests.reports.tagged import structure

Rows = list[list[str]]
AS_PRINTED: Final = "Imprimé et calculé"
"""The table whose figures have the decimals that the act prints."""


def tight(text: str) -> str:
    """The text without any space: where a line was cut is the renderer's affair."""
    return re.sub(r"\s", "", text)


# --- PDF ---


def pdf_rows(content: bytes) -> Rows:
    """Every row of every table's body, cell by cell, in the order of the document's tags."""
    bodies = (body for table in structure(content).find("Table") for body in table.find("TBody"))
    return [[cell.all_text() for cell in row.find("TH", "TD")] for body in bodies for row in body.find("TR")]


def wanted_pdf_rows(situation: Situation, kind: ReportKind) -> list[tuple[str, list[str]]]:
    """What the PDF has to show: table, then the text of each cell of a row."""
    tables = [
        block.table.table for chapter in report(situation, kind).chapters for block in chapter.blocks if block.table
    ]
    return [
        (table.key, [row.head.text, *(cell.text for cell in row.cells)])
        for table in tables
        for section in shown_table(table).sections
        for row in section
    ]


def pdf_differences(situation: Situation, kind: ReportKind, content: bytes) -> list[str]:
    """Where the PDF and the situation do not say the same; every cell of every row is compared."""
    wanted, found = wanted_pdf_rows(situation, kind), pdf_rows(content)
    told = [f"{len(found)} rows for {len(wanted)}"] if len(found) != len(wanted) else []
    for (key, cells), row in zip(wanted, found, strict=False):
        if [tight(cell) for cell in cells] != [tight(cell) for cell in row]:
            told.append(f"{key}: {cells} is shown as {row}")
    return told


# --- Workbook ---


def recomputed(content: bytes, folder: Path) -> Workbook:
    """The workbook after LibreOffice computed its formulas."""
    (folder / "in.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    options = [profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")]
    subprocess.run(["soffice", *options, str(folder / "in.xlsx")], capture_output=True, check=True, timeout=240)
    return openpyxl.load_workbook(folder / "out" / "in.xlsx", data_only=True)


def book_differences(situation: Situation, book: Workbook) -> tuple[int, list[str]]:
    """How many cells were compared, and where workbook and situation do not say the same."""
    count, told = 0, []
    for title, tables in sheets(situation).items():
        for table in tables:
            for place, value, found in book_cells(book[title], table):
                count += 1
                if not is_same(value, found, place[1]):
                    told.append(f"{title}, {table.key}, {place[0]}, {place[1].key}: {value!r} is shown as {found!r}")
    return count, told


def book_cells(sheet: Worksheet, table: Table) -> Iterator[tuple[tuple[Value, Column], Value, Any]]:
    """The cells of a table in its sheet: row and column, the value that it should bear, the one that it bears."""
    line = first_row(sheet, table)
    for rank, row in enumerate(table.rows):
        kept = row.values[:1] if row.role is Role.BAND else row.values
        for place, (column, value) in enumerate(zip(table.columns, kept, strict=False), start=1):
            yield (row.values[0], column), value, sheet.cell(line + rank, place).value


def first_row(sheet: Worksheet, table: Table) -> int:
    """Where the rows of a table begin: after its title, its note and its one or two headers."""
    title = next(cell.row for row in sheet.iter_rows(max_col=1) for cell in row if cell.value == table.title)
    return int(title) + (1 if table.note else 0) + (1 if table.has_groups else 0) + 2


def is_same(value: Value, found: Any, column: Column) -> bool:
    """Numbers to the cent (shares and ratios to eight places), days as days, words letter for letter."""
    exact = value.value if isinstance(value, Quantity) else value
    if isinstance(exact, Decimal | int):
        places = 2 if column.kind is Kind.EUROS else 8
        is_number = isinstance(found, int | float)
        return is_number and round_half_up(Decimal(str(found)), places) == round_half_up(Decimal(exact), places)
    if isinstance(exact, date):
        return isinstance(found, datetime) and found.date() == exact
    if exact is None:
        missing = formats.NOT_COMPUTABLE if column.kind in (Kind.SHARE, Kind.RATIO) else formats.NOT_REPORTED
        return found == missing if column.is_figure or column.kind is Kind.DATE else found is None
    return tight(str(found if found is not None else "")) == tight(formats.typeset(exact))


# --- Page ---


@dataclass
class PageTable:
    """A table of a page: its caption without the unit, the headers of its last header row, its rows.

    `small` is the small print of each cell of the rows.
    """

    caption: str = ""
    headers: list[str] = field(default_factory=list)
    rows: Rows = field(default_factory=list)
    small: Rows = field(default_factory=list)


class PageReader(HTMLParser):
    """Tables of a page. Small print and what is hidden from sight are set aside; a cell over three columns is three."""

    ASIDE: Final = ("mute", "visually-hidden", "unit")

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[PageTable] = []
        self._into: str = ""
        self._aside = 0
        self._is_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_aside = any(word in (given.get("class") or "").split() for word in self.ASIDE)
        if tag in ("span", "abbr") and (self._aside or is_aside or tag == "abbr"):
            self._aside += 1
        elif tag == "table":
            self.tables.append(PageTable())
        elif tag == "caption":
            self._into = "caption"
        elif tag == "tr" and self.tables:
            self._row(self._is_head)
        elif tag == "thead":
            self._is_head = True
        elif tag in ("tbody", "tfoot"):
            self._is_head = False
        elif tag in ("th", "td") and self.tables:
            self._into = "cell"
            for cells in self._cells():
                cells.extend([""] * int(given.get("colspan") or 1))

    def _row(self, is_head: bool) -> None:
        if is_head:
            self.tables[-1].headers = []
        else:
            self.tables[-1].rows.append([])
            self.tables[-1].small.append([])

    def _cells(self) -> Rows:
        """The row being read, and its small print under the headers."""
        table = self.tables[-1]
        return [table.headers] if self._is_head else [table.rows[-1], table.small[-1]]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("span", "abbr") and self._aside:
            self._aside -= 1
        elif tag in ("caption", "th", "td"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "cell":
            cells = self._cells()[-1 if self._aside else 0]
            if not (self._aside and self._is_head):
                is_printed = self.tables[-1].caption == AS_PRINTED
                cells[-1] = (cells[-1] + (data if is_printed else without_even_cents(data))).strip()
        elif self._into == "caption" and not self._aside:
            self.tables[-1].caption = (self.tables[-1].caption + data).strip()


def without_even_cents(text: str) -> str:
    """`1 234` for `1 234,00`, which a whole amount is in a table where another has cents; any other text as it is."""
    match = re.fullmatch(r"\s*(−?\d[\d\u202f]*),00\s*", text)
    return match[1] if match else text


def page_tables(html: str) -> dict[str, PageTable]:
    """The tables of a page by their caption; those of the same caption and the same headers are read as one."""
    reader = PageReader()
    reader.feed(html)
    reader.close()
    found: dict[str, PageTable] = {}
    for table in reader.tables:
        known = found.get(table.caption)
        if known and known.headers == table.headers:
            known.rows += table.rows
            known.small += table.small
        else:
            found[table.caption] = table
    return found
