"""What an amendment may touch, and its impact sheet: before, after, difference by year, totals checked. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# Which figures each object of an amendment lets it touch: themes of `contracts.parts.Promise`.
THEMES: Final[Mapping[str, frozenset[str]]] = {
    "budget": frozenset({"budget"}),
    "calendrier": frozenset({"calendar"}),
    "economies": frozenset({"savings"}),
    "cibles": frozenset({"targets"}),
    "erreur": frozenset({"budget", "calendar", "savings", "targets"}),
    "nomenclature": frozenset(),
}
THEME_LABELS: Final[Mapping[str, str]] = {
    "budget": "les crédits",
    "calendar": "le calendrier",
    "savings": "les économies",
    "targets": "les cibles",
}
PROLONGING: Final = frozenset({"budget", "calendrier"})
TOTAL: Final = "Total"
Pair = tuple[Decimal | None, Decimal | None]
"""A figure before and after."""


def themes_of(types: Iterable[str]) -> frozenset[str]:
    """Everything that an amendment of these objects may touch."""
    return frozenset().union(*(THEMES[one] for one in types))


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and after; None where a version says nothing, which counts for nothing in the difference.

    `lost`: which of `before` and `after` is missing because the scan lost it.
    """

    label: str
    before: Decimal | None
    after: Decimal | None
    lost: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """After − before; None when neither version says anything."""
        if self.before is None and self.after is None:
            return None
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True)
class TotalImpact:
    """A total by year in two versions. `moved` is the sum of the differences of its lines, computed apart.

    `total` is None for a total that is not a sum of its cells; `moved` is by cell then, under « Total » otherwise.
    Amounts in euros.
    """

    part: str
    code: str
    title: str
    rows: tuple[Change, ...]
    total: Change | None
    moved: Mapping[str, Decimal]

    @property
    def changes(self) -> bool:
        """Whether any of its cells moved."""
        return any(row.before != row.after for row in self.rows)

    @property
    def adds_up(self) -> bool:
        """Whether lines, years and total tell the same difference; of a total without a sum, lines and each cell."""
        if self.total is None:
            return all(self.moved[row.label] == (row.difference or 0) for row in self.rows)
        by_year = sum((row.difference or Decimal(0) for row in self.rows), Decimal(0))
        return by_year == (self.total.difference or 0) == self.moved[TOTAL]


def total_impact(
    part: str,
    code: str,
    title: str,
    before: Mapping[str, Decimal | None],
    after: Mapping[str, Decimal | None],
    lines: Mapping[str, Sequence[Pair]],
    *,
    is_summed: bool = True,
    lost: Sequence[str] = (),
) -> TotalImpact:
    """Two totals by year held side by side; a year that only one version knows is there, with a missing figure.

    `lines` are the figures of its lines, before and after, those that did not move left out or not: of the whole under
    « Total », or by cell for a total that is not a sum of them; what it leaves out did not move.
    `lost`: on which side, `before` or `after`, the scan lost amounts of these lines.
    """
    labels = sorted({*before, *after}) if is_summed else list(dict.fromkeys([*before, *after]))
    rows = tuple(_change(label, before.get(label), after.get(label), lost) for label in labels)
    total = _change(TOTAL, _sum(before.values()), _sum(after.values()), lost) if is_summed else None
    moved = {label: moved_by(lines.get(label, ())) for label in ([TOTAL] if is_summed else labels)}
    return TotalImpact(part, code, title, rows, total, moved)


def _change(label: str, before: Decimal | None, after: Decimal | None, lost: Sequence[str]) -> Change:
    sides = (("before", before), ("after", after))
    return Change(label, before, after, tuple(side for side, value in sides if value is None and side in lost))


def moved_by(pairs: Sequence[Pair]) -> Decimal:
    """The sum of the differences of lines, each given before and after."""
    return sum(((after or Decimal(0)) - (before or Decimal(0)) for before, after in pairs), Decimal(0))


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
