"""The calendar of reminders: made when the campaign opens, told once, stopped by submission, moved with its date."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleGrant, User
from contracts.models import Contract
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import DueDateChange, Filing, Notice, Reminder
from monitoring.services.campaigns import open_campaign
from monitoring.services.reminders import change_due_date, chase
from tests.factories import CampaignFactory, ContractFactory, grant

DUE = date(2021, 7, 31)


@pytest.fixture
def owed(contract: Contract, lead: User, secretariat: User) -> Filing:
    """A filing due on 31 July 2021, whose lead has been told of the opening."""
    (filing,) = open_campaign(campaign=CampaignFactory(), actor=secretariat)
    Notice.objects.all().delete()
    return filing


def told(day: date) -> list[str]:
    """Who is told on this day."""
    known = set(Notice.objects.values_list("pk", flat=True))
    chase(on=day)
    return [one.user.email for one in Notice.objects.exclude(pk__in=known).order_by("user__email")]


def calendar(filing: Filing) -> list[tuple[str, date, bool]]:
    return [
        (row.label, row.day, row.told_at is None and row.dropped_at is None)
        for row in filing.reminders.order_by("step")
    ]


def submit(filing: Filing, person: User) -> None:
    Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=person, submitted_at=timezone.now())


def test_opening_writes_the_calendar(owed: Filing) -> None:
    assert calendar(owed) == [
        ("J−15", date(2021, 7, 16), True),
        ("J−5", date(2021, 7, 26), True),
        ("J+1", date(2021, 8, 1), True),
        ("J+8", date(2021, 8, 8), True),
    ]


def test_opening_again_writes_no_other(owed: Filing, secretariat: User) -> None:
    open_campaign(campaign=owed.campaign, actor=secretariat)
    assert Reminder.objects.count() == 4


def test_each_step_is_told_once_and_the_last_reaches_the_secretariat(owed: Filing) -> None:
    days = {offset: told(DUE + timedelta(days=offset)) for offset in range(-20, 31)}
    assert {offset: people for offset, people in days.items() if people} == {
        -15: ["chef@ftap.example"],
        -5: ["chef@ftap.example"],
        1: ["chef@ftap.example"],
        8: ["chef@ftap.example", "secretariat@ftap.example"],
    }
    assert [row[2] for row in calendar(owed)] == [False] * 4


def test_run_twice_on_a_day_tells_once(owed: Filing) -> None:
    assert told(DUE - timedelta(days=15)) == ["chef@ftap.example"]
    assert told(DUE - timedelta(days=15)) == []


def test_after_a_pause_only_the_last_step_is_told(owed: Filing) -> None:
    assert told(DUE + timedelta(days=3)) == ["chef@ftap.example"]
    assert told(DUE + timedelta(days=7)) == []
    dropped = owed.reminders.filter(dropped_at__isnull=False).order_by("step").values_list("step", flat=True)
    assert list(dropped) == [-15, -5]


def test_submission_stops_them_and_taking_back_starts_them_again(owed: Filing, lead: User) -> None:
    submit(owed, lead)
    assert told(DUE + timedelta(days=1)) == []
    Filing.objects.filter(pk=owed.pk).update(state="draft")
    assert told(DUE + timedelta(days=2)) == ["chef@ftap.example"]


def test_a_step_that_finds_nobody_waits_for_somebody(owed: Filing, contract: Contract, stranger: User) -> None:
    RoleGrant.objects.filter(role=Role.LEAD).delete()
    assert told(DUE + timedelta(days=1)) == []
    grant(stranger, Role.LEAD, contract)
    assert told(DUE + timedelta(days=2)) == [stranger.email]


def test_another_due_date_moves_the_steps_not_told_and_leaves_the_others(owed: Filing, secretariat: User) -> None:
    assert told(DUE - timedelta(days=15)) == ["chef@ftap.example"]
    changed = change_due_date(filing=owed, actor=secretariat, due_on=date(2021, 8, 31), reason="Clôture décalée")
    assert changed.due_on == date(2021, 8, 31)
    assert calendar(owed) == [
        ("J−15", date(2021, 7, 16), False),
        ("J−5", date(2021, 8, 26), True),
        ("J+1", date(2021, 9, 1), True),
        ("J+8", date(2021, 9, 8), True),
    ]
    change = DueDateChange.objects.get()
    assert (change.actor, change.due_before, change.reason) == (secretariat, DUE, "Clôture décalée")
    notice = Notice.objects.get(key__startswith="due-")
    assert "31\u00a0août\u00a02021, au lieu du 31\u00a0juillet\u00a02021" in notice.text


def test_a_dropped_step_may_come_again(owed: Filing, secretariat: User) -> None:
    told(DUE + timedelta(days=3))
    change_due_date(filing=owed, actor=secretariat, due_on=date(2021, 9, 30), reason="Report")
    assert [row[2] for row in calendar(owed)] == [True, True, False, True]
    assert told(date(2021, 9, 15)) == ["chef@ftap.example"]


@pytest.mark.parametrize(
    ("due_on", "reason", "words"),
    [
        (date(2021, 8, 31), " ", "Donnez le motif"),
        (DUE, "Rien", "la même que l’ancienne"),
        (date(2021, 6, 30), "Trop tôt", "précéder l’ouverture"),
    ],
)
def test_a_due_date_is_refused_in_words(owed: Filing, secretariat: User, due_on: date, reason: str, words: str) -> None:
    with pytest.raises(FilingError, match=words):
        change_due_date(filing=owed, actor=secretariat, due_on=due_on, reason=reason)
    assert Filing.objects.get(pk=owed.pk).due_on == DUE


def test_only_the_secretariat_and_before_submission(owed: Filing, lead: User, secretariat: User) -> None:
    with pytest.raises(NotAllowedError):
        change_due_date(filing=owed, actor=lead, due_on=date(2021, 8, 31), reason="Je voudrais du temps")
    submit(owed, lead)
    with pytest.raises(FilingError, match="n’est plus attendu"):
        change_due_date(filing=owed, actor=secretariat, due_on=date(2021, 8, 31), reason="Trop tard")


def test_the_database_refuses_a_change_without_reason(owed: Filing, secretariat: User) -> None:
    dates = {"due_before": DUE, "due_after": date(2021, 8, 31)}
    with pytest.raises(IntegrityError, match="due_date_change_reason_given"), transaction.atomic():
        DueDateChange.objects.create(filing=owed, actor=secretariat, reason="  ", **dates)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_tell_each_filing_once(secretariat: User) -> None:
    leads = []
    for rank in range(6):
        person = grant(User.objects.create_user(f"chef{rank}@ftap.example"), Role.LEAD, ContractFactory())
        leads.append(person.email)
    open_campaign(campaign=CampaignFactory(), actor=secretariat)
    Notice.objects.all().delete()

    def beat(_: int) -> int:
        try:
            return chase(on=DUE + timedelta(days=8))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(beat, range(3)))
    assert sorted(one.user.email for one in Notice.objects.filter(topic="reminder")) == sorted(leads)
    assert Notice.objects.filter(topic="escalation").count() == 6
    assert Reminder.objects.filter(told_at__isnull=False).count() == 6
