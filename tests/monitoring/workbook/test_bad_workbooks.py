"""What is refused of a workbook, and how it is told: the whole file, or each wrong cell; never half of it written."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core import signing
from openpyxl import Workbook, load_workbook

from accounts.models import User
from budget.models import Consumption
from contracts.models import Contract, ContractVersion
from figures.workbook import safety
from monitoring.entry.conflicts import FilingClosed
from monitoring.enums import FilingState
from monitoring.models import Filing, MilestoneProgress, WorkbookImport
from monitoring.workbook.errors import DifferencesMoved, WorkbookRefused
from monitoring.workbook.imports import confirm_workbook, make_workbook, marked_workbook, pending, receive_workbook
from monitoring.workbook.keys import SALT, TITLE
from tests.budget.rows import close
from tests.monitoring.workbook.books import (
    AE,
    annual_filing,
    bring,
    cell,
    confirm,
    download,
    fill,
    fresh,
    line_of,
    saved,
    sheet_of,
    shown,
)


@pytest.fixture
def annual(contract: Contract) -> Filing:
    return annual_filing(contract)


@pytest.fixture
def study(annual: Filing) -> Consumption:
    return Consumption.objects.get(filing=annual, line__key="etudes")


def refusal(filing: Filing, person: User, content: Workbook | bytes, name: str = "dossier.xlsx") -> str:
    """Why the file is refused; nothing of it is kept."""
    with pytest.raises(WorkbookRefused) as error:
        bring(filing, person, content, name)
    assert not WorkbookImport.objects.exists()
    return str(error.value)


def zipped(entries: dict[str, bytes], base: bytes = b"") -> bytes:
    """An archive of these entries, over those of another."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        if base:
            with ZipFile(BytesIO(base)) as old:
                for name in old.namelist():
                    if name not in entries:
                        archive.writestr(name, old.read(name))
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


# --- The whole file ---


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Ligne;AE;CP\n", "illisible"),
        (b"PK\x03\x04 and then nothing", "illisible"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mot de passe"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "pas un classeur .xlsx"),
        (bytes(safety.MAX_BYTES + 1), "trop volumineux"),
    ],
    ids=["csv", "cut", "protected", "ods", "large"],
)
def test_what_is_not_a_workbook_is_refused(annual: Filing, lead: User, content: bytes, told: str) -> None:
    assert told in refusal(annual, lead, content)


def test_a_workbook_of_somebody_else_is_refused(annual: Filing, lead: User) -> None:
    assert "clés de ce classeur sont absentes" in refusal(annual, lead, Workbook())


@pytest.mark.parametrize(
    "bomb",
    [
        {"xl/worksheets/sheet9.xml": b"<a>" + b" " * 20_000_000},
        {f"xl/media/{rank}.xml": bytes([60, rank % 250]) for rank in range(safety.MAX_ENTRIES + 1)},
    ],
    ids=["ratio", "entries"],
)
def test_an_archive_bomb_is_refused_before_it_is_unpacked(annual: Filing, lead: User, bomb: dict[str, bytes]) -> None:
    assert "volume anormal" in refusal(annual, lead, zipped(bomb, make_workbook(annual, lead)))


def test_an_entity_that_unfolds_is_refused(annual: Filing, lead: User) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'
    base = make_workbook(annual, lead)
    assert "illisible" in refusal(annual, lead, zipped({"xl/sharedStrings.xml": laughs}, base))
    assert "illisible" in refusal(annual, lead, zipped({"xl/styles.xml": laughs.decode().encode("utf-16")}, base))
    assert "illisible" in refusal(annual, lead, zipped({"xl/styles.xml": laughs.decode().encode("cp037")}, base))


def test_a_part_that_lies_about_itself_is_unreadable(annual: Filing, lead: User) -> None:
    base = make_workbook(annual, lead)
    assert "illisible" in refusal(annual, lead, zipped({"xl/workbook.xml": b"<workbook><cut"}, base))


def test_macros_are_refused(annual: Filing, lead: User) -> None:
    base = make_workbook(annual, lead)
    assert "macros" in refusal(annual, lead, base, "dossier.xlsm")
    assert "macros" in refusal(annual, lead, zipped({"xl/vbaProject.bin": b"\x01"}, base))
    with ZipFile(BytesIO(base)) as archive:
        types = archive.read("[Content_Types].xml")
    enabled = types.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    assert "macros" in refusal(annual, lead, zipped({"[Content_Types].xml": enabled}, base))


def test_a_workbook_of_another_filing_is_refused(annual: Filing, other_contract: Contract, lead: User) -> None:
    other = annual_filing(other_contract, campaign=annual.campaign)
    assert "d’un autre dossier\u00a0: Terre" in refusal(annual, lead, make_workbook(other, lead))


