"""What was granted to a contract, which the rooms above tell: it rests on a funding that was not stopped that day."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from contracts.lifecycle.calc import Event, stopped_by
from contracts.models import Contract
from figures.formats import date_fr

Reader = Callable[[Contract], Iterable[tuple[date, str]]]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Has what a room grants told: the day of each act, and the act in French (« la décision de la tranche 2022 »)."""
    if reader not in _readers:
        _readers.append(reader)


def granted_within(contract: Contract, first: date, last: date) -> str:
    """The first act granted from a day until the day before another, in French with its day; blank if none."""
    acts = sorted((day, told) for reader in _readers for day, told in reader(contract) if first <= day < last)
    return next((f"{told}, le {date_fr(day)}," for day, told in acts), "")


def granted_between(contract: Contract, before: Sequence[Event], after: Sequence[Event]) -> str:
    """The first act that the events `before` allowed on its day and those `after` do not, in French; blank if none."""
    acts = sorted((day, told) for reader in _readers for day, told in reader(contract))
    for day, told in acts:
        if stopped_by(before, day) is None and (stop := stopped_by(after, day)):
            since = f"«\u00a0{stop.label}\u00a0» du {date_fr(stop.on)}"
            return f"{told}, le {date_fr(day)}, repose sur cet événement\u00a0: sans lui, {since} courrait encore."
    return ""
