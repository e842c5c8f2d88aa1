"""The sub-projects of Lean in its situation: page, PDF and workbook show the same; as of a day; in the portfolio."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract, ContractVersion, SubProject
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.selectors import pipelines_of
from reports.enums import ReportKind
from reports.pipeline import PipelineFacts, sub_projects_of
from reports.situation import contract_situation
from reports.snapshots import canonical, read
from reports.tables import subprojects as tables
from reports.xlsx.workbook import render_xlsx
from tests.contracts.subprojects.rows import framed, identified, moved, with_figures
from tests.factories import UserFactory, grant
from tests.reading import words
from tests.reports.reading import book_differences, page_tables, recomputed, wanted_pdf_rows

SignIn = Callable[[User], Client]


@pytest.fixture
def lean(lean_management: ContractVersion, secretariat: User) -> Contract:
    """Three sub-projects: one that returns 1.25, one taken by exception at 0.8, one given up."""
    contract = lean_management.contract
    team = grant(UserFactory(last_name="Équipe"), Role.LEAD, contract)
    framed(contract, team, secretariat, "Fort", (400_000, 100_000, 500_000))
    framed(contract, team, secretariat, "Faible", (300_000, 100_000, 240_000), "Proche du niveau requis.")
    left = identified(contract, team, "Laissé")
    with_figures(left, team, 50_000, 10_000, None)
    moved(left, team, "abandon", reason="Sans porteur")
    return contract


def facts_of(contract: Contract, by: date | None = None) -> PipelineFacts:
    found = sub_projects_of(contract, date(2024, 12, 31), by)
    assert found is not None
    return found


def test_the_situation_of_an_umbrella_holds_its_pipeline(lean: Contract) -> None:
    facts = contract_situation(lean).sub_projects
    assert facts is not None
    steps = {one.state: (one.count, one.ftap.cp, one.co_financing.cp, one.recurrent) for one in facts.steps}
    assert steps["framed"] == (2, Decimal(700_000), Decimal(200_000), Decimal(740_000))
    assert steps["abandoned"] == (1, Decimal(50_000), Decimal(10_000), None)
    assert steps["running"] == (0, None, None, None)
    retained, with_candidates = facts.returns
    assert (retained.numerator, retained.denominator) == (Decimal(740_000), Decimal(700_000))
    assert retained == replace(with_candidates, label=retained.label)
    assert [one.exception for one in facts.sub_projects] == ["", "Proche du niveau requis.", ""]


def test_page_pdf_and_workbook_show_the_same_sub_projects(
    lean: Contract, secretariat: User, signed_in: SignIn, tmp_path: Path
) -> None:
    situation = contract_situation(lean)
    book = recomputed(render_xlsx(situation, "0" * 64, ReportKind.QUARTERLY), tmp_path)
    count, told = book_differences(situation, book)
    assert told == []
    assert count > 500
    rows = [cells for key, cells in wanted_pdf_rows(situation, ReportKind.QUARTERLY) if key == "sous-projets-etapes"]
    client = signed_in(secretariat)
    for address in ("/contrats/lean-management/sous-projets/", "/contrats/lean-management/"):
        shown = page_tables(client.get(address).content.decode())
        (page,) = [one for caption, one in shown.items() if caption.startswith("Sous-projets par étape")]
        assert [cells[1] for cells in page.rows] == [cells[1] for cells in rows]
        framed_row = next(cells for cells in page.rows if cells[0] == "Cadré")
        assert framed_row[1:] == next(cells for cells in rows if cells[0] == "Cadré")[1:]
    sheet = book["Sous-projets"]
    ratios = [row[4].value for row in sheet.iter_rows() if row[0].value == "Retour consolidé, sous-projets retenus"]
    assert [round(Decimal(str(one)), 3) for one in ratios] == [Decimal("1.057")]


def test_a_contract_that_is_no_umbrella_has_neither_sheet_nor_chapter(
    contract: Contract, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert sub_projects_of(contract, date(2024, 12, 31)) is None
    situation = contract_situation(contract)
    assert tables.all_tables(situation) == []
    book = load_workbook(BytesIO(render_xlsx(situation, "0" * 64, ReportKind.QUARTERLY)))
    assert "Sous-projets" not in book.sheetnames


def test_a_snapshot_keeps_them(lean: Contract) -> None:
    situation = contract_situation(lean)
    assert read(canonical(situation)) == situation


def test_as_of_a_day_each_stands_where_its_acts_had_brought_it(lean: Contract, secretariat: User) -> None:
    """Acts in 2024 on sub-projects written down today; whatever came after the day is not told."""
    row = lean.sub_projects.get(number=1)
    last = row.moves.order_by("-on", "-pk")[0].on
    moved(row, secretariat, "launch", on=last)
    assert SubProjectState(SubProject.objects.get(pk=row.pk).state) is SubProjectState.RUNNING
    before = facts_of(lean, date(2023, 1, 1))
    assert before.sub_projects == (), "none had been identified"
    on_the_day = facts_of(lean, last)
    assert [one.state for one in on_the_day.sub_projects] == ["running", "framed", "abandoned"]
    assert on_the_day.steps == facts_of(lean).steps


def test_the_portfolio_counts_them_beside_the_contract(lean: Contract, secretariat: User, signed_in: SignIn) -> None:
    client = signed_in(secretariat)
    assert "3 sous-projets, dont 2 retenus" in words(client.get("/portefeuille/"))
    answer = client.get("/portefeuille/export.xlsx")
    head, row = load_workbook(BytesIO(answer.getvalue())).worksheets[0].iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["Sous-projets"], told["Sous-projets retenus"]) == (3, 2)


def test_the_returns_of_the_fund_show_the_consolidated_return_of_each_umbrella(
    lean: Contract,
    contract: Contract,
    secretariat: User,
    reader: User,
    signed_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(secretariat)
    assert "Lean management 2 740 000 700 000 1,057 1 respectée" in words(client.get("/portefeuille/retours/"))
    book = load_workbook(BytesIO(client.get("/portefeuille/retours/export.xlsx").getvalue()))
    assert "Dispositifs" in book.sheetnames
    assert "Retours consolidés des dispositifs" not in words(signed_in(reader).get("/portefeuille/retours/"))
    with django_assert_num_queries(7):
        pipelines_of([lean.pk])
    with django_assert_num_queries(1):
        pipelines_of([contract.pk])
