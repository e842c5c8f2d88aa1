"""Writes of contracts: loading a contract file, in one transaction, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import User
from contracts.checks.tallies import tally_soon
from contracts.contract_file import rows
from contracts.contract_file.document import Document
from contracts.contract_file.errors import ContractFileError, FileError
from contracts.contract_file.reader import read_contract_file
from contracts.contract_file.rows import Changes
from contracts.models import Contract, ContractVersion
from contracts.parts import GUARDS


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did: the contract, whether it is new, what changed (nothing when the same file was loaded before)."""

    contract: Contract
    version: ContractVersion
    is_new: bool
    changes: Changes


def load_contract_file(*, file_name: str, content: bytes, actor: User | None) -> LoadResult:
    """Create the contract that the file describes, or bring its signature version to what the file says.

    Everything is checked before anything is written; one transaction, recorded in the history under `actor` (None for
    the command line). Loading the same bytes again writes nothing. Raises `ContractFileError` with every error, and
    when filings already depend on a version that the file would change.
    """
    document = read_contract_file(file_name, content)
    with transaction.atomic(), pghistory.context(load=file_name, user=actor.pk if actor else None):
        version = _locked_version(document)
        if version is not None and version.source_sha256 == document.sha256:
            return LoadResult(version.contract, version, is_new=False, changes=Changes())
        if version is not None and (reasons := _uses_of(version)):
            _refuse_changes(document, version, reasons)
            return LoadResult(version.contract, version, is_new=False, changes=Changes())
        changes = rows.save(document.rows)
        tally_soon(document.contract)
    return LoadResult(document.contract, document.version, is_new=version is None, changes=changes)


def _locked_version(document: Document) -> ContractVersion | None:
    """The signature version already stored, held until the end of the transaction."""
    versions = ContractVersion.objects.select_related("contract").select_for_update(of=("self",))
    return versions.filter(contract__code=document.contract.code, number=0).first()


def _uses_of(version: ContractVersion) -> list[str]:
    """Why the version is changed by an amendment, never in place: what hangs on it. Empty when nothing does."""
    reasons = [reason for guard in GUARDS if (reason := guard(version))]
    if version.contract.versions.filter(number__gt=0).exists():
        reasons.append("Un avenant la complète déjà.")
    return reasons


def _refuse_changes(document: Document, version: ContractVersion, reasons: Sequence[str]) -> None:
    """Raises when the file says anything else than the stored version, its own fingerprint apart."""
    document.version.source_sha256 = version.source_sha256
    message = f"La version signée de ce contrat ne se remplace plus\u00a0: {' '.join(reasons)}"
    refusal = ContractFileError([FileError(document.source.file, "contrat.code", version.contract.code, message)])
    try:
        changes = rows.save(document.rows)
    except (ProtectedError, IntegrityError) as error:  # a row that it would take away, and that something hangs on
        raise refusal from error
    if changes:
        raise refusal
