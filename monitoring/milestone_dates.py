"""What cannot be true of a milestone's dates, by form, by workbook and in the services. Pure.

What is only doubtful is told by the rules S09 and S16.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from figures.formats import date_fr, typeset
from monitoring.enums import ProgressState
from monitoring.lateness import OVER

FIRST_DAY: Final = date(2017, 1, 1)
"""The fund was announced in 2017: nothing of a contract is older, where the contract gives no date of its own."""
LAST_YEAR: Final = 2100


def first_day(known: Iterable[date | None]) -> date:
    """The first of January of the first year that the contract tells of: its signature, the dates that it promises."""
    days = [day for day in known if day is not None]
    return min(days).replace(month=1, day=1) if days else FIRST_DAY


def refused(values: Mapping[str, Any], *, since: date, today: date) -> dict[str, str]:
    """Why `done_on` and `expected_on` cannot be written with this `state`, in French, by field; empty when they can.

    `since` is `first_day` of the contract.
    """
    done, expected = values.get("done_on"), values.get("expected_on")
    found = {}
    if done is not None and (said := _of_completion(done, values.get("state", ""), since, today)):
        found["done_on"] = typeset(said)
    if expected is not None and (said := _of_expectation(expected, since)):
        found["expected_on"] = typeset(said)
    return found


def is_past(state: str, expected: date | None, period_end: date) -> bool:
    """Whether the new date of a milestone that is not over is already passed at the end of the period (S16)."""
    return expected is not None and expected <= period_end and state not in OVER


def _of_completion(done: date, state: str, since: date, today: date) -> str:
    if done < since:
        return _before(done, since)
    if done > today:
        return f"Le {date_fr(done)} est à venir : un jalon terminé l’est au plus tard aujourd’hui."
    if state != ProgressState.DONE:
        return "Un jalon qui porte une date de fin réelle est à l’état « Terminé »."
    return ""


def _of_expectation(expected: date, since: date) -> str:
    if expected < since:
        return _before(expected, since)
    return f"L’année {expected.year} n’est pas possible : vérifiez la date." if expected.year > LAST_YEAR else ""


def _before(day: date, since: date) -> str:
    return f"Le {date_fr(day)} précède le contrat, qui ne dit rien d’avant {since.year} : vérifiez l’année."
