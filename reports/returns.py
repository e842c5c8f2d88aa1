"""Returns on investment of several contracts together, and the lines behind those of one. Pure, in euros.

A term of several contracts is the sum of theirs; a contract that has no numerator weighs on the denominator all the
same, as in the fund's published figure; one that has no denominator is left out, for it would raise the return. How
many have both is told, with the return of these alone.
Formulas: docs/calculs/retours.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from budget.calc import CreditLine
from contracts.funding import NO_FUNDING, Funding
from figures.ae_cp import AeCp, over_known, share, total
from figures.headings import under_headings
from reports.facts import Situation

CODES: Final = ("R1", "R2", "R3a", "R3b", "R4")
NO_MINISTRY, NO_REGION = "Sans ministère de rattachement", "Sans région"


@dataclass(frozen=True)
class ContractTerms:
    """What a contract brings to the returns: recurrent savings a year and money (CP), in euros; None: not reported.

    `certified_when_due` is None until `due_on`, the day from which R4 is measured. `is_demo`: some
    of these figures are invented. `ftap_funding` and `cost_funding`: `ftap` and `cost` as project sheets and lines of
    credits each give them. `certified_year`, `certified_when_due_year`: the years that the certified savings are of.
    `lost` names what of `promised`, `ftap` and `cost` is not known because the scan of the contract lost it.
    """

    code: str
    title: str
    ministry: str
    region: str
    promised: Decimal | None
    certified: Decimal | None
    certified_when_due: Decimal | None
    ftap: Decimal | None
    cost: Decimal | None
    ftap_paid: Decimal | None
    paid: Decimal | None
    due_on: date
    on: date
    is_demo: bool = False
    ftap_funding: Funding = NO_FUNDING
    cost_funding: Funding = NO_FUNDING
    certified_year: int | None = None
    certified_when_due_year: int | None = None
    lost: tuple[str, ...] = ()

    @property
    def given_twice(self) -> list[tuple[str, Decimal | None, str]]:
        """The promised money of which the contract gives two sums: what it is, what counts, and the other sum."""
        both = (("FTAP", self.ftap_funding), ("coût total", self.cost_funding))
        return [(label, one.amount, one.beside) for label, one in both if one.differs]

    @property
    def is_due(self) -> bool:
        """Whether R4 is measured already."""
        return self.on >= self.due_on

    def terms(self, code: str) -> tuple[Decimal | None, Decimal | None]:
        """Numerator and denominator of R1, R2, R3a, R3b or R4. Raises `KeyError` for another code.

        A contract not yet due has no part in R4, not even in its denominator.
        """
        return {
            "R1": (self.promised, self.ftap),
            "R2": (self.certified, self.ftap_paid),
            "R3a": (self.promised, self.cost),
            "R3b": (self.certified, self.paid),
            "R4": (self.certified_when_due, self.ftap_paid) if self.is_due else (None, None),
        }[code]


@dataclass(frozen=True)
class Pooled:
    """One return of several contracts; `both` counts those that have the two terms, `left_out` names the others."""

    code: str
    numerator: Decimal | None
    denominator: Decimal | None
    count: int
    both: int
    ratio_of_both: Decimal | None
    left_out: tuple[str, ...]

    @property
    def ratio(self) -> Decimal | None:
        """Numerator ÷ denominator; None (« n. c. ») when one is missing or the denominator is zero."""
        return share(self.numerator, self.denominator)


@dataclass(frozen=True)
class Group:
    """Contracts of a ministry, of a region, or all."""

    label: str
    members: tuple[ContractTerms, ...]

    def pooled(self, code: str) -> Pooled:
        """One of its returns."""
        return pooled(code, self.members)

    @property
    def due(self) -> int:
        """How many of its contracts R4 is measured for already."""
        return sum(one.is_due for one in self.members)

    def years_of(self, term: str) -> str:
        """The years that a certified term of its contracts is of: « 2022 », « 2019–2022 »; empty when none is."""
        known = {year for one in self.members if (year := getattr(one, f"{term}_year")) is not None}
        return "–".join(str(year) for year in sorted({min(known), max(known)})) if known else ""

    def sum_of(self, term: str) -> Decimal | None:
        """The sum of a term of its contracts; None when none is known."""
        return total(getattr(one, term) for one in self.members)

    def is_lost(self, term: str) -> bool:
        """Whether there is no sum of a term because the scans of its contracts lost it."""
        return self.sum_of(term) is None and any(term in one.lost for one in self.members)


def pooled(code: str, rows: Iterable[ContractTerms]) -> Pooled:
    """The return of these contracts together."""
    named = [(row.title, *row.terms(code)) for row in rows]
    numerator, denominator = over_known((above, below) for _, above, below in named)
    both = [(above, below) for _, above, below in named if above is not None and below is not None]
    return Pooled(
        code=code,
        numerator=numerator,
        denominator=denominator,
        count=len(named),
        both=len(both),
        ratio_of_both=share(total(above for above, _ in both), total(below for _, below in both)),
        left_out=tuple(title for title, above, below in named if above is None or below is None),
    )


def by_ministry(rows: Iterable[ContractTerms]) -> tuple[Group, ...]:
    """In the order of their names; contracts of no ministry come last."""
    return _grouped([(row.ministry, row) for row in rows], NO_MINISTRY)


def by_region(rows: Iterable[ContractTerms]) -> tuple[Group, ...]:
    """The same by region of the holder."""
    return _grouped([(row.region, row) for row in rows], NO_REGION)


def _grouped(rows: Sequence[tuple[str, ContractTerms]], none: str) -> tuple[Group, ...]:
    names = sorted({name for name, _ in rows}, key=lambda name: (not name, name))
    return tuple(Group(name or none, tuple(row for key, row in rows if key == name)) for name in names)


class Line(NamedTuple):
    """A line behind a term, with its amount in euros; `place` is the heading that the contract has it under."""

    label: str
    amount: Decimal | None
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class Behind:
    """The lines behind one term of a return, those that bear a figure: their sum is the term.

    `is_lost`: there is none because the scan lost what was promised.
    """

    title: str
    lines: tuple[Line, ...]
    is_lost: bool = False

    @property
    def bands(self) -> list[tuple[str, list[Line]]]:
        """The lines under the headings of the contract; blank where a line stands under none."""
        return under_headings(self.lines, lambda line: line.place)

    @property
    def total(self) -> Decimal | None:
        """None when no line bears a figure."""
        return total(line.amount for line in self.lines)


def behind(situation: Situation, code: str) -> tuple[Behind, Behind]:
    """What makes the numerator and the denominator of a contract's return. Raises `KeyError` for an unknown code."""
    one = next((one for one in situation.returns if one.code == code), None)
    if one is None:
        raise KeyError(code)
    above = _savings_behind(situation, code) if one.numerator is not None else []
    return (
        Behind(one.numerator_label, _known(above), "numerator" in one.lost),
        Behind(one.denominator_label, _known(_money_behind(situation, code)), "denominator" in one.lost),
    )


