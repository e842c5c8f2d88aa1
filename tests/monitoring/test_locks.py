"""A filing that is not open for entry refuses writes by every path; two people never overwrite one another."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from monitoring.errors import FilingError, NotAllowedError, StaleRow
from monitoring.locks import MESSAGE
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.models.progress import EntryRow
from monitoring.services.progress import (
    RowChange,
    add_risk,
    close_risk,
    record_calendar,
    record_risk,
    record_texts,
)
from monitoring.services.rows import write_row
from tests.factories import FilingFactory, UserFactory
from tests.monitoring.at_once import meanwhile
from tests.reports.filed import file

CLOSED = ["submitted", "validated", "locked"]
RISK = {"title": "Recrutement", "probability": 3, "severity": 4}


@pytest.fixture
def row(contract: Contract) -> MilestoneProgress:
    return MilestoneProgress.objects.create(
        filing=FilingFactory(contract=contract), milestone=contract.milestones.get(position=1)
    )


def closed(row: MilestoneProgress, state: str) -> Filing:
    """Puts the row's filing in this state."""
    now, author = timezone.now(), UserFactory()
    Filing.objects.filter(pk=row.filing_id).update(
        state=state, submitted_by=author, submitted_at=now, locked_at=now if state == "locked" else None
    )
    return Filing.objects.get(pk=row.filing_id)


@pytest.mark.parametrize("state", CLOSED)
def test_services_refuse_in_french(row: MilestoneProgress, state: str, lead: User) -> None:
    filing = closed(row, state)
    change = RowChange(row.pk, 0, {"state": "done"})
    with pytest.raises(FilingError, match="n’est plus ouvert à la saisie"):
        record_calendar(filing=filing, actor=lead, changes=[change])
    with pytest.raises(FilingError, match="n’est plus ouvert à la saisie"):
        record_texts(filing=filing, actor=lead, revision=0, values={"weather": "secured"})
    with pytest.raises(FilingError, match="n’est plus ouvert à la saisie"):
        add_risk(filing=filing, actor=lead, values=RISK)


@pytest.mark.parametrize("state", CLOSED)
def test_a_filing_closed_since_it_was_read_is_refused_in_french_too(
    row: MilestoneProgress, state: str, lead: User
) -> None:
    stale = Filing.objects.get(pk=row.filing_id)
    closed(row, state)
    with pytest.raises(FilingError, match="n’est plus ouvert à la saisie\u00a0:"):
        record_calendar(filing=stale, actor=lead, changes=[RowChange(row.pk, 0, {"state": "done"})])
    with pytest.raises(FilingError, match="n’est plus ouvert à la saisie"):
        record_texts(filing=stale, actor=lead, revision=0, values={"weather": "secured"})


@pytest.mark.parametrize("state", CLOSED)
def test_the_database_refuses_sql(row: MilestoneProgress, state: str) -> None:
    filing = closed(row, state)
    for write in (
        "UPDATE monitoring_milestoneprogress SET comment = 'x' WHERE filing_id = %s",
        "DELETE FROM monitoring_milestoneprogress WHERE filing_id = %s",
        """INSERT INTO monitoring_filedrisk
            (filing_id, title, description, probability, severity, mitigation, state, revision)
            VALUES (%s, 'x', '', 1, 1, '', 'open', 0)""",
        "UPDATE monitoring_filing SET weather = 'secured' WHERE id = %s",
        "UPDATE monitoring_filing SET progress_comment = 'x' WHERE id = %s",
    ):
        with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(write, [filing.pk])


@pytest.mark.parametrize("model", EntryRow.__subclasses__(), ids=lambda model: model.__name__)
@pytest.mark.parametrize("sql", ["UPDATE {table} SET revision = 9", "DELETE FROM {table}"])
def test_every_table_of_a_locked_filing_refuses_sql(sql: str, model: Any, contract: Contract) -> None:
    filing = file(contract, state="locked", etudes=("60000", "40000"))
    assert model._default_manager.filter(filing=filing).exists()
    statement = f"{sql.format(table=model._meta.db_table)} WHERE filing_id = %s"
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [filing.pk])


@pytest.mark.parametrize("state", CLOSED)
def test_the_database_refuses_bulk_writes(row: MilestoneProgress, state: str) -> None:
    filing = closed(row, state)
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        MilestoneProgress.objects.filter(filing=filing).update(comment="x")


