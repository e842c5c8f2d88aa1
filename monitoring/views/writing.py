"""Saving a form by a service: what was refused is said on the form, which keeps what was typed; conflicts in full."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import TextChoices

from figures.formats import NOT_REPORTED, short_date_fr
from monitoring.errors import FilingError, NotAllowedError, StaleRow

OK, CONFLICT, UNREADABLE = 200, 409, 422


def write_form(form: Any, write: Callable[[], object]) -> bool:
    """Whether the service took it; what it refused is said on the form, which keeps what was typed."""
    try:
        write()
    except StaleRow as stale:
        form.stale = stale
        form.data = form.data.copy()
        form.data["revision"] = str(stale.revision)
        form.add_error(None, str(stale))
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FilingError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return not form.errors


def labels(form: Any) -> dict[str, str]:
    """The label of each field, by name."""
    return {name: str(field.label) for name, field in form.fields.items()}


def status_of(form: Any) -> int:
    """The status of the page that shows the form again."""
    if getattr(form, "stale", None):
        return CONFLICT
    return UNREADABLE if form.errors else OK


@dataclass(frozen=True)
class Difference:
    """A field on which two people differ, as French texts: mine, theirs, and the one before."""

    label: str
    mine: str
    theirs: str
    before: str


def differences(stale: StaleRow | None, labels: Mapping[str, str], choices: type[TextChoices]) -> list[Difference]:
    """Each field that was typed otherwise by two people, with what both had started from."""
    if stale is None:
        return []
    words, before = dict(choices.choices), stale.before or {}

    def text(value: object) -> str:
        if isinstance(value, date):
            return short_date_fr(value)
        return str(words.get(value, str(value or ""))) or NOT_REPORTED  # type: ignore[call-overload]

    return [
        Difference(labels.get(name, name), text(mine), text(stale.theirs[name]), text(before.get(name)))
        for name, mine in stale.mine.items()
        if mine != stale.theirs[name]
    ]
