"""AE and CP side by side, in euros: the two amounts that go everywhere together, each of which may be missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AeCp:
    """Commitments (AE) and payments (CP), in euros; None is « not reported », which is not zero."""

    ae: Decimal | None = None
    cp: Decimal | None = None

    def __sub__(self, other: "AeCp") -> "AeCp":
        return AeCp(minus(self.ae, other.ae), minus(self.cp, other.cp))

    def over(self, whole: "AeCp") -> "AeCp":
        """Both amounts as shares of `whole` (0.5 is a half); None where one is missing or the whole is zero."""
        return AeCp(share(self.ae, whole.ae), share(self.cp, whole.cp))

    def where(self, other: "AeCp") -> "AeCp":
        """Each amount where the other pair knows its own; None where it does not."""
        return AeCp(self.ae if other.ae is not None else None, self.cp if other.cp is not None else None)

    def unlike(self, other: "AeCp") -> "AeCp":
        """Each amount where it is not the other pair's own; None where it is."""
        return AeCp(self.ae if self.ae != other.ae else None, self.cp if self.cp != other.cp else None)

    @property
    def is_reported(self) -> bool:
        """Whether at least one of the two is known."""
        return self.ae is not None or self.cp is not None

    @property
    def is_whole(self) -> bool:
        """Whether both are known."""
        return self.ae is not None and self.cp is not None


NOTHING = AeCp()


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the known amounts; None, and not zero, when none is known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def total_ae_cp(pairs: Iterable[AeCp]) -> AeCp:
    """AE with AE, CP with CP."""
    kept = list(pairs)
    return AeCp(total(pair.ae for pair in kept), total(pair.cp for pair in kept))


def over_known(
    terms: Iterable[tuple[Decimal | None, Decimal | None]],
) -> tuple[Decimal | None, Decimal | None]:
    """Both terms of a share of many, (numerator, denominator) of each: the sums of those whose denominator is known.

    What has no denominator would raise the share; what has no numerator weighs on it all the same.
    """
    kept = [(above, below) for above, below in terms if below is not None]
    return total(above for above, _ in kept), total(below for _, below in kept)


def minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """The difference; None when one of the two is missing."""
    return None if left is None or right is None else left - right


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Part over whole, exact to 28 digits; None (« n. c. ») when one is missing or the whole is zero."""
    return None if part is None or not whole else part / whole
