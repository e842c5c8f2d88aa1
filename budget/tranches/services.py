"""Writes of tranches and of the envelope: each checks who asks and the table of transitions; one transaction each.

Errors, in French, nothing written: `NotAllowedError` (wrong person), `TrancheError` (state, amounts, suspension,
envelope, dates). The database refuses the same by constraint and by trigger.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from djmoney.money import Money

from accounts.models import User
from budget.models import FundEnvelope, FundingTranche, TrancheMove
from budget.tranches.calc import kind_of
from budget.tranches.decided import decided_of
from budget.tranches.enums import TrancheAction, TrancheKind, TrancheState
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.permissions import can_decide, can_run_tranches
from budget.tranches.proposal import Proposal
from budget.tranches.refusals import (
    check_after_decision,
    check_after_last_move,
    check_amounts,
    check_envelope,
    check_filing,
    check_not_below,
    check_open,
    require_past,
)
from budget.tranches.selectors import (
    Standing,
    envelope_of,
    funding_stop,
    proposal_of,
    standing,
)
from budget.tranches.transitions import Transition, transition
from contracts.checks.tallies import tally_soon
from contracts.models import Contract
from figures.ae_cp import AeCp
from figures.formats import date_fr
from monitoring.models import Filing

_A = TrancheAction


@transaction.atomic
def decide_tranche(
    *,
    contract: Contract,
    year: int,
    ae: Decimal,
    cp: Decimal,
    reason: str,
    filing: Filing | None,
    actor: User,
    on: date,
) -> FundingTranche:
    """The secretariat fixes a year's AE and CP, in euros, on the strength of a filing: provisional → decided.

    Full, reduced or withheld is told by the amounts against the year's plan. Refused: a year outside the contract, a
    plan without amounts, negative amounts, more than the plan leaves over life, more than the envelope leaves, a
    filing of another contract or not submitted, a contract suspended, interrupted or ended, a day before the
    withdrawal of an earlier decision.
    """
    row, line = _hold(contract, year, actor, _A.DECIDE, on, reason)
    check_after_last_move(row, on)
    now = standing(contract, on, with_later=True)
    wanted = AeCp(ae, cp)
    check_amounts(now, year, wanted)
    check_filing(contract, filing)
    envelope = check_envelope(year, wanted, on)
    proposal, _ = proposal_of(now, year, None, envelope)  # `_hold` refused a contract whose funding stopped
    _write_decision(row, now, wanted, proposal)
    row.filing, row.decided_on, row.reason = filing, on, reason.strip()
    return _move(row, line, actor, on, reason)


@transaction.atomic
def withdraw_decision(*, contract: Contract, year: int, reason: str, actor: User, on: date) -> FundingTranche:
    """Back to provisional, with a reason, before anything was made available.

    The first year is the contract's own: an amendment changes it, at its effect, until it is made available.
    """
    row, line = _hold(contract, year, actor, _A.WITHDRAW, on, reason)
    if row.is_fixed:
        raise TrancheError(f"La tranche {year} est fixée par le contrat\u00a0: seul un avenant la change.")
    check_after_decision(row, on, "Le retrait")
    for name in ("ae", "cp", "planned_ae", "planned_cp", "proposed_ae", "proposed_cp", "filing", "decided_on"):
        setattr(row, name, None)
    row.decision, row.reason = "", ""
    return _move(row, line, actor, on, reason)


@transaction.atomic
def make_available(*, contract: Contract, year: int, actor: User, on: date) -> FundingTranche:
    """The credits are put at the holder's disposal on a day (mise à disposition): decided → available.

    Refused before the decision, while no envelope is recorded, and above it: what the fund does not have, it cannot
    give, though the contract promises the first year's tranche.
    """
    row, line = _hold(contract, year, actor, _A.MAKE_AVAILABLE, on)
    check_after_decision(row, on, "La mise à disposition")
    check_open(row, on)
    row.made_available_on = on
    return _move(row, line, actor, on)


@transaction.atomic
def close_tranche(*, contract: Contract, year: int, actor: User, on: date) -> FundingTranche:
    """Nothing more is expected of the tranche: available (or withheld) → closed."""
    row, line = _hold(contract, year, actor, _A.CLOSE, on)
    if row.made_available_on is not None and on < row.made_available_on:
        day = date_fr(row.made_available_on)
        raise TrancheError(f"La clôture ne peut pas précéder la mise à disposition du {day}.", "on")
    check_after_decision(row, on, "La clôture")
    row.closed_on = on
    return _move(row, line, actor, on)


@transaction.atomic
def record_envelope(
    *, year: int, voted: AeCp, carried: AeCp, source: str, actor: User, on: date, dated_on: date | None = None
) -> FundEnvelope:
    """What the fund may give in a year, in euros; never below what the secretariat decided. Blank amounts are refused.

    `dated_on` is the day of the act that opens these credits, the first of the year unless told otherwise: before it
    the fund had what the act before gave, or nothing.
    The first years that contracts fix are no obstacle: the envelope says what was voted, and check A61 what is missing.
    """
    if not can_run_tranches(actor):
        raise NotAllowedError("L’enveloppe du fonds revient à son secrétariat.")
    given = [voted.ae, voted.cp, carried.ae, carried.cp]
    if any(one is None or one < 0 for one in given):
        raise TrancheError("Donnez les quatre montants, en euros, sans montant négatif\u00a0; 0 s’il n’y a rien.")
    if not source.strip():
        raise TrancheError("Dites d’où viennent ces crédits\u00a0: loi de finances, arrêté de report…")
    dated = dated_on or date(year, 1, 1)
    if dated > localdate():
        raise TrancheError("Cet acte est à venir\u00a0: l’enveloppe s’enregistre une fois l’acte pris.", "dated_on")
    if not year - 1 <= dated.year <= year:
        told = f"L’acte qui ouvre les crédits de {year} date de {year - 1} ou de {year}."
        raise TrancheError(told, "dated_on")
    values = dict(zip(("voted_ae", "voted_cp", "carried_ae", "carried_cp"), map(money, given), strict=True))
    row, _ = FundEnvelope.objects.select_for_update().update_or_create(
        year=year, defaults={**values, "source": source.strip(), "dated_on": dated, "updated_by": actor}
    )
    now = envelope_of(year, max(on, dated), with_later=True)
    check_not_below(year, now)
    tally_soon()
    return row


# --- What every act goes through ---


def _hold(
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
        state = f"{row.get_state_display().lower()}{', retenue' if row.decision == TrancheKind.WITHHELD else ''}"
        raise TrancheError(f"«\u00a0{action.label}\u00a0» n’est pas possible pour une tranche {state}.")
    if line.needs_reason and not reason.strip():
        raise TrancheError("Donnez le motif\u00a0: il reste attaché à la tranche.", "reason")
    if line.stops_when_suspended and (stop := funding_stop(contract, on)):
        raise TrancheError(f"{stop.told} Aucune tranche nouvelle ne peut être accordée.")
    return row, line


def _fixed(row: FundingTranche, actor: User, on: date) -> FundingTranche:
    """The row of a year on which nothing is written: as the contract in force fixes it, if it is its first year."""
    line = transition(_A.FIX, row.state)
    cell = decided_of(row.contract, on).get(row.year) if row.year == row.contract.first_tranche_year else None
    if cell is None or line is None:
        return row
    row.ae, row.cp, row.is_fixed = money(cell.decided.ae), money(cell.decided.cp), True
    row.planned_ae, row.planned_cp = row.ae, row.cp
    row.decision, row.reason, row.decided_on = cell.kind, cell.reason, cell.decided_on
    return _move(row, line, actor, cell.decided_on or date(row.year, 1, 1), cell.reason)


def _move(row: FundingTranche, line: Transition, actor: User, on: date, reason: str = "") -> FundingTranche:
    row.state = line.to_state
    row.save()
    TrancheMove.objects.create(
        tranche=row,
        action=line.action,
        from_state=line.from_state,
        to_state=line.to_state,
        ae=row.ae,
        cp=row.cp,
        filing=row.filing,
        on=on,
        reason=reason.strip(),
        actor=actor,
    )
    tally_soon(row.contract)
    return row


def _write_decision(row: FundingTranche, now: Standing, wanted: AeCp, proposal: Proposal) -> None:
    year = now.situation.year(row.year)
    planned = year.planned if year else AeCp()
    row.decision = kind_of(wanted, planned)
    row.ae, row.cp = money(wanted.ae), money(wanted.cp)
    row.planned_ae, row.planned_cp = money(planned.ae), money(planned.cp)
    row.proposed_ae, row.proposed_cp = money(proposal.amount.ae), money(proposal.amount.cp)


def money(euros_: Decimal | None) -> Any:
    """The column's type, which its library does not state."""
    return None if euros_ is None else Money(euros_, "EUR")
