"""Writes of tranches and of the envelope: each checks who asks and the table of transitions; one transaction each.

Errors, in French, nothing written: `NotAllowedError` (wrong person), `TrancheError` (state, amounts, suspension,
envelope, dates). The database refuses the same by constraint and by trigger.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from budget.models import FundEnvelope, FundingTranche
from budget.tranches.acts import hold, money, move, write_decision
from budget.tranches.enums import TrancheAction
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.permissions import can_run_tranches
from budget.tranches.proposal import complement_proposed
from budget.tranches.refusals import (
    check_after_decision,
    check_after_last_move,
    check_amounts,
    check_complement,
    check_envelope,
    check_filing,
    check_not_below,
    check_open,
)
from budget.tranches.selectors import envelope_of, proposal_of, standing
from contracts.checks.tallies import tally_soon
from contracts.models import Contract
from figures.ae_cp import NOTHING, AeCp, total_ae_cp
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
    row, line = hold(contract, year, actor, _A.DECIDE, on, reason)
    check_after_last_move(row, on, "La décision")
    now = standing(contract, on, with_later=True)
    wanted = AeCp(ae, cp)
    check_amounts(now, year, wanted)
    check_filing(contract, filing)
    envelope = check_envelope(year, wanted, on)
    proposal, _ = proposal_of(now, year, None, envelope)  # `hold` refused a contract whose funding stopped
    year_now = now.situation.year(year)
    write_decision(row, year_now.planned if year_now else NOTHING, wanted, proposal.amount)
    row.filing, row.decided_on, row.reason = filing, on, reason.strip()
    return move(row, line, actor, on, reason)


@transaction.atomic
def withdraw_decision(*, contract: Contract, year: int, reason: str, actor: User, on: date) -> FundingTranche:
    """Back to provisional, with a reason, before anything was made available.

    The first year is the contract's own: an amendment changes it, at its effect, until it is made available.
    """
    row, line = hold(contract, year, actor, _A.WITHDRAW, on, reason)
    if row.is_fixed:
        raise TrancheError(f"La tranche {year} est fixée par le contrat\u00a0: seul un avenant la change.")
    check_after_decision(row, on, "Le retrait")
    for name in ("ae", "cp", "planned_ae", "planned_cp", "proposed_ae", "proposed_cp", "filing", "decided_on"):
        setattr(row, name, None)
    row.decision, row.reason = "", ""
    return move(row, line, actor, on, reason)


@transaction.atomic
def make_available(*, contract: Contract, year: int, actor: User, on: date) -> FundingTranche:
    """The credits are put at the holder's disposal on a day (mise à disposition): decided → available.

    Refused before the decision, while no envelope is recorded, and above it: what the fund does not have, it cannot
    give, though the contract promises the first year's tranche.
    """
    row, line = hold(contract, year, actor, _A.MAKE_AVAILABLE, on)
    check_after_decision(row, on, "La mise à disposition")
    check_open(row, on)
    row.made_available_on = on
    return move(row, line, actor, on)


@transaction.atomic
def complete_tranche(
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
    """AE and CP added, in euros, to a tranche already made available, and made available with it: it stays so.

    An amendment has raised the year's plan, or what was withheld of it is granted. Refused: amounts negative or both
    zero, more than the year's plan or the plan over life leaves, more than the envelope leaves, a filing of another
    contract or not submitted, a contract suspended, interrupted or ended, a day before the last act on the tranche.
    """
    row, line = hold(contract, year, actor, _A.COMPLETE, on, reason)
    check_after_last_move(row, on, "Le complément")
    now, added = standing(contract, on, with_later=True), AeCp(ae, cp)
    asked = check_complement(now, year, added)
    check_filing(contract, filing)
    envelope = check_envelope(year, added, on)
    proposed = complement_proposed(now.situation, year, available=envelope.left).amount
    given, offered = (total_ae_cp([asked.decided, one]) for one in (added, proposed))
    write_decision(row, asked.planned, given, offered)
    return move(row, line, actor, on, reason, filing=filing)


@transaction.atomic
def close_tranche(*, contract: Contract, year: int, actor: User, on: date) -> FundingTranche:
    """Nothing more is expected of the tranche: available (or withheld) → closed."""
    row, line = hold(contract, year, actor, _A.CLOSE, on)
    if row.made_available_on is not None and on < row.made_available_on:
        day = date_fr(row.made_available_on)
        raise TrancheError(f"La clôture ne peut pas précéder la mise à disposition du {day}.", "on")
    check_after_decision(row, on, "La clôture")
    check_after_last_move(row, on, "La clôture")
    row.closed_on = on
    return move(row, line, actor, on)


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
