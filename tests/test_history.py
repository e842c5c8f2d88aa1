"""The database remembers every write of every tracked table: who, when, the old values and the new ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money
from pytest_django import DjangoDbBlocker

from accounts.enums import Role
from accounts.models import User
from budget.models import BudgetLine, Consumption
from budget.tranches.models import FundEnvelope, FundingTranche, TrancheMove
from budget.tranches.phase_models import AffectationWithdrawal, TrancheFonctionnelle
from contracts.models import (
    AnomalyDecision,
    LifeEvent,
    NomenclatureChange,
    Observation,
    ProjectCall,
    Provision,
    Recipient,
    SelectionCriterion,
)
from indicators.models import Indicator, Measurement
from monitoring.models import Filing, OutgoingMail
from reports.models import Delivery, ReportFile, Snapshot
from savings.models import RealisedSaving, SavingCertification, SavingsLine, UnitCostReference
from tests.budget.rows import rows_of
from tests.contracts.a_contract import TEXT
from tests.contracts.subprojects.rows import make_sub_project
from tests.contracts.test_contract_file import load_text
from tests.factories import CampaignFactory, FilingFactory, UserFactory, grant
from tests.monitoring.one_of_each import make_one_of_each

TRACKED = [model for model in apps.get_models() if hasattr(model, "pgh_event_model")]

# Tables that keep no history, and why: docs/adr/0010-what-keeps-no-history.md.
UNTRACKED = {"AnomalyTally", "Remark", "Job", "OutgoingMail", "Notice", "WorkbookImport"}

EUROS: Any = Money(1234, "EUR")
NOW = timezone.now()
CHANGES: dict[str, dict[str, Any]] = {
    "User": {"service": "Bureau 2BPSS"},
    "RoleGrant": {"sheets": ["2"]},
    "Party": {"position": 9},
    "PlannedSheet": {"ftap": EUROS},
    "PlannedMilestone": {"ends_on": date(2022, 11, 30)},
    "StatedFigure": {"value": Decimal(181)},
    "Reading": {"evidence": "La somme des lignes."},
    "Campaign": {"due_on": date(2021, 8, 7)},
    "Filing": {"state": "submitted", "submitted_by": "person", "submitted_at": NOW},
    "Attachment": {"removed_by": "person", "removed_at": NOW},
    "NotificationPreference": {"way": "never"},
    "FiledRisk": {"severity": 2},
    "Reminder": {"told_at": NOW},
    "Nudge": {"at": NOW},
    "Thread": {"resolved_by": "person", "resolved_at": NOW},
    "PlannedCredit": {"ae": EUROS},
    "Consumption": {"ae": EUROS, "cp": None},
    "SavingsTerms": {"recurrent_ae": EUROS},
    "PlannedSaving": {"cp": EUROS},
    "PlannedPost": {"removed_etpt": Decimal("0.50")},
    "RealisedSaving": {"cp": EUROS},
    "UnitCostReference": {"source": "Note relue"},
    "SavingCertification": {"ae": EUROS, "reason": "Bail relu"},
    "FundEnvelope": {"voted_cp": EUROS},
    "TrancheFonctionnelle": {"affectation": EUROS},
    "SubProjectYear": {"savings": EUROS},
    "Target": {"value": Decimal(90)},
    "Measurement": {"value": Decimal(66)},
    "ReportFile": {"size": 4},
    "Delivery": {"recipient": "autre@ftap.example"},
}
"""What is changed in a row of each table; in the others, the first of these texts."""
TEXTS = ("label", "title", "name", "text", "comment", "reason")


@dataclass
class Scene:
    """One row at least of each tracked table, all written by `person` since `began`."""

    person: User
    began: datetime


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Made once for all: each test goes back to it."""
    began = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        person = UserFactory(email="chef@ftap.example")
        with pghistory.context(user=person.pk):
            set_scene(person)
        connection.check_constraints()
        yield Scene(person, began)
        transaction.set_rollback(True)


