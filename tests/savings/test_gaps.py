"""What declared savings are held against, AE and CP apart: the same gap by line, by total and once compensated."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from contracts.models import Contract, ContractVersion
from figures.ae_cp import NOTHING, AeCp
from monitoring.enums import FilingState
from reports import charts
from reports.enums import ReportKind
from reports.situation import contract_situation
from reports.snapshots import SnapshotError, canonical, read
from reports.tables.model import Role
from reports.tables.savings import by_line
from reports.xlsx.workbook import render_xlsx
from savings.calc import SavingLine, SavingsSituation, SavingYear
from savings.drawings import compensation
from savings.models import PlannedSaving, RealisedSaving, SavingsLine
from tests.factories import CampaignFactory
from tests.reports.filed import file, move


def cp(amount: int | None) -> AeCp:
    return AeCp(None, None if amount is None else Decimal(amount))


def line(label: str, *cells: tuple[AeCp, AeCp]) -> SavingLine:
    """Each cell is planned and declared, from 2021."""
    blank: dict[str, Any] = dict.fromkeys(("key", "nature", "titre", "programme", "method", "method_label"), "")
    years = tuple(SavingYear(2021 + rank, *cell, NOTHING) for rank, cell in enumerate(cells))
    return SavingLine(
        **blank,
        label=label,
        parameters={},
        posts=(),
        recurrent=NOTHING,
        is_recurrent=True,
        is_redeployed=False,
        years=years,
    )


def test_a_total_leaves_out_the_plan_of_lines_that_declared_nothing() -> None:
    """80 declared for 100 planned; the 500 of the line that has not declared yet are no gap."""
    told, silent = line("Loyers", (cp(100), cp(80))), line("Achats", (cp(500), cp(None)))
    savings = SavingsSituation((2021,), (told, silent))
    assert [savings.total.planned_to_date.cp, savings.total.gap.cp] == [100, -20]
    assert savings.total.years[0].gap.cp == -20
    assert savings.total.gap == savings.net_compensation
    assert [group.gap.cp for group in savings.by_titre] == [-20]


def test_ae_that_were_declared_ask_for_no_cp() -> None:
    """Of 2021 the CP are told, of 2022 the AE: 80 are held against 100 in CP, and 190 against 200 in AE."""
    one = line(
        "Loyers",
        (AeCp(Decimal(100), Decimal(100)), cp(80)),
        (AeCp(Decimal(200), Decimal(200)), AeCp(Decimal(190), None)),
    )
    savings = SavingsSituation((2021, 2022), (one,))
    for row in (one, savings.total):
        assert row.planned_to_date == AeCp(Decimal(200), Decimal(100))
        assert row.gap == AeCp(Decimal(-10), Decimal(-20))


def test_what_is_declared_without_a_plan_has_no_gap_and_is_said_apart() -> None:
    one, other = line("Loyers", (cp(100), cp(80))), line("Achats", (cp(None), cp(400)))
    savings = SavingsSituation((2021,), (one, other))
    total = savings.total
    assert [total.declared.cp, total.compared.cp, total.planned_to_date.cp, total.gap.cp] == [480, 80, 100, -20]
    assert "400\u00a0€ de CP déclarés sans prévision n’entrent pas dans l’écart" in compensation(savings)


def test_what_is_declared_as_planned_is_told_without_gap() -> None:
    """Rather than « 0 € de plus »."""
    as_planned = SavingsSituation((2021,), (line("Loyers", (cp(100), cp(100))),)).total
    due = "pour 100\u00a0€ prévus sur les mêmes lignes et exercices"
    assert charts._held_against(as_planned) == f"{due}, sans écart"
    more = SavingsSituation((2021,), (line("Loyers", (cp(100), cp(130))),)).total
    assert charts._held_against(more) == f"{due}, soit 30\u00a0€ de plus"


@pytest.fixture
def half_told(contract: Contract) -> Contract:
    """30 000 € of rents planned and 25 000 € declared for 2021; 500 000 € of purchases planned, nothing declared."""
    rents = SavingsLine.objects.get(contract=contract)
    purchases = SavingsLine.objects.create(
        contract=contract,
        key="achats",
        label="Achats",
        nature=rents.nature,
        titre=rents.titre,
        method="montants",
        is_recurrent=True,
        position=2,
    )
    version = ContractVersion.objects.get(contract=contract)
    PlannedSaving.objects.create(line=purchases, version=version, year=2021, ae=500_000, cp=500_000)
    filing = file(contract, campaign=CampaignFactory(whole_year=True), state=FilingState.DRAFT)
    RealisedSaving.objects.filter(filing=filing, line=purchases).update(cp=None)
    move(filing, FilingState.SUBMITTED)
    return contract


def test_page_report_and_workbook_show_one_gap(half_told: Contract, client: Client, lead: User) -> None:
    client.force_login(lead)
    html = client.get(f"/contrats/{half_told.code}/economies/").content.decode()
    assert html.count("\u22125\u202f000") >= 4
    assert "505\u202f000" not in html
    situation = contract_situation(half_told, date(2021, 12, 31))
    (total,) = (row for row in by_line(situation).rows if row.role is Role.TOTAL)
    assert total.values[5:8] == (Decimal(30_000), Decimal(25_000), Decimal(-5_000))
    sentence = charts._savings_sentence(situation)
    assert "25\u202f000\u00a0€ de CP déclarés pour 30\u202f000\u00a0€ prévus" in sentence
    assert sentence.endswith("soit 5\u202f000\u00a0€ de moins\u202f; rien n’est certifié.")
    book = load_workbook(BytesIO(render_xlsx(situation, "0" * 64, ReportKind.YEARLY)))
    rows = {row[0].value: row for row in book["Économies"].iter_rows()}
    assert rows["Total"][7].value == f"=G{rows['Total'][7].row}-F{rows['Total'][7].row}"


def test_a_snapshot_keeps_the_gaps_that_it_froze(half_told: Contract) -> None:
    """Until then a total was held against the plan of every line, as soon as one of them had declared."""
    plain = json.loads(canonical(contract_situation(half_told, date(2021, 12, 31))))
    savings = plain["situation"]["savings"]
    for group in (savings["total"], *savings["by_titre"], *savings["by_nature"]):
        for place in (group, *(cell for cell in group["years"] if cell["year"] == 2021)):
            place["gap"]["cp"] = "-505000.00"
        group["planned_to_date"]["cp"], group["planned_to_date"]["ae"] = "530000.00", "530000.00"
    rents = savings["lines"][0]
    rents["planned_to_date"]["ae"] = "30000.00"
    old = read(json.dumps(plain))
    assert old.savings.total.gap.cp == -505_000
    (total,) = (row for row in by_line(old).rows if row.role is Role.TOTAL)
    assert total.values[5:8] == (Decimal(530_000), Decimal(25_000), Decimal(-505_000))
    savings["total"]["declared"]["cp"] = "26000.00"
    with pytest.raises(SnapshotError, match=r"26000\.00.*savings\.total\.declared\.cp.*25000"):
        read(json.dumps(plain))
