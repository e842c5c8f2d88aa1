"""Performance indicators of programme 349, from dated events. Pure; each definition is numbered and has its page.

A contract whose date is missing is left out of the ratio and counted as « non renseigné »: it is never guessed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from figures.ae_cp import share

SIX_MONTHS: Final = 6
TWO_MONTHS: Final = 2


@dataclass(frozen=True)
class ContractDates:
    """What happened to a contract, and when; None is « non renseigné »."""

    code: str
    title: str
    selected_on: date | None = None
    decided_on: date | None = None
    signed_on: date | None = None
    ended_on: date | None = None
    reviewed_on: date | None = None
    interrupted_on: date | None = None


@dataclass(frozen=True)
class Measure:
    """An indicator on a day: `value` = numerator ÷ denominator; None when the denominator is zero or unknown.

    `unit` is `share`, `days` or `ratio`; `missing` counts the contracts left out because a date is not reported, and
    `left_out` gives their titles.
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


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month when it has none: 31 August + 6 is 28 February."""
    rank = day.month - 1 + months
    year, month = day.year + rank // 12, rank % 12 + 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)


def selectivity(selected: int, applications: int | None) -> Measure:
    """Projects selected ÷ projects filed; None of the applications is known to the software unless it is told."""
    filed = None if applications is None else Decimal(applications)
    return Measure("P1", "Sélectivité", 1, "share", Decimal(selected), filed, page="selectivite")


def instruction_delay(rows: Iterable[ContractDates]) -> Measure:
    """Mean number of days from the selection to the decision of financing."""
    known, left_out = _parted(rows, lambda one: one.selected_on is not None and one.decided_on is not None)
    days = [(one.decided_on - one.selected_on).days for one in known if one.decided_on and one.selected_on]
    return Measure(
        "P2", "Délai d’instruction", 1, "days", Decimal(sum(days)), Decimal(len(days)), left_out, "delai-d-instruction"
    )


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
    """R2 of the whole fund: certified recurrent savings ÷ FTAP CP consumed (domain § 5)."""
    return Measure("P6", "Retour du fonds (R2)", 1, "ratio", certified, consumed, page="retour-du-fonds")


def measures(
    rows: Sequence[ContractDates],
    on: date,
    *,
    applications: int | None,
    certified: Decimal | None,
    consumed: Decimal | None,
) -> tuple[Measure, ...]:
    """The six indicators on a day."""
    return (
        selectivity(sum(_by(one.selected_on, on) for one in rows), applications),
        instruction_delay(rows),
        signed_within(rows, SIX_MONTHS, on),
        signed_within(rows, TWO_MONTHS, on),
        finished(rows, on),
        fund_return(certified, consumed),
    )


def _parted(
    rows: Iterable[ContractDates], is_known: Callable[[ContractDates], bool]
) -> tuple[list[ContractDates], tuple[str, ...]]:
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
