"""Telling people: each message leaves at once, waits for the daily digest or stays unsent, as the person wants.

Written in the transaction of what it tells; the same key tells once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from monitoring import outbox, unsubscribe
from monitoring.enums import MailTopic, Way
from monitoring.letters import Letter, link
from monitoring.models import Notice, NotificationPreference, OutgoingMail
from monitoring.topics import topic


@dataclass(frozen=True)
class Message:
    """What to tell whom: `key` says what, and makes it told once to this person."""

    key: str
    topic: MailTopic
    user: User
    letter: Letter

    @property
    def unique(self) -> str:
        return f"{self.key}-{self.user.pk}"


def tell(key: str, topic: MailTopic, people: Iterable[User], letter: Letter) -> list[Notice]:
    """Tells the same thing to several people; gives the new notices."""
    return tell_all([Message(key, topic, person, letter) for person in people])


def tell_all(messages: Sequence[Message]) -> list[Notice]:
    """Writes a notice for each message not yet told, a mail for those that leave at once; gives the new ones (no pk).

    Three queries whatever their number, and two more for each that leaves at once.
    """
    wanted = {message.unique: message for message in messages}
    known = set(Notice.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = [message for unique, message in wanted.items() if unique not in known]
    ways = ways_of([message.user for message in new])
    notices = [_notice(message, ways.get((message.user.pk, message.topic))) for message in new]
    return Notice.objects.bulk_create(notices, ignore_conflicts=True)


def ways_of(people: Iterable[User]) -> dict[tuple[int, str], Way]:
    """What people said of topics, by person and topic: one query. Who said nothing has the topic's default."""
    said = NotificationPreference.objects.filter(user__in={person.pk for person in people}).order_by()
    return {(user, code): Way(way) for user, code, way in said.values_list("user_id", "topic", "way")}


def _notice(message: Message, said: Way | None) -> Notice:
    line = topic(message.topic)
    way = line.default if line.is_fixed or said is None else said
    return Notice(
        key=message.unique,
        user=message.user,
        topic=message.topic,
        subject=message.letter.subject,
        text=message.letter.text,
        path=message.letter.path,
        way=way,
        mail=_mail(message) if way == Way.AT_ONCE else None,
        created_at=timezone.now(),
    )


def _mail(message: Message) -> OutgoingMail:
    """A message that leaves by itself; what may be switched off says how."""
    fixed = topic(message.topic).is_fixed
    return outbox.enqueue(
        key=message.unique,
        topic=message.topic,
        recipient=message.user.email,
        subject=message.letter.subject,
        body=message.letter.body + ("" if fixed else f"\n{footer(message.user, message.topic)}"),
        headers={} if fixed else unsubscribe.headers(message.user, message.topic),
    )


def footer(user: User, topic: str) -> str:
    """How to choose what one receives, at the end of a message that may be switched off."""
    return (
        "-- \n"
        f"Choisir ce que vous recevez\u00a0: {link('/preferences/')}\n"
        f"Ne plus recevoir ces messages\u00a0: {unsubscribe.address(user, topic)}\n"
    )
