"""The outbox: a message is written in the transaction that it tells of, and leaves after it, once.

Sending mail is at-least-once by nature: a worker killed between the server's « 250 OK » and our own note sends again.
The claim (one conditional UPDATE), the unique key and the Message-ID drawn from it make that rare and visible.
"""

import hashlib
import smtplib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

import structlog
from celery import current_app
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from monitoring.enums import MailState
from monitoring.models import OutgoingMail

FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(hours=1)
CLAIM_LASTS: Final = timedelta(minutes=5)  # longer than the SMTP time-out: the worker that took it is dead
SEND_TASK: Final = "monitoring.send_mail"
PERMANENT: Final = 500  # SMTP answers from here on are final (RFC 5321, § 4.2.1)

log = structlog.get_logger(__name__)


def enqueue(
    key: str,
    topic: str,
    recipient: str,
    subject: str,
    body: str,
    attachments: Sequence[Mapping[str, str]] = (),
    *,
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> OutgoingMail:
    """Writes a message to one address in the current transaction; it leaves after the commit, at once or by beat.

    `key` says what is told to whom: a second call with the same key gives the first message. Each attachment has
    `name`, `path` (in the default storage) and `content_type`. `html` is the same text for readers who prefer it;
    `headers` are added to those of every message.
    """
    mail, _ = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "topic": topic,
            "recipient": recipient,
            "subject": " ".join(subject.splitlines()),  # a header takes no line end
            "body": body,
            "html": html,
            "headers": dict(headers or {}),
            "attachments": [dict(each) for each in attachments],
            "message_id": message_id(key),
            "next_attempt_at": timezone.now(),
        },
    )
    transaction.on_commit(_kick, robust=True)
    return mail


def message_id(key: str) -> str:
    """The Message-ID of a key: the same each time, so that a mailbox recognises a double."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def send_due(limit: int = 50) -> int:
    """Sends what is due, oldest first, and gives the number sent. Stops at the first server that does not answer.

    Safe to run in several workers: each message is claimed by one of them. A failure puts the message off (15 s,
    doubled each time, at most an hour) and is kept on its row; only an address refused for good, or a message that
    cannot be written, is given up.
    """
    sent = 0
    for _ in range(limit):
        mail = _claim(timezone.now())
        if mail is None:
            break
        error = _send(mail)
        if error is None:
            sent += 1
        elif isinstance(error, OSError) and not isinstance(error, smtplib.SMTPRecipientsRefused):
            break
    return sent


def send_again(mail: OutgoingMail) -> None:
    """Puts an abandoned or waiting message back in front, its attempts forgotten; one already sent stays so."""
    OutgoingMail.objects.filter(pk=mail.pk, state__in=[MailState.FAILED, MailState.QUEUED]).update(
        state=MailState.QUEUED, attempts=0, next_attempt_at=timezone.now(), error=""
    )
    transaction.on_commit(_kick, robust=True)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 15 s, 30 s, 1 min… one hour at most."""
    return min(FIRST_PAUSE * float(1 << min(attempts - 1, 20)), LONGEST_PAUSE)


def _kick() -> None:
    current_app.send_task(SEND_TASK)


@transaction.atomic
def _claim(now: datetime) -> OutgoingMail | None:
    """The next message due, or one whose worker died, marked as being sent by us."""
    due = Q(state=MailState.QUEUED, next_attempt_at__lte=now) | Q(
        state=MailState.SENDING, claimed_at__lt=now - CLAIM_LASTS
    )
    rows = OutgoingMail.objects.filter(due).order_by("next_attempt_at", "pk").select_for_update(skip_locked=True)
    mail = rows.first()
    if mail is not None:
        mail.state, mail.claimed_at, mail.attempts = MailState.SENDING, now, mail.attempts + 1
        mail.save(update_fields=["state", "claimed_at", "attempts"])
    return mail


def _send(mail: OutgoingMail) -> Exception | None:
    """Sends one claimed message and notes the outcome; gives the failure, None when it left.

    What is not an `OSError` comes from the message itself, which no later attempt would write either: given up, logged.
    """
    try:
        _message(mail).send()
    except OSError as error:  # smtplib's errors are OSErrors, and so are a missing file and a refused connection
        _put_off(mail, error)
        return error
    except Exception as error:
        log.exception("mail_unwritable", mail=mail.pk)
        _put_off(mail, error)
        return error
    mail.state, mail.sent_at, mail.error = MailState.SENT, timezone.now(), ""
    mail.save(update_fields=["state", "sent_at", "error"])
    return None


def _put_off(mail: OutgoingMail, error: Exception) -> None:
    mail.state = MailState.FAILED if _is_permanent(error) else MailState.QUEUED
    mail.next_attempt_at = timezone.now() + pause_after(mail.attempts)
    mail.error = _in_words(error)
    mail.save(update_fields=["state", "next_attempt_at", "error"])


def _is_permanent(error: Exception) -> bool:
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return not isinstance(error, OSError)
    return all(code >= PERMANENT for code, _ in error.recipients.values())


def _in_words(error: Exception) -> str:
    if not isinstance(error, OSError):
        return f"Le message ne peut pas être écrit\u00a0: {error}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"Le serveur de messagerie refuse le destinataire\u00a0: {error}"
    if isinstance(error, smtplib.SMTPException):
        return f"Le serveur de messagerie refuse le message\u00a0: {error}"
    if isinstance(error, FileNotFoundError):
        return f"Une pièce jointe est introuvable\u00a0: {error}"
    return f"Le serveur de messagerie ne répond pas\u00a0: {error}"


def _message(mail: OutgoingMail) -> EmailMessage:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.body,
        to=[mail.recipient],
        reply_to=[settings.REPLY_TO_EMAIL],
        headers={**mail.headers, "Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for each in mail.attachments:
        with default_storage.open(each["path"]) as file:
            message.attach(each["name"], file.read(), each["content_type"])
    return message
