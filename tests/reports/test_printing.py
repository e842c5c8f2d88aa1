"""How the sheets of the workbook print: measured on the pages that LibreOffice makes of them."""

import re
import subprocess
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from openpyxl import Workbook

from contracts.models import ContractVersion
from reports.enums import ReportKind
from reports.tables.model import Column, Kind, Row, Table
from reports.xlsx.printing import Span, cut, repeated, set_print
from reports.xlsx.sheet import FORMATS, Writer, put_number, wrapped_lines
from reports.xlsx.workbook import render_xlsx
from tests.reports.filed import filed

LONG: Final = ("Crédits par ligne", "Crédits prévus", "Calendrier", "Chiffres affichés")
ZERO: Final = re.compile(r"(?<![\d\u202f.,])0[.,]00(?!\d)")


def pages(content: bytes, folder: Path) -> list[str]:
    """The text of each page, once printed."""
    (folder / "in.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    options = [profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(["soffice", *options, str(folder / "in.xlsx")], capture_output=True, check=True, timeout=240)
    done = subprocess.run(["pdftotext", "-layout", str(folder / "in.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")


@pytest.mark.slow
@pytest.mark.django_db
def test_a_long_table_names_its_columns_on_every_page(incub_o: ContractVersion, tmp_path: Path) -> None:
    printed = pages(render_xlsx(filed(incub_o), "0" * 64, ReportKind.YEARLY), tmp_path)
    first = {"Calendrier": "Phase ou jalon", "Chiffres affichés": "Chiffre affiché"}
    for title in LONG:
        own = [page for page in printed if f"{title} – page" in page]
        assert len(own) > 1, title
        assert all(re.search(first.get(title, "Financeur"), page) for page in own), title
    assert [page for page in printed if ZERO.search(page)] == [], "zero is a dash, as the legend says"
    assert "–" in next(page for page in printed if "Crédits prévus – page" in page)


def test_zero_is_a_dash_and_stays_a_number() -> None:
    cell = Workbook().create_sheet().cell(1, 1)
    put_number(cell, Decimal(0), Kind.EUROS)
    assert (cell.value, cell.data_type, cell.number_format) == (0, "n", '#,##0.00;-#,##0.00;"–"')
    assert FORMATS[Kind.SHARE] == "0.0%", "a share of zero is written, as in the PDF"


def test_words_are_not_glued_to_the_figure_before_them() -> None:
    """Under their header, which is as far in; so is a number that is no quantity, as a titre."""
    columns = (Column("n", "N°", Kind.NUMBER), Column("words", "Preuve"), Column("titre", "Titre"))
    sheet = Workbook().create_sheet()
    Writer(sheet).table(Table("essai", "Essai", columns, (Row((Decimal(20), "306 000 € le poste", 2)),)))
    assert [[cell.alignment.indent for cell in sheet[line]] for line in (2, 3)] == [[0, 1, 1], [0, 1, 1]]


def test_a_table_that_the_end_of_a_page_would_cut_begins_the_next_one() -> None:
    """At its full size a page holds 39 rows; the third table, longer than a page, is cut wherever it begins."""
    sheet = Workbook().create_sheet()
    spans = [Span(2, 4, 20), Span(22, 24, 45), Span(47, 49, 130)]
    assert cut(sheet, spans[:1]) == []
    assert cut(sheet, spans) == [spans[1]]
    set_print(sheet, spans)
    assert [one.id for one in sheet.row_breaks.brk] == [21]
    assert (repeated(spans), repeated(spans[:1]), repeated([Span(2, 0, 3)])) == (1, 4, 1)


def test_words_are_counted_a_paragraph_at_a_time() -> None:
    assert wrapped_lines("Un\n\n" + "x" * 25, 20) == 4
    assert wrapped_lines("", 20) == 1


@pytest.mark.django_db
def test_the_key_figures_of_the_summary_are_in_euros(incub_o: ContractVersion) -> None:
    book = openpyxl.load_workbook(BytesIO(render_xlsx(filed(incub_o), "0" * 64, ReportKind.YEARLY)))
    written = {row[0].value: row[1] for row in book["Synthèse"].iter_rows(max_col=2)}
    assert written["FTAP promis"].number_format == '#,##0.00 "€"'
    assert written["Retour contractuel (R1)"].number_format == "0.000"


@pytest.mark.django_db
def test_what_the_holder_writes_is_not_cut(incub_o: ContractVersion) -> None:
    """Over the two columns beside its label, as high as its paragraphs ask for."""
    told = filed(incub_o)
    words = "Premier constat.\n" + "Le déploiement suit le calendrier prévu. " * 12
    long = replace(told, weather=replace(told.weather, progress=words))
    book = openpyxl.load_workbook(BytesIO(render_xlsx(long, "0" * 64, ReportKind.YEARLY)))
    sheet = book["Synthèse"]
    line = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "Avancement")
    assert sheet.cell(line, 2).alignment.wrap_text
    assert f"B{line}:C{line}" in [str(each) for each in sheet.merged_cells.ranges]
    assert sheet.row_dimensions[line].height > 6 * 13