def test_a_workbook_of_another_version_is_refused(annual: Filing, lead: User) -> None:
    content = make_workbook(annual, lead)
    amended = ContractVersion.objects.create(
        contract=annual.contract, number=1, kind="avenant", signed_on="2021-10-01", effective_on="2021-10-01"
    )
    Filing.objects.filter(pk=annual.pk).update(version=amended)
    assert "autre version du contrat" in refusal(fresh(annual), lead, content)


def test_keys_that_were_altered_are_refused(annual: Filing, lead: User) -> None:
    book = download(annual, lead)
    keys: Any = book[TITLE].cell(5, 1)
    keys.value = keys.value[:30] + ("A" if keys.value[30] != "A" else "B") + keys.value[31:]
    assert "modifiées" in refusal(annual, lead, book)


def test_a_layout_of_another_release_is_refused(annual: Filing, lead: User) -> None:
    book = download(annual, lead)
    book[TITLE].cell(5, 1).value = signing.dumps({"layout": 0}, salt=SALT)
    assert "version antérieure du site" in refusal(annual, lead, book)


def test_a_column_that_stands_twice_is_refused(annual: Filing, lead: User) -> None:
    book = download(annual, lead)
    sheet_of(book, "credits").cell(1, 20).value = AE
    assert "colonne figure deux fois" in refusal(annual, lead, book)


@pytest.mark.parametrize("state", [FilingState.SUBMITTED, FilingState.VALIDATED, FilingState.LOCKED])
def test_a_closed_filing_takes_no_workbook(annual: Filing, lead: User, state: FilingState) -> None:
    content = make_workbook(annual, lead)
    bring(annual, lead, content)
    close(annual, state, lead)
    with pytest.raises(FilingClosed):
        bring(annual, lead, content)
    with pytest.raises(FilingClosed):
        confirm_workbook(filing=annual, actor=lead, seen="", choices={})


# --- Cells and rows ---


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("=1+1", "formule"),
        ("1.234", "ambigu"),
        ("douze", "n’est pas un nombre lisible"),
        (12.345, "plus fin que le centime"),
        (1e300, "trop de chiffres"),
        (True, "n’est pas un nombre"),
        (datetime(2021, 4, 3), "n’est pas un nombre"),  # noqa: DTZ001 - as a spreadsheet holds it
        ("#N/A", "erreur"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_where_it_stands(
    annual: Filing, lead: User, study: Consumption, typed: Any, told: str
) -> None:
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae=typed, cp=5)
    address = cell(book, "credits", study.pk, AE).coordinate
    [one] = bring(annual, lead, book).refusals
    assert told in one.message
    assert (one.address, one.row_label, one.column_label) == (
        address,
        "Études",
        "Consommé depuis le 1er\u00a0janvier\u00a02021 – AE",
    )
    with pytest.raises(WorkbookRefused):
        confirm(annual, lead)
    study.refresh_from_db()
    assert (study.ae, study.cp, study.revision) == (None, None, 0)


@pytest.mark.parametrize(
    ("typed", "read"),
    [(0.1 + 0.2, "0.30"), (1234.5600000000001, "1234.56"), ("12,5 k€", "12500.00"), ("(3)", "-3.00"), (7, "7.00")],
)
def test_a_number_keeps_no_noise_and_text_is_read_as_in_the_grid(
    annual: Filing, lead: User, study: Consumption, typed: Any, read: str
) -> None:
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae=typed)
    bring(annual, lead, book)
    assert confirm(annual, lead) == 1
    assert str(Consumption.objects.values_list("ae", flat=True).get(pk=study.pk)) == read


def test_a_share_formatted_in_percent_is_in_points(annual: Filing, lead: User, study: Consumption) -> None:
    measure = annual.measurements.get()
    book = download(annual, lead)
    fill(book, "indicateurs", measure.pk, value=0.482)
    cell(book, "indicateurs", measure.pk, "value.0").number_format = "0.0%"
    bring(annual, lead, book)
    confirm(annual, lead)
    measure.refresh_from_db()
    assert measure.value == Decimal("48.2")
    fill(book, "credits", study.pk, ae=0.5)
    cell(book, "credits", study.pk, AE).number_format = "0%"
    assert "format pourcentage" in bring(annual, lead, book).refusals[0].message


def test_words_outside_the_list_and_dates_without_state_are_refused(annual: Filing, lead: User) -> None:
    first, second = MilestoneProgress.objects.filter(filing=annual).order_by("milestone__position")
    book = download(annual, lead)
    fill(book, "calendrier", first.pk, state="Presque fini")
    fill(book, "calendrier", second.pk, state="En cours", done_on="31/12/2021")
    told = [one.message for one in bring(annual, lead, book).refusals]
    assert "n’est pas dans la liste" in told[0]
    assert "est à l’état «\u00a0Terminé\u00a0»" in told[1]


