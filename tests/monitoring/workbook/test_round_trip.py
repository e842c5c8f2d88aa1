"""A workbook that comes back unchanged changes nothing; filled, it changes exactly what was typed."""

import random
import shutil
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from contracts.models import Contract, ContractVersion
from indicators.models import Measurement
from monitoring.models import Filing, MilestoneProgress
from monitoring.sections import sections_of
from monitoring.workbook.differences import Status
from monitoring.workbook.imports import make_workbook, pending
from monitoring.workbook.sheet import KEY_COLUMN, KEY_ROW, LABEL_COLUMN, NOTE_COLUMN
from savings.models import RealisedSaving
from tests.factories import FilingFactory
from tests.monitoring.workbook.books import (
    annual_filing,
    bring,
    cell,
    confirm,
    download,
    fill,
    fresh,
    saved,
    sheet_of,
    through_office,
)

MODELS: tuple[Any, ...] = (Consumption, RealisedSaving, Measurement, MilestoneProgress)


@pytest.fixture
def annual(contract: Contract) -> Filing:
    return annual_filing(contract)


def history() -> int:
    """How many times any row of any filing was written."""
    return sum(model.pgh_event_model.objects.count() for model in MODELS)


def credits_of(filing: Filing) -> list[Consumption]:
    return list(Consumption.objects.filter(filing=filing).order_by("line__position", "pk"))


def fill_everything(filing: Filing) -> None:
    """Figures that a double holds badly, texts that look like formulas, a date, a state, a level."""
    Consumption.objects.filter(filing=filing).update(
        ae=Decimal("999999999999.99"), cp=Decimal("-0.10"), comment="=1+1\n« + » – 12 k€"
    )
    RealisedSaving.objects.filter(filing=filing).update(
        ae=Decimal("0.07"), cp=Decimal(0), reason="@moi", evidence_level="documented", evidence="-12"
    )
    Measurement.objects.filter(filing=filing).update(
        value=Decimal("12345678901234.5678"), components=[Decimal("0.3"), None], comment="007"
    )
    MilestoneProgress.objects.filter(filing=filing).update(state="done", done_on=date(2021, 12, 31), comment="1/3")


@pytest.mark.parametrize("is_filled", [False, True], ids=["blank", "filled"])
def test_without_an_edit_nothing_changes(annual: Filing, lead: User, *, is_filled: bool) -> None:
    if is_filled:
        fill_everything(annual)
    before = history()
    found = bring(annual, lead, make_workbook(annual, lead))
    assert (found.changes, found.refusals, found.missing) == ([], [], [])
    assert found.unchanged == 2 * 3 + 5 + 4 + 2 * 4
    assert confirm(annual, lead) == 0
    assert history() == before


def test_each_section_is_written_from_its_sheet(annual: Filing, lead: User) -> None:
    book = download(annual, lead)
    study = credits_of(annual)[0]
    rent = RealisedSaving.objects.get(filing=annual)
    measure = Measurement.objects.get(filing=annual)
    first = MilestoneProgress.objects.filter(filing=annual).order_by("milestone__position")[0]
    fill(book, "credits", study.pk, ae=1234.56, cp="1 000,00", comment="Marché notifié")
    fill(book, "economies", rent.pk, ae=30000, reason="Bail résilié", evidence="Documentée")
    cell(book, "economies", rent.pk, "evidence.1").value = "Avenant au bail"
    fill(book, "indicateurs", measure.pk, value=48.2, components=50)
    cell(book, "indicateurs", measure.pk, "components.1").value = "46,4 %"
    fill(book, "calendrier", first.pk, state="Terminé", done_on=date(2021, 12, 1))
    bring(annual, lead, book)
    assert confirm(annual, lead) == 12
    for row in (study, rent, measure, first):
        row.refresh_from_db()
    assert (amount(study.ae), amount(study.cp), study.comment) == (
        Decimal("1234.56"),
        Decimal("1000.00"),
        "Marché notifié",
    )
    assert (amount(rent.ae), rent.reason, rent.evidence_level, rent.evidence) == (
        Decimal("30000.00"),
        "Bail résilié",
        "documented",
        "Avenant au bail",
    )
    assert (measure.value, measure.components) == (Decimal("48.2"), [Decimal(50), Decimal("46.4")])
    assert (first.state, first.done_on, first.updated_by) == ("done", date(2021, 12, 1), lead)


