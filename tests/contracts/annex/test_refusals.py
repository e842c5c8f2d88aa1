"""What an annex is refused or warned for: each at its cell, in French, with nothing written."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from budget.models import BudgetLine
from contracts.amendments.services import prepare_amendment
from contracts.annex.reader import AnnexRefused
from contracts.annex.services import Checked, check_annex, confirm_annex
from contracts.annex.writer import FIRST_ROW, KEY_ROW, TOTAL, write_annex
from contracts.models import ContractVersion
from contracts.parts import compare_versions
from tests.contracts.annex.test_round_trip import column, draft_of, edited, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cap2030: ContractVersion, secretariat: User) -> ContractVersion:
    return draft_of(cap2030, secretariat)


def checked_with(draft: ContractVersion, actor: User, change: Callable[[Any], None]) -> Checked:
    return check_annex(draft, "annexe.xlsx", edited(draft, change), actor)


def typed(key: str, value: Any) -> Callable[[Any], None]:
    """The first line of the credits, with a value in a column."""

    def change(book: Any) -> None:
        sheet = book["Financement"]
        sheet[f"{column(sheet, key)}{FIRST_ROW}"] = value

    return change


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("annees.2022.ae", "beaucoup", "nombre"),
        ("annees.2022.ae", "1.234", "1"),
        ("annees.2022.ae", "=1+1", "formule"),
        ("annees.2022.ae", 12.345, "centime"),
        ("titre", "9", "liste"),
        ("titre", "3", "identité"),
        ("source", "inconnue", "liste"),
    ],
)
def test_a_wrong_cell_is_told_at_its_place(
    draft: ContractVersion, cap2030: ContractVersion, secretariat: User, key: str, value: Any, told: str
) -> None:
    line = BudgetLine.objects.filter(contract=draft.contract).order_by("position").first()
    assert line is not None
    value = "5" if (key, value, line.titre) == ("titre", "3", "3") else value
    checked = checked_with(draft, secretariat, typed(key, value))
    (one,) = checked.differences.refusals
    assert (one.sheet, one.address.rstrip("0123456789")) == (
        "Financement",
        column(load_workbook(BytesIO(write_annex(draft)))["Financement"], key),
    )
    assert one.value == str(value)
    assert told in one.message
    assert checked.token == ""
    assert compare_versions(cap2030, draft) == ()


def test_a_negative_amount_is_admitted_and_told(draft: ContractVersion, secretariat: User) -> None:
    checked = checked_with(draft, secretariat, typed("annees.2022.ae", -5))
    assert [one.message for one in checked.differences.warnings] == ["Montant négatif\u00a0: admis, à vérifier."]


def test_cp_above_ae_over_life_is_refused_at_its_line(draft: ContractVersion, secretariat: User) -> None:
    checked = checked_with(draft, secretariat, typed("annees.2022.cp", 99_000_000))
    (one,) = checked.differences.refusals
    assert (one.sheet, one.address) == ("Financement", f"B{FIRST_ROW}")
    assert "les CP dépassent les AE" in one.message


def test_a_programme_of_three_digits_is_refused_on_a_new_line(draft: ContractVersion, secretariat: User) -> None:
    checked = checked_with(draft, secretariat, lambda book: new_line(book, programme="349"))
    (one,) = checked.differences.refusals
    assert "quatre chiffres" in one.message
    assert one.value == "349"


def new_line(book: Any, **more: Any) -> None:
    """A line in the first blank row of the credits."""
    sheet = book["Financement"]
    line = next(row for row in range(FIRST_ROW, sheet.max_row) if not sheet.cell(row, 1).value)
    cells = {"libelle": "=Étude nouvelle", "nature": "Prestations", "source": "FTAP", "annees.2022.ae": 10, **more}
    for key, value in cells.items():
        cell = sheet[f"{column(sheet, key)}{line}"]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def test_a_new_line_comes_with_the_amendment_and_stays_text(draft: ContractVersion, secretariat: User) -> None:
    checked = checked_with(draft, secretariat, new_line)
    assert (checked.differences.refusals, checked.reasons) == ([], ())
    confirm_annex(draft, checked.token, secretariat)
    assert BudgetLine.objects.get(key="etude-nouvelle").label == "=Étude nouvelle"
    again = check_annex(draft, "annexe.xlsx", write_annex(draft), secretariat)
    assert (again.differences.changes, again.differences.refusals) == ([], [])


def test_a_deleted_line_is_told_as_removed(draft: ContractVersion, secretariat: User) -> None:
    checked = checked_with(draft, secretariat, lambda book: book["Financement"].delete_rows(FIRST_ROW + 1))
    assert [(one.column, one.status) for one in checked.differences.changes] == [("Ligne entière", "Retirée")]


def test_sorted_rows_change_nothing(draft: ContractVersion, secretariat: User) -> None:
    def swap(book: Any) -> None:
        sheet = book["Financement"]
        for place in range(1, sheet.max_column + 1):
            one, other = sheet.cell(FIRST_ROW, place), sheet.cell(FIRST_ROW + 1, place)
            if one.data_type != "f":
                one.value, other.value = other.value, one.value

    checked = checked_with(draft, secretariat, swap)
    assert (checked.differences.changes, checked.differences.refusals) == ([], [])


def test_a_copied_line_is_refused(draft: ContractVersion, secretariat: User) -> None:
    def copy(book: Any) -> None:
        sheet = book["Financement"]
        for place in range(1, sheet.max_column + 1):
            sheet.cell(FIRST_ROW + 1, place).value = sheet.cell(FIRST_ROW, place).value

    assert "deux fois" in checked_with(draft, secretariat, copy).differences.refusals[0].message


def test_a_year_twice_refuses_the_file(draft: ContractVersion, secretariat: User) -> None:
    def twice(book: Any) -> None:
        sheet = book["Financement"]
        sheet[f"{column(sheet, 'annees.2022.ae')}{KEY_ROW}"] = "annees.2021.ae"

    with pytest.raises(AnnexRefused, match="figure deux fois"):
        checked_with(draft, secretariat, twice)


@pytest.mark.parametrize("key", ["annees.2031.ae", None])
def test_a_year_outside_the_contract_is_refused(draft: ContractVersion, secretariat: User, key: str | None) -> None:
    def beyond(book: Any) -> None:
        sheet = book["Financement"]
        place = sheet.max_column + 1
        sheet.cell(KEY_ROW, place).value, sheet.cell(FIRST_ROW, place).value = key, 12

    (one,) = checked_with(draft, secretariat, beyond).differences.refusals
    assert "hors du contrat" in one.message


@pytest.mark.parametrize(("line", "place"), [(3_500, 2), (FIRST_ROW, 205)])
def test_what_is_typed_too_far_to_be_read_is_refused(
    draft: ContractVersion, secretariat: User, line: int, place: int
) -> None:
    def far(book: Any) -> None:
        book["Financement"].cell(line, place).value = 0

    with pytest.raises(AnnexRefused, match="trop loin dans la feuille"):
        checked_with(draft, secretariat, far)


def test_a_total_or_a_sum_typed_over_is_refused(draft: ContractVersion, secretariat: User) -> None:
    """Our own sums stand there and are read by nobody: a figure put in their place would be lost."""

    def over(book: Any) -> None:
        sheet = book["Financement"]
        (last,) = (row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == TOTAL)
        sheet[f"{column(sheet, 'annees.2021.ae')}{last}"] = 999
        sheet.cell(FIRST_ROW, sheet.max_column).value = "=3+4"

    summed, whole = checked_with(draft, secretariat, over).differences.refusals
    assert (summed.value, "n’est pas de l’annexe" in summed.message) == ("=3+4", True)
    assert (whole.value, "Un total ne se tape pas" in whole.message) == ("999", True)


def test_columns_moved_without_their_hidden_key_are_refused(draft: ContractVersion, secretariat: User) -> None:
    """Titles and values of two columns exchanged, keys left in place: each would be read under the other’s name."""

    def exchange(book: Any) -> None:
        sheet = book["Financement"]
        first, second = (column(sheet, key) for key in ("annees.2020.ae", "annees.2022.cp"))
        for line in range(KEY_ROW + 1, sheet.max_row):
            one, other = sheet[f"{first}{line}"], sheet[f"{second}{line}"]
            one.value, other.value = other.value, one.value

    found = checked_with(draft, secretariat, exchange).differences.refusals
    assert [one.value for one in found] == ["CP 2022", "AE 2020"]
    assert "au-dessus de la colonne «\u00a0AE 2020\u00a0»" in found[0].message


def test_columns_moved_whole_or_named_anew_change_nothing(draft: ContractVersion, secretariat: User) -> None:
    def exchange(book: Any) -> None:
        sheet = book["Financement"]
        first, second = (column(sheet, key) for key in ("annees.2020.ae", "annees.2022.cp"))
        for line in range(KEY_ROW, sheet.max_row):
            one, other = sheet[f"{first}{line}"], sheet[f"{second}{line}"]
            one.value, other.value = other.value, one.value
        sheet[f"{column(sheet, 'libelle')}{KEY_ROW + 1}"] = "Poste de dépense"

    checked = checked_with(draft, secretariat, exchange)
    assert (checked.differences.changes, checked.differences.refusals) == ([], [])


@pytest.mark.parametrize(("typed_over", "is_told"), [(215_000, True), (2, True), (215.5, False), (430, False)])
def test_an_amount_that_looks_typed_in_another_unit_is_told(
    draft: ContractVersion, secretariat: User, typed_over: float, is_told: bool
) -> None:
    """CAP2030’s table of savings is in thousands: its 215 of 2022, typed in euros, or in millions."""

    def change(book: Any) -> None:
        sheet = book["Économies"]
        key = column(sheet, "annees.2022.ae")
        (line,) = (row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "deplacements")
        assert sheet[f"{key}{line}"].value == 215
        sheet[f"{key}{line}"] = typed_over

    found = checked_with(draft, secretariat, change).differences
    assert [one.column for one in found.changes] == ["AE 2022, en milliers d’euros"]
    assert ["cette feuille est en milliers d’euros" in one.message for one in found.warnings] == [True] * is_told


def test_what_the_amendment_is_not_about_is_refused(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["economies"], secretariat)
    checked = checked_with(draft, secretariat, typed("annees.2022.ae", 5_000_000))
    assert checked.reasons
    assert checked.token == ""


def test_a_cell_changed_since_the_download_is_a_conflict(draft: ContractVersion, secretariat: User) -> None:
    old = edited(draft, typed("annees.2022.ae", 700_000))
    first = check_annex(draft, "a.xlsx", edited(draft, typed("annees.2022.ae", 800_000)), secretariat)
    confirm_annex(draft, first.token, secretariat)
    (one,) = check_annex(draft, "b.xlsx", old, secretariat).differences.refusals
    assert "a changé depuis le téléchargement\u00a0: 800" in one.message
    with pytest.raises(AnnexRefused, match="a changé depuis la vérification"):
        confirm_annex(draft, first.token, secretariat)


def test_files_of_others_are_refused(
    draft: ContractVersion, cap2030: ContractVersion, incub_o: ContractVersion, secretariat: User
) -> None:
    content = write_annex(draft)
    bomb, macros = BytesIO(content), BytesIO(content)
    for out, name, data in ((bomb, "xl/a.xml", b"<a>" + b" " * 20_000_000), (macros, "xl/vbaProject.bin", b"x")):
        with ZipFile(out, "a", ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
    unsigned = load_workbook(BytesIO(content))
    unsigned["Clés"]["A1"] = "faux"
    for sent, told in (
        (write_annex(incub_o), "autre contrat"),
        (write_annex(cap2030), "autre version"),
        (saved(unsigned), "clés"),
        (bomb.getvalue(), "volume anormal"),
        (macros.getvalue(), "macros"),
        (b"rien", "illisible"),
    ):
        with pytest.raises(AnnexRefused, match=told):
            check_annex(draft, "annexe.xlsx", sent, secretariat)


def test_the_pages_tell_mark_and_confirm(client: Client, draft: ContractVersion, secretariat: User) -> None:
    client.force_login(secretariat)
    place = [draft.contract.code, draft.number]

    def sent(content: bytes, **more: str) -> Any:
        file = SimpleUploadedFile("annexe.xlsx", content)
        return client.post(reverse("contracts:annex_import", args=place), {"file": file, **more})

    wrong = edited(draft, typed("annees.2022.ae", "beaucoup"))
    refused = sent(wrong)
    assert refused.status_code == 422
    assert "beaucoup" in refused.content.decode()
    marked = load_workbook(BytesIO(sent(wrong, action="annotate").content))["Financement"]
    cell = marked[f"{column(marked, 'annees.2022.ae')}{FIRST_ROW}"]
    assert cell.comment is not None
    assert (cell.value, cell.fill.start_color.rgb) == ("beaucoup", "FFFFBDBD")
    shown = sent(edited(draft, typed("annees.2022.ae", 700_000)))
    assert "700\u202f000" in shown.content.decode()
    token = shown.context["token"]
    answer = client.post(reverse("contracts:annex_confirm", args=place), {"token": token}, follow=True)
    assert "L’annexe est reprise" in answer.content.decode()


def test_a_blank_annex_fills_a_contract_just_created(
    client: Client, cap2030: ContractVersion, secretariat: User
) -> None:
    """Version 0 without any filing nor amendment: the secretariat fills its lines from the annex."""
    checked = check_annex(cap2030, "annexe.xlsx", edited(cap2030, new_line), secretariat)
    assert (checked.differences.refusals, checked.reasons) == ([], ())
    confirm_annex(cap2030, checked.token, secretariat)
    assert BudgetLine.objects.filter(key="etude-nouvelle").exists()