def test_dates_that_cannot_be_true_are_refused(annual: Filing, lead: User) -> None:
    first, second = MilestoneProgress.objects.filter(filing=annual).order_by("milestone__position")
    book = download(annual, lead)
    fill(book, "calendrier", first.pk, state="Terminé", done_on="01/02/1950")
    fill(book, "calendrier", second.pk, state="En retard", expected_on="01/01/2010")
    told = [one.message for one in bring(annual, lead, book).refusals]
    assert "1er\u00a0février\u00a01950 précède le contrat" in told[0]
    assert "1er\u00a0janvier\u00a02010 précède le contrat" in told[1]


def test_copied_foreign_and_renamed_rows_are_refused(annual: Filing, lead: User, study: Consumption) -> None:
    book = download(annual, lead)
    sheet = sheet_of(book, "credits")
    for line, key in ((20, str(study.pk)), (21, "999999"), (22, None)):
        sheet.cell(line, 1).value = key
        sheet.cell(line, 2).value = "Études"
    tool = Consumption.objects.get(filing=annual, line__key="outil")
    cell(book, "credits", tool.pk, "libelle").value = "Autre chose"
    told = [(one.row_label, one.address, one.message) for one in bring(annual, lead, book).refusals]
    assert told == [
        ("Études", str(line_of(sheet, study.pk)), "Cette ligne figure 2 fois\u00a0: n’en gardez qu’une."),
        ("Études", "20", "Cette ligne figure 2 fois\u00a0: n’en gardez qu’une."),
        ("Outil", str(line_of(sheet, tool.pk)), "Le libellé de cette ligne, ou sa précision, n’est plus le sien."),
        ("Études", "21", "Cette ligne n’appartient pas à ce dossier."),
        ("Études", "22", "Cette ligne n’appartient pas à ce dossier."),
    ]


def test_a_contributor_fills_only_the_rows_of_their_sheets(
    annual: Filing, contributor: User, study: Consumption
) -> None:
    tool = Consumption.objects.get(filing=annual, line__key="outil")
    book = download(annual, contributor)
    locked = [cell(book, "credits", row.pk, AE).protection.locked for row in (study, tool)]
    assert locked == [True, False]
    fill(book, "credits", tool.pk, ae=2)
    assert bring(annual, contributor, book).refusals == []
    assert confirm(annual, contributor) == 1
    fill(book, "credits", study.pk, ae=1)
    [one] = bring(annual, contributor, book).refusals
    assert (one.row_label, one.message) == (
        "Études",
        "Cette ligne relève d’une fiche qui ne vous est pas confiée.",
    )


def test_a_refused_workbook_comes_back_marked_and_can_be_corrected(
    annual: Filing, lead: User, study: Consumption
) -> None:
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae="=SUM(A1:A2)", cp=5, comment="Vu")
    bring(annual, lead, book)
    waiting = pending(annual, lead)
    assert waiting is not None
    marked = load_workbook(BytesIO(marked_workbook(annual, lead, waiting)))
    wrong = cell(marked, "credits", study.pk, AE)
    assert (wrong.fill.start_color.rgb, wrong.value, wrong.data_type) == ("FFFFBDBD", "=SUM(A1:A2)", "s")
    assert "formule" in wrong.comment.text
    assert "1 correction demandée" in str([one.value for one in marked.worksheets[0]["A"]])
    fill(marked, "credits", study.pk, ae=4)
    assert bring(annual, lead, marked).refusals == []
    assert confirm(annual, lead) == 3


def test_what_moved_since_it_was_shown_is_shown_again(annual: Filing, lead: User, study: Consumption) -> None:
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae=1)
    seen = bring(annual, lead, book).fingerprint
    Consumption.objects.filter(pk=study.pk).update(ae=9, revision=1)
    with pytest.raises(DifferencesMoved):
        confirm_workbook(filing=annual, actor=lead, seen=seen, choices={})
    with pytest.raises(DifferencesMoved, match="Choisissez"):
        confirm(annual, lead)
    assert len(shown(annual, lead).conflicts) == 1


def test_a_second_workbook_replaces_the_first(annual: Filing, lead: User, study: Consumption) -> None:
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae="douze")
    bring(annual, lead, book, "premier.xlsx")
    fill(book, "credits", study.pk, ae=12)
    assert bring(annual, lead, saved(book), "second.xlsx").refusals == []
    assert [one.file_name for one in WorkbookImport.objects.all()] == ["second.xlsx"]


def test_an_old_workbook_waits_no_longer(annual: Filing, lead: User) -> None:
    receive_workbook(filing=annual, actor=lead, file_name="a.xlsx", content=make_workbook(annual, lead))
    WorkbookImport.objects.update(expires_at="2021-01-01T00:00Z")
    assert pending(annual, lead) is None
