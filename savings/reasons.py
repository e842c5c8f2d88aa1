"""Since when the reason of an override stands: an amendment that moves the amounts may leave the reason of before."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from contracts.enums import VersionState
from contracts.models import ContractVersion
from savings.models import PlannedSaving, SavingsTerms

Figures = frozenset[tuple[Any, ...]]
"""The amounts of a line in a version: by year, then the recurrent ones."""


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
        first: SavingsTerms | None = None
        for one in earlier[line]:
            if one.override_reason != now.override_reason:
                break
            first = one
        if first is not None and _figures(now, amounts) != _figures(first, amounts):
            found[line] = f"donné {_with(first.version)}, avant que les montants ne changent"
    return found


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


def _with(version: ContractVersion) -> str:
    return "à la signature" if version.number == 0 else f"avec l’avenant n°\u00a0{version.number}"
