"""The daily digest: what a person is to be told, in one message a day, never empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from figures.formats import date_fr
from monitoring import outbox, unsubscribe
from monitoring.enums import MailTopic, Way
from monitoring.letters import DEMO_MARK, SIGNATURE, link
from monitoring.models import Notice, OutgoingMail
from monitoring.notices import footer, ways_of
from monitoring.topics import TOPICS


@dataclass(frozen=True)
class Chapter:
    """What a digest says of one topic."""

    title: str
    notices: tuple[Notice, ...]


def send_digests(*, now: datetime) -> int:
    """Write the digests of the day that are due and not yet written; give how many.

    Due: the hour has come (`DIGEST_HOUR`, local time) and something was collected before it. What comes after that hour
    waits for the next day, so that nobody gets two in a day. Safe to run twice and in several workers.
    """
    local = timezone.localtime(now)
    hour = local.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if local < hour:
        return 0
    people = _collected(hour).order_by("user").values_list("user", flat=True).distinct()
    return sum(_send(pk, hour) for pk in list(people))


def _collected(before: datetime) -> QuerySet[Notice]:
    """What waits for a digest."""
    return Notice.objects.filter(way=Way.DIGEST, mail__isnull=True, created_at__lt=before, user__is_active=True)


@transaction.atomic
def _send(pk: int, hour: datetime) -> bool:
    """One person's digest; False when another worker writes it, it is written, or nothing of it is wanted any more."""
    user = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=pk).first()
    key = f"digest-{pk}-{hour:%Y-%m-%d}"
    if user is None or OutgoingMail.objects.filter(key=key).exists():
        return False
    notices = _still_wanted(user, list(_collected(hour).filter(user=user).order_by("created_at", "pk")))
    if not notices:
        return False
    mail = _write(key, user, hour, chapters(notices))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)
    return True


def _still_wanted(user: User, notices: Sequence[Notice]) -> list[Notice]:
    """Leaves out, and marks, what the person has switched off since it was collected."""
    ways = ways_of([user])
    refused = [notice.pk for notice in notices if ways.get((user.pk, notice.topic)) == Way.NEVER]
    Notice.objects.filter(pk__in=refused).update(way=Way.NEVER)
    return [notice for notice in notices if notice.pk not in refused]


def chapters(notices: Sequence[Notice]) -> list[Chapter]:
    """The notices by topic, in the order of the table of topics."""
    found = [
        Chapter(topic.title, tuple(notice for notice in notices if notice.topic == topic.code)) for topic in TOPICS
    ]
    return [chapter for chapter in found if chapter.notices]


def _write(key: str, user: User, hour: datetime, content: Sequence[Chapter]) -> OutgoingMail:
    """The message, as text and as HTML, in the outbox."""
    day, count = date_fr(hour.date()), sum(len(chapter.notices) for chapter in content)
    is_demo = any(notice.subject.startswith(DEMO_MARK) for chapter in content for notice in chapter.notices)
    title = (
        f"{DEMO_MARK if is_demo else ''}Récapitulatif du {day}\u00a0: {count} {'message' if count == 1 else 'messages'}"
    )
    context = {
        "title": title,
        "user": user,
        "chapters": content,
        "site": settings.SITE_URL,
        "preferences": link("/preferences/"),
        "unsubscribe": unsubscribe.address(user, MailTopic.DIGEST),
        "signature": SIGNATURE,
    }
    return outbox.enqueue(
        key=key,
        topic=MailTopic.DIGEST,
        recipient=user.email,
        subject=title,
        body=_text(user, content),
        html=render_to_string("monitoring/mail/digest.html", context),
        headers=unsubscribe.headers(user, MailTopic.DIGEST),
    )


def _text(user: User, content: Sequence[Chapter]) -> str:
    """The digest as plain text: each topic, what is told of it, where to go."""
    parts = ["Bonjour,", "Voici ce qui est arrivé sur les dossiers que vous suivez."]
    for chapter in content:
        parts.append(f"{chapter.title.upper()}\n{'=' * len(chapter.title)}")
        parts += [f"* {notice.subject}\n\n{notice.text}\n\n{link(notice.path)}" for notice in chapter.notices]
    parts += [f"Ce que vous avez à faire\u00a0: {link('/')}", SIGNATURE, footer(user, MailTopic.DIGEST)]
    return "\n\n".join(parts)