def _savings_behind(situation: Situation, code: str) -> list[Line]:
    savings = situation.savings
    if code in ("R1", "R3a"):
        return [Line(line.label, line.recurrent.cp) for line in savings.lines if line.counts]
    until = situation.frame.savings_followed_until if code == "R4" else None
    return [Line(f"{line.label}, {cell.year}", cell.certified.cp) for line, cell in savings.certified_lines(until)]


def _money_behind(situation: Situation, code: str) -> list[Line]:
    sheets, lines = situation.frame.sheets, situation.credits.lines
    if code == "R1":
        by_sheet = [Line(f"Fiche {sheet.number} – {sheet.title}", sheet.ftap) for sheet in sheets]
        return by_sheet if _known(by_sheet) else [_credits(line, line.planned) for line in lines if line.is_ftap]
    if code == "R3a":
        by_sheet = [Line(f"Fiche {sheet.number} – {sheet.title}", sheet.cost) for sheet in sheets]
        return by_sheet if _known(by_sheet) else [_credits(line, line.planned) for line in lines]
    kept = lines if code == "R3b" else [line for line in lines if line.is_ftap]
    return [_credits(line, line.consumed) for line in kept]


def _credits(line: CreditLine, pair: AeCp) -> Line:
    titre = f"titre {line.titre}" if line.titre else ""
    return Line(line.label, pair.cp, line.place, ", ".join(filter(None, (titre, line.source))))


def _known(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.amount is not None)
