"""Whether a contract's funding is suspended on a day. Pure."""

from collections.abc import Iterable
from datetime import date

from figures.formats import date_fr

STOPS, RESUMES, ENDS = "suspension", "reprise", "interruption"


def suspended(events: Iterable[tuple[str, date]], on: date) -> str:
    """Why nothing new may be given on the day, as a French sentence; blank when funding goes on.

    `events` are the contract's dated (kind, day), in any order; an interruption is for good.
    """
    why = ""
    for kind, day in sorted(events, key=lambda event: (event[1], event[0] != RESUMES)):
        if day > on:
            break
        if kind == ENDS:
            return f"Le financement du contrat est interrompu depuis le {date_fr(day)}."
        if kind == STOPS:
            why = f"Le financement du contrat est suspendu depuis le {date_fr(day)}."
        if kind == RESUMES:
            why = ""
    return why
