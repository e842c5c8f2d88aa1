"""Each named constraint of the ledger of credits refuses by SQL and says why in French; writes leave a history."""

from datetime import date
from typing import Any

import pytest
from djmoney.money import Money

from accounts.models import User
from budget.models import (
    BudgetLine,
    Consumption,
    FundEnvelope,
    FundingTranche,
    PlannedCredit,
    TrancheFonctionnelle,
)
from contracts.models import Contract
from monitoring.models import Filing
from tests.constraints import named_constraints, refuses_by_sql, says_why

pytestmark = pytest.mark.django_db

DAY = date(2021, 3, 1)
ONE: Any = Money(1, "EUR")
DECIDED = {"state": "decided", "ae": ONE, "cp": ONE, "decision": "reduced", "reason": "Motif"}
CHANGES: dict[str, dict[str, Any] | None] = {
    "budget_line_titre_known": {"titre": "8"},
    "budget_line_nature_known": {"nature": "divers"},
    "budget_line_programme_four_digits": {"programme": "349"},
    "planned_credit_year_plausible": {"year": 1997},
    "tranche_year_plausible": {"year": 1997},
    "tranche_state_known": {**DECIDED, "state": "perdue", "decided_on": DAY, "made_available_on": DAY},
    "tranche_decided_has_amounts": {"state": "decided"},
    "tranche_not_negative": {**DECIDED, "ae": Money(-1, "EUR")},
    "tranche_withheld_is_zero": {**DECIDED, "decision": "withheld"},
    "tranche_dates_ordered": {"decided_on": DAY, "made_available_on": date(2021, 1, 1)},
    "envelope_year_plausible": {"year": 1997, "dated_on": date(1997, 1, 1)},
    "envelope_not_negative": {"voted_ae": Money(-1, "EUR")},
    "envelope_dated_in_time": {"dated_on": date(2019, 12, 31)},
    "tranche_fonctionnelle_positive": {"affectation": Money(0, "EUR")},
}
# Rows that are only added, and one that has to be decided first: `tests/budget/tranches` breaks them otherwise.
ELSEWHERE = (
    "tranche_available_has_date",
    "tranche_move_reason_given",
    "affectation_withdrawal_positive",
    "affectation_withdrawal_reason_given",
)
CONSTRAINTS = named_constraints("budget", but=ELSEWHERE)


def tranche_rows(contract: Contract, person: User) -> None:
    """A provisional tranche, an envelope and a phase of a titre 5 line."""
    FundingTranche.objects.create(contract=contract, year=2021)
    FundEnvelope.objects.create(
        year=2021, voted_ae=ONE, voted_cp=ONE, source="LFI", dated_on=date(2020, 12, 30), updated_by=person
    )
    line = BudgetLine.objects.create(contract=contract, key="murs", label="Murs", nature="immobilier", titre="5")
    TrancheFonctionnelle.objects.create(
        line=line, number=1, label="Toit", affectation=ONE, affected_on=DAY, recorded_by=person
    )


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_refuses_and_says_why(name: str, filing: Filing, secretariat: User) -> None:
    tranche_rows(filing.contract, secretariat)
    Consumption.objects.create(filing=filing, line=BudgetLine.objects.get(key="etudes"))
    model, constraint = CONSTRAINTS[name]
    refuses_by_sql(name, model, CHANGES.get(name))
    says_why(constraint, model, CHANGES.get(name))


def test_a_bulk_update_of_a_credit_leaves_old_and_new_in_the_history(contract: Contract) -> None:
    row = PlannedCredit.objects.get(line__key="etudes", year=2020)
    PlannedCredit.objects.filter(pk=row.pk).update(ae=None)
    events = PlannedCredit.pgh_event_model.objects.filter(pgh_obj=row.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(event.pgh_label, event.ae) for event in events] == [("insert", Money(100_000, "EUR")), ("update", None)]
