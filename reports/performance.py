"""Performance indicators of programme 349, from dated events. Pure; each definition is numbered and has its page.

A contract whose date is missing is left out of the ratio and counted as « non renseigné »: it is never guessed. On a
day, an event dated later is as if it were not known: recording it changes nothing of what a past day tells.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from figures.ae_cp import over_known, share
from figures.periods import months_after

SIX_MONTHS: Final = 6
TWO_MONTHS: Final = 2
DEFINED_ON: Final = date(2026, 11, 28)
"""Since when the definitions are those of this file; each page says what its earlier ones were."""


@dataclass(frozen=True)
class ContractDates:
    """What happened to a contract, and when; None is « non renseigné ». `is_tied`: its selection names its call.

    `first_year` is its first year of funding, from which it exists whatever is dated.
    """

    code: str
    title: str
    selected_on: date | None = None
    decided_on: date | None = None
    signed_on: date | None = None
    ended_on: date | None = None
    reviewed_on: date | None = None
    interrupted_on: date | None = None
    is_tied: bool = False
    first_year: int | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """The dates that are known."""
        every = (self.selected_on, self.decided_on, self.signed_on, self.ended_on, self.reviewed_on)
        return tuple(day for day in (*every, self.interrupted_on) if day is not None)

    @property
    def begins_on(self) -> date | None:
        """The first of its dates, or the beginning of its first year of funding; None when neither is known."""
        return min((*self.days, *([date(self.first_year, 1, 1)] if self.first_year else [])), default=None)

    def is_past_decision(self, on: date) -> bool:
        """Whether what follows the decision of financing has come by a day."""
        after = (self.signed_on, self.ended_on, self.reviewed_on, self.interrupted_on)
        return any(_by(day, on) for day in after)


@dataclass(frozen=True)
class CallCount:
    """A call for projects: when it closed, how many projects were filed in it (None: « non renseigné »), and the
    days on which contracts were selected in it."""

    title: str
    closed_on: date
    applications: int | None = None
    selected_on: tuple[date, ...] = ()


Known = TypeVar("Known", ContractDates, CallCount)
Terms = tuple[Decimal | None, Decimal | None]
"""Of the return of a contract: certified recurrent savings, FTAP consumed, CP in euros; None: not known."""


@dataclass(frozen=True)
class Measure:
    """An indicator on a day: `value` = numerator ÷ denominator; None when the denominator is zero or unknown.

    `unit` is `share`, `days` or `ratio`; `missing` counts the contracts left out because a date or a figure is not
    reported, or the calls left out because their number is not, and `left_out` gives their titles.
    """

    code: str
    title: str
    definition: int
    unit: str
    numerator: Decimal | None
    denominator: Decimal | None
    left_out: tuple[str, ...] = ()
    page: str = ""
    defined_on: date = DEFINED_ON

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

    Definition 3. « Non renseigné »: the closed calls whose number is not reported, left out with their contracts, and
    the contracts tied to no call, whose titles are `untied`.
    """
    known, left_out = _parted((one for one in calls if one.closed_on <= on), lambda one: one.applications is not None)
    filed = sum(one.applications or 0 for one in known)
    selected = sum(day <= on for one in known for day in one.selected_on)
    missing = (*left_out, *untied)
    return Measure("P1", "Sélectivité", 3, "share", Decimal(selected), Decimal(filed), missing, "selectivite")


def instruction_delay(rows: Iterable[ContractDates], on: date) -> Measure:
    """Mean number of days from the selection to the decision of financing, over the decisions taken by the day.

    Definition 2. « Non renseigné »: no selection dated by the day, or no decision though what follows it has come. A
    contract selected of which nothing says that it was decided yet is under instruction: it is not counted.
    """
    known, left_out = _parted(
        rows, lambda one: _by(one.selected_on, on) and (_by(one.decided_on, on) or not one.is_past_decision(on))
    )
    pairs = [(one.selected_on, one.decided_on) for one in known]
    days = [(after - before).days for before, after in pairs if before and after and after <= on]
    title = "Délai d’instruction"
    return Measure("P2", title, 2, "days", Decimal(sum(days)), Decimal(len(days)), left_out, "delai-d-instruction")


