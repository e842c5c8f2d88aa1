"""Making a workbook, receiving one, and writing it once confirmed: all or nothing, by the grids' own services."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from monitoring.entry.conflicts import FilingClosed, StaleRows
from monitoring.entry.ledger import Ledger
from monitoring.models import Filing, WorkbookImport
from monitoring.permissions import writable_sheets
from monitoring.workbook.differences import Differences, RowChange, compare
from monitoring.workbook.errors import DifferencesMoved, WorkbookRefused
from monitoring.workbook.keys import keys_of, require_of
from monitoring.workbook.layout import Sheet, sheets_of
from monitoring.workbook.reader import Received, read_workbook
from monitoring.workbook.values import Typed
from monitoring.workbook.writer import At, Marks, write_workbook

KEPT: Final = timedelta(days=1)
"""How long a workbook waits for its confirmation."""

MINE, THEIRS = "mine", "theirs"
MOVED: Final = "Le dossier a changé depuis l’affichage de ces différences\u00a0: relisez-les, puis confirmez."
CHOOSE: Final = "Choisissez, pour chaque ligne en conflit, les valeurs à garder."
CORRECT: Final = "Ce classeur a des valeurs à corriger\u00a0: rien n’est enregistré."


@dataclass(frozen=True)
class Pending:
    """A workbook that waits, as it now compares with the filing."""

    upload: WorkbookImport
    received: Received
    differences: Differences


def make_workbook(filing: Filing, person: User) -> bytes:
    """The filing as a workbook; what this person may not fill is locked."""
    sheets = sheets_of(filing)
    keys = keys_of(filing, [(sheet.ledger, sheet.rows) for sheet in sheets])
    return write_workbook(filing, sheets, keys, editable=writable_sheets(person, filing))


@transaction.atomic
def receive_workbook(*, filing: Filing, actor: User, file_name: str, content: bytes) -> WorkbookImport:
    """Keep a workbook until its differences are confirmed; the person's earlier one is replaced, old ones are dropped.

    Errors, with nothing kept: `FilingClosed`; `WorkbookRefused` for a file that cannot be read, is of another filing,
    of another version, or had its keys altered.
    """
    if not filing.takes_texts:
        raise FilingClosed
    require_of(read_workbook(file_name, content).keys, filing)
    now = timezone.now()
    WorkbookImport.objects.filter(expires_at__lte=now).delete()
    upload, _ = WorkbookImport.objects.update_or_create(
        filing=filing,
        uploaded_by=actor,
        defaults={"file_name": file_name[-200:], "content": content, "uploaded_at": now, "expires_at": now + KEPT},
    )
    return upload


def pending(filing: Filing, person: User) -> Pending | None:
    """The person's workbook with its differences; None when none waits. Errors: `WorkbookRefused`, `FilingClosed`."""
    upload = WorkbookImport.objects.filter(filing=filing, uploaded_by=person, expires_at__gt=timezone.now()).first()
    return None if upload is None else _compared(upload, filing, person)


def _compared(upload: WorkbookImport, filing: Filing, person: User) -> Pending:
    if not filing.takes_texts:
        raise FilingClosed
    received = read_workbook(upload.file_name, bytes(upload.content))
    require_of(received.keys, filing)
    return Pending(upload, received, compare(filing, person, received))


def marked_workbook(filing: Filing, person: User, waiting: Pending) -> bytes:
    """The workbook again, as it was filled, with each refused cell in red and a comment that says what to do."""
    sheets = sheets_of(filing)
    marks = Marks(_typed(sheets, waiting.received), waiting.differences.refusals)
    editable = writable_sheets(person, filing)
    return write_workbook(filing, sheets, waiting.received.keys, editable=editable, marks=marks)


def _typed(sheets: list[Sheet], received: Received) -> dict[At, Typed]:
    """What the person's cells held, by section, row and column; the first of several lines of the same key."""
    return {
        (sheet.code, row.pk, column.key): given[0].cells[column.key]
        for sheet in sheets
        for row in sheet.rows
        if (given := received.of(sheet.code, row.pk))
        for column, _ in sheet.inputs(row)
        if column.key in given[0].cells
    }


@transaction.atomic
def confirm_workbook(*, filing: Filing, actor: User, seen: str, choices: Mapping[str, str]) -> int:
    """Write what a person was shown of their workbook, all or nothing; give how many values changed.

    `seen` is the fingerprint of the differences shown; `choices` says, for each row in conflict by its key, whose
    values stay (`mine` or `theirs`). The workbook is then dropped.
    Errors, with nothing written: `WorkbookRefused` (none waits, or cells are refused), `DifferencesMoved` (the filing
    changed since they were shown, or a choice is missing), `FilingClosed`, and what `write_rows` refuses.
    """
    waiting = pending(filing, actor)
    if waiting is None:
        raise WorkbookRefused("Aucun classeur n’attend votre confirmation\u00a0: déposez-le de nouveau.")
    found = waiting.differences
    if found.refusals:
        raise WorkbookRefused(CORRECT)
    if found.fingerprint != seen:
        raise DifferencesMoved(MOVED)
    if any(choices.get(one.key) not in (MINE, THEIRS) for one in found.conflicts):
        raise DifferencesMoved(CHOOSE)
    kept = [one for one in found.changes if not one.is_conflict or choices[one.key] == MINE]
    with pghistory.context(source="classeur", file=waiting.upload.file_name):
        _write(filing, actor, kept)
    waiting.upload.delete()
    return sum(len(one.cells) for one in kept)


def _write(filing: Filing, actor: User, changes: list[RowChange]) -> None:
    """Each section by its own service; `StaleRows` means that a row moved in the last instants."""
    ledgers: dict[str, Ledger] = {one.ledger.section.code: one.ledger for one in changes}
    entries: dict[str, list[Any]] = defaultdict(list)
    for one in changes:
        entries[one.ledger.section.code].append(one.ledger.entry(one.row, one.row.revision, one.values))
    try:
        for code, ledger in ledgers.items():
            ledger.save(filing, entries[code], actor)
    except StaleRows as stale:
        raise DifferencesMoved(MOVED) from stale


def drop_workbook(*, filing: Filing, actor: User) -> None:
    """Forget the person's workbook; nothing else changes."""
    WorkbookImport.objects.filter(filing=filing, uploaded_by=actor).delete()
