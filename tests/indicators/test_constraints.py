"""Each named constraint of the ledger of results refuses by SQL and says why in French; writes leave a history."""

from decimal import Decimal
from typing import Any

import pytest

from contracts.models import Contract
from indicators.models import Indicator, Measurement, Target
from monitoring.models import Filing
from tests.constraints import named_constraints, refuses_by_sql, says_why

pytestmark = pytest.mark.django_db

CHANGES: dict[str, dict[str, Any] | None] = {
    "indicator_choices_known": {"direction": "travers"},
    "indicator_followed_in_known": {"followed_in": "ailleurs"},
    "target_operator_known": {"operator": "~"},
}
CONSTRAINTS = named_constraints("indicators")


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_refuses_and_says_why(name: str, filing: Filing) -> None:
    Measurement.objects.create(filing=filing, indicator=Indicator.objects.get())
    model, constraint = CONSTRAINTS[name]
    refuses_by_sql(name, model, CHANGES.get(name))
    says_why(constraint, model, CHANGES.get(name))


def test_bulk_writes_leave_their_history(contract: Contract) -> None:
    Target.objects.update(value=Decimal(90))
    events = Target.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.value for event in events] == [80, 90]


def test_one_target_without_a_date_for_an_indicator(contract: Contract) -> None:
    """NULL is not a way round the unique constraint."""
    Target.objects.update(on=None)
    refuses_by_sql("target_unique", Target, None)
