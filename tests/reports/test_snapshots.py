"""A situation frozen, and read back without any live table."""

import json
from collections.abc import Mapping

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from budget.models import BudgetLine
from contracts.models import Contract, ContractVersion
from reports.enums import ReportKind
from reports.models import Snapshot
from reports.situation import contract_situation
from reports.snapshots import SnapshotError, canonical, freeze, read, situation_of
from reports.tables import series, subprojects, tranches
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


def test_a_snapshot_of_format_1_still_reads_and_says_what_it_lacks(contract: Contract) -> None:
    """As it was written before the signature's promise and the tranches were kept."""
    plain = json.loads(canonical(contract_situation(contract)))["situation"]
    del plain["signature"], plain["tranches"], plain["sub_projects"]
    plain["frame"]["version"]["number"] = 1
    old = read(json.dumps({"format": 1, "situation": plain}))
    assert (old.signature, old.tranches) == (None, None)
    assert old.credits == contract_situation(contract).credits
    assert tranches.by_year(old).empty == "Cet instantané, de format 1, ne garde pas les tranches."
    assert "de format 1" in series.credits_by_year(old).empty
    assert render_xlsx(old, "0" * 64, ReportKind.YEARLY)
    with pytest.raises(SnapshotError, match="inconnu"):
        read(json.dumps({"format": 4, "situation": plain}))


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
