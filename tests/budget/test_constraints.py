"""Each named constraint of the ledger of credits refuses by SQL and says why in French; writes leave a history."""

from typing import Any

import pytest
from djmoney.money import Money

from budget.models import BudgetLine, Consumption, PlannedCredit
from contracts.models import Contract
from monitoring.models import Filing
from tests.constraints import named_constraints, refuses_by_sql, says_why

pytestmark = pytest.mark.django_db

CHANGES: dict[str, dict[str, Any] | None] = {
    "budget_line_titre_known": {"titre": "8"},
    "budget_line_nature_known": {"nature": "divers"},
    "budget_line_programme_four_digits": {"programme": "349"},
    "planned_credit_year_plausible": {"year": 1997},
}
CONSTRAINTS = named_constraints("budget")


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_refuses_and_says_why(name: str, filing: Filing) -> None:
    Consumption.objects.create(filing=filing, line=BudgetLine.objects.get(key="etudes"))
    model, constraint = CONSTRAINTS[name]
    refuses_by_sql(name, model, CHANGES.get(name))
    says_why(constraint, model, CHANGES.get(name))


def test_a_bulk_update_of_a_credit_leaves_old_and_new_in_the_history(contract: Contract) -> None:
    row = PlannedCredit.objects.get(line__key="etudes", year=2020)
    PlannedCredit.objects.filter(pk=row.pk).update(ae=None)
    events = PlannedCredit.pgh_event_model.objects.filter(pgh_obj=row.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(event.pgh_label, event.ae) for event in events] == [("insert", Money(100_000, "EUR")), ("update", None)]