def set_scene(person: User) -> None:
    """A contract with one of each thing, a filing in entry, another one submitted, certified and reported."""
    contract = load_text(TEXT, actor=person).version.contract
    Recipient.objects.create(contract=contract, name="Jean PETIT", function="recteur")
    Provision.objects.create(contract=contract, article="6", subject="Tranches", text="Par tranches.")
    SelectionCriterion.objects.create(contract=contract, code="seuil", family="financement", label="Moins de 2 M€")
    Observation.objects.create(contract=contract, article="1", kind="modele", text="Reste de modèle.")
    LifeEvent.objects.create(contract=contract, kind="selection", on=date(2020, 1, 1), recorded_by=person)
    ProjectCall.objects.create(name="2020", opens_on=date(2020, 1, 1), closes_on=date(2020, 3, 1), recorded_by=person)
    AnomalyDecision.objects.create(
        contract=contract, key="A33-nomenclature", fingerprint="0" * 64, action="accepted", text="Vu", actor=person
    )
    UnitCostReference.objects.create(category="B", year=2021, amount=EUROS, source="Note", recorded_by=person)
    change = {"kind": "activite", "printed": "034901011102", "reason": "BOP régional", "effective_on": date(2021, 1, 1)}
    NomenclatureChange.objects.create(contract=contract, decided_by=person, **change)
    reviewer = grant(UserFactory(), Role.READER, contract)
    filing = FilingFactory(contract=contract)
    make_one_of_each(filing, person)
    make_entries(filing)
    make_tranches(filing, person)
    make_sub_project(contract, person)
    annual = FilingFactory(contract=contract, campaign=CampaignFactory(whole_year=True))
    saving = RealisedSaving.objects.create(line=SavingsLine.objects.get(), filing=annual, ae=EUROS * 2)
    make_report(annual, saving, reviewer)


def make_entries(filing: Filing) -> None:
    Consumption.objects.create(line=BudgetLine.objects.get(key="etudes"), filing=filing, cp=EUROS * 2)
    RealisedSaving.objects.create(line=SavingsLine.objects.get(), filing=filing)
    Measurement.objects.create(indicator=Indicator.objects.get(), filing=filing, value=Decimal(65))


def make_tranches(filing: Filing, person: User) -> None:
    tranche = FundingTranche.objects.create(contract=filing.contract, year=2021)
    TrancheMove.objects.create(
        tranche=tranche,
        action="decide",
        from_state="provisional",
        to_state="decided",
        on=date(2021, 2, 1),
        reason="Avancement",
        actor=person,
    )
    FundEnvelope.objects.create(
        year=2021,
        voted_ae=EUROS * 2,
        voted_cp=EUROS * 2,
        source="LFI",
        dated_on=date(2020, 12, 30),
        updated_by=person,
    )
    line = BudgetLine.objects.create(
        contract=filing.contract, key="murs", label="Murs", nature="immobilier", titre="5", position=9
    )
    phase = TrancheFonctionnelle.objects.create(
        line=line, number=1, label="Gros œuvre", affectation=EUROS * 2, affected_on=NOW.date(), recorded_by=person
    )
    AffectationWithdrawal.objects.create(
        phase=phase, ae=EUROS, withdrawn_on=NOW.date(), reason="Marché infructueux", recorded_by=person
    )


def make_report(filing: Filing, saving: RealisedSaving, reviewer: User) -> None:
    Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=UserFactory(), submitted_at=NOW)
    SavingCertification.objects.create(
        realised=saving, ae=EUROS * 2, reason="Bail vu", certified_by=reviewer, certified_at=NOW
    )
    snapshot = Snapshot.objects.create(
        filing=filing, kind="yearly", format_version=1, content="{}", sha256="0" * 64, taken_at=NOW
    )
    ReportFile.objects.create(snapshot=snapshot, file_format="pdf", file="a.pdf", sha256="0" * 64, size=3)
    mail = OutgoingMail.objects.create(
        key="b", topic="report", recipient=reviewer.email, message_id="b", next_attempt_at=NOW
    )
    Delivery.objects.create(snapshot=snapshot, recipient=reviewer.email, mail=mail)


def change_of(model: type[models.Model], person: User) -> dict[str, Any]:
    """What a test changes in a row of this table."""
    names = [field.name for field in model._meta.fields]
    change = CHANGES.get(model.__name__) or {next(name for name in TEXTS if name in names): "Autre"}
    return {name: person.pk if value == "person" else value for name, value in change.items()}


def columns(model: type[models.Model], change: dict[str, Any]) -> dict[str, Any]:
    """The same, as columns and their values."""
    fields: dict[Any, Any] = {model._meta.get_field(name): value for name, value in change.items()}
    return {field.column: field.get_db_prep_save(value, connection) for field, value in fields.items()}


def allows(model: type[models.Model], operation: pgtrigger.Operation) -> bool:
    """Whether no trigger of the table refuses this operation whatever the row."""
    triggers: list[Any] = model._meta.triggers  # type: ignore[attr-defined]
    guards = [each for each in triggers if each.name == "append_only" or type(each) is pgtrigger.Protect]
    refused = [each.operation for each in guards if each.condition is None]
    return not any(operation in getattr(each, "operations", [each]) for each in refused)


def update_in_bulk(row: models.Model, change: dict[str, Any]) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(
        **{_attribute(type(row), name): value for name, value in change.items()}
    )


