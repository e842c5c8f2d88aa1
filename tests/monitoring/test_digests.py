"""The daily digest: one a day at most, never empty, at its hour; who wants what; one click to stop."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.test import Client

from accounts.models import User
from contracts.models import Contract
from monitoring import unsubscribe
from monitoring.enums import MailTopic, Way
from monitoring.letters import Letter
from monitoring.models import Filing, Notice, NotificationPreference, OutgoingMail, Thread
from monitoring.notices import tell
from monitoring.outbox import send_due
from monitoring.services.digests import send_digests
from monitoring.services.preferences import record_preferences
from monitoring.services.threads import answer_thread
from tests.conftest import Mailbox
from tests.reading import words

PARIS = ZoneInfo("Europe/Paris")
YESTERDAY = datetime(2021, 8, 1, 15, tzinfo=PARIS)
MORNING = datetime(2021, 8, 2, 7, 2, tzinfo=PARIS)
LETTER = Letter("Dossier soumis – Marine", ("Camille a soumis le dossier.",), "/dossiers/1/")


def collect(person: User, topic: MailTopic = MailTopic.DECISION, key: str = "k", at: datetime = YESTERDAY) -> Notice:
    """Something told to the person at an instant."""
    (notice,) = tell(key, topic, [person], LETTER)
    Notice.objects.filter(key=notice.key).update(created_at=at)
    return notice


def prefer(person: User, topic: MailTopic, way: Way) -> None:
    record_preferences(user=person, ways={topic: way})


def test_a_digest_received_from_a_real_server(lead: User, smtp: Mailbox) -> None:
    collect(lead, MailTopic.DECISION, "a")
    collect(lead, MailTopic.OPENING, "b")
    assert send_digests(now=MORNING) == 1
    assert send_due() == 1
    (message,) = smtp.messages
    assert message["Subject"].strip() == "Récapitulatif du 2\u00a0août\u00a02021\u00a0: 2 messages"
    assert (message["X-Envelope-To"], message["Reply-To"]) == (lead.email, "secretariat@ftap.example")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = unsubscribe.address(lead, MailTopic.DIGEST)
    assert message["List-Unsubscribe"].strip() == f"<{stop}>"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content()
    assert text.index("OUVERTURE DE CAMPAGNE") < text.index("DÉCISION SUR UN DOSSIER")
    assert "http://127.0.0.1:8000/dossiers/1/" in text
    assert stop in text
    assert 'href="http://127.0.0.1:8000/dossiers/1/"' in html.get_content()


def test_at_its_hour_and_once_a_day(lead: User) -> None:
    collect(lead)
    assert send_digests(now=MORNING.replace(hour=6, minute=59)) == 0
    assert send_digests(now=MORNING) == 1
    assert send_digests(now=MORNING) == 0


def test_what_comes_after_the_hour_waits_for_the_next_day(lead: User) -> None:
    collect(lead, key="a")
    send_digests(now=MORNING)
    collect(lead, key="b", at=MORNING.replace(hour=10))
    assert send_digests(now=MORNING.replace(hour=18)) == 0
    assert send_digests(now=MORNING + timedelta(days=1)) == 1
    assert [mail.notices.count() for mail in OutgoingMail.objects.order_by("pk")] == [1, 1]


def test_after_a_pause_of_the_scheduler_it_leaves_late(lead: User) -> None:
    collect(lead)
    assert send_digests(now=MORNING.replace(hour=23)) == 1


def test_nothing_to_say_says_nothing(lead: User) -> None:
    assert send_digests(now=MORNING) == 0
    assert not OutgoingMail.objects.exists()


def test_who_left_gets_nothing(lead: User) -> None:
    collect(lead)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert send_digests(now=MORNING) == 0


def test_the_same_key_tells_once(lead: User) -> None:
    collect(lead)
    assert tell("k", MailTopic.DECISION, [lead], LETTER) == []
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(("way", "mails", "digests"), [(Way.AT_ONCE, 1, 0), (Way.DIGEST, 0, 1), (Way.NEVER, 0, 0)])
def test_as_the_person_wants(lead: User, way: Way, mails: int, digests: int) -> None:
    prefer(lead, MailTopic.DECISION, way)
    collect(lead)
    assert OutgoingMail.objects.count() == mails
    assert send_digests(now=MORNING) == digests


def test_a_message_that_may_be_stopped_says_how(lead: User) -> None:
    collect(lead, MailTopic.NUDGE)
    mail = OutgoingMail.objects.get()
    assert mail.headers["List-Unsubscribe"] == f"<{unsubscribe.address(lead, MailTopic.NUDGE)}>"
    assert "/preferences/" in mail.body


def test_what_is_switched_off_meanwhile_is_left_out(lead: User) -> None:
    collect(lead, MailTopic.DECISION, "a")
    collect(lead, MailTopic.OPENING, "b")
    prefer(lead, MailTopic.DECISION, Way.NEVER)
    send_digests(now=MORNING)
    assert "Décision" not in OutgoingMail.objects.get().html
    assert [(one.topic, one.way) for one in Notice.objects.filter(mail=None)] == [("decision", "never")]


@pytest.mark.parametrize("topic", [MailTopic.SENT_BACK, MailTopic.REPORT, MailTopic.DIGEST])
def test_some_topics_cannot_be_switched_off(lead: User, topic: MailTopic) -> None:
    with pytest.raises(ValidationError):
        prefer(lead, topic, Way.NEVER)
    with pytest.raises(IntegrityError, match="notification_preference_optional"), transaction.atomic():
        NotificationPreference.objects.create(user=lead, topic=topic, way=Way.NEVER)


def test_preferences_keep_their_history(lead: User) -> None:
    for way in (Way.NEVER, Way.AT_ONCE):
        prefer(lead, MailTopic.DECISION, way)
    events = NotificationPreference.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.way for event in events] == ["never", "at_once"]


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_write_one_digest(lead: User) -> None:
    for rank in range(10):
        collect(lead, key=f"k{rank}")

    def beat(_: int) -> int:
        try:
            return send_digests(now=MORNING)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(beat, range(3))) == 1
    assert OutgoingMail.objects.get().notices.count() == 10


# --- The page of preferences ---


def test_the_page_offers_what_concerns_the_person(signed_in: Callable[[User], Client], lead: User) -> None:
    page = words(signed_in(lead).get("/preferences/"))
    assert "Ouverture de campagne" in page
    assert "Retard signalé au secrétariat" not in page
    assert "Toujours envoyés aussitôt Dossier renvoyé" in page


def test_the_page_keeps_what_was_chosen(signed_in: Callable[[User], Client], lead: User) -> None:
    typed = dict.fromkeys(["nudge", "opening", "reminder", "decision", "remark", "published"], "digest")
    response = signed_in(lead).post("/preferences/", typed | {"decision": "never", "sent_back": "never"}, follow=True)
    assert "Vos préférences sont enregistrées." in words(response)
    rows = NotificationPreference.objects.order_by("topic").values_list("topic", "way")
    assert list(rows) == [("decision", "never"), ("nudge", "digest")]


def test_a_choice_that_does_not_exist_is_refused(signed_in: Callable[[User], Client], lead: User) -> None:
    assert signed_in(lead).post("/preferences/", {"decision": "demain"}).status_code == 422
    assert not NotificationPreference.objects.exists()


# --- One click to stop ---


def path(person: User, topic: MailTopic) -> str:
    return re.sub(r"^https?://[^/]+", "", unsubscribe.address(person, topic))


def test_opening_the_address_changes_nothing(client: Client, lead: User) -> None:
    page = client.get(path(lead, MailTopic.DECISION))
    assert "Vous ne recevriez plus : Décision sur un dossier" in words(page)
    assert lead.email not in page.content.decode()
    assert lead.last_name not in page.content.decode()
    assert not NotificationPreference.objects.exists()


def test_a_mail_reader_stops_a_topic_without_signing_in(lead: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(path(lead, MailTopic.DECISION), {"List-Unsubscribe": "One-Click"})
    assert "Vous ne recevrez plus : Décision sur un dossier" in words(response)
    assert not response.cookies
    assert NotificationPreference.objects.get().way == Way.NEVER
    assert client.post(path(lead, MailTopic.DECISION)).status_code == 200


def test_the_digest_s_address_stops_all_that_is_optional(client: Client, lead: User) -> None:
    client.post(path(lead, MailTopic.DIGEST))
    stopped = NotificationPreference.objects.filter(user=lead, way="never").values_list("topic", flat=True)
    assert sorted(stopped) == ["decision", "escalation", "nudge", "opening", "published", "remark", "reminder"]


def test_a_forged_address_is_nowhere(client: Client, lead: User, secretariat: User) -> None:
    good = path(lead, MailTopic.DECISION)
    token = good.removeprefix("/desabonnement/").removesuffix("/")
    body, signature = token.rsplit(":", 1)
    other = path(secretariat, MailTopic.DECISION).removeprefix("/desabonnement/").split(":")[0]
    flipped = signature[:-1] + ("A" if signature[-1] != "A" else "B")
    for forged in (f"{other}:{signature}", f"{body}:{flipped}", body, "rien", f"{body}:", token + "x"):
        for method in (client.get, client.post):
            assert method(f"/desabonnement/{forged}/").status_code == 404
    assert not NotificationPreference.objects.exists()


@pytest.mark.parametrize("topic", [MailTopic.SENT_BACK, MailTopic.REPORT])
def test_even_signed_an_address_does_not_stop_what_is_never_stopped(
    client: Client, lead: User, topic: MailTopic
) -> None:
    assert client.post(path(lead, topic)).status_code == 404
    assert not NotificationPreference.objects.exists()


def test_a_date_in_the_digest_is_the_day_s(lead: User, filing: Filing) -> None:
    collect(lead)
    send_digests(now=MORNING)
    assert OutgoingMail.objects.get().key == f"digest-{lead.pk}-{date(2021, 8, 2)}"


def test_a_remark_reaches_the_lead_and_its_answer_comes_back(
    filing: Filing, contract: Contract, lead: User, ditp_reviewer: User, secretariat: User
) -> None:
    thread = Thread.objects.create(filing=filing, section="credits", row="1", label="Études")
    answer_thread(thread=thread, actor=ditp_reviewer, text="Pourquoi si peu ?")
    answer_thread(thread=thread, actor=lead, text="Le marché a glissé.")
    notices = Notice.objects.filter(topic="remark").order_by("pk")
    assert [(one.user, one.text.splitlines()[-1]) for one in notices] == [
        (lead, "Pourquoi si peu ?"),
        (ditp_reviewer, "Le marché a glissé."),
    ]
    assert notices[0].path == f"/dossiers/{filing.pk}/remarques/#remarque-{thread.pk}"
