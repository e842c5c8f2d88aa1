"""Each named constraint of contracts refuses by SQL, with its French message; every write leaves its history."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from djmoney.money import Money

from contracts.models import (
    ActDateCorrection,
    Axis,
    Contract,
    ContractVersion,
    LifeEvent,
    NomenclatureChange,
    Observation,
    PlannedSheet,
    ProjectCall,
    Provision,
    Recipient,
    SelectionCriterion,
)
from tests.constraints import named_constraints, refuses_by_sql, says_why
from tests.contracts.a_contract import TEXT
from tests.contracts.test_contract_file import load_text
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

# What breaks each constraint; None is a second copy of a row.
CHANGES: dict[str, dict[str, Any] | None] = {
    "organisation_kind_known": {"kind": "club"},
    "contract_years_ordered": {"first_year": 2022, "last_year": 2021},
    "contract_years_plausible": {"first_year": 1997},
    "contract_programme_four_digits": {"programme": "P349"},
    "contract_choices_known": {"unit": "meur"},
    "contract_sub_projects_of_umbrella": {"accompaniment_months": 6},
    "contract_version_number_kind": {"kind": "avenant"},
    "contract_version_types_known": {"types": ["autre"]},
    "life_event_kind_known": {"kind": "fete", "call": None},
    "life_event_cancelled_with_reason": {"cancel_reason": "Erreur"},
    "life_event_call_of_a_selection": {"kind": "decision"},
    "call_dates_ordered": {"closes_on": date(2019, 1, 1)},
    "call_number_has_source": {"source": " "},
    "life_event_has_reason": {"kind": "suspension", "reason": "", "call": None},
    "nomenclature_change_dated": {"effective_on": None},
    "nomenclature_change_has_reason": {"reason": ""},
    "selection_criterion_has_threshold": {"computed_check": "plafond", "threshold": None},
    "committee_meetings_ordered": {"meetings_min": 5, "meetings_max": 2},
    "nomenclature_code_dates_ordered": {"valid_from": date(2021, 1, 1), "valid_until": date(2020, 1, 1)},
    "observation_kind_known": {"kind": "rumeur"},
    "planned_sheet_ftap_within_cost": {"cost": Money(1, "EUR"), "ftap": Money(2, "EUR")},
    "planned_milestone_dates_ordered": {"starts_on": date(2021, 1, 1), "ends_on": date(2020, 1, 1)},
    "stated_figure_unit_known": {"unit": "francs"},
    "reading_correction_has_evidence": {"kind": "corrected", "retained": "1", "evidence": ""},
}
KNOWN = named_constraints("contracts", but=["contract_version_one_draft"])
# Those of sub-projects: tests/contracts/subprojects/test_constraints.py; of anomalies: checks/test_decisions.py; of the
# dates of acts, which nothing updates: test_act_dates.py.
ELSEWHERE = ("contracts.models.subprojects", "contracts.models.anomalies")
CONSTRAINTS = {
    name: pair
    for name, pair in KNOWN.items()
    if pair[0].__module__ not in ELSEWHERE and pair[0] is not ActDateCorrection
}


@pytest.fixture
def version(db: None) -> ContractVersion:
    """The small contract with one row of each kind."""
    version = load_text(TEXT).version
    contract = version.contract
    Recipient.objects.create(contract=contract, name="Jean PETIT", function="recteur")
    Provision.objects.create(contract=contract, article="6", subject="Tranches", text="Par tranches.")
    SelectionCriterion.objects.create(contract=contract, code="seuil", family="financement", label="Moins de 2 M€")
    Observation.objects.create(contract=contract, article="1", kind="modele", text="Reste de modèle.")
    person = UserFactory()
    call = ProjectCall.objects.create(
        name="2019",
        opens_on=date(2019, 3, 1),
        closes_on=date(2019, 6, 1),
        applications=40,
        source="Rapport annuel de performances",
        recorded_by=person,
    )
    LifeEvent.objects.create(contract=contract, kind="selection", on=date(2020, 1, 1), recorded_by=person, call=call)
    change = {"kind": "activite", "printed": "034901011102", "reason": "BOP régional", "effective_on": date(2021, 1, 1)}
    NomenclatureChange.objects.create(contract=contract, decided_by=person, **change)
    return version


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_refuses_and_says_why(name: str, version: ContractVersion) -> None:
    model, constraint = CONSTRAINTS[name]
    change = CHANGES.get(name)
    refuses_by_sql(name, model, change)
    says_why(constraint, model, change)


def test_a_contract_has_one_amendment_in_preparation_at_most(version: ContractVersion) -> None:
    draft = ContractVersion(contract=version.contract, number=1, kind="avenant", state="draft")
    draft.save()
    second = ContractVersion(contract=version.contract, number=2, kind="avenant", state="draft")
    constraint = next(each for each in ContractVersion._meta.constraints if each.name == "contract_version_one_draft")
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="Un avenant est déjà en préparation"):
        constraint.validate(ContractVersion, second)


def events(model: Any, label: str) -> int:
    return int(model.pgh_event_model.objects.filter(pgh_label=label).count())


def test_bulk_and_sql_writes_leave_their_history(version: ContractVersion) -> None:
    added, changed, removed = (events(Axis, label) for label in ("insert", "update", "delete"))
    Axis.objects.bulk_create([Axis(contract=version.contract, code="II", title="Méthodes")])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contracts_axis SET title = 'Organisation' WHERE code = 'II'")
    assert events(Axis, "insert") == added + 1
    assert events(Axis, "update") == changed + 1
    last = Axis.pgh_event_model.objects.order_by("-pgh_id").first()  # type: ignore[attr-defined]
    assert last.title == "Organisation"
    Axis.objects.filter(code="II").delete()
    assert events(Axis, "delete") == removed + 1


def test_a_figure_s_history_holds_the_old_and_the_new(version: ContractVersion) -> None:
    PlannedSheet.objects.update(ftap=Money(100_000, "EUR"))
    rows = PlannedSheet.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [row.ftap for row in rows] == [Money(180_000, "EUR"), Money(100_000, "EUR")]


def test_what_bears_figures_is_not_deleted_with_the_contract(version: ContractVersion) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        Contract.objects.get(code="phare").delete()
