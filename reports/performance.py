"""Performance indicators of programme 349, from dated events. Pure; each definition is numbered and has its page.

A contract whose date is missing is left out of the ratio and counted as « non renseigné »: it is never guessed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from figures.ae_cp import share
from figures.periods import months_after

SIX_MONTHS: Final = 6
TWO_MONTHS: Final = 2


@dataclass(frozen=True)
class ContractDates:
    """What happened to a contract, and when; None is « non renseigné ». `is_tied`: its selection names its call."""

    code: str
    title: str
    selected_on: date | None = None
    decided_on: date | None = None
    signed_on: date | None = None
    ended_on: date | None = None
    reviewed_on: date | None = None
    interrupted_on: date | None = None
    is_tied: bool = False

    @property
    def days(self) -> tuple[date, ...]:
        """The dates that are known."""
        every = (self.selected_on, self.decided_on, self.signed_on, self.ended_on, self.reviewed_on)
        return tuple(day for day in (*every, self.interrupted_on) if day is not None)


@dataclass(frozen=True)
class CallCount:
    """A call for projects: when it closed, how many projects were filed in it (None: « non renseigné »), and the
    days on which contracts were selected in it."""

    title: str
    closed_on: date
    applications: int | None = None
    selected_on: tuple[date, ...] = ()


Known = TypeVar("Known", ContractDates, CallCount)


@dataclass(frozen=True)
class Measure:
    """An indicator on a day: `value` = numerator ÷ denominator; None when the denominator is zero or unknown.

    `unit` is `share`, `days` or `ratio`; `missing` counts the contracts left out because a date is not reported, or the
    calls left out because their number is not, and `left_out` gives their titles.
    """

    code: str
    title: str
    definition: int
    unit: str
    numerator: Decimal | None
    denominator: Decimal | None
    left_out: tuple[str, ...] = ()
    page: str = ""

    @property
    def value(self) -> Decimal | None:
        """None is « n. c. »."""
        return share(self.numerator, self.denominator)

    @property
    def missing(self) -> int:
        """How many contracts are « non renseigné »."""
        return len(self.left_out)


def selectivity(calls: Iterable[CallCount], on: date, untied: Iterable[str] = ()) -> Measure:
    """Contracts selected ÷ projects filed, over the calls closed by the day whose number of projects is reported.

    Definition 2. « Non renseigné »: the closed calls whose number is not reported, left out with their contracts, and
    the contracts tied to no call, whose titles are `untied`.
    """
    known, left_out = _parted((one for one in calls if one.closed_on <= on), lambda one: one.applications is not None)
    filed = sum(one.applications or 0 for one in known)
    selected = sum(day <= on for one in known for day in one.selected_on)
    missing = (*left_out, *untied)
    return Measure("P1", "Sélectivité", 2, "share", Decimal(selected), Decimal(filed), missing, "selectivite")


def instruction_delay(rows: Iterable[ContractDates], on: date) -> Measure:
    """Mean number of days from the selection to the decision of financing, over the decisions taken by the day."""
    known, left_out = _parted(rows, lambda one: one.selected_on is not None and one.decided_on is not None)
    pairs = [(one.selected_on, one.decided_on) for one in known]
    days = [(after - before).days for before, after in pairs if before and after and after <= on]
    title = "Délai d’instruction"
    return Measure("P2", title, 1, "days", Decimal(sum(days)), Decimal(len(days)), left_out, "delai-d-instruction")


def signed_within(rows: Iterable[ContractDates], months: int, on: date) -> Measure:
    """Contracts signed at most `months` months after their selection ÷ contracts of which that can be said on the day.

    A contract selected for longer and not signed counts as late when it has no signature yet; a contract whose term is
    still running does not count; one whose selection is not dated is « non renseigné ».
    """
    known, left_out = _parted(rows, lambda one: one.selected_on is not None)
    judged = [one for one in known if one.selected_on and _is_judged(one, months_after(one.selected_on, months), on)]
    in_time = [
        one
        for one in judged
        if one.selected_on and one.signed_on and one.signed_on <= months_after(one.selected_on, months)
    ]
    code, words = ("P3", "six") if months == SIX_MONTHS else ("P4", "deux")
    title = f"Contrats signés dans les {words} mois de la sélection"
    return Measure(
        code, title, 1, "share", Decimal(len(in_time)), Decimal(len(judged)), left_out, "signature-apres-selection"
    )


def finished(rows: Sequence[ContractDates], on: date) -> Measure:
    """Contracts finished ÷ contracts signed: execution ended and final review made by the day, and no interruption."""
    known, left_out = _parted(rows, lambda one: one.signed_on is not None)
    begun = [one for one in known if _by(one.signed_on, on)]
    done = [one for one in begun if _is_finished(one, on)]
    title = "Part des projets terminés"
    return Measure("P5", title, 1, "share", Decimal(len(done)), Decimal(len(begun)), left_out, "projets-termines")


def fund_return(certified: Decimal | None, consumed: Decimal | None) -> Measure:
    """R2 of the whole fund: certified recurrent savings ÷ FTAP CP consumed (domain § 5).

    Definition 2: both as `reports.fund_return` reads them on the day, from dated submissions and certifications.
    """
    return Measure("P6", "Retour du fonds (R2)", 2, "ratio", certified, consumed, page="retour-du-fonds")


def measures(
    rows: Sequence[ContractDates],
    calls: Sequence[CallCount],
    on: date,
    *,
    certified: Decimal | None,
    consumed: Decimal | None,
) -> tuple[Measure, ...]:
    """The six indicators on a day."""
    begun = begun_by(rows, on)
    return (
        selectivity(calls, on, (one.title for one in begun if not one.is_tied)),
        instruction_delay(begun, on),
        signed_within(begun, SIX_MONTHS, on),
        signed_within(begun, TWO_MONTHS, on),
        finished(begun, on),
        fund_return(certified, consumed),
    )


def begun_by(rows: Iterable[ContractDates], on: date) -> tuple[ContractDates, ...]:
    """The contracts that existed by a day: one of their dates is past, or none is known at all."""
    return tuple(one for one in rows if not one.days or min(one.days) <= on)


def _parted(rows: Iterable[Known], is_known: Callable[[Known], bool]) -> tuple[list[Known], tuple[str, ...]]:
    """Those that count, and the titles of those that are « non renseigné »."""
    kept, left_out = [], []
    for one in rows:
        if is_known(one):
            kept.append(one)
        else:
            left_out.append(one.title)
    return kept, tuple(left_out)


def _is_judged(one: ContractDates, limit: date, on: date) -> bool:
    return _by(one.signed_on, on) or limit < on


def _by(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _is_finished(one: ContractDates, on: date) -> bool:
    return _by(one.ended_on, on) and _by(one.reviewed_on, on) and not _by(one.interrupted_on, on)
