"""What sub-projects cost and give back, one by one and together. Pure, in euros; see docs/calculs/retour-consolide.md.

One euro of the fund must bring one euro of recurrent saving a year, three years later; a sub-project below may be taken
as an exception, as long as all of them together respect the rule (Lean, articles 3 and 4.3).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from figures.ae_cp import NOTHING, AeCp, share, total, total_ae_cp

RETURN_YEARS: Final = 3
ONE_FOR_ONE: Final = Decimal(1)
COUNTED: Final = ("framed", "running", "finished")
"""The states in which a sub-project is retained: what the consolidated return adds up."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year of a sub-project: what the fund and the co-financers bring, and what is saved (CP)."""

    year: int
    ftap: AeCp = NOTHING
    co_financing: AeCp = NOTHING
    savings: Decimal | None = None


@dataclass(frozen=True)
class Figures:
    """What a sub-project asks for and gives back; `recurrent` is its yearly saving once deployed (« pérenne », CP)."""

    years: tuple[YearFigures, ...]
    recurrent: Decimal | None

    @cached_property
    def ftap(self) -> AeCp:
        """What the fund brings, over the years."""
        return total_ae_cp(one.ftap for one in self.years)

    @cached_property
    def co_financing(self) -> AeCp:
        """What the holder and others bring, over the years."""
        return total_ae_cp(one.co_financing for one in self.years)

    @property
    def cost(self) -> AeCp:
        """The fund and co-financing together, with the CP of each over the life."""
        return AeCp(total((self.ftap.ae, self.co_financing.ae)), total((self.ftap_cp, self.co_financing_cp)))

    @cached_property
    def ftap_cp(self) -> Decimal | None:
        """CP of the fund over the life: what a return divides by.

        Where a year states AE and leaves its CP blank, the AE of the life stand for the CP, to which they agree; never
        less than the CP that are stated. None when neither is.
        """
        return _cp_over_life(one.ftap for one in self.years)

    @cached_property
    def co_financing_cp(self) -> Decimal | None:
        """CP of the co-financers over the life, likewise."""
        return _cp_over_life(one.co_financing for one in self.years)

    @property
    def savings(self) -> Decimal | None:
        """Saved over all the years given."""
        return total(one.savings for one in self.years)

    @property
    def co_financed_share(self) -> Decimal | None:
        """Co-financing ÷ total cost, in CP (in AE for a financing whose CP are not stated); None while one of the two
        financings is not.
        """
        fund, others = self.ftap_cp, self.co_financing_cp
        return None if fund is None or others is None else share(others, fund + others)

    @property
    def largest_cost(self) -> Decimal | None:
        """The total cost in AE or in CP, whichever is the larger: what a ceiling is held against.

        A financing of which one side is stated counts for it on both: its AE and its CP agree over its life.
        """
        sides = [_completed(one) for one in (self.ftap, self.co_financing)]
        both = (total(one.ae for one in sides), total(one.cp for one in sides))
        return max((one for one in both if one is not None), default=None)

    @cached_property
    def return_year(self) -> int | None:
        """Three years after the last year that the fund pays for; None when it pays for none."""
        funded = [one.year for one in self.years if _completed(one.ftap).cp]
        return max(funded) + RETURN_YEARS if funded else None

    @property
    def expected(self) -> Decimal | None:
        """The recurrent saving reached by the return year: never more than what that year states, when it states it."""
        stated = next((one.savings for one in self.years if one.year == self.return_year), None)
        if self.recurrent is None or stated is None:
            return self.recurrent
        return min(self.recurrent, stated)

    @property
    def ratio(self) -> Decimal | None:
        """The return at three years: recurrent saving ÷ CP of the fund; None when one is missing or the CP are zero."""
        return share(self.expected, self.ftap_cp)


@dataclass(frozen=True, slots=True)
class Member:
    """A sub-project in a whole; `exception` is why it is taken although its return is too low, blank otherwise."""

    number: int
    title: str
    figures: Figures
    exception: str = ""


@dataclass(frozen=True)
class Consolidated:
    """Several sub-projects taken together. A saving that is not stated adds nothing, and lowers the return; while one
    states no money of the fund, the return cannot be told.
    """

    members: tuple[Member, ...]
    threshold: Decimal = ONE_FOR_ONE

    @cached_property
    def savings(self) -> Decimal | None:
        """Recurrent savings expected at three years, added."""
        return total(one.figures.expected for one in self.members)

    @cached_property
    def ftap(self) -> Decimal | None:
        """CP of the fund, added (`Figures.ftap_cp`)."""
        return total(one.figures.ftap_cp for one in self.members)

    @cached_property
    def unpriced(self) -> tuple[Member, ...]:
        """Those that state no money of the fund: counting their savings alone would raise the return."""
        return tuple(one for one in self.members if one.figures.ftap_cp is None)

    @property
    def ratio(self) -> Decimal | None:
        """The consolidated return: the sum of savings ÷ the sum of CP, not the mean of the returns; None while one
        is unpriced.
        """
        return None if self.unpriced else share(self.savings, self.ftap)

    @property
    def is_respected(self) -> bool | None:
        """Whether the whole respects the rule; None when that cannot be told."""
        return None if self.ratio is None else self.ratio >= self.threshold

    @cached_property
    def below(self) -> tuple[Member, ...]:
        """Those whose own return is under the rule: exceptions, with a reason or without."""
        known = [(one, one.figures.ratio) for one in self.members]
        return tuple(one for one, ratio in known if ratio is not None and ratio < self.threshold)

    @cached_property
    def unknown(self) -> tuple[Member, ...]:
        """Those whose own return cannot be computed."""
        return tuple(one for one in self.members if one.figures.ratio is None)

    @property
    def shortfall(self) -> Decimal | None:
        """The recurrent saving that the whole misses to respect the rule; zero when it does, None when unknown."""
        if self.savings is None or self.ftap is None or self.unpriced:
            return None
        return max(self.threshold * self.ftap - self.savings, Decimal(0))

    def with_member(self, member: Member) -> "Consolidated":
        """The same whole with this sub-project in it, once."""
        others = tuple(one for one in self.members if one.number != member.number)
        return Consolidated((*others, member), self.threshold)


def numbered(members: Iterable[Member]) -> str:
    """Who they are, in French: `le sous-projet 3`, `les sous-projets 3, 5`."""
    numbers = [str(one.number) for one in members]
    return f"les sous-projets {', '.join(numbers)}" if len(numbers) > 1 else f"le sous-projet {''.join(numbers)}"


def by_year(members: Iterable[Figures]) -> tuple[YearFigures, ...]:
    """The sum of several sub-projects, year by year."""
    found: dict[int, list[YearFigures]] = {}
    for figures in members:
        for one in figures.years:
            found.setdefault(one.year, []).append(one)
    return tuple(
        YearFigures(
            year,
            total_ae_cp(one.ftap for one in rows),
            total_ae_cp(one.co_financing for one in rows),
            total(one.savings for one in rows),
        )
        for year, rows in sorted(found.items())
    )


def _cp_over_life(years: Iterable[AeCp]) -> Decimal | None:
    given = list(years)
    whole = total_ae_cp(given)
    is_whole = all(one.cp is not None or not one.ae for one in given)
    stated = [amount for amount in (whole.ae, whole.cp) if amount is not None]
    return whole.cp if is_whole and whole.cp is not None else max(stated, default=None)


def _completed(pair: AeCp) -> AeCp:
    """The pair with the side that is not stated taken from the other; nothing when neither is."""
    return AeCp(pair.cp if pair.ae is None else pair.ae, pair.ae if pair.cp is None else pair.cp)
