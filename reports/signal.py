"""The computed weather: what the figures say, beside what the holder declares. Our own rule, written and numbered.

Definition 1. Each of three facts weighs 0, 1 or 2: CP consumed against CP planned over the years reported (under 80 %,
under 50 %); indicators behind among those measured (some, more than half); milestones late among all (some, more than a
quarter). The sum gives: 0 secured, 1 reachable, 2 or 3 support needed, 4 and more compromised.
"""

from collections.abc import Sequence
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


def signal(
    credits_: CreditSituation, results: ResultsSituation, calendar: Sequence[MilestoneStanding], *, is_reported: bool
) -> Signal:
    """The signal of definition 1; its code is empty when nothing was ever reported."""
    if not is_reported:
        return Signal("", formats.NOT_COMPUTABLE, ("aucun dossier de suivi soumis",), DEFINITION)
    found = [fact for fact in (_credits(credits_), _indicators(results), _calendar(calendar)) if fact is not None]
    weather = _BY_WEIGHT[min(sum(weight for weight, _ in found), len(_BY_WEIGHT) - 1)]
    return Signal(weather.value, weather.label, tuple(reason for _, reason in found), DEFINITION)


def _credits(credits_: CreditSituation) -> _Fact | None:
    cells = [cell for cell in credits_.ftap.years if cell.consumed.cp is not None]
    ratio = share(total(cell.consumed.cp for cell in cells), total(cell.planned.cp for cell in cells))
    if ratio is None:
        return None
    weight = 2 if ratio < Decimal("0.5") else 1 if ratio < Decimal("0.8") else 0
    return weight, f"CP FTAP consommés à {formats.percent(ratio)} de la prévision des exercices renseignés"


def _indicators(results: ResultsSituation) -> _Fact | None:
    measured = [one for one in results.indicators if one.status is not Status.NOT_REPORTED]
    behind = sum(one.status is Status.BEHIND for one in measured)
    if not measured:
        return None
    weight = 2 if behind * 2 > len(measured) else 1 if behind else 0
    return weight, f"{_count(behind, 'indicateur')} en retard sur {len(measured)}"


def _calendar(calendar: Sequence[MilestoneStanding]) -> _Fact | None:
    if not calendar:
        return None
    late = sum(one.is_late for one in calendar)
    weight = 2 if late * 4 > len(calendar) else 1 if late else 0
    return weight, f"{_count(late, 'jalon')} en retard sur {len(calendar)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"
