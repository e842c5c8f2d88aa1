"""Reads of versions: what state each is in on a day, and the versions that a person may see."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from contracts.models import Contract, ContractVersion
from contracts.permissions import can_see_version
from contracts.selectors import version_in_force


@dataclass(frozen=True)
class VersionStanding:
    """A version and where it stands on a day; `standing` is a French word, `tone` its colour beside the word."""

    version: ContractVersion
    standing: str
    tone: str


def versions_of(contract: Contract, user: User, on: date) -> list[VersionStanding]:
    """Every version that the person may see, the last first. Three queries."""
    rows = list(contract.versions.select_related("contract__holder__ministry", "based_on").order_by("-number"))
    try:
        current = version_in_force(contract, on).number
    except ContractVersion.DoesNotExist:
        current = -1
    return [_standing(row, current) for row in rows if can_see_version(user, row)]


def _standing(version: ContractVersion, current: int) -> VersionStanding:
    if version.is_draft:
        return VersionStanding(version, "en préparation", "info")
    if version.number == current:
        return VersionStanding(version, "en vigueur", "success")
    if version.number > current:
        return VersionStanding(version, "signé, pas encore en vigueur", "warning")
    return VersionStanding(version, "remplacé", "neutral")
