"""By what act the reason of an override was given: an amendment that moves amounts may leave that of before."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import takewhile
from typing import Any

from contracts.enums import VersionState
from contracts.models import ContractVersion
from savings.models import PlannedSaving, SavingsTerms

Figures = frozenset[tuple[Any, ...]]
"""The amounts of a line in a version: by year, then the recurrent ones."""


def acts_of_reasons(version: ContractVersion, terms: Collection[SavingsTerms]) -> dict[int, ContractVersion]:
    """By line, the version that gave its reason: the earliest from which it was kept as it is written here.

    `terms` are the version's. One query for an amendment with a reason, none otherwise.
    """
    asked = {one.line_id: one for one in terms if one.override_reason}
    if version.number == 0 or not asked:
        return dict.fromkeys(asked, version)
    earlier = _earlier(version, asked)
    firsts = {line: _first_with(now, earlier[line]) for line, now in asked.items()}
    return {line: first.version if first is not None else version for line, first in firsts.items()}


def older_reasons(version: ContractVersion, terms: Collection[SavingsTerms]) -> dict[int, str]:
    """By line, where the reason comes from when the amounts moved since: « donné à la signature, avant que… ».

    `terms` are the version's. A line whose reason was written with its amounts is not there. Two queries for an
    amendment with such a reason, none otherwise.
    """
    asked = {one.line_id: one for one in terms if one.override_reason}
    if version.number == 0 or not asked:
        return {}
    earlier = _earlier(version, asked)
    amounts = _amounts(version, asked)
    found: dict[int, str] = {}
    for line, now in asked.items():
        first = _first_with(now, earlier[line])
        if first is not None and _figures(now, amounts) != _figures(first, amounts):
            found[line] = f"donné {given_with(first.version)}, avant que les montants ne changent"
    return found


def _first_with(now: SavingsTerms, earlier: Sequence[SavingsTerms]) -> SavingsTerms | None:
    """The first of the versions before, without a break, that gave the same reason; None where the last one did not."""
    kept = list(takewhile(lambda one: one.override_reason == now.override_reason, earlier))
    return kept[-1] if kept else None


def _earlier(version: ContractVersion, lines: Collection[int]) -> dict[int, list[SavingsTerms]]:
    """The terms of these lines in the signed versions before, the last first."""
    rows = SavingsTerms.objects.filter(
        line__in=lines, version__number__lt=version.number, version__state=VersionState.SIGNED
    )
    found: dict[int, list[SavingsTerms]] = defaultdict(list)
    for row in rows.select_related("version").order_by("-version__number"):
        found[row.line_id].append(row)
    return found


def _amounts(version: ContractVersion, lines: Collection[int]) -> dict[tuple[int, int], list[tuple[Any, ...]]]:
    """By line and version, up to this one, what each year promises."""
    rows = PlannedSaving.objects.filter(line__in=lines, version__number__lte=version.number).order_by("year")
    found: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        found[row.line_id, row.version_id].append((row.year, row.ae, row.cp))
    return found


def _figures(terms: SavingsTerms, amounts: dict[tuple[int, int], list[tuple[Any, ...]]]) -> Figures:
    return frozenset([*amounts[terms.line_id, terms.version_id], ("", terms.recurrent_ae, terms.recurrent_cp)])


def given_with(version: ContractVersion) -> str:
    """« à la signature », « avec l’avenant n° 1 »."""
    return "à la signature" if version.number == 0 else f"avec l’avenant n°\u00a0{version.number}"
