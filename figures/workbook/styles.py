"""How a workbook to fill looks: the colours of the site, inputs on a tinted ground, what is refused in red."""

from typing import Any, Final

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

BLUE: Final = "FF000091"
TITLE: Final = Font(name="Marianne", size=14, bold=True, color=BLUE)
HEADER: Final = Font(name="Marianne", size=9, bold=True)
BODY: Final = Font(name="Marianne", size=9)
STRONG: Final = Font(name="Marianne", size=9, bold=True)
NOTE: Final = Font(name="Marianne", size=9, italic=True, color="FF3A3A3A")
GREY: Final = PatternFill("solid", start_color="FFF6F6F6")
INPUT: Final = PatternFill("solid", start_color="FFF5F5FE")
REFUSED: Final = PatternFill("solid", start_color="FFFFBDBD")
UNDER: Final = Border(bottom=Side("medium", color=BLUE))
THIN: Final = Border(bottom=Side("hair", color="FFDDDDDD"))
EDGE: Final = Side("thin", color="FF6A6AF4")
BOX: Final = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
OVER: Final = Border(top=Side("thin", color=BLUE))
TOP: Final = Alignment(vertical="top", wrap_text=True)
INDENTED: Final = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
ONE_LINE: Final = Alignment(vertical="top")
RIGHT: Final = Alignment(horizontal="right", vertical="top")
BOTTOM: Final = Alignment(vertical="bottom", wrap_text=True)
BOTTOM_RIGHT: Final = Alignment(horizontal="right", vertical="bottom", wrap_text=True)
OPEN: Final = Protection(locked=False)


def clean(text: str) -> str:
    """The text without the characters that the format cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def put(cell: Any, value: Any, number_format: str = "") -> None:
    """A value in a cell; text stays text, even when it begins like a formula."""
    cell.value = clean(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
        if value[:1] in ("=", "+", "-", "@"):
            cell.quotePrefix = True
    elif number_format:
        cell.number_format = number_format


def style(
    cell: Any, font: Font, alignment: Alignment, *, fill: PatternFill | None = None, border: Border = THIN
) -> None:
    """The looks of one cell."""
    cell.font, cell.alignment, cell.border = font, alignment, border
    if fill is not None:
        cell.fill = fill
