"""What the fund granted to a contract, day by day: an event of its life that stops the funding would contradict it."""

from collections.abc import Iterator
from datetime import date

from budget.models import TrancheFonctionnelle, TrancheMove
from budget.tranches.enums import TrancheAction
from budget.tranches.transitions import TRANSITIONS
from contracts.models import Contract

_GRANTING = [line.action for line in TRANSITIONS if line.stops_when_suspended]
_WORDS = {
    TrancheAction.DECIDE: "La décision de la tranche",
    TrancheAction.MAKE_AVAILABLE: "La mise à disposition de la tranche",
    TrancheAction.COMPLETE: "Le complément de la tranche",
}


def acts_granted(contract: Contract) -> Iterator[tuple[date, str]]:
    """Every act that a stopped funding forbids, with its day. Two queries."""
    moves = TrancheMove.objects.filter(tranche__contract=contract, action__in=_GRANTING).select_related("tranche")
    for one in moves.order_by("pk"):
        yield one.on, f"{_WORDS[TrancheAction(one.action)]} {one.tranche.year}"
    for phase in TrancheFonctionnelle.objects.filter(line__contract=contract).order_by("pk"):
        yield phase.affected_on, f"L’affectation de la tranche fonctionnelle {phase.number}"
