"""What a form sends for rows: revisions and texts, read into entries and located errors."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from monitoring.entry.cells import CellError, Unit, cell_anchor, read_fields, revision_name
from monitoring.entry.ledger import Ledger

_REVISION: Final = re.compile(r"r(\d{1,18})")
MAX_REVISION: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row as it was sent: the revision that was read and the texts by field."""

    pk: int
    revision: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Typed rows read: entries for those in order, errors for the others."""

    entries: Sequence[Any]
    errors: Sequence[CellError]


def sent_rows(form: Mapping[str, str]) -> dict[int, int]:
    """The rows that a form sends, with the revision of each; an unreadable revision is −1, so stale."""
    sent: dict[int, int] = {}
    for name, text in form.items():
        if match := _REVISION.fullmatch(name):
            revision = int(text) if re.fullmatch(r"\d{1,10}", text) else -1
            sent[int(match[1])] = revision if revision <= MAX_REVISION else -1
    return sent


def typed_row(ledger: Ledger, row: Any, form: Mapping[str, str]) -> TypedRow | None:
    """What the form sends for this row; None when it sends nothing."""
    if revision_name(row.pk) not in form:
        return None
    names = {field.name: cell_anchor(row.pk, field.name) for field in ledger.fields(row)}
    texts = {field: form[name] for field, name in names.items() if name in form}
    return TypedRow(row.pk, sent_rows({revision_name(row.pk): form[revision_name(row.pk)]})[row.pk], texts)


def read_rows(ledger: Ledger, rows: Sequence[Any], typed: Mapping[int, TypedRow], unit: Unit) -> Reading:
    """Entries of the rows that were sent and read; errors of those that were not understood."""
    entries: list[Any] = []
    errors: list[CellError] = []
    for row in rows:
        if row.pk not in typed:
            continue
        sent = typed[row.pk]
        values, refused = read_fields(row.pk, ledger.fields(row), sent.texts, unit)
        if not refused:
            refused = [
                CellError(row.pk, name, sent.texts.get(name, ""), said)
                for name, said in ledger.check(row, values).items()
            ]
        errors += refused
        if not refused:
            entries.append(ledger.entry(row, sent.revision, values))
    return Reading(entries, errors)
