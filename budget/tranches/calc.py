"""Tranches beside the plan and the consumption: reste à engager, the envelope. Pure, in euros."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from budget.calc import lost_of
from figures.ae_cp import NOTHING, AeCp, minus, total, total_ae_cp

PROVISIONAL, DECIDED, AVAILABLE, CLOSED = "provisional", "decided", "available", "closed"
FULL, REDUCED, WITHHELD = "full", "reduced", "withheld"


@dataclass(frozen=True)
class Affected:
    """AE affected to the phases of a titre 5 line, and consumed on it so far, in euros (LOLF, article 8)."""

    affected: Decimal
    consumed: Decimal | None

    @property
    def left(self) -> Decimal | None:
        """What is affected and not committed yet; below zero, more was committed than affected."""
        return minus(self.affected, self.consumed)


@dataclass(frozen=True)
class Complement:
    """AE and CP added on a day to a tranche already made available; `rests_on` is the pk of a filing."""

    on: date
    given: AeCp
    reason: str
    rests_on: int | None = None


@dataclass(frozen=True)
class TrancheYear:
    """A contract's tranche in a year: planned by the version in force, decided, consumed (FTAP credits only).

    `decided` is NOTHING while provisional, and counts the `complements`; `planned_then` is the year's plan when it was
    last decided upon, None where it was not kept (a snapshot before format 5). `filing` is the pk of the filing that
    tells what was consumed. `lost` names what of the plan is not known because the scan lost it: `ae`, `cp`.
    """

    year: int
    planned: AeCp
    state: str = PROVISIONAL
    kind: str = ""
    is_fixed: bool = False
    decided: AeCp = NOTHING
    consumed: AeCp = NOTHING
    filing: int | None = None
    reason: str = ""
    rests_on: int | None = None
    decided_on: date | None = None
    made_available_on: date | None = None
    closed_on: date | None = None
    planned_then: AeCp | None = None
    complements: tuple[Complement, ...] = ()
    lost: tuple[str, ...] = ()

    def as_of(self, on: date) -> "TrancheYear":
        """The same year as it stood on a day: what was decided, made available or closed later had not been."""
        if self.decided_on is not None and self.decided_on > on:
            return TrancheYear(self.year, self.planned, consumed=self.consumed, filing=self.filing, lost=self.lost)
        given = self.made_available_on if self.made_available_on and self.made_available_on <= on else None
        closed = self.closed_on if self.closed_on and self.closed_on <= on else None
        state = self.state
        if state == CLOSED and closed is None:
            state = AVAILABLE if given else DECIDED
        elif state == AVAILABLE and given is None:
            state = DECIDED
        return replace(self, state=state, made_available_on=given, closed_on=closed)

    @property
    def is_decided(self) -> bool:
        """Whether the secretariat, or the signature, has fixed its amounts."""
        return self.state != PROVISIONAL

    @property
    def is_awaited(self) -> bool:
        """Whether a decision is expected: a year that the plan leaves at zero waits for nothing."""
        return not self.is_decided and not (self.planned.ae == 0 == self.planned.cp)

    @property
    def is_planned(self) -> bool:
        """Whether the plan gives the year AE and CP."""
        return self.planned.ae is not None and self.planned.cp is not None

    @property
    def given_on(self) -> date | None:
        """The day of the act that left the amounts as they are."""
        return self.complements[-1].on if self.complements else self.decided_on

    @property
    def raised(self) -> AeCp:
        """What the plan promises now above both the tranche and the plan that it was decided upon; None where nothing.

        An amendment raised the year since: the tranche was full, reduced or withheld of a plan that is no more.
        """

        def one(now: Decimal | None, given: Decimal | None, then: Decimal | None) -> Decimal | None:
            base = max(given or Decimal(0), then or Decimal(0))
            return now - base if now is not None and now > base else None

        if not self.is_decided or self.planned_then is None:
            return NOTHING
        now, given, then = self.planned, self.decided, self.planned_then
        return AeCp(one(now.ae, given.ae, then.ae), one(now.cp, given.cp, then.cp))

    @property
    def is_outgrown(self) -> bool:
        """Whether the plan raised since waits for an act: a complement, or another decision while nothing is given.

        Not the year that the contract fixes, before it is made available: it follows the amendments by itself.
        """
        follows = self.is_fixed and self.state == DECIDED
        return self.state in (DECIDED, AVAILABLE) and not follows and self.raised.is_reported

    @property
    def available(self) -> AeCp:
        """What the holder may commit and pay: the decision, once it was made available."""
        return self.decided if self.made_available_on is not None else NOTHING

    @property
    def reste_a_engager(self) -> Decimal | None:
        """Decided AE − AE consumed (domain § 4); None before the decision or without consumption reported."""
        return minus(self.decided.ae, self.consumed.ae)

    @property
    def excess(self) -> Decimal | None:
        """AE consumed above the tranche; None when there is no decided tranche or when it is respected."""
        left = self.reste_a_engager
        return -left if left is not None and left < 0 else None

    @property
    def unspent(self) -> AeCp:
        """Made available and not consumed: what may be carried over to the next year."""
        return self.available - self.consumed

    @property
    def may_be_carried(self) -> bool:
        """Whether something made available is left, or nobody reported what was consumed of it; never once closed."""
        if self.state != AVAILABLE:
            return False
        pairs = ((self.available.ae, self.unspent.ae), (self.available.cp, self.unspent.cp))
        return any(given and (left is None or left > 0) for given, left in pairs)


@dataclass(frozen=True)
class TrancheSituation:
    """Every year of a contract, oldest first."""

    years: tuple[TrancheYear, ...]

    @cached_property
    def planned(self) -> AeCp:
        """The plan over the contract's life."""
        return total_ae_cp(one.planned for one in self.years)

    @property
    def lost(self) -> tuple[str, ...]:
        """What of the plan over the contract's life is not known because the scan lost it."""
        return lost_of(self.planned, (one.lost for one in self.years))

    @property
    def is_decided(self) -> bool:
        """Whether a tranche at least is decided: before, nothing given is not something that nobody reported."""
        return any(one.is_decided for one in self.years)

    @cached_property
    def decided(self) -> AeCp:
        """All that was decided."""
        return total_ae_cp(one.decided for one in self.years)

    @cached_property
    def available(self) -> AeCp:
        """All that was made available."""
        return total_ae_cp(one.available for one in self.years)

    @cached_property
    def consumed(self) -> AeCp:
        """Consumed since the beginning."""
        return total_ae_cp(one.consumed for one in self.years)

    @property
    def reste_a_engager(self) -> Decimal | None:
        """Decided AE − AE consumed, over the years that have a decided tranche and tell what was consumed of it.

        None when there is none. `untold` are the tranches left out: what nobody reported is not nothing consumed.
        """
        return total(one.reste_a_engager for one in self.years)

    @property
    def untold(self) -> tuple[int, ...]:
        """The years of the decided tranches of which nobody reported what was consumed; one withheld leaves nothing."""
        return tuple(one.year for one in self.years if one.decided.ae and one.consumed.ae is None)

    def year(self, year: int) -> TrancheYear | None:
        """The tranche of a year; None for a year that is not the contract's."""
        return next((one for one in self.years if one.year == year), None)


