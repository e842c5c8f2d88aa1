"""What the page of the tranches shows of titre 5: each line with its phases, and what may be withdrawn of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from budget.models import BudgetLine
from budget.tranches.calc import Affected
from budget.tranches.forms import WithdrawalForm
from budget.tranches.phases import Phase, affected_to, consumed_on_titre_5, phases_of
from contracts.models import Contract
from contracts.pages import ContractPage
from figures import formats


@dataclass(frozen=True)
class ShownPhase:
    """A phase, and the form that withdraws of it: None when nothing may be."""

    phase: Phase
    form: WithdrawalForm | None


def phases_shown(
    page: ContractPage, on: date, refused: WithdrawalForm | None, *, may: bool
) -> list[tuple[BudgetLine, list[ShownPhase], Affected]]:
    """The titre 5 lines with their affectations, and what was consumed of them; most contracts have none."""
    found = phases_of(page.contract, page.on)
    consumed = consumed_on_titre_5(page.contract, on) if found else {}
    return [
        (
            line,
            [ShownPhase(one, _form(one, on, refused) if may else None) for one in phases],
            Affected(affected_to(phases), consumed.get(line.pk)),
        )
        for line, phases in found
    ]


def titre_5_lines(contract: Contract) -> Any:
    """Where an affectation may be recorded."""
    return BudgetLine.objects.filter(contract=contract, titre="5").order_by("position", "pk")


def _form(one: Phase, on: date, refused: WithdrawalForm | None) -> WithdrawalForm | None:
    if refused is not None and refused.phase == one.row.pk:
        return refused
    if not one.left:
        return None
    return WithdrawalForm(initial={"ae": formats.number(one.left, None), "on": on}, phase=one.row.pk)
