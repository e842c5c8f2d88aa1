"""Writing rows of a filing: one transaction, who and when, revisions that refuse a stale write, the database's lock."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from monitoring.entry.conflicts import Conflict, FiguresClosed, FilingClosed, NotYourRow, StaleRows, UnknownRow
from monitoring.models import Filing
from monitoring.permissions import writable_sheets
from monitoring.services.rows import refused_in_french

Values = Mapping[str, Any]


class Entry(Protocol):
    """What is typed for one row: its key, the revision that was read, and the values by column of the table."""

    @property
    def row(self) -> int: ...

    @property
    def revision(self) -> int: ...

    @property
    def values(self) -> Values: ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rows typed by people; `related` is read with a row, `sheet` tells the number of its project sheet.

    `texts` are the columns that stay open when the texts of a filing alone are reopened.
    """

    model: Any
    related: tuple[str, ...]
    sheet: Callable[[Any], str | None]
    texts: tuple[str, ...] = ()


def write_rows(table: Table, *, filing: Filing, actor: User, entries: Sequence[Entry]) -> list[Any]:
    """Write many rows in one transaction and a constant number of queries; give them in the order of the entries.

    A row that already holds these values is left alone, and so is one that the person did not touch and another did.
    Errors, with nothing written: `FilingClosed` (also from the database's lock, as a `FilingError`), `FiguresClosed`,
    `UnknownRow`, `NotYourRow`, `StaleRows`.
    """
    with held_rows(table, filing=filing, actor=actor, keys=[entry.row for entry in entries]) as rows:
        if conflicts := write_held(table, filing, rows, entries, actor, only_together=True):
            raise StaleRows(conflicts)
    return [rows[entry.row] for entry in entries]


@contextmanager
def held_rows(table: Table, *, filing: Filing, actor: User, keys: Collection[int]) -> Iterator[dict[int, Any]]:
    """The rows of these keys, which nobody else writes until the block ends: one transaction, two queries at most.

    Errors: `FilingClosed` (also from the database's lock, as a `FilingError`), `UnknownRow`, `NotYourRow`.
    """
    if not filing.takes_texts:
        raise FilingClosed
    sheets = writable_sheets(actor, filing)
    with refused_in_french():
        rows = _locked_rows(table, filing, keys)
        _name_authors(rows.values(), actor)
        if sheets is not None and any(table.sheet(row) not in sheets for row in rows.values()):
            raise NotYourRow
        yield rows


def write_held(
    table: Table,
    filing: Filing,
    rows: Mapping[int, Any],
    entries: Sequence[Entry],
    actor: User,
    *,
    only_together: bool = False,
) -> list[Conflict]:
    """Writes into held rows those entries that nobody overtook, in one statement; gives the conflicts of the others.

    With `only_together`, one conflict is enough for nothing to be written.
    Errors: `FiguresClosed` when the filing takes texts only and an entry changes anything else.
    """
    if filing.takes_texts_only and _touch_figures(table, rows, entries):
        raise FiguresClosed
    changes, conflicts = _changes(table, rows, entries)
    if changes and not (only_together and conflicts):
        _save(table, changes, actor)
    return conflicts


