"""A situation frozen, and read back without any live table."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from budget.models import BudgetLine
from contracts.models import Contract, ContractVersion
from figures.ae_cp import AeCp
from reports.enums import ReportKind
from reports.models import Snapshot
from reports.pdf.render import render_pdf
from reports.situation import contract_situation
from reports.snapshots import FORMAT, SnapshotError, canonical, freeze, read, situation_of
from reports.tables import credits as credit_tables
from reports.tables import series, subprojects, tranches
from reports.tables.results import targets
from reports.xlsx.workbook import render_xlsx
from tests.factories import CampaignFactory
from tests.reports.filed import file


def test_a_snapshot_reads_back_as_the_same_situation(
    contract: Contract, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filing = file(contract, etudes=("60000", None))
    snapshot = freeze(filing)
    with django_assert_num_queries(0):
        situation = situation_of(snapshot)
    assert situation == contract_situation(contract, filing=filing)
    assert canonical(situation) == snapshot.content


def test_the_four_contracts_round_trip(loaded_contracts: Mapping[str, Contract]) -> None:
    for contract in loaded_contracts.values():
        situation = contract_situation(contract)
        assert read(canonical(situation)) == situation


def test_freezing_twice_gives_one_snapshot(contract: Contract) -> None:
    filing = file(contract, etudes=("60000", "40000"))
    assert freeze(filing) == freeze(filing)
    assert Snapshot.objects.count() == 1


def test_a_snapshot_outlives_its_rows(contract: Contract) -> None:
    snapshot = freeze(file(contract, etudes=("60000", "40000")))
    BudgetLine.objects.filter(key="etudes").update(label="Autre chose")
    labels = [line.label for line in situation_of(snapshot).credits.lines]
    assert labels == ["Études", "Outil"]


def test_a_snapshot_is_never_changed(contract: Contract) -> None:
    snapshot = freeze(file(contract))
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(content="{}")


def test_an_altered_text_is_refused(contract: Contract) -> None:
    snapshot = freeze(file(contract, etudes=("60000", "40000")))
    snapshot.content = snapshot.content.replace("60000.00", "70000.00")
    with pytest.raises(SnapshotError, match="empreinte"):
        situation_of(snapshot)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(SnapshotError, match="inconnu"):
        read('{"format":99,"situation":{}}')


def test_year_end_makes_the_annual_report(contract: Contract) -> None:
    assert freeze(file(contract)).kind == "quarterly"
    assert freeze(file(contract, campaign=CampaignFactory(whole_year=True))).kind == "yearly"


STORED = Path(__file__).parent / "snapshots"
"""« Marine » with its filing of the year 2021, as each format was written in its time."""


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_a_snapshot_of_each_format_still_reads_and_renders(number: int) -> None:
    situation = read((STORED / f"format-{number}.json").read_text())
    ftap = situation.credits.ftap
    assert (ftap.consumed.ae, ftap.consumed.cp) == (Decimal("90000.50"), Decimal(12000))
    assert situation.savings.total.declared.cp == Decimal(25000)
    assert render_xlsx(situation, "0" * 64, ReportKind.YEARLY)
    assert render_pdf(situation, "0" * 64, ReportKind.YEARLY)


def test_today_s_format_is_written_as_it_is_stored() -> None:
    """A field added since asks for the next format, with a default that means « not kept » in the older ones."""
    stored = (STORED / f"format-{FORMAT}.json").read_text()
    assert canonical(read(stored)) == stored
    with pytest.raises(SnapshotError, match="inconnu"):
        read(json.dumps(json.loads(stored) | {"format": FORMAT + 1}))


def test_format_1_says_what_it_lacks() -> None:
    """It kept neither the signature's promise nor the tranches."""
    plain = json.loads((STORED / "format-1.json").read_text())
    plain["situation"]["frame"]["version"]["number"] = 1
    old = read(json.dumps(plain))
    assert (old.signature, old.tranches) == (None, None)
    assert tranches.by_year(old).empty == "Cet instantané, de format 1, ne garde pas les tranches."
    assert "de format 1" in series.credits_by_year(old).empty


def test_format_3_says_that_it_kept_no_flow() -> None:
    old = read((STORED / "format-3.json").read_text())
    assert old.credits.period is None
    assert "ne garde pas la consommation" in credit_tables.by_period(old).empty


