"""An annex brought back: checked whole without writing, then confirmed, through the services of contract files."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pghistory
from django.core import signing
from django.db import transaction
from openpyxl import load_workbook
from openpyxl.comments import Comment

from accounts.models import User
from contracts.amendments.file import import_draft
from contracts.amendments.refusals import AmendmentRefused
from contracts.annex.differences import AnnexDifferences, CellNote, compare
from contracts.annex.reader import AnnexRefused, read_annex
from contracts.contract_file.errors import ContractFileError, FileError
from contracts.contract_file.writer import write_contract_file, write_tables
from contracts.models import ContractVersion
from contracts.services import load_contract_file
from figures.workbook.styles import REFUSED

CONFIRMATION: Final = "contracts.annex.confirmation"
VALID_FOR: Final = 3600
MOVED: Final = "La version a changé depuis la vérification\u00a0: rien n’a été enregistré, déposez l’annexe de nouveau."


@dataclass(frozen=True)
class Checked:
    """An annex as it was checked: what it would do, and the token that confirms it (blank when it is refused)."""

    differences: AnnexDifferences
    reasons: tuple[str, ...] = ()
    token: str = ""


def check_annex(version: ContractVersion, file_name: str, content: bytes, actor: User) -> Checked:
    """What an annex would do to a version, tried through its service and undone. Raises `AnnexRefused`."""
    received = read_annex(file_name, content)
    if received.code != version.contract.code:
        raise AnnexRefused(f"Cette annexe est celle d’un autre contrat\u00a0: «\u00a0{received.code}\u00a0».")
    if received.number != version.number:
        raise AnnexRefused(
            "Cette annexe est celle d’une autre version\u00a0: téléchargez celle de la version à modifier."
        )
    stored = write_contract_file(version)
    found = compare(stored, received, keeps_identity=version.is_draft)
    if found.refusals or not found.changes:
        return Checked(found)
    text = write_tables(found.tables)
    reasons = _tried(version, file_name, text, actor, found)
    if reasons or found.refusals:
        return Checked(found, reasons)
    digest = hashlib.sha256(content).hexdigest()
    said = {
        "file": file_name[-200:],
        "sha256": digest,
        "text": text,
        "stored": _digest(stored),
        "version": version.pk,
        "by": actor.pk,
    }
    return Checked(found, (), signing.dumps(said, salt=CONFIRMATION, compress=True))


def confirm_annex(version: ContractVersion, token: str, actor: User) -> None:
    """Write what the person was shown, all or nothing; the file's name and SHA-256 go to the history.

    Raises `AnnexRefused` when the confirmation is too old, not this person's, or the version moved; else what
    contract files are refused for.
    """
    try:
        said: dict[str, Any] = signing.loads(token, salt=CONFIRMATION, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise AnnexRefused("Cette confirmation a expiré\u00a0: déposez l’annexe de nouveau.") from error
    if (said["version"], said["by"]) != (version.pk, actor.pk):
        raise AnnexRefused("Cette confirmation n’est pas la vôtre, ou pas celle de cette version.")
    with transaction.atomic():
        held = ContractVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if _digest(write_contract_file(held)) != said["stored"]:
            raise AnnexRefused(MOVED)
        with pghistory.context(source="annexe", sha256=said["sha256"], version=held.pk):
            _write(held, said["file"], said["text"], actor)


def marked_annex(content: bytes, notes: list[CellNote]) -> bytes:
    """The person's own workbook with each wrong cell in red and a comment that says what to do."""
    book = load_workbook(BytesIO(content), keep_links=False)
    said: dict[tuple[str, str], list[str]] = {}
    for one in notes:
        if one.sheet in book.sheetnames and one.address[:1].isalpha():
            said.setdefault((one.sheet, one.address), []).append(one.message)
    for (sheet, address), messages in said.items():
        cell = book[sheet][address]
        cell.fill, cell.comment = REFUSED, Comment("\n".join(messages), "Suivi du FTAP", width=320, height=110)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(version: ContractVersion, file_name: str, text: str, actor: User) -> None:
    if version.is_draft:
        import_draft(version, file_name, text.encode(), actor)
    else:
        load_contract_file(file_name=file_name, content=text.encode(), actor=actor)


def _tried(
    version: ContractVersion, file_name: str, text: str, actor: User, found: AnnexDifferences
) -> tuple[str, ...]:
    """Why the service refuses, at cells when they are known; nothing stays written."""
    try:
        with transaction.atomic():
            _write(version, file_name, text, actor)
            transaction.set_rollback(True)
    except AmendmentRefused as refusal:
        return refusal.reasons
    except ContractFileError as error:
        found.refusals += [_located(one, found) for one in error.errors]
    return ()


def _located(error: FileError, found: AnnexDifferences) -> CellNote:
    path = error.path
    while path and path not in found.places:
        path = path.rpartition(".")[0]
    sheet, address = found.places.get(path, ("–", error.path))
    is_whole_row = error.value.startswith(("{", "["))  # as the file writes it: nobody typed that in a cell
    value = "" if is_whole_row else error.value
    return CellNote(sheet, address, value, error.message.replace("Cette clé", "Cette case"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
