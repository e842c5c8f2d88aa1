"""`manage.py seed_demo` sets the scene once, in every state, and marks all that is invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone
from django.utils.timezone import localdate
from pytest_django import DjangoDbBlocker

from accounts.enums import Role
from accounts.models import RoleGrant, User
from budget.entry import ConsumptionEntry
from budget.entry_selectors import entry_rows as credit_rows
from budget.models import Consumption, FundEnvelope, FundingTranche, TrancheFonctionnelle
from budget.services import record_consumptions
from contracts.amendments.impact import impact
from contracts.calls.selectors import calls_on
from contracts.enums import VersionState
from contracts.lifecycle.selectors import phase_of
from contracts.models import Contract, ContractVersion
from contracts.selectors import version_in_force
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.selectors import pipeline_of
from ftap.demonstration.people import PASSWORD, PEOPLE
from ftap.demonstration.scene import LEADS, set_scene
from monitoring.enums import FilingState
from monitoring.models import Campaign, Filing
from monitoring.permissions import editable_sheets
from monitoring.rules import findings
from reports.enums import JobState
from reports.models import Job
from reports.performance_selectors import performance
from reports.situation import contract_situation
from savings.models import SavingCertification


@pytest.mark.django_db
def test_it_refuses_outside_a_demo(settings: LazySettings) -> None:
    settings.FTAP_DEMO = False
    with pytest.raises(CommandError, match="FTAP_DEMO=1"):
        call_command("seed_demo")
    assert (User.objects.count(), Contract.objects.count(), Campaign.objects.count()) == (0, 0, 0)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demo, set once for the tests below, which change nothing; gives what the command said."""
    with django_db_blocker.unblock(), override_settings(FTAP_DEMO=True), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)


def seed() -> str:
    said = StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


