"""Reads of the annexes that were brought back into a version."""

from dataclasses import dataclass
from datetime import datetime

import pghistory.models

from accounts.models import User
from contracts.models import ContractVersion


@dataclass(frozen=True, slots=True)
class AnnexImport:
    """An annex that was confirmed: when, by whom, the file's name and its SHA-256."""

    at: datetime
    by: str
    file: str
    sha256: str


def imports_of(version: ContractVersion) -> list[AnnexImport]:
    """The annexes brought back into a version, the last first, from the kept history. Two queries."""
    contexts = pghistory.models.Context.objects.filter(
        metadata__contains={"source": "annexe", "version": version.pk}
    ).order_by("-created_at")
    found = [(one.created_at, one.metadata) for one in contexts]
    people = {one.pk: one.get_full_name() for one in User.objects.filter(pk__in=[said["user"] for _, said in found])}
    return [AnnexImport(at, people.get(said["user"], ""), said["load"], said["sha256"]) for at, said in found]
