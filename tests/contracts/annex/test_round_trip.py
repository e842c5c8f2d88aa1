"""The annex taken away and brought back: nothing moves by itself, n edits move n values, a spreadsheet may save it."""

import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pghistory.models
import pytest
from django.test import Client
from djmoney.money import Money
from openpyxl import load_workbook

from accounts.models import User
from budget.calc import ftap_amount
from budget.models import PlannedCredit
from budget.selectors import credit_situation
from contracts.amendments.services import prepare_amendment
from contracts.annex.selectors import imports_of
from contracts.annex.services import check_annex, confirm_annex
from contracts.annex.writer import FIRST_ROW, KEY_ROW, write_annex
from contracts.contract_file.writer import write_contract_file, write_tables
from contracts.fields import amount
from contracts.models import ContractVersion, PlannedSheet
from contracts.parts import compare_versions
from contracts.selectors import contract_frame
from reports.history import history
from savings.models import SavingsTerms

pytestmark = pytest.mark.django_db
CONTRACTS = ["cap2030", "incub_o", "lab_minnov", "lean_management"]


def draft_of(base: ContractVersion, actor: User) -> ContractVersion:
    return prepare_amendment(base.contract, ["budget", "economies"], actor)


def edited(version: ContractVersion, change: Callable[[Any], None]) -> bytes:
    """The annex after somebody's change."""
    book = load_workbook(BytesIO(write_annex(version)))
    change(book)
    return saved(book)


def saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def column(sheet: Any, key: str) -> str:
    """The letter of a column by its hidden key."""
    return str(next(cell.column_letter for cell in sheet[KEY_ROW] if cell.value == key))


@pytest.mark.parametrize("code", CONTRACTS)
def test_an_untouched_annex_changes_nothing(code: str, secretariat: User, request: pytest.FixtureRequest) -> None:
    draft = draft_of(request.getfixturevalue(code), secretariat)
    checked = check_annex(draft, "annexe.xlsx", write_annex(draft), secretariat)
    assert (checked.differences.changes, checked.differences.refusals) == ([], [])
    assert checked.differences.unchanged > 50
    assert write_tables(checked.differences.tables) == write_contract_file(draft)


def test_two_edits_change_two_values(client: Client, cap2030: ContractVersion, secretariat: User) -> None:
    draft = draft_of(cap2030, secretariat)

    def change(book: Any) -> None:
        sheet = book["Financement"]
        sheet[f"{column(sheet, 'annees.2022.ae')}{FIRST_ROW}"] = 654321.5
        sheet[f"{column(sheet, 'annees.2022.cp')}{FIRST_ROW}"] = 1

    checked = check_annex(draft, "annexe.xlsx", edited(draft, change), secretariat)
    assert (checked.differences.refusals, checked.reasons) == ([], ())
    assert len(checked.differences.changes) == 2
    assert compare_versions(cap2030, draft) == ()  # checking writes nothing
    confirm_annex(draft, checked.token, secretariat)
    found = compare_versions(cap2030, draft)
    assert [(one.figure, one.key, one.after) for one in found] == [
        ("ae", (2022,), Decimal("654321.50")),
        ("cp", (2022,), Decimal("1.00")),
    ]
    kept = pghistory.models.Context.objects.filter(metadata__source="annexe").get()
    assert kept.metadata["load"] == "annexe.xlsx"
    assert len(kept.metadata["sha256"]) == 64
    assert kept.metadata["user"] == secretariat.pk
    (told,) = imports_of(draft)
    assert (told.by, told.file, told.sha256) == (secretariat.get_full_name(), "annexe.xlsx", kept.metadata["sha256"])
    assert any(told.sha256 in entry.source for entry in history(draft.contract, limit=10_000))
    client.force_login(secretariat)
    assert told.sha256 in client.get(f"/contrats/cap2030/avenants/{draft.number}/").content.decode()


def test_blank_and_zero_stay_apart(cap2030: ContractVersion, secretariat: User) -> None:
    draft = draft_of(cap2030, secretariat)
    row = PlannedCredit.objects.filter(version=draft, line__position=1, ae__isnull=False).order_by("year").first()
    assert row is not None

    def put(value: Any) -> bytes:
        def change(book: Any) -> None:
            sheet = book["Financement"]
            sheet[f"{column(sheet, f'annees.{row.year}.cp')}{FIRST_ROW}"] = value

        return edited(draft, change)

    for value, kept in ((None, None), (0, Decimal("0.00"))):
        checked = check_annex(draft, "annexe.xlsx", put(value), secretariat)
        assert checked.differences.refusals == []
        if checked.token:
            confirm_annex(draft, checked.token, secretariat)
        row.refresh_from_db()
        assert amount(row.cp) == kept


def test_thousands_are_exact(incub_o: ContractVersion, secretariat: User) -> None:
    draft = draft_of(incub_o, secretariat)
    assert draft.table_units["credits"] == "keur"

    def change(book: Any) -> None:
        sheet = book["Financement"]
        sheet[f"{column(sheet, 'annees.2021.ae')}{FIRST_ROW}"] = 9123.45678

    checked = check_annex(draft, "annexe.xlsx", edited(draft, change), secretariat)
    assert (checked.differences.refusals, checked.reasons) == ([], ())
    confirm_annex(draft, checked.token, secretariat)
    row = PlannedCredit.objects.filter(version=draft, year=2021).order_by("line__position").first()
    assert row is not None
    assert amount(row.ae) == Decimal("9123456.78")


