"""The computed weather: what the figures say, beside what the holder declares. Our own rule, written and numbered.

Definition 2. Each of three facts weighs 0, 1 or 2: CP consumed against CP planned over the years reported, up to the
end of the last quarter reported (under 80 %, under 50 %); indicators behind among those that can be judged (some, more
than half); milestones late among all (some, more than a quarter). The sum gives: 0 secured, 1 reachable, 2 or 3 support
needed, 4 and more compromised. Worked example: docs/calculs/meteo-calculee.md.

The definition stands here, below the ledgers, so that a rule may hold a filing's weather against it; each room
registers the reader of the facts that it owns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from figures import formats
from figures.ae_cp import share
from monitoring.enums import Weather
from monitoring.models import Filing

DEFINITION: Final = 2
_BY_WEIGHT: Final = (Weather.SECURED, Weather.REACHABLE, Weather.SUPPORT, Weather.SUPPORT, Weather.COMPROMISED)
_Fact = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of a number of promises are kept, and of how many nobody said anything."""

    total: int = 0
    kept: int = 0
    untold: int = 0

    @property
    def words(self) -> str:
        """« 3 sur 5 », « 0 sur 2 (1 n. r.) »; « – » when nothing was promised: no zero out of zero."""
        if not self.total:
            return "–"
        untold = f" ({self.untold} {formats.NOT_REPORTED})" if self.untold else ""
        return formats.typeset(f"{self.kept} sur {self.total}{untold}")


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """What the definition looks at: FTAP CP in euros (`planned`: what is due), counts of indicators and milestones.

    Beside it, weighing nothing: `due`, milestones whose day has come, done or not; `targets`, reached or not.
    """

    consumed: Decimal | None = None
    planned: Decimal | None = None
    measured: int = 0
    behind: int = 0
    milestones: int = 0
    late: int = 0
    due: Score = Score()
    targets: Score = Score()


@dataclass(frozen=True, slots=True)
class Computed:
    """The weather that facts make, each of them in French, and the facts."""

    weather: Weather
    reasons: tuple[str, ...]
    facts: SignalFacts = SignalFacts()


def computed_weather(facts: SignalFacts) -> Computed:
    """Definition 2 on these facts; those that are not known weigh nothing and are not told."""
    found = [fact for fact in (_credits(facts), _indicators(facts), _calendar(facts)) if fact is not None]
    weather = _BY_WEIGHT[min(sum(weight for weight, _ in found), len(_BY_WEIGHT) - 1)]
    return Computed(weather, tuple(reason for _, reason in found), facts)


def _credits(facts: SignalFacts) -> _Fact | None:
    ratio = share(facts.consumed, facts.planned)
    if ratio is None:
        return None
    weight = 2 if ratio < Decimal("0.5") else 1 if ratio < Decimal("0.8") else 0
    return weight, f"CP FTAP consommés à {formats.percent(ratio)} de la prévision due à la fin de la période"


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


# --- The facts of one filing, each from the room that owns it ---

Reader = Callable[[Filing, Sequence[Filing]], Mapping[str, Any]]
"""Some of the facts by name, for a filing; the filings that count up to its period, itself included, oldest first."""

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Adds a reader of facts; once, when the application starts."""
    if reader not in _readers:
        _readers.append(reader)


def signal_facts(filing: Filing, counting: Sequence[Filing]) -> SignalFacts:
    """The facts at the end of a filing's period, the filing included whatever its state."""
    known: dict[str, Any] = {}
    for reader in _readers:
        known |= reader(filing, counting)
    return SignalFacts(**known)
