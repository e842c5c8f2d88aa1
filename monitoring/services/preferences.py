"""How people want to be told."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from monitoring.enums import Way
from monitoring.models import NotificationPreference
from monitoring.selectors import ways_chosen
from monitoring.topics import OPTIONAL


@transaction.atomic
def record_preferences(*, user: User, ways: Mapping[str, str]) -> list[str]:
    """Write how the person wants each of these topics; gives those that changed.

    Errors: `ValidationError` for a topic that may not be changed, or a way that does not exist.
    """
    now = ways_chosen(user)
    changed = [code for code, way in ways.items() if now.get(code) != way]
    for code in changed:
        if code not in OPTIONAL or ways[code] not in Way.values:
            raise ValidationError("Ce choix n’existe pas.")
        NotificationPreference.objects.update_or_create(user=user, topic=code, defaults={"way": ways[code]})
    return changed


def unsubscribe(*, user: User, topics: Iterable[str]) -> list[str]:
    """Stop these topics; what waits for the next digest is not sent either. Gives those that were not stopped yet."""
    return record_preferences(user=user, ways=dict.fromkeys(topics, str(Way.NEVER)))