def room(situation: TrancheSituation, year: int) -> AeCp:
    """What may still be decided for a year: the plan over life less what the other years were given."""
    given = total_ae_cp(one.decided for one in situation.years if one.year != year)
    return situation.planned - AeCp(given.ae or Decimal(0), given.cp or Decimal(0))


def complement_room(situation: TrancheSituation, year: int) -> AeCp:
    """The most that a tranche may be completed by: up to the year's plan, within the plan over life; 0 at least.

    NOTHING for a year that is not decided, or whose plan prints no AE or no CP.
    """
    asked = situation.year(year)
    if asked is None or not asked.is_decided or not asked.is_planned:
        return NOTHING
    by_year, by_life = asked.planned - asked.decided, room(situation, year) - asked.decided

    def one(first: Decimal | None, second: Decimal | None) -> Decimal | None:
        return None if first is None or second is None else max(min(first, second), Decimal(0))

    return AeCp(one(by_year.ae, by_life.ae), one(by_year.cp, by_life.cp))


def kind_of(decided: AeCp, planned: AeCp) -> str:
    """Withheld when nothing is given, full from the year's plan up, reduced otherwise."""
    if not decided.ae and not decided.cp:
        return WITHHELD
    is_full = (decided.ae or 0) >= (planned.ae or 0) and (decided.cp or 0) >= (planned.cp or 0)
    return FULL if is_full else REDUCED


# --- The fund ---


@dataclass(frozen=True)
class EnvelopeYear:
    """The fund in a year. `voted` and `carried` are NOTHING while the envelope was not recorded.

    `fixed` is the part of `decided` that contracts fix themselves (their first year), and nobody can take back.
    `dated_on` is the day of the act that opened these credits.
    """

    year: int
    voted: AeCp
    carried: AeCp
    decided: AeCp
    available: AeCp
    consumed: AeCp
    source: str = ""
    fixed: AeCp = NOTHING
    dated_on: date | None = None

    @property
    def open(self) -> AeCp:
        """Voted + carried over; None while nothing was recorded."""
        return total_ae_cp([self.voted, self.carried])

    @property
    def left(self) -> AeCp:
        """What may still be decided: open − decided, nothing decided being zero."""
        return self.open - AeCp(self.decided.ae or Decimal(0), self.decided.cp or Decimal(0))


def below_decisions(envelope: EnvelopeYear) -> AeCp:
    """How much of the secretariat's own decisions the envelope cannot give; None where it can, or where none was taken.

    What contracts fix may exceed an envelope, which says what was voted: check A61 tells it.
    """

    def one(left: Decimal | None, decided: Decimal | None, fixed: Decimal | None) -> Decimal | None:
        by_hand = (decided or Decimal(0)) - (fixed or Decimal(0))
        return min(-left, by_hand) if left is not None and left < 0 < by_hand else None

    left, decided, fixed = envelope.left, envelope.decided, envelope.fixed
    return AeCp(one(left.ae, decided.ae, fixed.ae), one(left.cp, decided.cp, fixed.cp))


def above_envelope(envelope: EnvelopeYear, wanted: AeCp) -> AeCp:
    """How much of a new decision the envelope cannot give; None where it can."""
    return _excess(wanted - envelope.left)


def above_open(envelope: EnvelopeYear, wanted: AeCp) -> AeCp:
    """How much of a mise à disposition the envelope cannot give, beside those already made; None where it can."""
    given = AeCp(envelope.available.ae or Decimal(0), envelope.available.cp or Decimal(0))
    return _excess(wanted - (envelope.open - given))


def _excess(gap: AeCp) -> AeCp:
    return AeCp(*(one if one is not None and one > 0 else None for one in (gap.ae, gap.cp)))


def uncovered_commitments(opening: Decimal, withdrawn: Decimal, committed: Decimal, paid: Decimal) -> Decimal:
    """The fund's reste à payer at the end of a year: opening − withdrawn + AE of the year − CP of the year."""
    return opening - withdrawn + committed - paid