def current(row: Any, names: Sequence[str] | Values) -> dict[str, Any]:
    """What the row holds in these columns, amounts as euros."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def _locked_rows(table: Table, filing: Filing, keys: Collection[int]) -> dict[int, Any]:
    """The rows, held until the transaction ends; always by key, so that two pastes never wait in a ring."""
    rows = {row.pk: row for row in _lockable(table).filter(filing=filing, pk__in=keys)}
    if missing := set(keys) - set(rows):
        raise UnknownRow(f"Ce dossier n’a pas de ligne {min(missing)}.")
    return rows


@cache
def _lockable(table: Table) -> Any:
    """The rows of a table, each to be locked when read. Never read itself, only narrowed."""
    return table.model.objects.select_for_update(of=("self",)).select_related(*table.related).order_by("pk")


def _name_authors(rows: Iterable[Any], actor: User) -> None:
    """Who wrote each row last: mostly the person themselves, so that others alone cost a query."""
    known = {actor.pk: actor}
    if others := {row.updated_by_id for row in rows} - {None, actor.pk}:
        known |= User.objects.in_bulk(others)
    for row in rows:
        if row.updated_by_id is not None:
            row.updated_by = known[row.updated_by_id]


def _changes(
    table: Table, rows: Mapping[int, Any], entries: Sequence[Entry]
) -> tuple[list[tuple[Any, Values]], list[Conflict]]:
    """The rows to write with their values, and those that others changed meanwhile."""
    differing = [
        (rows[entry.row], entry) for entry in entries if current(rows[entry.row], entry.values) != entry.values
    ]
    late = [(row, entry) for row, entry in differing if row.revision != entry.revision]
    before = _values_read(table, late) if late else {}
    conflicts = [
        _conflict(row, entry, before.get(row.pk)) for row, entry in late if before.get(row.pk) != dict(entry.values)
    ]
    return [(row, entry.values) for row, entry in differing if row.revision == entry.revision], conflicts


def _touch_figures(table: Table, rows: Mapping[int, Any], entries: Sequence[Entry]) -> bool:
    """Whether some entry says of a row anything else than it holds, texts apart."""
    held = ((rows[entry.row], entry.values) for entry in entries)
    return any(
        current(row, [name])[name] != value
        for row, values in held
        for name, value in values.items()
        if name not in table.texts
    )


def _values_read(table: Table, late: Sequence[tuple[Any, Entry]]) -> dict[int, dict[str, Any]]:
    """What each row held at the revision that the person had read, from the history of figures."""
    events = table.model.pgh_event_model.objects.filter(
        pgh_obj_id__in=[row.pk for row, _ in late], revision__in={entry.revision for _, entry in late}
    )
    found = {(event.pgh_obj_id, event.revision): event for event in events.order_by("pgh_id")}
    return {
        row.pk: current(found[row.pk, entry.revision], entry.values)
        for row, entry in late
        if (row.pk, entry.revision) in found
    }


def _conflict(row: Any, entry: Entry, before: Values | None) -> Conflict:
    return Conflict(
        row=row.pk,
        revision=row.revision,
        mine=dict(entry.values),
        theirs=current(row, entry.values),
        before=before,
        who=row.updated_by.get_full_name() if row.updated_by else "",
        when=row.updated_at,
    )


def _save(table: Table, changes: Sequence[tuple[Any, Values]], actor: User) -> None:
    """One statement, all the values in one parameter; Django's own bulk update builds an expression for each cell."""
    now = timezone.now()
    for row, values in changes:
        _fill(row, values, actor, now)
    columns = {name: table.model._meta.get_field(name).column for name in changes[0][1]}
    typed = [{"id": row.pk} | {columns[name]: value for name, value in values.items()} for row, values in changes]
    with connection.cursor() as cursor:
        sent = json.dumps(typed, cls=DjangoJSONEncoder)
        cursor.execute(_statement(table, tuple(columns)), [actor.pk, now, sent])


def _statement(table: Table, names: Sequence[str]) -> str:
    """The update of these columns from a JSON list of rows, where each amount is a text: nothing is rounded."""
    meta, quote = table.model._meta, connection.ops.quote_name
    fields = [meta.get_field(name) for name in names]
    assigned = [f"{quote(field.column)} = typed.{quote(field.column)}" for field in fields]
    typed = ["id bigint", *(f"{quote(field.column)} {field.db_type(connection)}" for field in fields)]
    # Names come from the model, values from the parameters.
    return (
        f"UPDATE {quote(meta.db_table)} AS held SET {', '.join(assigned)}, "  # noqa: S608
        "revision = held.revision + 1, updated_by_id = %s, updated_at = %s "
        f"FROM jsonb_to_recordset(%s::jsonb) AS typed({', '.join(typed)}) WHERE held.id = typed.id"
    )


def _fill(row: Any, values: Values, actor: User, at: datetime) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.updated_by, row.updated_at = actor, at
