"""What the checks last found: kept by contract, asked for again when what they read changes, told when they break."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from structlog.testing import capture_logs

from accounts.models import User
from budget.tranches.services import make_available, record_envelope
from contracts.amendments.nomenclature import change_code
from contracts.checks import registry
from contracts.checks.registry import Check, Finding, Severity, anomalies_of
from contracts.checks.tallies import TALLY_TASK, fresh_tally, tallies_of, tally, tally_all
from contracts.lifecycle.services import record_event
from contracts.models import AnomalyTally, Contract, ContractVersion
from figures.ae_cp import AeCp
from figures.formats import date_fr
from reports.selectors import portfolio
from savings.unit_costs.services import ReferenceFacts, record_reference
from tests.contracts.subprojects.rows import make_sub_project
from tests.fixtures_contracts import load
from tests.reading import words

SignIn = Callable[[User], Client]
Asked = DjangoCaptureOnCommitCallbacks


def asked_for(callbacks: list[Any]) -> list[list[int]]:
    """The contracts whose tally was asked for; an empty list asks for all."""
    tasks = [one for one in callbacks if isinstance(one, partial) and TALLY_TASK in one.args]
    return [one.keywords["args"] for one in tasks]


def test_the_portfolio_counts_what_the_checks_last_found(
    cap2030: ContractVersion, secretariat: User, signed_in: SignIn
) -> None:
    assert [row.anomalies for row in portfolio(secretariat)] == [None]
    assert "n. c." in words(signed_in(secretariat).get("/portefeuille/"))
    assert tally_all() == 1
    whole = sum(one.is_to_handle for one in anomalies_of(cap2030))
    (row,) = portfolio(secretariat)
    assert row.anomalies is not None
    assert (len(row.anomalies.open), len(row.anomalies.accepted)) == (whole, 0)
    assert len(row.anomalies.facts) == len(anomalies_of(cap2030)) - whole
    assert f"Anomalies ouvertes {whole} 0 acceptée" in words(signed_in(secretariat).get("/portefeuille/"))


def test_a_contract_never_signed_is_not_checked(db: None, contract: Contract) -> None:
    ContractVersion.objects.filter(contract=contract).update(state="draft")
    assert tally_all(contract.pk) == 0
    assert not AnomalyTally.objects.exists()


def test_a_tally_is_stale_after_a_day_and_for_another_version(cap2030: ContractVersion, contract: Contract) -> None:
    now = timezone.now()
    assert fresh_tally(cap2030, now) is None
    tally(cap2030, at=now - timedelta(hours=23))
    kept = fresh_tally(cap2030, now)
    assert kept is not None
    assert [one.key for one in (*kept.open, *kept.facts)] == [one.key for one in anomalies_of(cap2030)]
    assert fresh_tally(cap2030, now + timedelta(hours=2)) is None
    assert fresh_tally(contract.versions.get(), now) is None


# --- A check that breaks ---


@pytest.fixture
def broken_on_marine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that breaks on the contract « marine » and finds nothing elsewhere."""

    def breaks(version: ContractVersion) -> list[Finding]:
        if version.contract.code == "marine":
            raise ZeroDivisionError("a share of nothing")
        return []

    monkeypatch.setattr(registry, "_catalogue", dict(registry._catalogue))
    check = Check("A00", "Essai", Severity.ERROR, "", "Essai", "Essai", "Essai", "Essai", lambda rows: rows)
    registry.register(check, facts=breaks)


@pytest.mark.usefixtures("broken_on_marine")
def test_a_check_that_breaks_on_a_contract_stops_neither_the_others_nor_what_was_known(
    contract: Contract, cap2030: ContractVersion, secretariat: User, signed_in: SignIn
) -> None:
    known = timezone.now() - timedelta(hours=3)
    AnomalyTally.objects.create(contract=contract, version=contract.versions.get(), computed_at=known)
    with capture_logs() as logs:
        assert tally_all() == 1
    assert [(one["event"], one["contract"]) for one in logs] == [("tally failed", "marine")]
    row = AnomalyTally.objects.get(contract=contract)
    assert (row.computed_at, row.failure) == (known, "ZeroDivisionError: a share of nothing")
    assert AnomalyTally.objects.get(contract=cap2030.contract).failure == ""
    page = words(signed_in(secretariat).get("/portefeuille/"))
    assert f"contrôle en échec le {timezone.localdate():%d/%m/%Y}" in page


