"""Yearly cost of a post: dispersion over the contracts, and distance to the dated reference. Pure, in euros."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from figures.ae_cp import minus, share

NO_CATEGORY: Final = "non précisée"
FAR: Final = Decimal("0.25")
"""Beyond this share of the reference, above or below, a contract's unit cost is to be verified."""


@dataclass(frozen=True)
class Reference:
    """The fund's cost of one post of a category in a year, until a later one replaces it."""

    category: str
    year: int
    amount: Decimal
    source: str = ""


@dataclass(frozen=True)
class StatedCost:
    """What a contract says that one post of a category costs in a year, on one of its lines."""

    contract: str
    title: str
    line: str
    category: str
    year: int
    amount: Decimal


@dataclass(frozen=True)
class Dispersion:
    """What contracts say of one category in one year: each contract counts once for each cost that it states."""

    category: str
    year: int
    costs: tuple[StatedCost, ...]
    reference: Reference | None = None
    COMPUTED: ClassVar = ("lowest", "median", "highest", "contracts")

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """The costs in order: two lines of one contract at the same cost count once."""
        return tuple(sorted(amount for _, amount in {(cost.contract, cost.amount) for cost in self.costs}))

    @property
    def contracts(self) -> int:
        """How many contracts state a cost."""
        return len({cost.contract for cost in self.costs})

    @property
    def lowest(self) -> Decimal | None:
        return min(self.amounts, default=None)

    @property
    def median(self) -> Decimal | None:
        return median(self.amounts)

    @property
    def highest(self) -> Decimal | None:
        return max(self.amounts, default=None)


def median(amounts: Sequence[Decimal]) -> Decimal | None:
    """The middle amount, or the mean of the two in the middle; None of nothing."""
    if not amounts:
        return None
    ordered, half = sorted(amounts), len(amounts) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def reference_in(references: Iterable[Reference], category: str, year: int) -> Reference | None:
    """The reference that holds for a category in a year: the last one dated that year or before; None before any."""
    known = [one for one in references if one.category == category and one.year <= year]
    return max(known, key=lambda one: one.year, default=None)


def distance(amount: Decimal | None, reference: Decimal | None) -> Decimal | None:
    """(Cost − reference) ÷ reference, 0.1 for 10 % above; None when one is missing or the reference is zero."""
    return share(minus(amount, reference), reference)


def is_far(amount: Decimal | None, reference: Decimal | None) -> bool:
    """Whether a cost lies more than 25 % above or below its reference; without reference, nothing is said."""
    gap = distance(amount, reference)
    return gap is not None and abs(gap) > FAR


def dispersions(costs: Iterable[StatedCost], references: Sequence[Reference]) -> tuple[Dispersion, ...]:
    """One for each category and year that a contract states a cost for; posts of no category come last."""
    groups: dict[tuple[str, int], list[StatedCost]] = {}
    for cost in costs:
        groups.setdefault((cost.category, cost.year), []).append(cost)
    order = sorted(groups, key=lambda key: (key[0] == NO_CATEGORY, key))
    return tuple(
        Dispersion(category, year, tuple(groups[category, year]), reference_in(references, category, year))
        for category, year in order
    )


@dataclass(frozen=True)
class StatedSpan:
    """The same cost stated by one line of a contract over several years, against the reference of its first year."""

    cost: StatedCost
    last_year: int
    reference: Reference | None
    COMPUTED: ClassVar = ("distance", "is_far")

    @property
    def distance(self) -> Decimal | None:
        """(Cost − reference) ÷ reference."""
        return distance(self.cost.amount, self.reference.amount if self.reference else None)

    @property
    def is_far(self) -> bool:
        """Whether it lies more than 25 % away."""
        return is_far(self.cost.amount, self.reference.amount if self.reference else None)


def spans(costs: Iterable[StatedCost], references: Sequence[Reference]) -> tuple[StatedSpan, ...]:
    """One for each contract, line, category, cost and reference, by category then contract."""
    groups: dict[tuple[object, ...], list[StatedCost]] = {}
    for cost in costs:
        found = reference_in(references, cost.category, cost.year)
        key = (cost.contract, cost.line, cost.category, cost.amount, found.year if found else None)
        groups.setdefault(key, []).append(cost)
    rows = [_span(group, references) for group in groups.values()]
    return tuple(
        sorted(
            rows, key=lambda row: (row.cost.category == NO_CATEGORY, row.cost.category, row.cost.title, row.cost.year)
        )
    )


def _span(group: Sequence[StatedCost], references: Sequence[Reference]) -> StatedSpan:
    first, last = min(group, key=lambda cost: cost.year), max(cost.year for cost in group)
    return StatedSpan(first, last, reference_in(references, first.category, first.year))
