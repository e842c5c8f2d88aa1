"""Unsubscribing in one click (RFC 8058): a signed address that works without signing in."""

from typing import Final

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts.models import User
from monitoring.enums import MailTopic
from monitoring.letters import link
from monitoring.topics import OPTIONAL

_SIGNER: Final = Signer(salt="monitoring.unsubscribe")


def address(user: User, topic: str) -> str:
    """The whole address that stops a topic for this person; `digest` stops all that is optional. It does not expire."""
    token = _SIGNER.sign_object({"user": user.pk, "topic": str(topic)}, compress=False)
    return link(reverse("monitoring:unsubscribe", args=[token]))


def headers(user: User, topic: str) -> dict[str, str]:
    """What makes a mail reader show its own « unsubscribe » button, and how it presses it (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{address(user, topic)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read(token: str) -> tuple[User, list[MailTopic]] | None:
    """Whose address it is and the topics that it stops; None when it was not signed here."""
    try:
        said = _SIGNER.unsign_object(token)
        user = User.objects.get(pk=said["user"])
    except (BadSignature, User.DoesNotExist, KeyError, TypeError, ValueError):
        return None
    if said["topic"] == MailTopic.DIGEST:
        return user, list(OPTIONAL)
    return (user, [MailTopic(said["topic"])]) if said["topic"] in OPTIONAL else None
