"""Snapshots: a situation written down when its filing is locked, hashed, and read back without any live table."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from budget.former import as_formerly_added as credits_as_formerly_added
from monitoring.enums import CampaignKind
from monitoring.models import Filing
from reports.codec import from_plain, to_plain
from reports.enums import ReportKind
from reports.facts import Situation
from reports.models import Snapshot
from reports.situation import contract_situation
from savings.former import as_formerly_added as savings_as_formerly_added

FORMAT: Final = 6
ADDED: Final = {1: ("signature", "tranches", "sub_projects"), 2: ("sub_projects",), 3: (), 4: (), 5: ()}
"""What each older format did not keep: read as not known, and said so where it would be shown. See also `codec`."""
YEAR_END_QUARTER: Final = 4


class SnapshotError(Exception):
    """A snapshot whose content is not what was frozen, or of a format that this software does not know."""


def canonical(situation: Situation) -> str:
    """The one way to write a situation down: sorted keys, no spaces, UTF-8, decimals as strings, its format first."""
    plain = {"format": FORMAT, "situation": to_plain(situation)}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(content: str) -> str:
    """SHA-256 of the content, in hexadecimal."""
    return fingerprint_of_bytes(content.encode())


def fingerprint_of_bytes(content: bytes) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def report_kind(filing: Filing) -> ReportKind:
    """A year's filing, or the fourth quarter's, makes the annual report: the one that speaks of savings."""
    campaign = filing.campaign
    is_yearly = campaign.kind == CampaignKind.YEAR or campaign.quarter == YEAR_END_QUARTER
    return ReportKind.YEARLY if is_yearly else ReportKind.QUARTERLY


@transaction.atomic
def freeze(filing: Filing) -> Snapshot:
    """The snapshot of the filing as it was locked; asked again, the one that was taken then.

    What a report shows beside the filing (a sub-project, an anomaly explained) may have moved since: a second attempt,
    or a second request, does not make a second report of one lock. Figures that are the same give the same snapshot.
    """
    if filing.locked_at and (taken := Snapshot.objects.filter(filing=filing, taken_at=filing.locked_at).first()):
        return taken
    content = canonical(contract_situation(filing.contract, filing=filing))
    snapshot, _ = Snapshot.objects.get_or_create(
        filing=filing,
        sha256=fingerprint(content),
        defaults={
            "kind": report_kind(filing),
            "format_version": FORMAT,
            "content": content,
            "taken_at": filing.locked_at or timezone.now(),
        },
    )
    return snapshot


def situation_of(snapshot: Snapshot) -> Situation:
    """The situation that was frozen, from the snapshot's text alone.

    Raises `SnapshotError` when the text was altered, or is of another format.
    """
    if fingerprint(snapshot.content) != snapshot.sha256:
        raise SnapshotError("Le contenu de l’instantané ne correspond plus à son empreinte.")
    return read(snapshot.content)


def read(content: str) -> Situation:
    """The situation that `canonical` wrote, of this format or an older one.

    Gaps are added as they were when it was written. Raises `SnapshotError` for another format, for what is
    no situation, and when a total that was written down is not the one that the same lines give: rather no report
    than another one.
    """
    plain = json.loads(content)
    if plain.get("format") not in (FORMAT, *ADDED):
        raise SnapshotError(f"Format d’instantané inconnu\u00a0: {plain.get('format')}.")
    lacking = dict.fromkeys(ADDED.get(plain["format"], ()))
    try:
        situation = from_plain(Situation, lacking | plain["situation"])
    except (TypeError, ValueError) as error:
        raise SnapshotError(f"Contenu d’instantané illisible\u00a0: {error}.") from error
    readings = [(one, list(moved(plain["situation"], to_plain(one)))) for one in _as_added_since(situation)]
    nearest, differences = min(readings, key=lambda reading: len(reading[1]))
    for place, kept, found in differences:
        raise SnapshotError(f"L’instantané garde «\u00a0{kept}\u00a0» pour {place}, recalculé «\u00a0{found}\u00a0».")
    return nearest


def _as_added_since(situation: Situation) -> tuple[Situation, ...]:
    """The same lines with their gaps as added now, then as before each change of that rule, the last one first."""
    credits_ = replace(situation, credits=credits_as_formerly_added(situation.credits))
    return situation, credits_, replace(credits_, savings=savings_as_formerly_added(situation.savings))


def moved(kept: Any, found: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two plain situations differ: place, what was kept, what is found. What only one has is left out."""
    if isinstance(kept, dict) and isinstance(found, dict):
        for name in kept.keys() & found.keys():
            yield from moved(kept[name], found[name], f"{place}.{name}".lstrip("."))
    elif isinstance(kept, list) and isinstance(found, list) and len(kept) == len(found):
        for rank, (one, other) in enumerate(zip(kept, found, strict=True)):
            yield from moved(one, other, f"{place}[{rank}]")
    elif kept != found:
        yield place, kept, found
