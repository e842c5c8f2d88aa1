"""Texts reopened alone: the comments of rows open by every path, figures, dates and levels stay shut by every path."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from budget.entry import ConsumptionEntry
from budget.models import Consumption
from budget.services import record_consumptions
from contracts.fields import amount
from contracts.models import Contract
from indicators.models import Measurement
from monitoring.entry.conflicts import FiguresClosed, NotYourRow, StaleRows
from monitoring.errors import BlockedError, FilingError
from monitoring.locks import MESSAGE
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.permissions import declarants
from monitoring.services.filings import submit_filing
from monitoring.services.progress import RowChange, add_risk, record_calendar, record_risk
from savings.models import RealisedSaving
from tests.factories import CampaignFactory, FilingFactory
from tests.monitoring.workbook.books import annual_filing, bring, cell, confirm, fill

SignedIn = Callable[[User], Client]
# Of each grid: its address, its rows, the text that opens, a figure that does not, and what is typed in it.
GRIDS: dict[str, tuple[Any, str, str, str]] = {
    "credits": (Consumption, "comment", "ae", "7"),
    "economies": (RealisedSaving, "reason", "ae", "7"),
    "indicateurs": (Measurement, "comment", "value", "7"),
}
SAID = "Seuls les commentaires sont rouverts"


@pytest.fixture
def texts(contract: Contract) -> Filing:
    """The filing of the fourth quarter of 2021, filled and reopened for its texts, a later one being submitted."""
    filing = annual_filing(contract)
    Consumption.objects.filter(filing=filing).update(ae=100, cp=40, comment="Marché")
    RealisedSaving.objects.filter(filing=filing).update(ae=30_000, cp=30_000, evidence_level="documented")
    Measurement.objects.filter(filing=filing).update(value=50, components=[])
    MilestoneProgress.objects.filter(filing=filing).update(state="done", done_on=date(2021, 12, 1))
    model = FilingFactory(contract=contract, campaign=CampaignFactory(next_year=True), state="submitted")
    given = {"submitted_by": model.submitted_by, "submitted_at": model.submitted_at}
    Filing.objects.filter(pk=filing.pk).update(state="texts_open", **given)
    return Filing.objects.select_related("campaign", "version", "contract").get(pk=filing.pk)


def row_of(filing: Filing, code: str) -> Any:
    """The first row of a grid."""
    return GRIDS[code][0].objects.filter(filing=filing).order_by("pk")[0]


def held(row: Any) -> tuple[str, Any]:
    """The text and the figure that the table now holds."""
    row.refresh_from_db()
    _, text, figure, _ = GRIDS[next(code for code, grid in GRIDS.items() if isinstance(row, grid[0]))]
    value = getattr(row, figure)
    return getattr(row, text), getattr(value, "amount", value)


def sent(row: Any, **typed: str) -> dict[str, str]:
    return {f"r{row.pk}": str(row.revision)} | {f"c{row.pk}-{name}": text for name, text in typed.items()}


# --- The grids: the page, its form, one row, a block ---


@pytest.mark.parametrize("code", GRIDS)
def test_the_page_has_inputs_for_texts_only(texts: Filing, lead: User, signed_in: SignedIn, code: str) -> None:
    row, (_, text, figure, _) = row_of(texts, code), GRIDS[code]
    html = signed_in(lead).get(f"/dossiers/{texts.pk}/{code}/").content.decode()
    assert SAID in html
    assert f'name="c{row.pk}-{text}"' in html
    assert f'name="c{row.pk}-{figure}"' not in html
    assert 'name="reprendre"' not in html
    assert {re.sub(r"^c\d+-", "", name) for name in re.findall(r'name="(c\d+-[^"]+)"', html)} == {text}


@pytest.mark.parametrize("code", GRIDS)
@pytest.mark.parametrize("path", ["", "lignes/", "lignes/{row}/"])
def test_a_text_is_saved_and_figures_stay(texts: Filing, lead: User, signed_in: SignedIn, code: str, path: str) -> None:
    row, text = row_of(texts, code), GRIDS[code][1]
    before = held(row)[1]
    address = f"/dossiers/{texts.pk}/{code}/{path.format(row=row.pk)}"
    answer = signed_in(lead).post(address, sent(row, **{text: "Corrigé."}))
    assert answer.status_code == (200 if path else 302)
    assert held(row) == ("Corrigé.", before)
    assert (row.revision, row.updated_by) == (1, lead)
    assert lead.pk in declarants(texts)


@pytest.mark.parametrize("code", GRIDS)
@pytest.mark.parametrize("path", ["", "lignes/", "lignes/{row}/"])
def test_a_figure_sent_with_a_text_refuses_both(
    texts: Filing, lead: User, signed_in: SignedIn, code: str, path: str
) -> None:
    row, (_, text, figure, value) = row_of(texts, code), GRIDS[code]
    before = held(row)
    address = f"/dossiers/{texts.pk}/{code}/{path.format(row=row.pk)}"
    answer = signed_in(lead).post(address, sent(row, **{text: "Corrigé.", figure: value}))
    assert (answer.status_code, SAID in answer.content.decode()) == (409, True)
    assert held(row) == before


# --- Risks ---


@pytest.fixture
def risk(texts: Filing) -> FiledRisk:
    """Declared before the filing was locked."""
    Filing.objects.filter(pk=texts.pk).update(state="draft", submitted_by=None, submitted_at=None)
    made = FiledRisk.objects.create(filing=texts, title="Recrutement", probability=4, severity=3, mitigation="Vivier")
    given = {"submitted_by": texts.submitted_by, "submitted_at": texts.submitted_at}
    Filing.objects.filter(pk=texts.pk).update(state="texts_open", **given)
    return made


def test_the_words_of_a_risk_open_and_its_judgement_stays(
    texts: Filing, risk: FiledRisk, lead: User, signed_in: SignedIn
) -> None:
    client, address = signed_in(lead), f"/dossiers/{texts.pk}/risques/"
    page = client.get(address).content.decode()
    assert f"{address}{risk.pk}/" in page
    assert "Clore" not in page
    assert "Déclarer un risque" not in page
    sent_words = {
        "revision": 0,
        "description": "Deux postes",
        "mitigation": "Mobilité",
        "probability": 1,
        "severity": 1,
    }
    assert client.post(f"{address}{risk.pk}/", sent_words).status_code == 302
    risk.refresh_from_db()
    assert (risk.description, risk.mitigation) == ("Deux postes", "Mobilité")
    assert (risk.title, risk.probability, risk.severity, risk.state) == ("Recrutement", 4, 3, "open")


def test_the_judgement_of_a_risk_is_refused_by_service_and_by_the_database(
    texts: Filing, risk: FiledRisk, lead: User, contributor: User
) -> None:
    words = {"mitigation": "Mobilité"}
    with pytest.raises(FiguresClosed):
        record_risk(filing=texts, risk=risk, actor=lead, revision=0, values={**words, "severity": 1})
    with pytest.raises(FilingError, match="plus ouvert"):
        record_risk(filing=texts, risk=FiledRisk.objects.get(), actor=contributor, revision=0, values=words)
    with pytest.raises(FilingError, match="plus ouvert"):
        add_risk(filing=texts, actor=lead, values={"title": "Marché", "probability": 1, "severity": 1})
    with pytest.raises(IntegrityError, match="plus ouvert"), transaction.atomic():
        FiledRisk.objects.filter(pk=risk.pk).update(severity=1)
    assert FiledRisk.objects.filter(pk=risk.pk).update(description="Écrite") == 1


def test_totals_keep_the_figures_that_have_no_input(texts: Filing, lead: User, signed_in: SignedIn) -> None:
    html = signed_in(lead).get(f"/dossiers/{texts.pk}/credits/").content.decode()
    assert re.search(r'data-total="ae" data-fixed="200.00">200,00<', html)


def test_a_contributor_comments_the_rows_of_their_sheets_only(
    texts: Filing, contributor: User, signed_in: SignedIn
) -> None:
    study, tool = Consumption.objects.filter(filing=texts).order_by("line__position")
    client, address = signed_in(contributor), f"/dossiers/{texts.pk}/credits/lignes/"
    assert client.post(f"{address}{tool.pk}/", sent(tool, comment="Recette")).status_code == 200
    assert client.post(f"{address}{study.pk}/", sent(study, comment="Recette")).status_code == 403
    assert [held(row)[0] for row in (study, tool)] == ["Marché", "Recette"]


def test_services_refuse_figures_strangers_and_stale_comments(texts: Filing, lead: User, contributor: User) -> None:
    row = row_of(texts, "credits")
    with pytest.raises(FiguresClosed, match=SAID):
        record_consumptions(filing=texts, entries=[ConsumptionEntry(row.pk, 0, None, row.cp.amount)], actor=lead)
    with pytest.raises(NotYourRow):
        entry = ConsumptionEntry(row.pk, 0, row.ae.amount, row.cp.amount, "Autre")
        record_consumptions(filing=texts, entries=[entry], actor=contributor)
    entry = ConsumptionEntry(row.pk, 0, row.ae.amount, row.cp.amount, "Un")
    record_consumptions(filing=texts, entries=[entry], actor=lead)
    with pytest.raises(StaleRows):
        late = ConsumptionEntry(row.pk, 0, row.ae.amount, row.cp.amount, "Deux")
        record_consumptions(filing=texts, entries=[late], actor=lead)
    assert held(row) == ("Un", 100)


# --- The calendar ---


def test_the_calendar_takes_comments_and_no_date(texts: Filing, lead: User, signed_in: SignedIn) -> None:
    row = MilestoneProgress.objects.filter(filing=texts).order_by("milestone__position")[0]
    client, address = signed_in(lead), f"/dossiers/{texts.pk}/calendrier/"
    page = client.get(address).content.decode()
    assert SAID in page
    assert re.search(rf'name="j{row.pk}-state"[^>]*disabled', page)
    assert not re.search(rf'name="j{row.pk}-comment"[^>]*disabled', page)
    typed = {f"j{row.pk}-revision": "0", f"j{row.pk}-comment": "Livré", f"j{row.pk}-state": "late"}
    assert client.post(address, typed).status_code == 302
    row.refresh_from_db()
    assert (row.comment, row.state, row.done_on) == ("Livré", "done", date(2021, 12, 1))
    with pytest.raises(FiguresClosed, match=SAID):
        record_calendar(filing=texts, actor=lead, changes=[RowChange(row.pk, 1, {"state": "late", "comment": "x"})])


# --- The workbook ---


def test_a_workbook_brings_texts_and_its_figures_are_refused(texts: Filing, lead: User, signed_in: SignedIn) -> None:
    book = load_workbook(BytesIO(signed_in(lead).get(f"/dossiers/{texts.pk}/classeur/").content))
    for code, (_, text, figure, _) in GRIDS.items():
        row = row_of(texts, code)
        assert not cell(book, code, row.pk, f"{text}.0").protection.locked
        assert cell(book, code, row.pk, f"{figure}.0").protection.locked
        fill(book, code, row.pk, **{text: "Depuis le classeur"})
    assert bring(texts, lead, book).refusals == []
    assert confirm(texts, lead) == 3
    assert [held(row_of(texts, code))[0] for code in GRIDS] == ["Depuis le classeur"] * 3
    row = row_of(texts, "credits")
    fill(book, "credits", row.pk, ae=7)
    (refused,) = bring(texts, lead, book).refusals
    assert (refused.row, refused.column, SAID in refused.message) == (row.pk, "ae.0", True)
    assert amount(row.ae) == 100


# --- The database ---


@pytest.mark.parametrize(
    ("table", "text", "others"),
    [
        ("budget_consumption", "comment", ["cp = 9", "ae = NULL", "line_id = line_id + 1"]),
        ("savings_realisedsaving", "reason", ["cp = 9", "evidence = 'x'", "evidence_level = 'estimated'"]),
        ("indicators_measurement", "comment", ["value = 9", "components = '{1}'"]),
        ("monitoring_milestoneprogress", "comment", ["done_on = NULL", "expected_on = '2022-01-01'"]),
    ],
)
def test_the_database_takes_the_text_of_a_row_and_nothing_else(
    texts: Filing, table: str, text: str, others: list[str]
) -> None:
    for change in others:
        for write in (f"UPDATE {table} SET {change}", f"UPDATE {table} SET {text} = 'x', {change}"):
            with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"{write} WHERE filing_id = %s", [texts.pk])
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE filing_id = %s", [texts.pk])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {text} = 'x', revision = revision + 1 WHERE filing_id = %s", [texts.pk])
        assert cursor.rowcount > 0
    Filing.objects.filter(pk=texts.pk).update(state="texts_filed")
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {text} = 'y' WHERE filing_id = %s", [texts.pk])


# --- Submitting them ---


def test_a_reason_erased_stops_the_texts_and_a_figure_does_not(texts: Filing, lead: User, signed_in: SignedIn) -> None:
    """E01 asks for a reason that words can give; C01, CP above AE, could only be mended by a figure."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE budget_consumption SET cp = 900 WHERE filing_id = %s", [texts.pk])
        cursor.execute("UPDATE savings_realisedsaving SET cp = 1, ae = 1 WHERE filing_id = %s", [texts.pk])
        cursor.execute("RESET session_replication_role")
    with pytest.raises(BlockedError) as blocked:
        submit_filing(filing=texts, actor=lead)
    assert [found.rule.code for found in blocked.value.findings] == ["E01"]
    row = row_of(texts, "economies")
    answer = signed_in(lead).post(f"/dossiers/{texts.pk}/economies/lignes/{row.pk}/", sent(row, reason="Bail prolongé"))
    assert answer.status_code == 200
    assert submit_filing(filing=texts, actor=lead).state == "texts_filed"