def update_by_sql(row: models.Model, change: dict[str, Any]) -> None:
    values = columns(type(row), change)
    places = ", ".join(f'"{column}" = %s' for column in values)
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET {places} WHERE id = %s', [*values.values(), row.pk])


def delete_by_sql(row: models.Model, change: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}" WHERE id = %s', [row.pk])


def insert_in_bulk(row: models.Model, change: dict[str, Any]) -> None:
    """The row again, after it was deleted."""
    delete_by_sql(row, change)
    type(row)._base_manager.bulk_create([row])


def insert_by_sql(row: models.Model, change: dict[str, Any]) -> None:
    """The same in one statement, every column as it was."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM "{table}" WHERE id = %s', [row.pk])
    delete_by_sql(row, change)
    names = [field.column for field in row._meta.concrete_fields if not isinstance(field, models.GeneratedField)]
    columns_ = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({columns_}) OVERRIDING SYSTEM VALUE SELECT {columns_} FROM kept')


WRITES = [
    (update_in_bulk, pgtrigger.Update, "update"),
    (update_by_sql, pgtrigger.Update, "update"),
    (delete_by_sql, pgtrigger.Delete, "delete"),
    (insert_in_bulk, pgtrigger.Delete, "insert"),
    (insert_by_sql, pgtrigger.Delete, "insert"),
]
CASES = [
    pytest.param(model, write, label, id=f"{model.__name__}-{write.__name__}")
    for model in TRACKED
    for write, operation, label in WRITES
    if allows(model, operation)
]


def events_of(row: Any) -> list[tuple[Any, int | None]]:
    """The events of a row, the oldest first, each with the person of its context."""
    rows = row.pgh_event_model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id").select_related("pgh_context")
    return [(event, event.pgh_context and event.pgh_context.metadata.get("user")) for event in rows]


@pytest.mark.parametrize(
    ("model", "write", "label"),
    CASES,
)
def test_every_write_is_remembered(model: Any, write: Any, label: str, scene: Scene) -> None:
    row = model._default_manager.order_by("-pk" if model is User else "pk").first()
    assert row is not None, f"the scene has no {model.__name__}"
    change = change_of(model, scene.person)
    old = {name: getattr(row, _attribute(model, name)) for name in change}
    with transaction.atomic(), pghistory.context(user=4242):
        write(row, change)
        (first, author), *_, (last, writer) = events_of(row)
        transaction.set_rollback(True)
    assert (first.pgh_label, author, last.pgh_label, writer) == ("insert", scene.person.pk, label, 4242)
    assert scene.began <= first.pgh_created_at <= last.pgh_created_at <= timezone.now()
    assert {name: getattr(first, _attribute(model, name)) for name in change} == old
    wanted = change if label == "update" else old
    dated = [name for name in change if write is insert_in_bulk and _is_dated(model, name)]
    after = {name: getattr(last, _attribute(model, name)) for name in change}
    assert {**after, **{name: wanted[name] for name in dated}} == wanted


def _is_dated(model: Any, name: str) -> bool:
    """Whether Django writes the instant itself when a row is made."""
    return getattr(model._meta.get_field(name), "auto_now_add", False)


def _attribute(model: Any, name: str) -> str:
    return name + "_id" if model._meta.get_field(name).is_relation else name


def test_what_keeps_no_history_is_known() -> None:
    rooms = ("accounts", "contracts", "monitoring", "budget", "savings", "indicators", "reports")
    tables = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    plain = {model.__name__ for model in tables if model not in TRACKED and not hasattr(model, "pgh_tracked_model")}
    assert plain == UNTRACKED


# --- In a request: who is the person signed in, without any code asking for it ---


@pytest.mark.django_db
def test_a_figure_typed_on_a_page_says_who(filing: Filing, lead: User, client: Client) -> None:
    row, _ = rows_of(filing)
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        f"/dossiers/{filing.pk}/credits/", {f"r{row.pk}": "0", f"c{row.pk}-ae": "1 234,56", f"c{row.pk}-cp": "0"}
    )
    told = [(event.pgh_label, event.ae, who) for event, who in events_of(row)]
    assert told == [("insert", None, None), ("update", Money("1234.56", "EUR"), lead.pk)]


@pytest.mark.django_db
def test_a_state_changed_on_a_page_says_who(filing: Filing, lead: User, client: Client) -> None:
    Filing.objects.filter(pk=filing.pk).update(weather="secured", progress_comment="Tout avance.")
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("monitoring:act", args=[filing.pk, "submit"]))
    *_, (before, nobody), (after, who) = events_of(filing)
    assert (before.state, nobody, after.state, who) == ("draft", None, "submitted", lead.pk)
