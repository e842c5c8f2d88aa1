"""Workbooks of tests: a filing with every section, its file opened, filled as a person would, and brought back."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import User
from indicators.models import Indicator
from monitoring.models import Campaign, Filing
from monitoring.sections import sections_of
from monitoring.workbook.differences import Differences
from monitoring.workbook.imports import confirm_workbook, make_workbook, pending, receive_workbook
from monitoring.workbook.sheet import KEY_COLUMN, KEY_ROW, MARK
from tests.budget.rows import add_lines
from tests.factories import CampaignFactory, FilingFactory

AE, CP, COMMENT = "ae.0", "cp.0", "comment.0"


def annual_filing(contract: Any, lines: int = 2, campaign: Campaign | None = None) -> Filing:
    """The fourth quarter of 2021, every section's rows made, one indicator with two components."""
    add_lines(contract, lines)
    Indicator.objects.filter(contract=contract).update(components=["Agents", "Usagers"])
    campaign = campaign or CampaignFactory(fourth_quarter=True)
    made = FilingFactory(contract=contract, campaign=campaign)
    for section in sections_of(fresh(made)):
        section.prepare(fresh(made))
    return fresh(made)


def fresh(filing: Filing) -> Filing:
    """The filing as the database has it."""
    frame = ("campaign", "version", "contract__holder__ministry")
    return Filing.objects.select_related(*frame).get(pk=filing.pk)


def download(filing: Filing, person: User) -> Workbook:
    return load_workbook(BytesIO(make_workbook(filing, person)))


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(book: Workbook, code: str) -> Worksheet:
    return next(sheet for sheet in book.worksheets if sheet.cell(KEY_ROW, KEY_COLUMN).value == MARK + code)


def line_of(sheet: Worksheet, pk: int) -> int:
    return next(line for line in range(1, sheet.max_row + 1) if sheet.cell(line, KEY_COLUMN).value == str(pk))


def cell(book: Workbook, code: str, pk: int, column: str) -> Any:
    """The cell of a row and a column of a section."""
    sheet = sheet_of(book, code)
    place = next(at for at in range(1, sheet.max_column + 1) if sheet.cell(KEY_ROW, at).value == column)
    return sheet.cell(line_of(sheet, pk), place)


def fill(book: Workbook, code: str, pk: int, **values: Any) -> None:
    """Types values in a row, by column without its rank: `ae=100`."""
    for column, value in values.items():
        cell(book, code, pk, f"{column}.0").value = value


def bring(filing: Filing, person: User, book: Workbook | bytes, name: str = "dossier.xlsx") -> Differences:
    """Brings the workbook back and gives what it would change."""
    content = book if isinstance(book, bytes) else saved(book)
    receive_workbook(filing=filing, actor=person, file_name=name, content=content)
    return shown(filing, person)


def shown(filing: Filing, person: User) -> Differences:
    waiting = pending(filing, person)
    assert waiting is not None
    return waiting.differences


def confirm(filing: Filing, person: User, **choices: str) -> int:
    """Confirms what is shown; `choices` by row, as `credits_12="mine"`."""
    kept = {key.replace("_", "-"): choice for key, choice in choices.items()}
    return confirm_workbook(filing=filing, actor=person, seen=shown(filing, person).fingerprint, choices=kept)


def through_office(office: str, folder: Path, content: bytes) -> None:
    """Opens the file in LibreOffice and saves it again."""
    (folder / "dossier.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    options = ["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")]
    subprocess.run(
        [office, profile, *options, str(folder / "dossier.xlsx")], check=True, capture_output=True, timeout=120
    )
