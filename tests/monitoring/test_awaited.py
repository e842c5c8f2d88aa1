"""A filing against its due date: what answers it, what opens it again, who is told late and who is reminded."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from monitoring.awaited import Move, answered_on, late_filings, standing, standings
from monitoring.errors import FilingError
from monitoring.filing_rules import filing_late, read_facts
from monitoring.models import Filing, Notice, OutgoingMail
from monitoring.reminder_selectors import campaigns_to_chase
from monitoring.selectors import campaign_rows
from monitoring.services.campaigns import open_campaign
from monitoring.services.filings import act_on_filing
from monitoring.services.nudges import nudge
from monitoring.services.reminders import change_due_date, chase
from tests.factories import CampaignFactory, FilingFactory
from tests.reading import words

SignIn = Callable[[User], Client]
DUE = date(2021, 7, 31)
IN_DECEMBER = date(2021, 12, 1)


@pytest.fixture
def owed(lead: User, secretariat: User) -> Filing:
    """A draft due on 31 July 2021 that nothing stops, its calendar of reminders written."""
    (filing,) = open_campaign(campaign=CampaignFactory(), actor=secretariat)
    Filing.objects.filter(pk=filing.pk).update(weather="secured", progress_comment="Tout avance.")
    Notice.objects.all().delete()
    return Filing.objects.select_related("campaign", "version", "contract").get(pk=filing.pk)


def act(filing: Filing, person: User, action: str, day: date) -> Filing:
    """Does it through the service, as if on that day, at noon."""
    reason = "Un motif" if action in ("send_back", "reopen") else ""
    act_on_filing(filing=filing, action=action, actor=person, reason=reason)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    filing.transitions.filter(pk=filing.transitions.latest("pk").pk).update(at=noon)
    if action == "submit":
        Filing.objects.filter(pk=filing.pk).update(submitted_at=noon)
    return Filing.objects.select_related("campaign", "version", "contract__holder").get(pk=filing.pk)


@pytest.fixture
def reopened(owed: Filing, lead: User, ditp_reviewer: User, db_reviewer: User, secretariat: User) -> Filing:
    """Submitted on 20 July, locked on 1 September, reopened on 1 October."""
    filing = act(owed, lead, "submit", date(2021, 7, 20))
    filing = act(filing, ditp_reviewer, "validate", date(2021, 8, 20))
    filing = act(filing, db_reviewer, "countersign", date(2021, 9, 1))
    return act(filing, secretariat, "reopen", date(2021, 10, 1))


def said_late(filing: Filing, on: date) -> list[str]:
    return [found.message.replace("\u00a0", " ") for found in filing_late(read_facts(filing, on))]


def chased(on: date) -> list[str]:
    """Who is reminded by the calendar on this day."""
    known = set(Notice.objects.values_list("pk", flat=True))
    chase(on=on)
    return sorted(Notice.objects.exclude(pk__in=known).values_list("user__email", flat=True))


# --- What answers a due date ---

SENT = [(day, True) for day in range(32)]
BACK = [(day, False) for day in range(32)]


@pytest.mark.parametrize(
    ("moves", "answer"),
    [
        ([], None),
        ([SENT[5]], 5),
        ([SENT[20]], 20),
        ([SENT[5], BACK[6]], None),
        ([SENT[5], BACK[10]], None),
        ([SENT[5], BACK[11]], 5),
        ([SENT[5], BACK[6], SENT[12]], 12),
        ([SENT[12], BACK[14], SENT[20]], 12),
        ([SENT[5], BACK[6], SENT[7], BACK[12], SENT[20]], 7),
    ],
)
def test_what_answers_the_due_date(moves: list[tuple[int, bool]], answer: int | None) -> None:
    """Due on the 10th of a month: days of submissions, and of what opened the filing again."""
    told = [Move(date(2021, 7, day), is_submission) for day, is_submission in moves]
    found = answered_on(date(2021, 7, 10), told)
    assert (found.day if found else None) == answer


# --- In clear ---


def test_a_draft_is_late_after_its_due_date(owed: Filing) -> None:
    assert standing(owed, DUE).days_late == 0
    assert standing(owed, DUE + timedelta(days=3)).days_late == 3


def test_a_filing_sent_in_time_and_reopened_is_not_late(reopened: Filing, lead: User, secretariat: User) -> None:
    stands = standing(reopened, IN_DECEMBER)
    assert (stands.days_late, stands.answered_on, stands.again_words) == (0, date(2021, 7, 20), "rouvert le 01/10/2021")
    assert said_late(reopened, IN_DECEMBER) == []
    assert late_filings(IN_DECEMBER) == []
    assert campaigns_to_chase(secretariat, IN_DECEMBER) == []
    assert chased(IN_DECEMBER) == []
    again = act(reopened, lead, "submit", date(2021, 11, 3))
    assert (standing(again, IN_DECEMBER).days_late, said_late(again, IN_DECEMBER)) == (0, [])


def test_a_reopened_filing_is_late_by_the_date_that_it_is_given(
    reopened: Filing, lead: User, secretariat: User
) -> None:
    filing = change_due_date(filing=reopened, actor=secretariat, due_on=date(2021, 10, 31), reason="Après réouverture")
    assert (standing(filing, date(2021, 10, 31)).days_late, standing(filing, date(2021, 11, 4)).days_late) == (0, 4)
    assert [one.pk for one, _ in late_filings(date(2021, 11, 4))] == [filing.pk]
    assert chased(date(2021, 11, 1)) == [lead.email]
    reminded = Notice.objects.filter(key__startswith="reminder").latest("pk").text.replace("\u00a0", " ")
    assert "était attendu le 31 octobre 2021" in reminded
    assert "pas encore été soumis de nouveau" in reminded
    assert said_late(filing, date(2021, 11, 4)) == ["Le dossier était attendu le 31 octobre 2021 : 4 jours de retard."]
    again = act(filing, lead, "submit", date(2021, 11, 5))
    assert said_late(again, IN_DECEMBER) == [
        "Le dossier était attendu le 31 octobre 2021 et soumis le 5 novembre 2021 : 5 jours de retard."
    ]


@pytest.mark.parametrize("action", ["take_back", "send_back"])
def test_a_filing_opened_again_after_its_due_date_is_not_late(
    owed: Filing, lead: User, ditp_reviewer: User, action: str
) -> None:
    filing = act(owed, lead, "submit", date(2021, 7, 30))
    filing = act(filing, lead if action == "take_back" else ditp_reviewer, action, date(2021, 8, 2))
    stands = standing(filing, date(2021, 8, 9))
    word = {"take_back": "repris", "send_back": "renvoyé"}[action]
    assert (stands.days_late, stands.again_words) == (0, f"{word} le 02/08/2021")
    assert chased(date(2021, 8, 9)) == []


@pytest.mark.parametrize("action", ["take_back", "send_back"])
def test_a_filing_opened_again_before_its_due_date_is_still_awaited_for_it(
    owed: Filing, lead: User, ditp_reviewer: User, action: str
) -> None:
    """Otherwise a filing taken back the day after would never be asked for."""
    filing = act(owed, lead, "submit", date(2021, 7, 20))
    filing = act(filing, lead if action == "take_back" else ditp_reviewer, action, date(2021, 7, 21))
    assert chased(date(2021, 7, 26)) == [lead.email]
    stands = standing(filing, date(2021, 8, 9))
    assert (stands.days_late, stands.again) == (9, None)


def test_a_late_submission_stays_told_and_is_not_late_any_more(owed: Filing, lead: User, ditp_reviewer: User) -> None:
    filing = act(owed, lead, "submit", date(2021, 8, 5))
    filing = act(filing, ditp_reviewer, "send_back", date(2021, 8, 10))
    assert standing(filing, IN_DECEMBER).days_late == 0
    told = ["Le dossier était attendu le 31 juillet 2021 et soumis le 5 août 2021 : 5 jours de retard."]
    assert said_late(filing, IN_DECEMBER) == told
    assert said_late(act(filing, lead, "submit", date(2021, 8, 20)), IN_DECEMBER) == told


def test_one_asked_for_again_may_be_reminded_by_hand(reopened: Filing, secretariat: User) -> None:
    nudge(campaign=reopened.campaign, filings=[reopened.pk], actor=secretariat, on=IN_DECEMBER)
    body = OutgoingMail.objects.latest("pk").body.replace("\u00a0", " ")
    assert "– Marine, 2e trimestre 2021, rouvert le 1er octobre 2021 et attendu de nouveau" in body
    assert "en retard" not in body


def test_one_submitted_again_is_not_reminded(reopened: Filing, lead: User, secretariat: User) -> None:
    act(reopened, lead, "submit", date(2021, 11, 3))
    with pytest.raises(FilingError, match="attendu de nouveau"):
        nudge(campaign=reopened.campaign, filings=[reopened.pk], actor=secretariat, on=IN_DECEMBER)


def test_the_pages_say_since_when(reopened: Filing, lead: User, secretariat: User, signed_in: SignIn) -> None:
    home = words(signed_in(lead).get("/"))
    assert "31/07/2021 rouvert le 01/10/2021" in home
    assert "en retard" not in home
    head = words(signed_in(lead).get(f"/dossiers/{reopened.pk}/calendrier/"))
    assert "Échéance : 31 juillet 2021 – rouvert le 01/10/2021, à soumettre de nouveau" in head
    page = words(signed_in(secretariat).get(f"/campagnes/{reopened.campaign_id}/"))
    assert "31/07/2021 rouvert le 01/10/2021" in page
    assert "retard de" not in page
    assert "à relancer" not in words(signed_in(secretariat).get("/"))


def test_many_filings_cost_one_query(
    reopened: Filing, secretariat: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft = FilingFactory(campaign=reopened.campaign)
    with django_assert_num_queries(1):
        found = standings([reopened, draft], IN_DECEMBER)
    assert [found[one.pk].days_late for one in (reopened, draft)] == [0, 123]
    with django_assert_num_queries(0):
        standings([draft], IN_DECEMBER)
    rows = campaign_rows(secretariat, reopened.campaign, IN_DECEMBER)
    assert [(row.filing, row.days_late) for row in rows] == [(draft, 123), (reopened, 0)]