def test_a_hundred_edits_change_a_hundred_values(contract: Contract, lead: User) -> None:
    annual = annual_filing(contract, lines=60)
    book, rows = download(annual, lead), credits_of(annual)
    places = random.Random(7).sample([(row, column) for row in rows for column in ("ae", "cp")], 100)
    for rank, (row, column) in enumerate(places, start=1):
        fill(book, "credits", row.pk, **{column: rank + 0.25})
    found = bring(annual, lead, book)
    assert (found.count(Status.ADDED), found.unchanged) == (100, 60 * 3 - 100 + 5 + 4 + 8)
    assert confirm(annual, lead) == 100
    wanted = {(row.pk, column): Decimal(rank) + Decimal("0.25") for rank, (row, column) in enumerate(places, start=1)}
    stored = {(row.pk, column): amount(getattr(row, column)) for row in credits_of(annual) for column in ("ae", "cp")}
    assert {place: value for place, value in stored.items() if value is not None} == wanted
    assert len({row.pk for row, _ in places}) == sum(row.revision for row in credits_of(annual))


def test_a_value_is_changed_erased_or_set_to_zero(annual: Filing, lead: User) -> None:
    study, tool = credits_of(annual)
    Consumption.objects.filter(filing=annual).update(ae=100, cp=50)
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae=None, cp=0)
    fill(book, "credits", tool.pk, ae=100.10)
    found = bring(annual, lead, book)
    assert [(one.status.label, one.now, one.mine) for row in found.changes for one in row.cells] == [
        ("Effacée", "100,00", "n.\u00a0r."),
        ("Modifiée", "50,00", "0,00"),
        ("Modifiée", "100,00", "100,10"),
    ]
    confirm(annual, lead)
    assert [(amount(row.ae), amount(row.cp)) for row in credits_of(annual)] == [
        (None, Decimal("0.00")),
        (Decimal("100.10"), Decimal("50.00")),
    ]


@pytest.mark.slow
def test_a_file_saved_by_libreoffice_is_read(annual: Filing, lead: User, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office is not None, "bin/test installs LibreOffice"
    fill_everything(annual)
    book = download(annual, lead)
    through_office(office, tmp_path, saved(book))
    resaved = (tmp_path / "out" / "dossier.xlsx").read_bytes()
    found = bring(annual, lead, resaved)
    assert (found.changes, found.refusals) == ([], [])
    values = load_workbook(BytesIO(resaved), data_only=True)
    credit_sheet = sheet_of(values, "credits")
    totals = [one.value for one in credit_sheet[credit_sheet.max_row]]
    assert totals[1:5] == ["Total", None, 150000, 150000]
    assert totals[-3:-1] == [pytest.approx(1999999999999.98), pytest.approx(-0.2)]
    filled = load_workbook(BytesIO(resaved))
    fill(filled, "credits", credits_of(annual)[0].pk, ae=12.5)
    through_office(office, tmp_path, saved(filled))
    found = bring(annual, lead, (tmp_path / "out" / "dossier.xlsx").read_bytes())
    assert [(one.now, one.mine) for row in found.changes for one in row.cells] == [
        ("999\u202f999\u202f999\u202f999,99", "12,50")
    ]


def test_a_row_changed_meanwhile_is_a_conflict_to_settle(annual: Filing, lead: User, secretariat: User) -> None:
    study, tool = credits_of(annual)
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae=1)
    fill(book, "credits", tool.pk, ae=2)
    Consumption.objects.filter(filing=annual).update(ae=7, cp=8, revision=1, updated_by=secretariat)
    found = bring(annual, lead, book)
    assert [(one.before, one.now, one.mine) for row in found.conflicts for one in row.cells] == [
        ("n.\u00a0r.", "7,00", "1,00"),
        ("n.\u00a0r.", "7,00", "2,00"),
    ]
    count = confirm(annual, lead, **{f"credits_{study.pk}": "mine", f"credits_{tool.pk}": "theirs"})
    assert count == 1
    stored = [(str(amount(row.ae)), str(amount(row.cp)), row.revision) for row in credits_of(annual)]
    assert stored == [("1.00", "8.00", 2), ("7.00", "8.00", 1)]


