"""Each named constraint of sub-projects refuses a row, with its French message."""

from typing import Any

import pytest
from djmoney.money import Money

from contracts.models import Contract, SubProject
from tests.constraints import copy_of_first, named_constraints, refused
from tests.contracts.subprojects.rows import make_sub_project
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ANOTHER = {"number": 2, "title": "Autre"}

# A copy of the row that is there, with this changed.
CHANGES: dict[str, dict[str, Any]] = {
    "sub_project_number_unique": {"title": "Autre"},
    "sub_project_title_unique": {"number": 2},
    "sub_project_state_known": {"state": "reve", **ANOTHER},
    "sub_project_described": {**ANOTHER, "holder": " "},
    "sub_project_recurrent_not_negative": {"recurrent": Money(-1, "EUR"), **ANOTHER},
    "sub_project_year_unique": {},
    "sub_project_year_plausible": {"year": 1997},
    "sub_project_amounts_not_negative": {"year": 2022, "co_financing_cp": Money(-1, "EUR")},
    "criterion_answer_unique": {},
    "criterion_answer_known": {"answer": "peut-etre"},
    "criterion_answer_no_is_explained": {"answer": "non", "comment": " "},
    "framing_document_size_within_limit": {"size": 11 * 1024 * 1024},
    "framing_document_type_accepted": {"content_type": "text/html"},
    "sub_project_move_reason_given": {"action": "refuse", "reason": " "},
}
CONSTRAINTS = {
    name: pair for name, pair in named_constraints("contracts").items() if pair[0].__module__ == SubProject.__module__
}


def test_every_constraint_is_tried() -> None:
    assert set(CHANGES) == set(CONSTRAINTS)


@pytest.mark.parametrize("name", CHANGES)
def test_each_constraint_refuses_and_says_why(name: str, contract: Contract) -> None:
    make_sub_project(contract, UserFactory())
    model, constraint = CONSTRAINTS[name]
    refused(copy_of_first(model, CHANGES[name]), constraint)
