"""PDF and workbook against the situation, row by row, cell by cell: amounts, shares, ratios, ETPT, dates, words.

The last tests alter one figure of one table and show that it is found.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from contracts.models import Contract, ContractVersion
from reports.drawings import key_amounts
from reports.enums import ReportKind
from reports.facts import Situation
from reports.pdf.chapters import report
from reports.pdf.render import render_pdf
from reports.situation import contract_situation
from reports.tables.credits import by_line
from reports.tables.model import Column, Kind
from reports.xlsx.workbook import render_xlsx, sheets
from tests.fixtures_contracts import load
from tests.reports.filed import altered, filed
from tests.reports.reading import book_differences, is_same, pdf_differences, recomputed

SHA: Final = "0" * 64


@pytest.fixture
def yearly(incub_o: ContractVersion) -> Situation:
    return filed(incub_o)


def pdf_of(situation: Situation, kind: ReportKind) -> bytes:
    return render_pdf(situation, SHA, kind)


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("code", ["lab-minnov", "cap2030"])
@pytest.mark.django_db
def test_every_cell_of_a_filed_report_is_in_the_pdf(code: str, kind: ReportKind) -> None:
    """Lab Minnov plans nothing in figures; CAP2030 plans every line, so that what remains and shares are figures."""
    situation = filed(load(code), whole_year=kind == ReportKind.YEARLY)
    assert is_planned(situation) is (code == "cap2030")
    assert pdf_differences(situation, kind, pdf_of(situation, kind)) == []


def is_planned(situation: Situation) -> bool:
    """Whether the lines' total has a reste à engager and the share of the planned that is consumed."""
    table = by_line(situation)
    total = {column.key: value for column, value in zip(table.columns, table.rows[-1].values, strict=True)}
    return {None} != {total["remaining_ae"], total["share_ae"]}


@pytest.mark.slow
def test_every_cell_of_the_four_promises_is_in_the_pdf(loaded_contracts: Mapping[str, Contract]) -> None:
    kind = ReportKind.YEARLY
    for contract in loaded_contracts.values():
        situation = contract_situation(contract)
        assert pdf_differences(situation, kind, pdf_of(situation, kind)) == [], contract.code


@pytest.mark.slow
def test_every_cell_of_a_filed_report_is_in_the_workbook(yearly: Situation, tmp_path: Path) -> None:
    book = recomputed(render_xlsx(yearly, SHA, ReportKind.YEARLY), tmp_path)
    count, told = book_differences(yearly, book)
    assert told == []
    assert count > 4000
    summary = {row[0]: row[1] for row in book["Synthèse"].iter_rows(max_col=2, values_only=True)}
    for figure in key_amounts(yearly):
        column = Column("", "", Kind.RATIO if figure.is_ratio else Kind.EUROS)
        assert figure.amount is None or is_same(figure.amount, summary[figure.label], column), figure


@pytest.mark.slow
def test_every_cell_of_the_four_promises_is_in_the_workbook(
    loaded_contracts: Mapping[str, Contract], tmp_path: Path
) -> None:
    for contract in loaded_contracts.values():
        situation = contract_situation(contract)
        book = recomputed(render_xlsx(situation, SHA, ReportKind.YEARLY), tmp_path)
        assert book_differences(situation, book)[1] == [], contract.code


IN_EVERY_PDF: Final = (
    ("identite", "fiches", "credits-annees", "tranches", "credits-sources"),
    ("indicateurs", "calendrier", "risques", "credits-periode", "credits-lignes"),
    ("chiffres-contredits", "anomalies", "lectures", "libelles", "notes-de-lecture", "sources", "non-renseigne"),
)
OF_THE_YEAR: Final = ("economies", "economies-annees", "emplois", "retours")
IN_THE_WORKBOOK_ALONE: Final = {"credits-prevus", "credits-consommes", "cibles", "chiffres-affiches"}
"""Long lists, which the report names (ADR 7): each line in each year, each target, each figure that the act prints."""


def test_no_table_is_left_out_of_the_pdf_but_those_left_to_the_workbook(cap2030: ContractVersion) -> None:
    """What the tests above compare is what a report has to hold, and not only what it happens to hold."""
    situation = filed(cap2030)
    first, results, last = IN_EVERY_PDF
    assert table_keys(situation, ReportKind.QUARTERLY) == [*first, *results, *last]
    assert table_keys(situation, ReportKind.YEARLY) == [*first, *OF_THE_YEAR, *results, *last]
    of_the_workbook = {table.key: len(table.rows) for tables in sheets(situation).values() for table in tables}
    left = {key for key, rows in of_the_workbook.items() if rows} - set(table_keys(situation, ReportKind.YEARLY))
    assert left == IN_THE_WORKBOOK_ALONE


def table_keys(situation: Situation, kind: ReportKind) -> list[str]:
    """The tables of a report in PDF, in order."""
    return [block.table.table.key for each in report(situation, kind).chapters for block in each.blocks if block.table]


# --- A wrong figure is found ---


def test_a_wrong_figure_of_the_pdf_is_found(cap2030: ContractVersion) -> None:
    yearly = filed(cap2030)
    told = pdf_differences(yearly, ReportKind.YEARLY, pdf_of(altered(yearly), ReportKind.YEARLY))
    assert {each.split(":")[0] for each in told} >= {"credits-lignes", "credits-annees"}


@pytest.mark.slow
def test_a_wrong_figure_of_the_workbook_is_found(yearly: Situation, tmp_path: Path) -> None:
    book = recomputed(render_xlsx(yearly, SHA, ReportKind.YEARLY), tmp_path)
    sheet = book["Emplois et retours"]
    place = next(
        cell for row in sheet.iter_rows(max_col=1) for cell in row if cell.value == "Retour sur investissement"
    )
    wrong: Any = sheet.cell(place.row + 2, 7)  # the day of R1
    wrong.value = wrong.value.replace(year=wrong.value.year + 1)
    told = book_differences(yearly, book)[1]
    assert [each.split(":")[0] for each in told] == ["Emplois et retours, retours, R1, on"]
