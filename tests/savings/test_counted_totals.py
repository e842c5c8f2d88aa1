"""Totals of what is declared leave out redeployed and unvalued lines: on the page, for its script, in the workbook."""

import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from contracts.models import Contract, ContractVersion
from monitoring.models import Filing
from monitoring.workbook.sheet import KEY_ROW
from savings.calc import UNVALUED
from savings.models import PlannedSaving, RealisedSaving, SavingsLine
from tests.monitoring.workbook.books import annual_filing, download, fill, saved, sheet_of, through_office

SignedIn = Callable[[User], Client]
DECLARED = {"Loyers": 28_000, "Emplois redéployés": 5_000, "Achats": 400, "Surfaces": 70}


@pytest.fixture
def annual(contract: Contract) -> Filing:
    """28 000 € of rents and 400 € of purchases; between and after them 5 000 € redeployed, 70 € of an unvalued line."""
    made = [("Emplois redéployés", "montants", True), ("Achats", "montants", False), ("Surfaces", UNVALUED, False)]
    for position, (label, method, is_redeployed) in enumerate(made, start=2):
        SavingsLine.objects.create(
            contract=contract,
            key=f"ligne-{position}",
            label=label,
            method=method,
            is_redeployed=is_redeployed,
            position=position,
        )
    redeployed = SavingsLine.objects.get(contract=contract, is_redeployed=True)
    version = ContractVersion.objects.get(contract=contract)
    PlannedSaving.objects.create(line=redeployed, version=version, year=2021, ae=9_000, cp=9_000)
    filing = annual_filing(contract)
    for label, euros in DECLARED.items():
        RealisedSaving.objects.filter(filing=filing, line__label=label).update(ae=euros, cp=euros)
    return filing


def cell(html: str, mark: str) -> str:
    """The text of the cell that bears this mark."""
    found = re.search(rf"<t[dh][^>]*{re.escape(mark)}[^>]*>([^<]*)<", html)
    assert found is not None, mark
    return found[1]


def test_the_page_adds_the_lines_that_count(annual: Filing, lead: User, signed_in: SignedIn) -> None:
    """30 000 € are planned of the rents, 9 000 € of what is redeployed: 28 400 € are held against 30 000 €."""
    html = signed_in(lead).get(f"/dossiers/{annual.pk}/economies/").content.decode()
    assert cell(html, 'id="total"') == "Total sans 2 lignes non comptées"
    assert (cell(html, 'id="total-ae"'), cell(html, 'id="total-cp"')) == ("28\u202f400,00",) * 2
    assert cell(html, 'data-rest="ae"') == "1\u202f600,00"
    assert cell(html, 'headers="total g-plan h-plan-ae"') == "30\u202f000,00"
    left_out = re.findall(r'id="ligne-(\d+)"[^>]* data-uncounted>', html)
    assert {RealisedSaving.objects.get(pk=pk).line.label for pk in left_out} == {"Emplois redéployés", "Surfaces"}
    notes = re.findall(r'grid-note">([^<]*)<', html)
    assert [note.endswith("non comptée") for note in notes] == [False, True, False, True]


def test_what_a_reader_may_not_type_is_left_out_too(annual: Filing, ditp_reviewer: User, signed_in: SignedIn) -> None:
    html = signed_in(ditp_reviewer).get(f"/dossiers/{annual.pk}/economies/").content.decode()
    assert cell(html, 'data-fixed="28400.00"') == "28\u202f400,00"


def test_a_total_of_lines_that_all_count_is_a_plain_total(contract: Contract, lead: User, signed_in: SignedIn) -> None:
    html = signed_in(lead).get(f"/dossiers/{annual_filing(contract).pk}/economies/").content.decode()
    assert cell(html, 'id="total"') == "Total"
    assert "data-uncounted" not in html


def test_a_single_line_that_does_not_count_leaves_nothing_to_add(
    contract: Contract, lead: User, signed_in: SignedIn
) -> None:
    SavingsLine.objects.filter(contract=contract).update(is_redeployed=True)
    filing = annual_filing(contract)
    RealisedSaving.objects.filter(filing=filing).update(ae=5, cp=5)
    html = signed_in(lead).get(f"/dossiers/{filing.pk}/economies/").content.decode()
    assert (cell(html, 'id="total"'), cell(html, 'id="total-ae"')) == (
        "Total sans 1 ligne non comptée",
        "n.\u00a0r.",
    )
    sheet = sheet_of(download(filing, lead), "economies")
    assert [one.value for one in sheet[sheet.max_row]][1:5] == [
        "Total sans 1 ligne non comptée",
        None,
        "n.\u00a0r.",
        "n.\u00a0r.",
    ]


@pytest.mark.slow
def test_the_workbook_adds_the_lines_that_count(annual: Filing, lead: User, tmp_path: Path) -> None:
    """As LibreOffice computes it, after 100 € more were typed on each line."""
    office = shutil.which("soffice")
    assert office is not None, "bin/test installs LibreOffice"
    book = download(annual, lead)
    for row in RealisedSaving.objects.filter(filing=annual).select_related("line"):
        fill(book, "economies", row.pk, ae=DECLARED[row.line.label] + 100)
    through_office(office, tmp_path, saved(book))
    values = load_workbook(BytesIO((tmp_path / "out" / "dossier.xlsx").read_bytes()), data_only=True)
    sheet = sheet_of(values, "economies")
    shown = {key.value: one.value for key, one in zip(sheet[KEY_ROW], sheet[sheet.max_row], strict=True)}
    assert shown["libelle"] == "Total sans 2 lignes non comptées"
    assert (shown["plan-ae"], shown["ae.0"], shown["cp.0"]) == (30_000, Decimal(28_600), Decimal(28_400))