def test_a_row_changed_meanwhile_and_not_typed_is_left(annual: Filing, lead: User) -> None:
    study, tool = credits_of(annual)
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae=1)
    Consumption.objects.filter(pk=tool.pk).update(ae=7, revision=1)
    assert [one.row.pk for one in bring(annual, lead, book).changes] == [study.pk]
    confirm(annual, lead)
    assert [amount(row.ae) for row in credits_of(annual)] == [1, 7]


def test_rows_are_found_by_key_when_sorted_and_columns_moved(annual: Filing, lead: User) -> None:
    study, tool = credits_of(annual)
    book = download(annual, lead)
    fill(book, "credits", study.pk, ae=1)
    fill(book, "credits", tool.pk, ae=2)
    sheet = sheet_of(book, "credits")
    first, second = [[one.value for one in sheet[line]] for line in (6, 7)]
    for place, pair in enumerate(zip(second, first, strict=True), start=1):
        sheet.cell(6, place).value, sheet.cell(7, place).value = pair
    sheet.title = "Mes crédits"
    sheet.insert_cols(4)
    bring(annual, lead, book)
    confirm(annual, lead)
    assert [amount(row.ae) for row in credits_of(annual)] == [1, 2]


def test_deleted_rows_and_sheets_change_nothing_and_are_told(annual: Filing, lead: User) -> None:
    Consumption.objects.filter(filing=annual).update(ae=5)
    book = download(annual, lead)
    sheet_of(book, "credits").delete_rows(6)
    del book[sheet_of(book, "economies").title]
    found = bring(annual, lead, book)
    assert (found.changes, found.refusals, found.missing) == ([], [], ["Études", "Loyers"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ae=st.none() | st.decimals(-(10**12) + 1, 10**12 - 1, places=2),
    value=st.none() | st.decimals(-(10**13), 10**13, places=4),
    text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60),
)
def test_any_stored_value_comes_back_as_it_was(
    annual: Filing, lead: User, ae: Decimal | None, value: Decimal | None, text: str
) -> None:
    Consumption.objects.filter(filing=annual).update(ae=ae, comment=text)
    Measurement.objects.filter(filing=annual).update(value=value)
    found = bring(fresh(annual), lead, make_workbook(fresh(annual), lead))
    assert (found.changes, found.refusals) == ([], [])


def test_forty_lines_come_back_with_three_cells_each(contract: Contract, lead: User) -> None:
    """`bin/bench` times it."""
    annual = annual_filing(contract, lines=40)
    book = load_workbook(BytesIO(make_workbook(annual, lead)))
    for row in credits_of(annual):
        fill(book, "credits", row.pk, ae=10, cp=5, comment="Vu")
    bring(annual, lead, saved(book))
    assert confirm(annual, lead) == 120
    found = {(amount(row.ae), amount(row.cp), row.comment) for row in credits_of(annual)}
    assert found == {(Decimal(10), Decimal(5), "Vu")}
    assert pending(annual, lead) is None


def test_lines_of_one_name_are_told_apart_offline(incub_o: ContractVersion, secretariat: User) -> None:
    """Incub-O has forty-two lines of credits, many of one label, on four axes: the axis stands beside each."""
    filing = FilingFactory(contract=incub_o.contract)
    for section in sections_of(fresh(filing)):
        section.prepare(fresh(filing))
    sheet = sheet_of(download(fresh(filing), secretariat), "credits")
    lines = [
        (sheet.cell(line, LABEL_COLUMN).value, sheet.cell(line, NOTE_COLUMN).value)
        for line in range(KEY_ROW + 1, sheet.max_row + 1)
        if str(sheet.cell(line, KEY_COLUMN).value or "").isdigit()
    ]
    assert len(lines) == 42
    assert len(set(lines)) == 42
    assert {str(note)[:5] for _, note in lines} == {"Axe 1", "Axe 2", "Axe 3", "Axe 4"}