def signed_within(rows: Iterable[ContractDates], months: int, on: date) -> Measure:
    """Contracts signed at most `months` months after their selection ÷ contracts of which that can be said on the day.

    A contract selected for longer and not signed counts as late when it has no signature yet; a contract whose term is
    still running does not count; one whose selection is not dated is « non renseigné ». Definition 2.
    """
    known, left_out = _parted(rows, lambda one: _by(one.selected_on, on))
    judged = [one for one in known if one.selected_on and _is_judged(one, months_after(one.selected_on, months), on)]
    in_time = [
        one
        for one in judged
        if one.selected_on and one.signed_on and one.signed_on <= months_after(one.selected_on, months)
    ]
    code, words = ("P3", "six") if months == SIX_MONTHS else ("P4", "deux")
    title = f"Contrats signés dans les {words} mois de la sélection"
    return Measure(
        code, title, 2, "share", Decimal(len(in_time)), Decimal(len(judged)), left_out, "signature-apres-selection"
    )


def finished(rows: Sequence[ContractDates], on: date) -> Measure:
    """Contracts finished ÷ contracts signed: execution ended and final review made by the day, and no interruption.

    Definition 2. A contract whose signature is not dated is « non renseigné ».
    """
    known, left_out = _parted(rows, lambda one: one.signed_on is not None)
    begun = [one for one in known if _by(one.signed_on, on)]
    done = [one for one in begun if _is_finished(one, on)]
    title = "Part des projets terminés"
    return Measure("P5", title, 2, "share", Decimal(len(done)), Decimal(len(begun)), left_out, "projets-termines")


def fund_return(certified: Decimal | None, consumed: Decimal | None, left_out: tuple[str, ...] = ()) -> Measure:
    """R2 of the whole fund: certified recurrent savings ÷ FTAP CP consumed (domain § 5).

    Definition 4: both as `reports.fund_return` reads them on the day, from dated submissions and certifications.
    « Non renseigné »: the contracts of `left_out`, of which one of the two is not known; CP of which nothing is
    certified count, certified savings of which no CP is known do not.
    """
    title = "Retour du fonds (R2)"
    return Measure("P6", title, 4, "ratio", certified, consumed, left_out, "retour-du-fonds")


def of_fund(rows: Iterable[ContractDates], terms: Mapping[str, Terms], on: date) -> Measure:
    """The same from the terms of each contract, by its code; those signed by the day owe both."""
    told = [(one, terms.get(one.code, (None, None))) for one in rows if one.signed_on is None or one.signed_on <= on]
    left_out = tuple(one.title for one, pair in told if None in pair)
    return fund_return(*over_known(terms.values()), left_out)


def measures(
    rows: Sequence[ContractDates],
    calls: Sequence[CallCount],
    on: date,
    terms: Mapping[str, Terms],
) -> tuple[Measure, ...]:
    """The six indicators on a day; `terms` are those of the return of each contract on it, by its code."""
    begun = begun_by(rows, on)
    return (
        selectivity(calls, on, (one.title for one in begun if not one.is_tied)),
        instruction_delay(begun, on),
        signed_within(begun, SIX_MONTHS, on),
        signed_within(begun, TWO_MONTHS, on),
        finished(begun, on),
        of_fund(begun, terms, on),
    )


def begun_by(rows: Iterable[ContractDates], on: date) -> tuple[ContractDates, ...]:
    """The contracts that existed by a day: one of their dates is past, or their first year of funding has come.

    One that has neither is there on every day.
    """
    return tuple(one for one in rows if one.begins_on is None or one.begins_on <= on)


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
