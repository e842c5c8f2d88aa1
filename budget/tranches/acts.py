"""What every act on a tranche goes through: who asks, the table of transitions, the row held, the move written."""

from datetime import date
from decimal import Decimal
from typing import Any

from djmoney.money import Money

from accounts.models import User
from budget.models import FundingTranche, TrancheMove
from budget.tranches.calc import kind_of
from budget.tranches.decided import decided_of
from budget.tranches.enums import TrancheAction, TrancheKind, TrancheState
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.permissions import can_decide
from budget.tranches.refusals import require_past
from budget.tranches.selectors import funding_stop
from budget.tranches.transitions import WHY_NOT, Transition, transition
from contracts.checks.tallies import tally_soon
from contracts.models import Contract
from figures.ae_cp import AeCp
from figures.formats import typeset
from monitoring.models import Filing

_A = TrancheAction


def hold(
    contract: Contract, year: int, actor: User, action: TrancheAction, on: date, reason: str = ""
) -> tuple[FundingTranche, Transition]:
    """The tranche's row, made if it is the first act on the year, locked; and the line of the table that applies."""
    if not can_decide(actor, contract):
        raise NotAllowedError("Les tranches reviennent au secrétariat du fonds.")
    require_past(on)
    if year not in contract.funding_years:
        years = f"{contract.first_year} à {contract.last_year}"
        raise TrancheError(f"{year} n’est pas une année de financement du contrat ({years}).")
    Contract.objects.select_for_update().get(pk=contract.pk)
    row, _ = FundingTranche.objects.get_or_create(contract=contract, year=year)
    if row.state == TrancheState.PROVISIONAL:
        row = _fixed(row, actor, on)
    line = transition(action, row.state, row.decision)
    if line is None:
        raise TrancheError(_not_possible(row, action))
    if line.needs_reason and not reason.strip():
        raise TrancheError("Donnez le motif\u00a0: il reste attaché à la tranche.", "reason")
    if line.stops_when_suspended and (stop := funding_stop(contract, on)):
        raise TrancheError(f"{stop.told} Aucune tranche nouvelle ne peut être accordée.")
    return row, line


def _not_possible(row: FundingTranche, action: TrancheAction) -> str:
    state = f"{row.get_state_display().lower()}{', retenue' if row.decision == TrancheKind.WITHHELD else ''}"
    why = WHY_NOT[action, row.state]
    return typeset(f"« {action.label} » n’est pas possible pour une tranche {state} : {why}.")


def _fixed(row: FundingTranche, actor: User, on: date) -> FundingTranche:
    """The row of a year on which nothing is written: as the contract in force fixes it, if it is its first year."""
    line = transition(_A.FIX, row.state)
    cell = decided_of(row.contract, on).get(row.year) if row.year == row.contract.first_tranche_year else None
    if cell is None or line is None:
        return row
    row.ae, row.cp, row.is_fixed = money(cell.decided.ae), money(cell.decided.cp), True
    row.planned_ae, row.planned_cp = row.ae, row.cp
    row.decision, row.reason, row.decided_on = cell.kind, cell.reason, cell.decided_on
    return move(row, line, actor, cell.decided_on or date(row.year, 1, 1), cell.reason)


def write_decision(row: FundingTranche, planned: AeCp, given: AeCp, proposed: AeCp) -> None:
    """The amounts of the tranche, in euros, with the year's plan and the proposal that they were decided upon."""
    row.decision = kind_of(given, planned)
    row.ae, row.cp = money(given.ae), money(given.cp)
    row.planned_ae, row.planned_cp = money(planned.ae), money(planned.cp)
    row.proposed_ae, row.proposed_cp = money(proposed.ae), money(proposed.cp)


def move(
    row: FundingTranche, line: Transition, actor: User, on: date, reason: str = "", **told: Filing | None
) -> FundingTranche:
    """The tranche in the state that the act leaves, and the act in its history.

    The act bears the filing that the decision rests on, unless `told` gives its own, which may be None.
    """
    row.state = line.to_state
    row.save()
    rests_on = {"filing": row.filing, **told}
    TrancheMove.objects.create(
        tranche=row,
        action=line.action,
        from_state=line.from_state,
        to_state=line.to_state,
        ae=row.ae,
        cp=row.cp,
        on=on,
        reason=reason.strip(),
        actor=actor,
        **rests_on,
    )
    tally_soon(row.contract)
    return row


def money(euros_: Decimal | None) -> Any:
    """The column's type, which its library does not state."""
    return None if euros_ is None else Money(euros_, "EUR")
