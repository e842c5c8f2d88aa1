"""Each named constraint of the ledger of savings refuses by SQL and says why in French; writes leave a history."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from monitoring.models import Filing
from savings.models import (
    PlannedPost,
    PlannedSaving,
    RealisedSaving,
    SavingCertification,
    SavingsLine,
    SavingsTerms,
    UnitCostReference,
)
from tests.constraints import named_constraints, refuses_by_sql, says_why
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

CHANGES: dict[str, dict[str, Any] | None] = {
    "savings_line_titre_known": {"titre": "9"},
    "savings_line_method_known": {"method": "magie"},
    "savings_line_programme_four_digits": {"programme": "35"},
    "planned_saving_year_plausible": {"year": 2101},
    "planned_post_not_negative": {"removed_etpt": Decimal(-1)},
    "planned_post_year_plausible": {"year": 2016},
    "planned_post_month_known": {"month": 13},
    "realised_saving_declared_levels": {"evidence_level": "certified"},
    "saving_certification_level": {"level": "declared"},
    "saving_certification_amount_given": {"ae": None, "cp": None},
    "unit_cost_reference_year_plausible": {"year": 2016},
    "unit_cost_reference_above_zero": {"amount": Decimal(0)},
    "unit_cost_reference_has_source": {"source": " "},
}
CONSTRAINTS = named_constraints("savings")


@pytest.fixture
def line(filing: Filing, secretariat: User) -> SavingsLine:
    """A line with one row of each kind hanging on it."""
    line = SavingsLine.objects.get(contract=filing.contract)
    SavingsTerms.objects.create(line=line, version=filing.version)
    PlannedPost.objects.create(line=line, version=filing.version, category="B", year=2021, removed_etpt=Decimal(2))
    UnitCostReference.objects.create(
        category="B", year=2021, amount=Decimal(40_000), source="Note", recorded_by=secretariat
    )
    one: Any = Money(1, "EUR")
    realised = RealisedSaving.objects.create(line=line, filing=filing, ae=one)
    set_state(filing, "submitted")
    SavingCertification.objects.create(
        realised=realised, ae=Decimal(1), reason="Bail vu", certified_by=secretariat, certified_at=timezone.now()
    )
    set_state(filing, "draft")
    return line


def set_state(filing: Filing, state: str) -> None:
    Filing.objects.filter(pk=filing.pk).update(state=state, submitted_by=UserFactory(), submitted_at=timezone.now())


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_refuses_and_says_why(name: str, line: SavingsLine, filing: Filing) -> None:
    model, constraint = CONSTRAINTS[name]
    if model is SavingCertification:
        set_state(filing, "submitted")
    refuses_by_sql(name, model, CHANGES.get(name))
    says_why(constraint, model, CHANGES.get(name))


def test_bulk_writes_leave_their_history(line: SavingsLine) -> None:
    PlannedSaving.objects.filter(line=line, year=2020).update(ae=Money(20_000, "EUR"))
    events = PlannedSaving.pgh_event_model.objects.filter(year=2020).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.ae for event in events] == [Money(30_000, "EUR"), Money(20_000, "EUR")]