def rows() -> dict[str, int]:
    """How many rows each table of the database has, those of the history included."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = int(cursor.fetchone()[0])
    return counts


def test_the_scene_is_set_once(scene: str) -> None:
    before = rows()
    assert (before["accounts_user"], before["contracts_contract"]) == (len(PEOPLE), 5) == (10, 5)
    assert sum(count for table, count in before.items() if table.endswith("event")) > 1000
    assert seed() == scene
    set_scene(on=timezone.localdate() + timedelta(days=1))
    assert rows() == before


def test_the_accounts_are_said(scene: str) -> None:
    assert PASSWORD in scene
    assert all(person.email in scene for person in PEOPLE)
    assert all(User.objects.get(email=person.email).check_password(PASSWORD) for person in PEOPLE)
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role)


def test_each_state_is_there(scene: str) -> None:
    reopened = {FilingState.REOPENED, FilingState.TEXTS_OPEN, FilingState.TEXTS_SUBMITTED}  # later, by the secretariat
    assert set(Filing.objects.values_list("state", flat=True)) == set(FilingState) - reopened
    locked = Filing.objects.filter(state=FilingState.LOCKED)
    assert set(Job.objects.values_list("filing", flat=True)) == set(locked.values_list("pk", flat=True))
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.QUEUED}


@pytest.mark.parametrize("model", [User, Campaign, Filing])
def test_all_that_is_invented_says_so(scene: str, model: type[User | Campaign | Filing]) -> None:
    assert set(model.objects.values_list("is_demo", flat=True)) == {True}


def test_what_was_submitted_would_pass_today(scene: str) -> None:
    for filing in Filing.objects.exclude(state=FilingState.DRAFT).select_related("campaign", "contract", "version"):
        assert [found.message for found in findings(filing) if found.is_blocking] == []


@pytest.mark.parametrize("code", LEADS)
def test_each_lead_finds_a_blank_filing(scene: str, code: str) -> None:
    assert Filing.objects.filter(contract__code=code, state=FilingState.DRAFT, revision=0).exists()


def test_the_contributor_has_rows_to_fill_and_can_write_one(scene: str) -> None:
    person = User.objects.get(email="contributeur@demo.example")
    (filing,) = Filing.objects.filter(contract__code="exemple", state=FilingState.DRAFT)
    assert [one.contract.code for one in Filing.objects.filter(campaign=filing.campaign)] == ["exemple"]
    sheets = editable_sheets(person, filing)
    assert sheets == frozenset({"1"})
    mine = [row for row in credit_rows(filing) if row.sheet in sheets]
    assert [row.label for row in mine] == ["Études"]
    client = Client()
    client.force_login(person)
    assert f"/dossiers/{filing.pk}/" in client.get("/").content.decode(), "À faire leads there"
    with transaction.atomic():
        entry = ConsumptionEntry(mine[0].pk, mine[0].revision, Decimal(1_000), Decimal(1_000))
        (written,) = record_consumptions(filing=filing, entries=[entry], actor=person)
        assert (written.ae.amount, written.updated_by) == (1_000, person)
        transaction.set_rollback(True)


def test_an_amendment_is_being_prepared_and_changes_nothing_yet(scene: str) -> None:
    draft = ContractVersion.objects.get(state=VersionState.DRAFT)
    assert (draft.contract.code, draft.number) == ("incub-o", 1)
    assert draft.reason.startswith("Démonstration")
    assert draft.based_on is not None
    found = impact(draft.based_on, draft)
    assert found.changes
    assert found.adds_up
    assert version_in_force(draft.contract, timezone.localdate()).number == 0


def test_an_invented_sub_project_stands_at_each_step(scene: str) -> None:
    lean = Contract.objects.get(code="lean-management")
    pipeline = pipeline_of(lean)
    assert {state.value: len(rows) for state, rows in pipeline.by_state.items()} == dict.fromkeys(
        SubProjectState.values, 1
    )
    assert all(one.row.is_demo and "inventé" in one.row.purpose for one in pipeline.standings)
    assert [one.exception != "" for one in pipeline.retained.below] == [True]
    assert pipeline.retained.savings == 1_180_000
    assert pipeline.retained.ftap == 990_000


def test_a_tranche_is_available_within_an_invented_envelope(scene: str) -> None:
    row = FundingTranche.objects.get(year=2022)
    assert (row.decided_on, row.made_available_on) == (date(2022, 2, 15), date(2022, 3, 15))
    assert (row.contract.code, row.state, row.decision) == ("cap2030", "available", "full")
    assert set(FundEnvelope.objects.values_list("source", flat=True)) == {"Démonstration\u00a0: montants inventés."}


def test_an_invented_contract_shows_what_the_real_ones_do_not(scene: str) -> None:
    contract = Contract.objects.get(is_demo=True)
    assert "inventé" in contract.title
    amended = version_in_force(contract, timezone.localdate())
    assert (amended.number, amended.in_force_from) == (1, date(2023, 7, 1))
    found = impact(contract.versions.get(number=0), amended)
    assert found.adds_up
    recurrent = next(one for one in found.totals if one.code == "perenne")
    assert [row.difference for row in recurrent.rows] == [Decimal(-135_000)] * 2
    assert found.dates
    assert found.targets
    assert contract.budget_lines.filter(label="Numérisation des fonds anciens").exists()
    assert FundingTranche.objects.get(contract=contract).decision == "reduced"
    assert TrancheFonctionnelle.objects.get().affectation.amount == 420_000
    assert phase_of(contract, timezone.localdate()).label == "financements suspendus"
    calls = calls_on(timezone.localdate())
    assert [(one.call.applications, len(one.selections)) for one in calls] == [(None, 0), (24, 1)]


def test_what_is_over_was_filed_in_its_time_and_its_history_says_the_same(scene: str) -> None:
    """CAP2030 for 2021: due on 31 January 2022, submitted six days before, certified between its two validations."""
    filing = Filing.objects.get(contract__code="cap2030", campaign__year=2021)
    days = {one.action: localdate(one.at) for one in filing.transitions.all()}
    assert filing.due_on == date(2022, 1, 31)
    assert days == {"submit": date(2022, 1, 25), "validate": date(2022, 2, 8), "countersign": date(2022, 2, 16)}
    assert (localdate(filing.submitted_at), localdate(filing.locked_at)) == (days["submit"], days["countersign"])
    certified = SavingCertification.objects.filter(realised__filing=filing)
    assert {localdate(one.certified_at) for one in certified} == {date(2022, 2, 11)}
    today = timezone.localdate() - timedelta(days=1)
    over = Filing.objects.filter(campaign__due_on__lt=date(2024, 1, 1), state=FilingState.LOCKED)
    assert over.count() == 7
    events = Filing.pgh_event_model.objects.filter(pgh_obj__in=over)  # type: ignore[attr-defined]
    assert not events.filter(pgh_created_at__date__gte=today).exists()
    rows = Consumption.pgh_event_model.objects.filter(filing__in=over)  # type: ignore[attr-defined]
    assert rows.exists()
    assert not rows.filter(pgh_created_at__date__gte=today).exists()


def test_the_return_of_the_fund_has_a_past(scene: str) -> None:
    """The first savings certified are those of 2019, filed in 2020; each year’s end has a value from then on."""
    found = performance(User.objects.get(email="secretariat@demo.example"), date(2025, 6, 30))
    (trend,) = [one for one in found.trends if one.code == "P6"]
    values = {day.year: one.value is not None for day, one in zip(found.days, trend.measures, strict=True)}
    assert values == {2018: False, 2019: False, 2020: True, 2021: True, 2022: True, 2023: True, 2024: True, 2025: True}


def test_each_contract_has_a_report(scene: str) -> None:
    assert set(Job.objects.values_list("filing__contract__code", flat=True)) >= set(LEADS)


def test_the_figures_of_lean_do_not_contradict_its_sub_projects(scene: str) -> None:
    """One sub-project ran in 2023, for 420 000 € of the fund: the indicator says one, and about that was paid."""
    contract = Contract.objects.get(code="lean-management")
    situation = contract_situation(contract)
    (running,) = [one.row for one in pipeline_of(contract, date(2023, 12, 31)).standings if one.row.state == "running"]
    assert running.title == "Instruction des titres de séjour"
    counted = next(one for one in situation.results.indicators if one.key == "projets-accompagnes")
    assert counted.value == 1
    assert situation.credits.ftap.consumed.cp == 415_680


def test_each_year_of_which_consumption_is_told_has_its_tranche_at_the_disposal_of_the_holder(scene: str) -> None:
    for code in LEADS:
        tranches = contract_situation(Contract.objects.get(code=code)).tranches
        assert tranches is not None
        assert [one.year for one in tranches.years if one.consumed.ae and one.made_available_on is None] == [], code
