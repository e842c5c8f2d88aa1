"""The amount proposed for a tranche: a rule of ours, written in docs/calculs/tranche-proposee.md. Pure, in euros."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from budget.tranches.calc import TrancheSituation, TrancheYear, complement_room, room
from figures.ae_cp import NOTHING, AeCp
from figures.rounding import round_half_up

DEFINITION: Final = 3
COEFFICIENTS: Final[Mapping[str, Decimal]] = {
    "secured": Decimal(1),
    "reachable": Decimal(1),
    "support": Decimal("0.5"),
    "compromised": Decimal(0),
}
"""By computed weather (`monitoring.signal`)."""

ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Proposal:
    """What the rule proposes; `obstacle` says in French why it proposes nothing.

    - `left`: granted in earlier years and not consumed, which serves first.
    - `need`: the year's plan less what is left, within the plan over life.
    - `owed`: committed, not paid, and not covered by the CP that are left.
    - `wanted`: the amount before it was brought down to what the envelope leaves.
    """

    amount: AeCp = NOTHING
    wanted: AeCp = NOTHING
    left: AeCp = NOTHING
    need: AeCp = NOTHING
    owed: Decimal | None = None
    coefficient: Decimal | None = None
    obstacle: str = ""

    @property
    def is_brought_down(self) -> bool:
        """Whether the envelope leaves less than the rule would give."""
        return self.amount != self.wanted


def propose(
    situation: TrancheSituation, year: int, weather: str, stop: str = "", available: AeCp = NOTHING
) -> Proposal:
    """Definition 3: what the year still needs × the coefficient of the computed weather, within the credits available.

    CP owed are always kept, within the same limit. `weather` is a code of `COEFFICIENTS`, blank when no filing counts.
    `stop` says in French why funding stopped, blank while it goes on: nothing new is proposed to a contract suspended,
    interrupted or ended. `available` is what the fund's envelope leaves for the year; NOTHING while it is not known.
    """
    if stop:
        return Proposal(obstacle=f"{stop[:1].lower()}{stop[1:].rstrip('.')}")
    asked = situation.year(year)
    if asked is None or not asked.is_planned:
        return Proposal(obstacle=without_plan(asked, year))
    if weather not in COEFFICIENTS:
        return Proposal(obstacle="aucun dossier de suivi n’est soumis")
    if silent := _silent(situation, year):
        return Proposal(obstacle=f"la consommation de {silent} n’est pas renseignée")
    left, coefficient = _left(situation, year), COEFFICIENTS[weather]
    need = _need(asked.planned, left, room(situation, year))
    owed = _owed(situation, year, left)
    ae, cp = need.ae or ZERO, need.cp or ZERO
    wanted = AeCp(round_half_up(ae * coefficient, 2), max(round_half_up(cp * coefficient, 2), min(cp, owed)))
    amount = AeCp(_within(wanted.ae, available.ae), _within(wanted.cp, available.cp))
    return Proposal(amount, wanted, left, need, owed, coefficient)


def without_plan(one: TrancheYear | None, year: int) -> str:
    """Why nothing can be reckoned from the plan of a year that gives it no AE or no CP."""
    if one is not None and one.lost:
        return f"le plan de financement de {year} est illisible sur le contrat numérisé"
    return f"le plan de financement n’imprime pas d’AE et de CP pour {year}"


def complement_proposed(situation: TrancheSituation, year: int, stop: str = "", available: AeCp = NOTHING) -> Proposal:
    """What an amendment raised of a tranche already given (`TrancheYear.raised`), within the credits available.

    The raise is the State's signed word: no weather weighs it. `stop` and `available` are those of `propose`.
    """
    if stop:
        return Proposal(obstacle=f"{stop[:1].lower()}{stop[1:].rstrip('.')}")
    asked, most = situation.year(year), complement_room(situation, year)
    raised = asked.raised if asked else NOTHING
    if not raised.is_reported:
        return Proposal(obstacle="le plan n’a pas été relevé depuis la décision")
    wanted = AeCp(_within(raised.ae or ZERO, most.ae), _within(raised.cp or ZERO, most.cp))
    return Proposal(AeCp(_within(wanted.ae, available.ae), _within(wanted.cp, available.cp)), wanted, need=raised)


def _within(wanted: Decimal | None, available: Decimal | None) -> Decimal | None:
    """No more than what is available, where that is known; nothing when the envelope is already exceeded."""
    return wanted if wanted is None or available is None else min(wanted, max(available, ZERO))


def _silent(situation: TrancheSituation, year: int) -> int | None:
    """The first earlier year with a tranche whose consumption nobody reported: a blank is not a zero."""
    for one in situation.years:
        if one.year < year and one.is_decided and (one.consumed.ae is None or one.consumed.cp is None):
            return one.year
    return None


def _left(situation: TrancheSituation, year: int) -> AeCp:
    past = [one for one in situation.years if one.year < year and one.is_decided]
    ae = sum(((one.decided.ae or ZERO) - (one.consumed.ae or ZERO) for one in past), ZERO)
    cp = sum(((one.decided.cp or ZERO) - (one.consumed.cp or ZERO) for one in past), ZERO)
    return AeCp(max(ae, ZERO), max(cp, ZERO))


def _need(planned: AeCp, left: AeCp, most: AeCp) -> AeCp:
    def one(plan: Decimal | None, kept: Decimal | None, limit: Decimal | None) -> Decimal:
        return max(min((plan or ZERO) - (kept or ZERO), limit or ZERO), ZERO)

    return AeCp(one(planned.ae, left.ae, most.ae), one(planned.cp, left.cp, most.cp))


def _owed(situation: TrancheSituation, year: int, left: AeCp) -> Decimal:
    past = [one for one in situation.years if one.year < year]
    unpaid = sum(((one.consumed.ae or ZERO) - (one.consumed.cp or ZERO) for one in past), ZERO)
    return max(unpaid - (left.cp or ZERO), ZERO)