def test_format_5_tells_the_plan_raised_since_a_tranche_was_decided() -> None:
    """2021: 170 000 € of AE of which 20 000 € complete 150 000 €; two amendments brought the plan to 190 000 €."""
    table = tranches.by_year(read((STORED / "format-5.json").read_text()))
    ranks = {column.key: rank for rank, column in enumerate(table.columns)}
    row = next(row.values for row in table.rows if row.values[0] == 2021)
    assert (row[ranks["decided_ae"]], row[ranks["decision"]]) == (170_000, "Réduite à la décision")
    assert (row[ranks["raised_ae"]], row[ranks["raised_cp"]]) == (10_000, 10_000)
    assert "Tranche 2021 complétée le 1er septembre 2021 de 20 000,00 € d’AE et 30 000,00 € de CP" in plain(table.note)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_format_4_says_that_it_kept_no_plan_of_a_decision() -> None:
    """What a tranche was decided upon is not known: nothing is said to be raised, nor left out in silence."""
    told = json.loads((STORED / "format-5.json").read_text())["situation"]
    for year in told["tranches"]["years"]:
        for name in ("planned_then", "complements", "raised"):
            del year[name]
    table = tranches.by_year(read(json.dumps({"format": 4, "situation": told})))
    assert "raised_ae" not in {column.key for column in table.columns}
    assert table.note.endswith("ne garde pas le plan sur lequel chaque tranche a été décidée.")


def test_format_6_tells_a_target_that_the_scan_lost_from_one_left_blank() -> None:
    """The target of 2023 cannot be read; a snapshot of format 5 did not keep why it has no value."""
    told = json.loads((STORED / "format-6.json").read_text())
    assert targets(read(json.dumps(told))).rows[-1].values[2:5] == (date(2023, 12, 31), "au moins", "illisible")
    for target in told["situation"]["results"]["indicators"][0]["targets"]:
        del target["is_lost"]
    assert targets(read(json.dumps(told | {"format": 5}))).rows[-1].values[4] == "illisible ou absente"


def test_what_is_no_situation_is_refused() -> None:
    plain = json.loads((STORED / f"format-{FORMAT}.json").read_text())
    del plain["situation"]["credits"]["lines"]
    with pytest.raises(SnapshotError, match="illisible"):
        read(json.dumps(plain))


def test_a_total_that_its_lines_no_longer_give_is_refused() -> None:
    """As a rule of calculation changed since would do: rather no report than another one."""
    plain = json.loads((STORED / f"format-{FORMAT}.json").read_text())
    plain["situation"]["savings"]["total"]["declared"]["cp"] = "26000.00"
    with pytest.raises(SnapshotError, match=r"26000\.00.*savings\.total\.declared\.cp.*25000"):
        read(json.dumps(plain))


def test_an_amount_declared_on_an_unvalued_line_counts_in_the_snapshots_that_counted_it() -> None:
    """Format 2 was written while it did; `is_for_information` came with format 3."""
    plain = json.loads((STORED / "format-2.json").read_text())
    for line in plain["situation"]["savings"]["lines"]:
        line["method"] = "non_valorisee"
    assert read(json.dumps(plain)).savings.total.declared.cp == Decimal(25000)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_report_keeps_the_gap_of_a_year_of_its_time(number: int) -> None:
    """« Outil » alone told its CP of 2021, 12 000 € for 50 000 €; the 100 000 € of « Études » counted until then."""
    year = read((STORED / f"format-{number}.json").read_text()).credits.ftap.years[1]
    assert [year.year, year.gap.cp] == [2021, -138_000]


def test_a_report_of_today_holds_the_lines_that_told_alone(contract: Contract) -> None:
    filing = file(contract, etudes=("60000", None), outil=("30000.50", "12000"))
    year = situation_of(freeze(filing)).credits.ftap.years[1]
    assert (year.year, year.gap) == (2021, AeCp(Decimal("-59999.50"), Decimal(-38_000)))


def test_one_lock_has_one_snapshot(contract: Contract) -> None:
    """What a report shows beside the filing may move between two attempts: the second keeps the first's."""
    filing = file(contract, etudes=("60000", "40000"))
    first = freeze(filing)
    BudgetLine.objects.filter(key="etudes").update(label="Autre chose")
    assert freeze(filing) == first


def test_a_snapshot_of_format_2_of_an_umbrella_says_that_it_keeps_no_sub_projects(
    lean_management: ContractVersion,
) -> None:
    plain = json.loads(canonical(contract_situation(lean_management.contract)))["situation"]
    del plain["sub_projects"]
    old = read(json.dumps({"format": 2, "situation": plain}))
    assert old.sub_projects is None
    (told,) = subprojects.all_tables(old)
    assert told.empty == "Cet instantané est d’un format qui ne garde pas les sous-projets."
    assert render_xlsx(old, "0" * 64, ReportKind.YEARLY)