@pytest.mark.slow
def test_libreoffice_saves_it_and_computes_the_return(
    cap2030: ContractVersion, secretariat: User, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    assert office is not None, "bin/test installs LibreOffice"
    draft = draft_of(cap2030, secretariat)
    (tmp_path / "annexe.xlsx").write_bytes(write_annex(draft))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    options = ["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out")]
    subprocess.run(
        [office, profile, *options, str(tmp_path / "annexe.xlsx")], check=True, capture_output=True, timeout=120
    )
    content = (tmp_path / "out" / "annexe.xlsx").read_bytes()
    checked = check_annex(draft, "annexe.xlsx", content, secretariat)
    assert (checked.differences.changes, checked.differences.refusals) == ([], [])
    sheet = load_workbook(BytesIO(content), data_only=True)["Retour"]
    rows = {row[0].value: [cell.value for cell in row[2:5]] for row in sheet.iter_rows(min_row=4)}
    assert rows["R1"][0] == 1757500
    assert rows["R1"] == [1757500, 1800200, pytest.approx(0.9763, abs=0.0001)]
    assert rows["R3a"][1] == 4070775


def test_the_return_divides_by_what_the_site_divides_by(cap2030: ContractVersion, secretariat: User) -> None:
    """Where sheets bear amounts, an amendment of a sheet moves R1 in the annex as on the site, and no line does."""
    draft = draft_of(cap2030, secretariat)
    sheet = PlannedSheet.objects.filter(version=draft).order_by("sheet__position")[0]
    PlannedSheet.objects.filter(pk=sheet.pk).update(ftap=Money(248_200, "EUR"))
    shown = {row[0].value: row[3].value for row in written(draft)["Retour"].iter_rows(min_row=4)}
    assert (shown["R1"], shown["R3a"]) == (1_810_200, 4_070_775)
    frame = contract_frame(draft.contract, draft)
    assert ftap_amount((one.ftap for one in frame.sheets), credit_situation(draft.contract, draft)) == 1_810_200


def test_the_parameters_and_the_reason_of_a_line_go_and_come_back(incub_o: ContractVersion, secretariat: User) -> None:
    draft = draft_of(incub_o, secretariat)

    def change(rate: Any, reason: Any) -> bytes:
        def put(book: Any) -> None:
            sheet = book["Économies"]
            sheet[f"{column(sheet, 'parametres.taux.2021')}{FIRST_ROW}"] = rate
            sheet[f"{column(sheet, 'motif_ecart')}{FIRST_ROW}"] = reason

        return edited(draft, put)

    alone = check_annex(draft, "annexe.xlsx", change(50, None), secretariat)
    assert alone.token == ""
    at = column(written(draft)["Économies"], "annees.2021.ae")
    assert (alone.differences.refusals[0].sheet, alone.differences.refusals[0].address) == ("Économies", f"{at}5")
    assert "quand la méthode de la ligne donne 570\u202f000\u00a0€" in alone.differences.refusals[0].message
    checked = check_annex(draft, "annexe.xlsx", change(50, "Départs retardés."), secretariat)
    assert (checked.differences.refusals, checked.reasons) == ([], ())
    confirm_annex(draft, checked.token, secretariat)
    terms = SavingsTerms.objects.get(version=draft, line__key="demarches-non-dematerialisees")
    assert (terms.parameters["taux"]["2021"], terms.override_reason) == ("50", "Départs retardés.")


def written(version: ContractVersion) -> Any:
    return load_workbook(BytesIO(write_annex(version)))


def test_parameters_that_no_line_has_are_folded(incub_o: ContractVersion) -> None:
    sheet = written(incub_o)["Économies"]
    keys = ("taux.2021", "sans_projet.2021", "postes", "base")
    found = [sheet.column_dimensions[column(sheet, f"parametres.{key}")] for key in keys]
    assert [(one.outlineLevel, one.hidden) for one in found] == [(1, False), (1, True), (1, False), (1, True)]


def test_a_row_is_as_high_as_its_words(cap2030: ContractVersion) -> None:
    book = written(cap2030)
    heights = [book["Économies"].row_dimensions[row].height for row in (FIRST_ROW, FIRST_ROW + 10)]
    assert heights[0] > 3 * heights[1], "the reason of the first line takes several lines"
    assert "Montants en" not in book["Postes"]["B2"].value, "posts are in ETPT, their costs in euros"


@pytest.mark.parametrize("page", ["", "financement/", "economies/"])
def test_the_annex_is_a_link_away(client: Client, cap2030: ContractVersion, secretariat: User, page: str) -> None:
    client.force_login(secretariat)
    content = client.get(f"/contrats/cap2030/{page}").content.decode()
    assert "/contrats/cap2030/versions/0/annexe.xlsx" in content
