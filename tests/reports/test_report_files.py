"""Page and PDF show the same key figures; the same snapshot gives the same bytes; what a file is and bears."""

import re
import subprocess
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.test import Client

from accounts.models import User
from contracts.models import Contract, ContractVersion
from reports.drawings import key_amounts
from reports.enums import ReportKind
from reports.facts import Situation
from reports.pdf.assets import OwnFiles
from reports.pdf.chapters import report
from reports.pdf.render import render_pdf
from reports.situation import contract_situation
from reports.snapshots import canonical, fingerprint
from reports.tables.frame import identity, readings, wordings
from reports.tables.model import Quantity
from reports.xlsx.workbook import render_xlsx, sheets
from tests.factories import CampaignFactory
from tests.reports.filed import file, filed
from tests.reports.reading import tight
from tests.reports.tagged import structure

KIND = ReportKind.YEARLY
FIGURE = re.compile(r"[−+-]?\d[\d\s]*(?:[.,]\d+)?(?:\s?(?:%|€|k€|M€|ETPT?|points?))?")
WRITTEN = {("cibles", "printed"), ("identite", "value")}


@pytest.fixture
def situation(incub_o: ContractVersion) -> Situation:
    """Incub-O at the end of 2021, every third line left blank in CP."""
    lines = list(incub_o.contract.budget_lines.order_by("position", "pk"))
    rows: dict[str, Any] = {
        line.key: (f"{1000 + rank}.25", None if rank % 3 else "900") for rank, line in enumerate(lines)
    }
    filing = file(incub_o.contract, campaign=CampaignFactory(whole_year=True), **rows)
    return contract_situation(incub_o.contract, filing=filing)


@pytest.fixture
def small(contract: Contract) -> Situation:
    """Marine in mid 2021."""
    filing = file(contract, etudes=("60000", "40000"), outil=("30000.50", None))
    return contract_situation(contract, filing=filing)


def pdf_of(situation: Situation) -> bytes:
    sha = fingerprint(canonical(situation))
    return render_pdf(situation, sha, KIND, ("classeur.xlsx", render_xlsx(situation, sha, KIND)))


def words(content: bytes, tmp_path: Path) -> str:
    """The text of a PDF, spaces of all kinds made one."""
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_the_same_snapshot_gives_the_same_bytes(small: Situation) -> None:
    assert pdf_of(small) == pdf_of(small)


def test_page_and_pdf_show_the_same_key_figures(
    small: Situation, reader: User, signed_in: Callable[[User], Client]
) -> None:
    """Each under its label; `test_cell_by_cell` reads those of the workbook, once computed."""
    wanted = [(one.label, one.shown) for one in key_amounts(small)]
    assert ("AE consommées", "90\u202f000,50\u00a0€") in wanted
    page = signed_in(reader).get("/contrats/marine/").content.decode()
    assert re.findall(r'<dt>(.*?)</dt><dd><span class="value">(.*?)</span>', page) == wanted
    told = [tight(paragraph.all_text()) for paragraph in structure(pdf_of(small)).find("P")]
    for label, figure in wanted:
        assert told[told.index(tight(label)) + 1] == tight(figure)


def test_the_pdf_is_tagged_and_carries_its_workbook(small: Situation) -> None:
    with pikepdf.open(BytesIO(pdf_of(small))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        assert list(pdf.attachments) == ["classeur.xlsx"]
        assert len(pdf.Root.AF) == 1
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
        headers = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH"]
        places = {(str(each.P.P.S), str(each.A.Scope)) for each in headers}
        assert places == {("/THead", "/Column"), ("/TBody", "/Row")}
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root][:3] == [
                "1. Synthèse",
                "2. Identité du contrat",
                "3. Crédits",
            ]


def test_demonstration_is_said_on_every_page(small: Situation, tmp_path: Path) -> None:
    content = pdf_of(small)
    with pikepdf.open(BytesIO(content)) as pdf:
        count = len(pdf.pages)
    assert words(content, tmp_path).count("Chiffres de démonstration, inventés") >= count > 4


