"""Writes of titre 5 phases: AE affected, AE withdrawn. One transaction each; the secretariat alone.

Errors, in French, nothing written: `NotAllowedError` (wrong person), `TrancheError` (amounts, dates, suspension, what
is already committed). The database refuses the same by constraint and by trigger, but for what is committed.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from budget.models import AffectationWithdrawal, BudgetLine, TrancheFonctionnelle
from budget.tranches.acts import money
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.permissions import can_decide
from budget.tranches.phases import affected, consumed_on_titre_5, left_of
from budget.tranches.refusals import require_past
from budget.tranches.selectors import funding_stop, standing
from contracts.fields import amount
from contracts.models import Contract
from figures.formats import date_fr, euros


@transaction.atomic
def affect(*, line: BudgetLine, label: str, ae: Decimal, on: date, reference: str, actor: User) -> TrancheFonctionnelle:
    """AE affected to a phase of a titre 5 operation (LOLF art. 8), in euros, within the line's plan over life.

    Refused to a contract suspended, interrupted or ended on the day: an affectation opens new commitments.
    """
    if not can_decide(actor, line.contract):
        raise NotAllowedError("L’affectation revient au secrétariat du fonds.")
    if line.titre != "5":
        raise TrancheError("Une tranche fonctionnelle porte sur une ligne de titre 5 (LOLF, article 8).")
    require_past(on)
    if not label.strip() or ae <= 0:
        raise TrancheError("Une tranche fonctionnelle a un objet et un montant supérieur à zéro.")
    Contract.objects.select_for_update().get(pk=line.contract_id)
    if stop := funding_stop(line.contract, on):
        raise TrancheError(f"{stop.told} Aucune affectation nouvelle ne peut être enregistrée.")
    BudgetLine.objects.select_for_update().get(pk=line.pk)
    _check_affectation(line, ae, on)
    number = line.tranches_fonctionnelles.count() + 1
    return TrancheFonctionnelle.objects.create(
        line=line,
        number=number,
        label=label.strip(),
        affectation=money(ae),
        affected_on=on,
        reference=reference.strip(),
        recorded_by=actor,
    )


@transaction.atomic
def withdraw_affectation(
    *, phase: TrancheFonctionnelle, ae: Decimal, reason: str, on: date, actor: User
) -> AffectationWithdrawal:
    """AE taken back from a phase on a day, in euros, with a reason, in whole or in part: they may be affected anew.

    Refused below what is already committed on the line, above what is left of the phase, before its affectation. A
    contract suspended, interrupted or ended does not stop it: nothing new is given.
    """
    contract = phase.line.contract
    if not can_decide(actor, contract):
        raise NotAllowedError("Le retrait d’une affectation revient au secrétariat du fonds.")
    require_past(on)
    if not reason.strip():
        raise TrancheError("Donnez le motif du retrait.", "reason")
    BudgetLine.objects.select_for_update().get(pk=phase.line_id)
    if on < phase.affected_on:
        told = f"Le retrait ne peut pas précéder l’affectation du {date_fr(phase.affected_on)}."
        raise TrancheError(told, "on")
    _check_withdrawal(phase, ae)
    return AffectationWithdrawal.objects.create(
        phase=phase, ae=money(ae), withdrawn_on=on, reason=reason.strip(), recorded_by=actor
    )


def _check_withdrawal(phase: TrancheFonctionnelle, ae: Decimal) -> None:
    left = left_of(phase)
    if not 0 < ae <= left:
        told = f"Le montant à retirer va de 0,01\u00a0€ à {euros(left)}, ce qui reste affecté à cette tranche."
        raise TrancheError(told if left else "Tout est déjà retiré de cette tranche fonctionnelle.", "ae")
    kept = affected(phase.line) - ae
    spent = consumed_on_titre_5(phase.line.contract, localdate()).get(phase.line_id)
    if spent is not None and spent > kept:
        told = (
            f"{euros(spent)} d’AE sont déjà consommées sur cette ligne, pour {euros(kept)} qui y resteraient affectées."
        )
        raise TrancheError(told, "ae")


def _check_affectation(line: BudgetLine, ae: Decimal, on: date) -> None:
    version = standing(line.contract, on).version
    plan = [amount(row.ae) for row in line.planned.filter(version=version).order_by("year")]
    left = sum((one for one in plan if one is not None), Decimal(0)) - affected(line)
    if ae > left:
        told = f"{euros(ae)} à affecter, pour {euros(left)} d’AE prévues et non affectées sur cette ligne."
        raise TrancheError(told, "ae")
