"""Writing rows of a filing: one transaction, who and when, revisions that refuse a stale write, the database's lock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from monitoring.entry.conflicts import Conflict, FilingClosed, NotYourRow, StaleRows, UnknownRow
from monitoring.models import Filing
from monitoring.permissions import editable_sheets
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
    """A table of rows typed by people; `related` is what `sheet` reads to tell the number of a row's project sheet."""

    model: Any
    related: tuple[str, ...]
    sheet: Callable[[Any], str | None]


def write_rows(table: Table, *, filing: Filing, actor: User, entries: Sequence[Entry]) -> list[Any]:
    """Write many rows in one transaction and a constant number of queries; give them in the order of the entries.

    A row that already holds these values is left alone, and so is one that the person did not touch and another did.
    Errors, with nothing written: `FilingClosed` (also from the database's lock, as a `FilingError`), `UnknownRow`,
    `NotYourRow`, `StaleRows`.
    """
    if not filing.is_editable:
        raise FilingClosed
    sheets = editable_sheets(actor, filing)
    with refused_in_french():
        rows = _locked_rows(table, filing, [entry.row for entry in entries])
        if sheets is not None and any(table.sheet(row) not in sheets for row in rows.values()):
            raise NotYourRow
        changes = _changes(table, rows, entries)
        _save(table, changes, actor)
    return [rows[entry.row] for entry in entries]


def current(row: Any, names: Sequence[str] | Values) -> dict[str, Any]:
    """What the row holds in these columns, amounts as euros."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def _locked_rows(table: Table, filing: Filing, keys: Sequence[int]) -> dict[int, Any]:
    """The rows, held until the transaction ends; always by key, so that two pastes never wait in a ring."""
    found = table.model.objects.select_for_update(of=("self",)).filter(filing=filing, pk__in=keys)
    rows = {row.pk: row for row in found.select_related(*table.related, "updated_by").order_by("pk")}
    if missing := set(keys) - set(rows):
        raise UnknownRow(f"Ce dossier n’a pas de ligne {min(missing)}.")
    return rows


def _changes(table: Table, rows: Mapping[int, Any], entries: Sequence[Entry]) -> list[tuple[Any, Values]]:
    """The rows to write with their values; raises `StaleRows` for those that others changed meanwhile."""
    differing = [
        (rows[entry.row], entry) for entry in entries if current(rows[entry.row], entry.values) != entry.values
    ]
    late = [(row, entry) for row, entry in differing if row.revision != entry.revision]
    before = _values_read(table, late) if late else {}
    conflicts = [
        _conflict(row, entry, before.get(row.pk)) for row, entry in late if before.get(row.pk) != dict(entry.values)
    ]
    if conflicts:
        raise StaleRows(conflicts)
    return [(row, entry.values) for row, entry in differing if row.revision == entry.revision]


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
    now = timezone.now()
    for row, values in changes:
        _fill(row, values, actor, now)
    if not changes:
        return
    rows, columns = [row for row, _ in changes], [*changes[0][1], "revision", "updated_by", "updated_at"]
    if len(rows) == 1:
        # A row at a time is what people do most: a plain update costs a third of a bulk one.
        rows[0].save(update_fields=columns)
    else:
        table.model.objects.bulk_update(rows, columns)


def _fill(row: Any, values: Values, actor: User, at: datetime) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.updated_by, row.updated_at = actor, at