def test_a_row_cannot_be_moved_into_a_closed_filing(row: MilestoneProgress, contract: Contract) -> None:
    target = FilingFactory(contract=contract, campaign__whole_year=True, state="locked")
    with pytest.raises(IntegrityError, match=MESSAGE):
        MilestoneProgress.objects.filter(pk=row.pk).update(filing=target)


def test_a_stale_write_tells_both_values_and_writes_nothing(
    row: MilestoneProgress, lead: User, contributor: User
) -> None:
    write_row(row, revision=0, values={"state": "ongoing", "comment": "En route"}, actor=contributor)
    with pytest.raises(StaleRow, match="Camille Contributeur") as stale:
        write_row(row, revision=0, values={"state": "done", "comment": "Fini"}, actor=lead)
    assert stale.value.mine == {"state": "done", "comment": "Fini"}
    assert stale.value.theirs == {"state": "ongoing", "comment": "En route"}
    assert stale.value.before == {"state": "", "comment": ""}
    assert (stale.value.pk, stale.value.changed_by, stale.value.revision) == (row.pk, contributor, 1)
    assert MilestoneProgress.objects.get(pk=row.pk).comment == "En route"
    assert write_row(row, revision=1, values={"state": "done"}, actor=lead).revision == 2


def test_a_contributor_writes_the_rows_of_their_sheets_only(contract: Contract, contributor: User) -> None:
    filing = FilingFactory(contract=contract)
    mine, not_mine = (
        MilestoneProgress.objects.create(filing=filing, milestone=milestone)
        for milestone in contract.milestones.order_by("position")
    )
    changes = [RowChange(mine.pk, 0, {"state": "done"})]
    assert record_calendar(filing=filing, actor=contributor, changes=changes)[0].state == "done"
    with pytest.raises(NotAllowedError, match="ne vous est pas confiée"):
        record_calendar(
            filing=filing,
            actor=contributor,
            changes=[RowChange(mine.pk, 1, {"state": "late"}), RowChange(not_mine.pk, 0, {"state": "done"})],
        )
    assert MilestoneProgress.objects.get(pk=mine.pk).state == "done"
    with pytest.raises(NotAllowedError):
        record_texts(filing=filing, actor=contributor, revision=0, values={"weather": "secured"})


def test_a_row_of_another_filing_is_refused(row: MilestoneProgress, contract: Contract, lead: User) -> None:
    other = FilingFactory(contract=contract, campaign__whole_year=True)
    with pytest.raises(FilingError, match="n’appartient pas à ce dossier"):
        record_calendar(filing=other, actor=lead, changes=[RowChange(row.pk, 0, {"state": "done"})])


def test_risks_are_declared_changed_and_closed(filing: Filing, lead: User) -> None:
    risk = add_risk(filing=filing, actor=lead, values=RISK)
    risk = record_risk(filing=filing, risk=risk, actor=lead, revision=0, values={"mitigation": "Deux postes ouverts"})
    assert (risk.revision, risk.mitigation) == (1, "Deux postes ouverts")
    with pytest.raises(StaleRow):
        close_risk(filing=filing, risk=risk, actor=lead, revision=0)
    assert close_risk(filing=filing, risk=risk, actor=lead, revision=1).state == "closed"
    assert FiledRisk.objects.get().updated_by == lead


@pytest.mark.django_db(transaction=True)
def test_the_calendar_holds_its_rows_by_key_whatever_the_order_in_which_they_are_sent(
    contract: Contract, lead: User
) -> None:
    """Somebody holds the first row: who sends the second, then the first, waits for it without holding the second."""
    filing = FilingFactory(contract=contract)
    first, second = [
        MilestoneProgress.objects.create(filing=filing, milestone=milestone)
        for milestone in contract.milestones.order_by("position")
    ]
    changes = [RowChange(row.pk, 0, {"state": "ongoing"}) for row in (second, first)]
    with transaction.atomic():
        MilestoneProgress.objects.select_for_update().get(pk=first.pk)
        thread, written = meanwhile(lambda: record_calendar(filing=filing, actor=lead, changes=changes))
        assert MilestoneProgress.objects.select_for_update(nowait=True).get(pk=second.pk) == second
    thread.join()
    assert written == [[second, first]]
