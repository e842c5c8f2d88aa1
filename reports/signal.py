"""The computed weather: what the figures say, beside what the holder declares. Our own rule, written and numbered.

Definition 1. Each of three facts weighs 0, 1 or 2: CP consumed against CP planned over the years reported (under 80 %,
under 50 %); indicators behind among those measured (some, more than half); milestones late among all (some, more than a
quarter). The sum gives: 0 secured, 1 reachable, 2 or 3 support needed, 4 and more compromised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from budget.calc import CreditSituation
from figures import formats
from figures.ae_cp import share, total
from figures.operators import Status
from indicators.calc import ResultsSituation
from monitoring.enums import Weather
from reports.facts import MilestoneStanding, Signal

DEFINITION: Final = 1
_BY_WEIGHT: Final = (Weather.SECURED, Weather.REACHABLE, Weather.SUPPORT, Weather.SUPPORT, Weather.COMPROMISED)
_Fact = tuple[int, str]


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """What the definition looks at: FTAP CP in euros over the years reported, counts of indicators and milestones."""

    consumed: Decimal | None
    planned: Decimal | None
    measured: int
    behind: int
    milestones: int
    late: int


def signal(
    credits_: CreditSituation, results: ResultsSituation, calendar: Sequence[MilestoneStanding], *, is_reported: bool
) -> Signal:
    """The signal of definition 1; its code is empty when nothing was ever reported."""
    cells = [cell for cell in credits_.ftap.years if cell.consumed.cp is not None]
    facts = SignalFacts(
        consumed=total(cell.consumed.cp for cell in cells),
        planned=total(cell.planned.cp for cell in cells),
        measured=measured_count(results),
        behind=results.counts[Status.BEHIND],
        milestones=len(calendar),
        late=sum(one.is_late for one in calendar),
    )
    return signal_of(facts if is_reported else None)


def measured_count(results: ResultsSituation) -> int:
    """Indicators that a status can be given to."""
    return len(results.indicators) - results.counts[Status.NOT_REPORTED]


def signal_of(facts: SignalFacts | None) -> Signal:
    """The signal that these facts make; None is a contract of which nothing was ever reported."""
    if facts is None:
        return Signal("", formats.NOT_COMPUTABLE, ("aucun dossier de suivi soumis",), DEFINITION)
    found = [fact for fact in (_credits(facts), _indicators(facts), _calendar(facts)) if fact is not None]
    weather = _BY_WEIGHT[min(sum(weight for weight, _ in found), len(_BY_WEIGHT) - 1)]
    return Signal(weather.value, weather.label, tuple(reason for _, reason in found), DEFINITION)


def _credits(facts: SignalFacts) -> _Fact | None:
    ratio = share(facts.consumed, facts.planned)
    if ratio is None:
        return None
    weight = 2 if ratio < Decimal("0.5") else 1 if ratio < Decimal("0.8") else 0
    return weight, f"CP FTAP consommés à {formats.percent(ratio)} de la prévision des exercices renseignés"


def _indicators(facts: SignalFacts) -> _Fact | None:
    if not facts.measured:
        return None
    weight = 2 if facts.behind * 2 > facts.measured else 1 if facts.behind else 0
    return weight, f"{_count(facts.behind, 'indicateur')} en retard sur {facts.measured}"


def _calendar(facts: SignalFacts) -> _Fact | None:
    if not facts.milestones:
        return None
    weight = 2 if facts.late * 4 > facts.milestones else 1 if facts.late else 0
    return weight, f"{_count(facts.late, 'jalon')} en retard sur {facts.milestones}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"
