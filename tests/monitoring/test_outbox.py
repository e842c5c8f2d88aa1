"""The outbox: later when the server is down, never lost, never twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connections, transaction
from django.utils import timezone

from monitoring.enums import MailState
from monitoring.models import OutgoingMail
from monitoring.outbox import CLAIM_LASTS, enqueue, message_id, pause_after, send_again, send_due
from tests.conftest import Mailbox


def write(key: str = "k1", recipient: str = "a@ftap.example") -> OutgoingMail:
    return enqueue(key, "report", recipient, "Rapport", "Bonjour,")


def due_now() -> None:
    OutgoingMail.objects.update(next_attempt_at=timezone.now())


def test_a_message_leaves_once(db: None, smtp: Mailbox) -> None:
    mail = write()
    assert write() == mail
    assert (send_due(), send_due()) == (1, 0)
    (message,) = smtp.messages
    assert (message["X-Envelope-To"], message["Message-ID"]) == ("a@ftap.example", message_id("k1"))
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.SENT, 1)
    assert mail.sent_at is not None


def test_a_line_end_in_a_subject_is_a_space(db: None, smtp: Mailbox) -> None:
    """A title typed with one must not leave a message that can never be sent."""
    mail = enqueue("k1", "report", "a@ftap.example", "Rapport\nde CAP2030", "Bonjour,")
    assert send_due() == 1
    mail.refresh_from_db()
    assert (mail.subject, mail.state) == ("Rapport de CAP2030", "sent")


def test_a_message_that_cannot_be_written_is_given_up_and_stops_no_other(db: None, smtp: Mailbox) -> None:
    """A header with a line end is refused by the library of mails, today as tomorrow."""
    bad = enqueue("k1", "report", "a@ftap.example", "Rapport", "Bonjour,", headers={"List-Unsubscribe": "a\nb"})
    write("k2")
    assert send_due() == 1
    bad.refresh_from_db()
    assert (bad.state, "ne peut pas être écrit" in bad.error) == (MailState.FAILED, True)


def test_a_message_of_an_undone_transaction_never_was(db: None, smtp: Mailbox) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        1 / 0  # noqa: B018
    assert not OutgoingMail.objects.exists()


def test_the_server_in_trouble_means_later(db: None, smtp: Mailbox) -> None:
    mail = write()
    smtp.refusing = True
    assert send_due() == 0
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert "451" in mail.error
    assert mail.next_attempt_at > timezone.now() + timedelta(seconds=10)
    assert send_due() == 0
    smtp.refusing = False
    due_now()
    assert send_due() == 1
    assert len(smtp.messages) == 1


def test_no_server_at_all_means_later(db: None, smtp: Mailbox, settings: LazySettings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    mail = write()
    assert send_due() == 0
    mail.refresh_from_db()
    assert mail.error.startswith("Le serveur de messagerie ne répond pas\u00a0: ")
    settings.EMAIL_PORT = port
    due_now()
    assert send_due() == 1


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 9, 10, 200)] == [
        15,
        30,
        60,
        3600,
        3600,
        3600,
    ]


def test_a_missing_attachment_is_told(db: None, smtp: Mailbox) -> None:
    file = {"name": "x.pdf", "path": "rapports/absent.pdf", "content_type": "application/pdf"}
    mail = enqueue("k1", "report", "a@ftap.example", "Rapport", "Bonjour,", [file])
    assert send_due() == 0
    mail.refresh_from_db()
    assert mail.error.startswith("Une pièce jointe est introuvable\u00a0: ")


def test_a_dead_workers_message_is_taken_up(db: None, smtp: Mailbox) -> None:
    mail = write()
    OutgoingMail.objects.update(state=MailState.SENDING, claimed_at=timezone.now())
    assert send_due() == 0
    OutgoingMail.objects.update(claimed_at=timezone.now() - CLAIM_LASTS - timedelta(seconds=1))
    assert send_due() == 1
    assert smtp.messages[0]["Message-ID"] == mail.message_id


def test_an_abandoned_message_is_sent_again_on_demand(db: None, smtp: Mailbox) -> None:
    mail = write()
    OutgoingMail.objects.update(state=MailState.FAILED)
    send_again(mail)
    assert send_due() == 1
    send_again(mail)
    assert send_due() == 0


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_each_message_once(smtp: Mailbox) -> None:
    for rank in range(12):
        write(f"k{rank}", f"p{rank}@ftap.example")

    def work(_: int) -> int:
        try:
            return send_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    deadline = time.monotonic() + 20  # the worker of other tests may be sending some of them
    while OutgoingMail.objects.exclude(state=MailState.SENT).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len({message["X-Envelope-To"] for message in smtp.messages}) == len(smtp.messages) == 12