def test_the_clock_of_the_worker_is_no_fault_of_a_check(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(version: ContractVersion) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(registry, "_catalogue", {})
    registry.register(Check("A00", "Essai", Severity.ERROR, "", "Essai", "Essai", "Essai", "Essai", list), facts=late)
    with pytest.raises(SoftTimeLimitExceeded):
        tally_all()
    assert not AnomalyTally.objects.exists()


@pytest.mark.usefixtures("broken_on_marine")
def test_the_synthesis_tells_what_was_known_before_the_failure(
    contract: Contract, secretariat: User, signed_in: SignIn
) -> None:
    known = timezone.now() - timedelta(days=5)
    AnomalyTally.objects.create(contract=contract, version=contract.versions.get(), computed_at=known)
    tally_all()
    page = words(signed_in(secretariat).get("/contrats/marine/"))
    told = f"Relevé du {date_fr(timezone.localdate(known))} ; le contrôle du {date_fr(timezone.localdate())} a échoué."
    assert told.replace("\u00a0", " ") in page


def test_a_failure_goes_with_the_next_tally(contract: Contract) -> None:
    AnomalyTally.objects.create(contract=contract, failed_at=timezone.now(), failure="KeyError: 1")
    assert tallies_of([contract.pk]) == {}, "nothing was ever found"
    tally(contract.versions.get())
    row = AnomalyTally.objects.get(contract=contract)
    assert (row.failed_at, row.failure) == (None, "")


# --- Asked for again by each service that writes what a check reads ---

WRITTEN: dict[str, str] = {
    "a contract file, its annex, the signature of an amendment": """
        axis budgetline committee contract contractversion indicator milestone observation party plannedcredit
        plannedmilestone plannedpost plannedsaving plannedsheet projectsheet reading savingsline savingsterms signatory
        statedfigure target organisation selectioncriterion
    """,
    "a change of codes": "nomenclaturecode",
    "an act on a tranche, an envelope": "fundingtranche tranchemove fundenvelopeevent",
    "an act on a sub-project": "subproject subprojectyear subprojectmove criterionanswer framingdocument user",
    "a reference of unit costs": "unitcostreference",
    "an event of the contract's life": "lifeevent projectcall",
}


def open_envelope(secretariat: User) -> None:
    million, nothing = AeCp(Decimal(1_000_000), Decimal(1_000_000)), AeCp(Decimal(0), Decimal(0))
    record_envelope(year=2021, voted=million, carried=nothing, source="LFI", actor=secretariat, on=date(2021, 1, 1))


def test_every_table_that_a_check_reads_is_written_by_a_service_that_asks(
    loaded_contracts: Mapping[str, Contract], secretariat: User
) -> None:
    """A check that reads another table fails here: have the service that writes it ask, then name both."""
    open_envelope(secretariat)
    make_available(contract=loaded_contracts["cap2030"], year=2021, actor=secretariat, on=date(2021, 12, 31))
    make_sub_project(loaded_contracts["lean-management"], secretariat)
    record_reference(ReferenceFacts("B", 2021, Decimal(45_000), "Direction du budget"), secretariat)
    read: set[str] = set()
    for contract in loaded_contracts.values():
        with CaptureQueriesContext(connection) as captured:
            anomalies_of(contract.versions.get(number=0))
        for query in captured.captured_queries:
            read |= set(re.findall(r'(?:FROM|JOIN) "[a-z]+_([a-z]+)"', query["sql"]))
    assert read <= {table for tables in WRITTEN.values() for table in tables.split()}
    assert {"fundingtranche", "subprojectmove", "unitcostreference"} <= read


def test_a_change_of_codes_asks(lab_minnov: ContractVersion, secretariat: User, on_commit: Asked) -> None:
    with on_commit() as asked:
        change_code(
            lab_minnov.contract,
            "centre_financier",
            "0349-CDBU-CINT",
            "Code faux",
            secretariat,
            effective_on=date(2024, 1, 1),
        )
    assert asked_for(asked) == [[lab_minnov.contract_id]]


def test_an_event_of_the_contract_s_life_asks(cap2030: ContractVersion, secretariat: User, on_commit: Asked) -> None:
    """A suspension recorded late may cover an act already done on a tranche."""
    with on_commit() as asked:
        record_event(cap2030.contract, "suspension", date(2022, 3, 1), "Retard", secretariat, today=date(2022, 5, 1))
    assert asked_for(asked) == [[cap2030.contract_id]]


def test_a_contract_file_asks(db: None, on_commit: Asked) -> None:
    with on_commit() as asked:
        loaded = load("cap2030")
    assert asked_for(asked) == [[loaded.contract_id]]


def test_a_tranche_asks(cap2030: ContractVersion, secretariat: User, on_commit: Asked) -> None:
    """The first year's tranche is fixed by the signature."""
    open_envelope(secretariat)
    with on_commit() as asked:
        make_available(contract=cap2030.contract, year=2021, actor=secretariat, on=date(2021, 12, 31))
    assert asked_for(asked)[-1] == [cap2030.contract_id]


def test_the_envelope_of_the_fund_and_the_reference_of_costs_ask_for_all(secretariat: User, on_commit: Asked) -> None:
    with on_commit() as asked:
        open_envelope(secretariat)
    assert asked_for(asked) == [[]]
    with on_commit() as asked:
        record_reference(ReferenceFacts("B", 2021, Decimal(45_000), "Direction du budget"), secretariat)
    assert asked_for(asked) == [[]]


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Asked) -> Asked:
    return django_capture_on_commit_callbacks
