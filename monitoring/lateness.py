"""Whether a milestone is late: one rule for pages, reports, rules of entry and the computed weather. Pure."""

from datetime import date
from typing import Final

from monitoring.enums import ProgressState

OVER: Final = (ProgressState.DONE, ProgressState.DROPPED)


def is_late(state: str, ends_on: date | None, on: date) -> bool:
    """Declared late, or not over on the day it should have been (`ends_on`, None: no day is promised).

    `state` is of `ProgressState`, blank when nothing was said. A page judges on its own day, the computed weather
    on the last day of the period that the filing covers, for nobody told more (docs/calculs/meteo-calculee.md).
    """
    if state in OVER:
        return False
    return state == ProgressState.LATE or (ends_on is not None and ends_on < on)
