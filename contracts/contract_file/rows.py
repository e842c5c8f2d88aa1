"""Rows as a file wants them, and what it takes to make the database agree: only what differs is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class RowSet:
    """All the rows of a model in a scope (a contract, a version), told apart by `identity`.

    `is_referred_to` rows are removed last, after the rows that point at them.
    """

    model: type[models.Model]
    rows: Sequence[models.Model]
    identity: tuple[str, ...]
    scope: Mapping[str, models.Model]
    is_referred_to: bool = False
    is_shared: bool = False


@dataclass(slots=True)
class Changes:
    """How many rows were added, changed and removed, by French name of the model."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def save(row_sets: Sequence[RowSet]) -> Changes:
    """Make the database hold exactly these rows, in this order; untouched rows are not written.

    Unsaved rows get the key of the row they match, so that later sets may refer to them.
    """
    changes = Changes()
    leftovers: list[tuple[RowSet, list[models.Model]]] = []
    for row_set in row_sets:
        stored = {_identity(row, row_set): row for row in _stored(row_set)}
        for row in row_set.rows:
            _settle(row, row_set)
        wanted = {_identity(row, row_set): row for row in row_set.rows}
        stale = [] if row_set.is_shared else [row for key, row in stored.items() if key not in wanted]
        if row_set.is_referred_to:
            leftovers.append((row_set, stale))
        else:
            _remove(row_set, stale, changes)
        _add(row_set, [row for key, row in wanted.items() if key not in stored], changes)
        _change(row_set, [(stored[key], row) for key, row in wanted.items() if key in stored], changes)
    for row_set, stale in reversed(leftovers):
        _remove(row_set, stale, changes)
    return changes


def _stored(row_set: RowSet) -> models.QuerySet[Any]:
    rows = row_set.model._default_manager.filter(**row_set.scope)
    if row_set.is_shared:
        (name,) = row_set.identity
        rows = rows.filter(**{f"{name}__in": [getattr(row, name) for row in row_set.rows]})
    return rows


def _settle(row: models.Model, row_set: RowSet) -> None:
    """Give the row its scope, and to its references the keys that their rows have by now."""
    for name, value in row_set.scope.items():
        setattr(row, name, value)
    for foreign in row._meta.concrete_fields:
        if isinstance(foreign, models.ForeignKey) and foreign.is_cached(row):
            setattr(row, foreign.name, getattr(row, foreign.name))


def _identity(row: models.Model, row_set: RowSet) -> tuple[Any, ...]:
    fields = {each.name: each.attname for each in row._meta.concrete_fields}
    return tuple(getattr(row, fields[name]) for name in row_set.identity)


def _written_fields(model: type[models.Model]) -> list[Any]:
    return [
        each
        for each in model._meta.concrete_fields
        if not each.primary_key and not getattr(each, "auto_now_add", False) and each.name != "is_demo"
    ]


def _add(row_set: RowSet, rows: list[models.Model], changes: Changes) -> None:
    if rows:
        row_set.model._default_manager.bulk_create(rows)
        _count(changes.added, row_set, len(rows))


def _change(row_set: RowSet, pairs: list[tuple[models.Model, models.Model]], changes: Changes) -> None:
    for stored, row in pairs:
        row.pk = stored.pk
        row._state.adding = False
        differing = [
            each.name
            for each in _written_fields(row_set.model)
            if getattr(stored, each.attname) != getattr(row, each.attname)
        ]
        if differing:
            row.save(update_fields=differing)
            _count(changes.changed, row_set, 1)


def _remove(row_set: RowSet, rows: list[models.Model], changes: Changes) -> None:
    if rows:
        row_set.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        _count(changes.removed, row_set, len(rows))


def _count(counts: dict[str, int], row_set: RowSet, number: int) -> None:
    name = str(row_set.model._meta.verbose_name_plural)
    counts[name] = counts.get(name, 0) + number
