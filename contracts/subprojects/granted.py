"""What was retained or launched on the fund's credits, day by day: an event that stops the funding contradicts it."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from contracts.models import Contract, SubProjectMove
from contracts.subprojects.enums import SubProjectAction
from contracts.subprojects.transitions import TRANSITIONS

_GRANTING: Final = [line.action for line in TRANSITIONS if line.stops_when_suspended]
_WORDS: Final = {
    SubProjectAction.FRAME: "Le cadrage",
    SubProjectAction.LAUNCH: "Le lancement",
}


def sub_projects_granted(contract: Contract) -> Iterator[tuple[date, str]]:
    """Every move of a sub-project that a stopped funding forbids, with its day, in French. One query."""
    moves = SubProjectMove.objects.filter(sub_project__contract=contract, action__in=_GRANTING)
    for one in moves.select_related("sub_project").order_by("pk"):
        yield one.on, f"{_WORDS[SubProjectAction(one.action)]} du sous-projet «\u00a0{one.sub_project.title}\u00a0»"