@pytest.mark.parametrize("address", ["https://example.org/x.svg", "file:///etc/passwd", "report:fonts/../x.woff2"])
def test_the_renderer_reads_nothing_else(address: str) -> None:
    with pytest.raises(ValueError, match="the report"):
        OwnFiles({}).fetch(address)


def test_quarterly_reports_leave_savings_out(situation: Situation) -> None:
    titles = [chapter.title for chapter in report(situation, ReportKind.QUARTERLY).chapters]
    assert "Économies et retour sur investissement" not in titles
    assert "Économies et retour sur investissement" in [each.title for each in report(situation, KIND).chapters]


def test_text_that_looks_like_a_formula_stays_text(situation: Situation) -> None:
    book = openpyxl.load_workbook(BytesIO(render_xlsx(situation, "0" * 64, KIND)))
    cells = [cell for row in book["Risques"].iter_rows() for cell in row if cell.value == "=Recrutement"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_workbook_prints_on_landscape_pages(situation: Situation) -> None:
    book = openpyxl.load_workbook(BytesIO(render_xlsx(situation, "0" * 64, KIND)))
    assert book.sheetnames == ["Synthèse", *sheets(situation)]
    assert book["Économies"]["A1"].value == "Incub-O – Économies"
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert str(sheet.print_title_rows).startswith("$1:$")


def test_a_table_alone_on_its_sheet_has_its_header_on_each_page(situation: Situation) -> None:
    """And in sight while one scrolls; under a sheet of several tables, the name of the sheet alone is repeated."""
    book = openpyxl.load_workbook(BytesIO(render_xlsx(situation, "0" * 64, KIND)))
    for title, tables in sheets(situation).items():
        sheet = book[title]
        last = int(str(sheet.print_title_rows).removeprefix("$1:$"))
        assert sheet.freeze_panes == f"B{last + 1}"
        if len(tables) > 1 or not tables[0].rows:
            assert last == 1, title
        else:
            labels = [column.label for column in tables[0].columns]
            assert [sheet.cell(last, place).value for place in range(1, len(labels) + 1)] == labels


def test_no_figure_of_the_workbook_is_a_text(situation: Situation, small: Situation) -> None:
    """References (articles, sheets) and what the contract prints, letter for letter, are texts by nature."""
    for one in (situation, small):
        book = openpyxl.load_workbook(BytesIO(render_xlsx(one, "0" * 64, KIND)))
        tables = [table for each in sheets(one).values() for table in each]
        verbatim = {
            str(value)
            for table in tables
            for row in table.rows
            for column, value in zip(table.columns, row.values, strict=True)
            if (table.key, column.key) in WRITTEN or column.key in ("article", "number", "parts")
        }
        cells = [(sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row]
        texts = [(title, cell.coordinate, str(cell.value)) for title, cell in cells if cell.data_type == "s"]
        assert [each for each in texts if FIGURE.fullmatch(each[2]) and each[2] not in verbatim] == []


def test_indicators_are_numbers_with_their_unit(small: Situation) -> None:
    sheet = openpyxl.load_workbook(BytesIO(render_xlsx(small, "0" * 64, KIND)))["Indicateurs"]
    header, row = ([cell.value for cell in line] for line in sheet.iter_rows(min_row=3, max_row=4))
    read = dict(zip(header, row, strict=True))
    assert (read["Unité"], read["Sens de la cible"], read["Cible à tenir"], read["Mesure"]) == ("%", "au moins", 80, 65)
    assert read["État"] == "avant l’échéance"
    assert sheet.cell(4, header.index("Mesure") + 1).number_format == '#,##0 "%"'


def test_readings_alike_are_told_once_in_the_pdf(cap2030: ContractVersion) -> None:
    """Thirty cells lost for the same reason make one row, which says how many they are; the workbook lists them."""
    one = contract_situation(cap2030.contract)
    brief, whole = readings(one, is_brief=True), readings(one)
    labels = wordings(one)
    assert len(brief.rows) < len(whole.rows) == len(one.readings) - len(labels.rows)
    assert any(str(row.values[0]).endswith(" valeurs)") for row in brief.rows)
    assert Quantity(Decimal(238200)) in {row.values[2] for row in whole.rows}


def test_labels_that_the_scan_misread_have_a_table_of_their_own(cap2030: ContractVersion) -> None:
    """Words need room: they would run over the columns of figures."""
    one = contract_situation(cap2030.contract)
    assert [row.values[0] for row in wordings(one).rows] == [
        "Fiche 1, thématique",
        "Fiche 4, intitulé",
        "Fiche 6, intitulé",
        "Fiche 6, thématique",
        "TOTAL Financement de l’Etat, libellé",
    ]
    assert [row.values[0] for row in wordings(one, is_brief=True).rows][2] == "Fiche 6 (2 valeurs)"
    assert str(wordings(one).rows[1].values[2]).endswith("avec OSMOSE")


def test_a_year_read_on_the_scan_has_no_thousands_and_an_amount_its_unit(
    lab_minnov: ContractVersion, cap2030: ContractVersion
) -> None:
    years = {row.values[0]: row.values[2] for row in readings(contract_situation(lab_minnov.contract)).rows}
    assert years["Contrat, première année de financement"] == "2022"
    amounts = {row.values[0]: row.values[2] for row in readings(contract_situation(cap2030.contract)).rows}
    assert amounts["Fiche 1, financement FTAP (€)"] == Quantity(Decimal(238200))


def test_a_target_that_cannot_be_read_is_told_with_its_day_and_no_doubled_word(lab_minnov: ContractVersion) -> None:
    labels = [str(row.values[0]) for row in readings(contract_situation(lab_minnov.contract)).rows]
    visitors = "Nombre de participants aux activités du lab"
    assert f"{visitors}, au 31/12/2021, cible" in labels
    assert f"{visitors}, au 31/12/2023, cible" in labels
    assert [label for label in labels if label.startswith(f"{visitors}, valeur initiale")] == [
        f"{visitors}, valeur initiale"
    ]


def test_a_body_whose_rhythm_the_contract_does_not_give_is_said_so(lean_management: ContractVersion) -> None:
    """« n. r. » would say that somebody was to report it."""
    told = {row.values[0]: row.values[1] for row in identity(contract_situation(lean_management.contract)).rows}
    assert told["Comité : Comité de pilotage du dispositif"] == "au minimum trois fois par an"
    assert told["Comité : Équipe-projet de la DITP"] == "rythme absent du contrat"


def test_a_table_of_credits_that_cannot_be_read_is_told_once(lab_minnov: ContractVersion) -> None:
    one = contract_situation(lab_minnov.contract)
    chapters = report(one, KIND).chapters
    told = [words for block in chapters[0].blocks for words in block.paragraphs]
    assert sum("article 2 est illisible" in words for words in told) == 1
    keys = {block.table.table.key for chapter in chapters for block in chapter.blocks if block.table}
    assert not keys & {"credits-annees", "credits-lignes"}
    assert [figure.note for figure in key_amounts(one) if "n.\u00a0r." in figure.note] == []


def test_a_page_that_goes_on_says_in_which_axis_it_is(incub_o: ContractVersion, tmp_path: Path) -> None:
    """Its tables of lines and of steps are longer than a page; a page that begins with a band repeats none."""
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(filed(incub_o)))
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    pages = [[line.strip() for line in page.splitlines()] for page in done.stdout.decode().split("\f")]
    bands = [[line for line in page if re.match(r"Axe \d – ", line)] for page in pages]
    continued = [rank for rank, found in enumerate(bands) if found and found[0].endswith("(suite)")]
    assert len(continued) > 4
    for rank in continued:
        axis = bands[rank][0].removesuffix(" (suite)")
        assert bands[rank - 1][-1].removesuffix(" (suite)") == axis, "that in which the page before ends"
        assert axis not in bands[rank], "not twice on one page"
