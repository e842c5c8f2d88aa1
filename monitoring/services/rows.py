"""One way to write a row that people type: optimistic lock, author, and the database's refusal in French."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone

from accounts.models import User
from figures.formats import typeset
from monitoring.errors import FilingError, StaleRow
from monitoring.locks import MESSAGE

Row = TypeVar("Row", bound=Model)


@contextmanager
def refused_in_french() -> Iterator[None]:
    """A transaction in which the trigger's refusal to write into a closed filing becomes a `FilingError`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.RestrictViolation):
            raise FilingError(typeset(MESSAGE)) from error
        raise


def write_row(row: Row, *, revision: int, values: Mapping[str, Any], actor: User) -> Row:
    """Writes the values into a row bearing `revision`, `updated_by`, `updated_at`; gives the row as it now stands.

    `revision` is the one that the person saw: one statement writes and checks it, so two people never overwrite one
    another. Errors: `StaleRow` with both sets of values when the row has moved since; `FilingError` when the filing is
    not open for entry (the database says so).
    """
    model = type(row)
    with refused_in_french():
        written = model._default_manager.filter(pk=row.pk, revision=revision).update(
            **values, revision=F("revision") + 1, updated_by=actor, updated_at=timezone.now()
        )
    current = model._default_manager.select_related("updated_by").get(pk=row.pk)
    if not written:
        raise _stale(current, values, revision)
    return current


def _stale(current: Any, values: Mapping[str, Any], read: int) -> StaleRow:
    return StaleRow(
        pk=current.pk,
        mine=dict(values),
        theirs={name: getattr(current, name) for name in values},
        changed_by=current.updated_by,
        changed_at=current.updated_at,
        revision=current.revision,
        before=_values_read(current, values, read),
    )


def _values_read(current: Any, values: Mapping[str, Any], revision: int) -> dict[str, Any] | None:
    """What the row held at the revision that the person had read, from the history of figures."""
    events = current.pgh_event_model.objects.filter(pgh_obj_id=current.pk, revision=revision)
    read = events.order_by("-pgh_id").first()
    return {name: getattr(read, name) for name in values} if read else None
