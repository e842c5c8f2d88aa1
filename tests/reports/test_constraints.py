"""Each named constraint of the reports refuses by SQL and says why in French."""

from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from reports import jobs
from tests.constraints import named_constraints, refuses_by_sql, says_why
from tests.factories import UserFactory, grant
from tests.reports.filed import file

CHANGES: dict[str, dict[str, Any] | None] = {
    "job_progress_within_total": {"done": 9, "total": 4},
    "job_one_active_per_filing": {"state": "queued"},
    "delivery_unique": {"recipient": "secretariat@ftap.example"},
}
CONSTRAINTS = named_constraints("reports")


@pytest.fixture
def reported(contract: Contract, secretariat: User) -> None:
    """A snapshot, its two files, its two deliveries, the job that made them and one that waits."""
    grant(UserFactory(email="autre@ftap.example"), Role.SECRETARIAT)
    job = jobs.request_report(file(contract), None)
    jobs.make_report(job.pk)
    jobs.request_report(job.filing, None)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_refuses_and_says_why(name: str, reported: None) -> None:
    model, constraint = CONSTRAINTS[name]
    refuses_by_sql(name, model, CHANGES.get(name))
    says_why(constraint, model, CHANGES.get(name))
