"""How a sheet prints: landscape, as wide as a page, its first rows on each, and no table cut that a page can hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

A4: Final = 9
INCH: Final = 72
PAGE_WIDTH: Final = 842
PAGE_HEIGHT: Final = 595
SIDE: Final = 0.4
TOP: Final = 0.5
FOOT: Final = 0.6
FOOTER: Final = 0.3
ROW: Final = 13
"""Points of a row whose height is not written, for a text of 9."""
CHARACTER: Final = 5.25
"""Points of a character of a column's width, in the font that widths are counted in."""
PADDING: Final = 3.75


@dataclass(frozen=True)
class Span:
    """The rows of a table: its title, the last row of its header, the last of its lines; `header` is 0 without any."""

    first: int
    header: int
    last: int


def set_print(sheet: Worksheet, spans: Sequence[Span] = ()) -> None:
    """A table alone on its sheet has its header on each page; several begin a page rather than be cut by its end."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = SIDE
    margins.top, margins.bottom, margins.footer = TOP, FOOT, FOOTER
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = ROW, True
    sheet.print_title_rows = f"1:{repeated(spans)}"
    for span in cut(sheet, spans):
        sheet.row_breaks.append(Break(id=span.first - 1))


def repeated(spans: Sequence[Span]) -> int:
    """The last of the rows that each page begins with."""
    return spans[0].header or 1 if len(spans) == 1 else 1


def cut(sheet: Worksheet, spans: Sequence[Span]) -> list[Span]:
    """The tables that the end of a page would cut, and that hold on the next one."""
    room = _rows_of_points(sheet)
    used, found = _height(sheet, 1, 1), []
    for span in spans:
        height = _height(sheet, span.first, span.last)
        if len(spans) > 1 and used + height > room and height <= room:
            found.append(span)
            used = _height(sheet, 1, 1)
        used = (used + height + ROW) % room if used + height > room else used + height + ROW
    return found


def _rows_of_points(sheet: Worksheet) -> float:
    """How many points of rows a page holds, once its columns are as wide as it is."""
    widths = (sheet.column_dimensions[get_column_letter(place)].width for place in range(1, sheet.max_column + 1))
    whole = sum(width * CHARACTER + PADDING for width in widths)
    scale = min(1.0, (PAGE_WIDTH - 2 * SIDE * INCH) / whole)
    return (PAGE_HEIGHT - (TOP + FOOT) * INCH) / scale


def _height(sheet: Worksheet, first: int, last: int) -> float:
    written = (sheet.row_dimensions[row].height for row in range(first, last + 1))
    return sum(height or ROW for height in written)
