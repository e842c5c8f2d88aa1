"""The table of the pipeline, and what the database says of it."""

from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.models import User
from contracts.models import Contract, ContractVersion, SubProject, SubProjectMove, SubProjectYear
from contracts.subprojects import locks
from contracts.subprojects.enums import SubProjectAction, SubProjectState
from contracts.subprojects.transitions import DECIDERS, TRANSITIONS, moves, transition, transitions_from
from tests.contracts.subprojects.rows import identified, make_umbrella, moved, with_figures


def test_the_pipeline_leads_from_each_step_to_the_next() -> None:
    pipeline = SubProjectState.pipeline()
    assert all((before.value, after.value) in moves() for before, after in pairwise(pipeline))
    assert transitions_from(SubProjectState.FINISHED) == []


def test_one_leaves_the_pipeline_at_any_point_with_a_reason() -> None:
    for state in SubProjectState.pipeline()[:-1]:
        line = transition(SubProjectAction.ABANDON, state)
        assert line is not None
        assert line.needs_reason
    assert all(line.needs_reason for line in TRANSITIONS if line.to_state in ("refused", "abandoned"))


def test_the_lead_decides_nothing() -> None:
    decided = (SubProjectAction.FRAME, SubProjectAction.REFUSE, SubProjectAction.SEND_BACK, SubProjectAction.REOPEN)
    assert all(line.roles == DECIDERS for line in TRANSITIONS if line.action in decided)


def test_an_action_leads_to_one_state_only() -> None:
    known = [(line.action, line.from_state) for line in TRANSITIONS]
    assert len(known) == len(set(known))


@pytest.mark.django_db
def test_only_an_umbrella_has_sub_projects(contract: Contract, lead: User) -> None:
    with pytest.raises(IntegrityError, match=locks.ONLY_UMBRELLA), transaction.atomic():
        SubProject.objects.create(contract=contract, number=1, title="A", holder="B", purpose="C", updated_by=lead)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in SubProjectState if state != SubProjectState.IDENTIFIED])
def test_the_database_knows_the_table(contract: Contract, lead: User, state: SubProjectState) -> None:
    row = identified(make_umbrella(contract), lead)
    asked = SubProject.objects.filter(pk=row.pk)
    if ("identified", state.value) in moves():
        assert asked.update(state=state) == 1
        return
    with pytest.raises(IntegrityError, match=locks.MOVE), transaction.atomic():
        asked.update(state=state)


@pytest.mark.django_db
def test_what_is_over_keeps_still(lean_management: ContractVersion, secretariat: User) -> None:
    row = identified(lean_management.contract, secretariat)
    with_figures(row, secretariat, 100, 100, 100)
    moved(row, secretariat, "abandon")
    with pytest.raises(IntegrityError, match=locks.CLOSED), transaction.atomic():
        SubProjectYear.objects.update(ftap_cp=0)
    with pytest.raises(IntegrityError, match=locks.CLOSED), transaction.atomic():
        SubProject.objects.update(title="Autre")
    with pytest.raises(IntegrityError, match=locks.CLOSED), transaction.atomic():
        SubProjectYear.objects.create(sub_project=row, year=2025)
    with pytest.raises(IntegrityError, match=locks.APPENDED), transaction.atomic():
        SubProjectMove.objects.update(reason="Autre")
    with pytest.raises(ProtectedError):
        row.delete()
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM contracts_subproject")
