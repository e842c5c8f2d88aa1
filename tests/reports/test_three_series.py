"""What was promised at signature, what is promised now, what came: side by side wherever a ledger is shown."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from accounts.models import User
from budget.models import BudgetLine, PlannedCredit
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.models import Contract, PlannedMilestone
from contracts.side_by_side import amounts_side_by_side
from indicators.models import Target
from reports.enums import ReportKind
from reports.pdf.chapters import report
from reports.situation import contract_situation
from reports.tables import series
from reports.tables.model import ABSENT, Role, Table, Value
from reports.xlsx.workbook import render_xlsx
from savings.models import PlannedSaving, SavingsLine

DAY = date(2021, 3, 1)


@pytest.fixture
def amended(contract: Contract, secretariat: User) -> Contract:
    """`contract`, whose credits of 2022, savings, target and last milestone moved on 1 March 2021."""
    draft = prepare_amendment(contract, ["erreur"], secretariat)
    PlannedCredit.objects.filter(version=draft, year=2022).update(ae=Decimal(70_000), cp=Decimal(70_000))
    PlannedSaving.objects.filter(version=draft).update(cp=Decimal(11_111))
    Target.objects.filter(version=draft).update(value=Decimal(75))
    PlannedMilestone.objects.filter(version=draft, milestone__key="jalon-2").update(ends_on=date(2023, 6, 30))
    for role in required_parties(contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", DAY, secretariat)
    sign_amendment(draft, DAY, DAY, 1, "Erreur de saisie", secretariat)
    return contract


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("financement", ["150\u202f000", "140\u202f000", "en trois séries"]),
        ("economies", ["30\u202f000", "11\u202f111", "Certifié"]),
        ("indicateurs", ["80", "75", "Dernière mesure"]),
        ("calendrier", ["T4\u00a02022", "T2\u00a02023", "Terminée le"]),
    ],
)
def test_three_series_are_shown(
    client: Client, amended: Contract, secretariat: User, page: str, told: list[str]
) -> None:
    client.force_login(secretariat)
    shown = client.get(f"/contrats/marine/{page}/").content.decode()
    assert "Promis à la signature" in shown
    assert "Promis en vigueur" in shown
    assert [words for words in told if words not in shown] == []
    before = client.get(f"/contrats/marine/{page}/?au=2021-02-28").content.decode()
    assert "Promis à la signature" not in before, "the signature was in force"


@pytest.mark.django_db
def test_the_charts_of_the_synthesis_show_the_signature_too(
    client: Client, amended: Contract, secretariat: User
) -> None:
    client.force_login(secretariat)
    assert "est celle de la signature" not in client.get("/contrats/marine/retours/").content.decode()
    assert client.get("/contrats/marine/").content.decode().count("Promis à la signature") >= 2
    assert "Promis à la signature" not in client.get("/contrats/marine/?au=2021-02-28").content.decode()


def test_a_missing_figure_is_not_a_zero() -> None:
    side = amounts_side_by_side("T", [("A", {2021: Decimal(1), 2022: None}), ("B", {2023: Decimal("2.5")})])
    assert side.rows == (
        ("2021", ("1", "n.\u00a0r.")),
        ("2022", ("n.\u00a0r.", "n.\u00a0r.")),
        ("2023", ("n.\u00a0r.", "2,50")),
        ("Total", ("1", "2,50")),
    )


def cells(table: Table, label: object) -> dict[str, Value]:
    """The row that begins so, by column."""
    row = next(row for row in table.rows if row.values[0] == label and row.role is not Role.BAND)
    return {column.key: value for column, value in zip(table.columns, row.values, strict=True)}


@pytest.mark.django_db
def test_the_report_shows_three_series(amended: Contract) -> None:
    """The fund promised 450 000 € at signature, 440 000 € since; every table, the drawings and the workbook."""
    situation = contract_situation(amended)
    total = cells(series.credits_by_year(situation), "Total FTAP")
    assert (total["ae_signed"], total["ae_in_force"], total["ae_change"]) == (450_000, 440_000, -10_000)
    saved = cells(series.savings_by_year(situation), "Total")
    assert (saved["signed"], saved["in_force"]) == (90_000, 33_333)
    aim = cells(series.indicators(situation), situation.results.indicators[0].label)
    assert (str(aim["signed_target"]), str(aim["in_force_target"])) == ("80\u00a0%", "75\u00a0%")
    moved = [row.values for row in series.milestones(situation).rows if row.values[3] != row.values[5]]
    assert [(row[3], row[5]) for row in moved] == [(date(2022, 12, 31), date(2023, 6, 30))]
    assert len(series.milestones(situation, is_brief=True).rows) == 1
    assert len(series.credits_by_line(situation, is_brief=True).rows) == 3, "two lines moved, and the total"
    made = report(situation, ReportKind.YEARLY)
    keys = {block.table.table.key for chapter in made.chapters for block in chapter.blocks if block.table}
    assert keys >= {table.key for table in series.all_series(situation)}
    assert all("Promis à la signature" in made.drawings[name] for name in ("cp-annees-0", "economies-0"))
    book = openpyxl.load_workbook(BytesIO(render_xlsx(situation, "0" * 64, ReportKind.YEARLY)))
    series_ = [sheet for sheet in book.worksheets if sheet.title.startswith("Séries")]
    numbers = {cell.value for sheet in series_ for row in sheet.iter_rows() for cell in row}
    assert {30_000, 11_111, 80, 75} <= numbers


@pytest.mark.django_db
def test_the_report_says_that_there_is_no_amendment(contract: Contract) -> None:
    situation = contract_situation(contract)
    assert {(table.rows, table.empty) for table in series.all_series(situation)} == {((), series.ONE_PROMISE)}
    told = [text for block in report(situation, ReportKind.YEARLY).chapters[0].blocks for text in block.paragraphs]
    assert series.ONE_PROMISE in told


@pytest.fixture
def other_lines(contract: Contract, secretariat: User) -> Contract:
    """An amendment without « Études » and its credits, nor the rents; with « Renfort » and « Achats », and a blank."""
    draft = prepare_amendment(contract, ["budget", "economies"], secretariat)
    draft.extends_to = 2023
    draft.save()
    PlannedCredit.objects.filter(version=draft, line__key="etudes").delete()
    PlannedCredit.objects.filter(version=draft, line__key="outil").update(cp=None)
    PlannedSaving.objects.filter(version=draft).delete()
    new = BudgetLine.objects.create(contract=contract, key="renfort", label="Renfort", nature="prestations", position=9)
    PlannedCredit.objects.create(line=new, version=draft, year=2023, ae=Decimal(7_000), cp=Decimal(6_000))
    saving = SavingsLine.objects.create(contract=contract, key="achats", label="Achats", method="montants", position=9)
    PlannedSaving.objects.create(line=saving, version=draft, year=2023, ae=Decimal(500), cp=Decimal(400))
    for role in required_parties(contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", DAY, secretariat)
    sign_amendment(draft, DAY, DAY, 1, "Erreur de saisie", secretariat)
    return contract


@pytest.mark.django_db
def test_a_line_of_one_version_only_is_a_whole_effect(other_lines: Contract) -> None:
    """Added or removed, its amount is what the amendments changed; a blank amount is not known and stays so."""
    situation = contract_situation(other_lines)
    table = series.credits_by_line(situation)
    added, removed, blank = (cells(table, label) for label in ("Renfort", "Études", "Outil"))
    assert (added["ae_signed"], added["ae_in_force"], added["ae_change"], added["cp_change"]) == (
        ABSENT,
        7_000,
        7_000,
        6_000,
    )
    assert (removed["ae_in_force"], removed["ae_change"]) == (ABSENT, -300_000)
    assert (removed["cp_signed"], removed["cp_change"]) == (300_000, -300_000)
    assert (blank["ae_change"], blank["cp_in_force"], blank["cp_change"]) == (0, None, None)
    assert cells(table, "Total")["ae_change"] == 7_000 - 300_000, "as its lines"
    saved = series.savings_by_line(situation)
    assert [cells(saved, label)["change"] for label in ("Loyers", "Achats", "Total")] == [-90_000, 400, -89_600]
    assert (cells(saved, "Loyers")["recurrent_in_force"], cells(saved, "Achats")["signed"]) == (ABSENT,) * 2


@pytest.mark.django_db
def test_a_year_of_one_version_only_is_a_whole_effect(other_lines: Contract) -> None:
    """Credits go on to 2023 and savings are of 2023 alone: each year's effect, and their sum is the total's."""
    situation = contract_situation(other_lines)
    years = [cells(series.savings_by_year(situation), year)["change"] for year in (2020, 2021, 2022, 2023)]
    assert years == [-30_000, -30_000, -30_000, 400]
    assert cells(series.savings_by_year(situation), "Total")["change"] == -89_600, "as its years"
    added = cells(series.credits_by_year(situation), 2023)
    assert (added["ae_signed"], added["ae_change"]) == (ABSENT, 7_000)


@pytest.mark.django_db
def test_the_workbook_gives_these_effects_as_figures(other_lines: Contract) -> None:
    """A formula on a dash would be an error; the others stay formulas."""
    book = openpyxl.load_workbook(BytesIO(render_xlsx(contract_situation(other_lines), "0" * 64, ReportKind.YEARLY)))
    rows = {row[0].value: [cell.value for cell in row] for row in book["Séries par ligne"].iter_rows()}
    assert rows["Renfort"][2:5] == [ABSENT, 7_000, 7_000]
    assert str(rows["Outil"][4]).startswith("=")
