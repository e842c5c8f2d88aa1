"""The workbook of a filing: instructions, one protected sheet for each grid, the signed keys in a hidden sheet.

Cells that the person may fill are unlocked; all others are locked, without a password, so that a slip does no harm.
The same writer gives back a workbook that was refused: what was typed stays, and what is wrong is marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from figures import formats
from figures.workbook.styles import BODY, put
from monitoring.models import Filing
from monitoring.reality import DEMO
from monitoring.workbook import guide
from monitoring.workbook.errors import Refusal
from monitoring.workbook.keys import TITLE, Keys, sign
from monitoring.workbook.layout import Sheet
from monitoring.workbook.lists import Lists
from monitoring.workbook.sheet import write_sheet
from monitoring.workbook.values import Typed

CHUNK: Final = 30_000
"""Characters of the signed keys in one cell; spreadsheets hold 32 767."""
At = tuple[str, int, str]
"""The code of a section, a row, the key of a column: a cell, wherever it stands in a file."""


@dataclass(frozen=True)
class Marks:
    """What a refused workbook held, and what is wrong in it."""

    typed: Mapping[At, Typed] = field(default_factory=dict)
    refusals: Sequence[Refusal] = ()

    def messages(self) -> dict[At, str]:
        """What is said at each cell; under the blank key, of the row."""
        found: dict[At, list[str]] = {}
        for one in self.refusals:
            found.setdefault((one.code, one.row, one.column), []).append(one.message)
        return {at: "\n".join(dict.fromkeys(said)) for at, said in found.items()}


NO_MARKS: Final = Marks()


def write_workbook(
    filing: Filing,
    sheets: Sequence[Sheet],
    keys: Keys,
    *,
    editable: frozenset[str] | None,
    marks: Marks = NO_MARKS,
) -> bytes:
    """The workbook; `editable` are the project sheets whose rows this person may fill (None: every row)."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has one worksheet
    guide.write(first, filing, sheets, editable=editable, refusals=marks.refusals)
    hidden = book.create_sheet(TITLE)
    lists, messages = Lists(hidden), marks.messages()
    for sheet in sheets:
        target = book.create_sheet(sheet.title)
        write_sheet(target, sheet, editable=editable, lists=lists, typed=marks.typed, messages=messages)
    _write_keys(hidden, keys)
    book.move_sheet(hidden, offset=len(sheets))
    for each in book.worksheets:
        _set_up(each, filing)
    book.properties.creator = "Fonds pour la transformation de l’action publique"
    book.properties.title, book.properties.language = str(filing), "fr"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_keys(sheet: Worksheet, keys: Keys) -> None:
    """The first column: what people may want to know, then the signed text; only the latter is read."""
    sheet.sheet_state = "veryHidden"
    token = sign(keys)
    clear = ["Clés du classeur", keys.filing_name, keys.version_name, f"format {keys.layout}"]
    for line, text in enumerate([*clear, *(token[at : at + CHUNK] for at in range(0, len(token), CHUNK))], start=1):
        put(sheet.cell(line, 1), text)
        sheet.cell(line, 1).font = BODY


def _set_up(sheet: Worksheet, filing: Filing) -> None:
    """Protected; printed in landscape, as wide as a page, contract and page at the foot."""
    protection: Any = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False  # what is False is allowed
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_view.showGridLines = False
    notice = f" – {DEMO}" if filing.is_demo else ""
    footer: Any = sheet.oddFooter
    footer.left.text = formats.typeset(f"{filing}{notice}").replace("&", "&&")
    footer.right.text = "&A – page &P / &N"
