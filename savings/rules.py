"""Rules of the ledger of savings: pure checks of what is declared, with the amount at stake and the cell to look at."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from figures.ae_cp import minus
from figures.formats import etpt, euros
from monitoring.entry.cells import cell_anchor, row_anchor
from monitoring.enums import Severity
from monitoring.rules import Finding, Rule
from savings.certification import is_outdated
from savings.entry import T2, SavingFacts, SavingRow

LineCheck = Callable[[SavingRow], Finding | None]


def _each_line(check: LineCheck) -> Callable[[SavingFacts], list[Finding]]:
    """A check of one line, made on all."""
    return lambda facts: [found for row in facts.rows if (found := check(row)) is not None]


def _at(row: SavingRow, field: str, message: str, amount: Decimal | None = None) -> Finding:
    return Finding(f"{row.label}\u00a0: {message}", cell_anchor(row.pk, field), amount)


def shortfall(row: SavingRow) -> Decimal | None:
    """What is missing to the year's plan, in euros: the larger of the AE's and the CP's; None when nothing is."""
    pairs = [(row.planned.ae, row.declared.ae), (row.planned.cp, row.declared.cp)]
    gaps = [planned - done for planned, done in pairs if planned is not None and done is not None and done < planned]
    return max(gaps, default=None)


def _unexplained(row: SavingRow) -> Finding | None:
    """A saving below the plan without a reason (article 7: the holder explains each gap)."""
    gap = shortfall(row)
    if gap is None or row.reason:
        return None
    return _at(row, "reason", f"il manque {euros(gap)} sur la prévision\u00a0: donnez le motif de l’écart.", gap)


def _unexplained_excess(row: SavingRow) -> Finding | None:
    """A saving above the plan without a reason: each gap is explained, in both directions (article 7)."""
    if row.reason or shortfall(row) is not None:
        return None
    pairs = [("ae", row.planned.ae, row.declared.ae), ("cp", row.planned.cp, row.declared.cp)]
    gaps = [done - planned for _, planned, done in pairs if planned is not None and done is not None and done > planned]
    if not gaps:
        return None
    message = f"{euros(max(gaps))} de plus que la prévision\u00a0: donnez le motif de l’écart."
    return _at(row, "reason", message, max(gaps))


def _unplanned(row: SavingRow) -> Finding | None:
    """A saving in a year of which the contract plans none, without a reason; unvalued lines are given no amount ever.

    Below zero is E06's.
    """
    amount = max(row.declared.ae or Decimal(0), row.declared.cp or Decimal(0))
    if row.reason or row.planned.is_reported or not row.is_valued or amount <= 0:
        return None
    message = (
        f"{euros(amount)} déclarés, le contrat ne prévoit aucun montant pour cette année\u00a0: donnez-en le motif."
    )
    return _at(row, "reason", message, amount)


def _unproved(row: SavingRow) -> Finding | None:
    """A saving with neither an evidence level nor a piece joined."""
    amount = row.declared.cp or row.declared.ae
    if not amount or row.evidence_level or row.attachments:
        return None
    return _at(row, "evidence_level", f"{euros(amount)} déclarés sans niveau de preuve ni pièce jointe.", amount)


def _documented_by_nothing(row: SavingRow) -> Finding | None:
    """Said to be documented, with no document joined nor named."""
    if row.evidence_level != "documented" or row.evidence or row.attachments:
        return None
    return _at(row, "evidence", "économie dite documentée, sans pièce jointe ni source citée.")


def _redeployed_counted(row: SavingRow) -> Finding | None:
    """Redeployed posts stay in the budget: they are shown and are not a saving (domain § 5)."""
    amount = row.declared.cp or row.declared.ae
    if not amount or not (row.is_redeployed or row.redeployed_etpt):
        return None
    which = etpt(row.redeployed_etpt) if row.redeployed_etpt else "emplois"
    message = f"{which} redéployés au contrat\u00a0: vérifiez qu’ils ne comptent pas dans les {euros(amount)} déclarés."
    return _at(row, "cp", message, amount)


def _nothing_reported(row: SavingRow) -> Finding | None:
    """A line that the contract values, left blank."""
    if row.declared.is_reported or not row.is_valued:
        return None
    return Finding(
        f"{row.label}\u00a0: rien n’est renseigné\u00a0; tapez 0 si rien n’a été économisé.",
        row_anchor(row.pk),
        cell=cell_anchor(row.pk, "ae"),
    )


def _negative(row: SavingRow) -> Finding | None:
    """A saving below zero is a cost: to be explained."""
    amounts = [amount for amount in (row.declared.ae, row.declared.cp) if amount is not None and amount < 0]
    if not amounts or row.reason:
        return None
    return _at(row, "reason", f"économie négative ({euros(min(amounts))})\u00a0: donnez-en le motif.", min(amounts))


def _ae_differs(row: SavingRow) -> Finding | None:
    """The plan gives the same AE and CP, the declaration does not; titre 2 has its own rule."""
    ae, cp = row.declared.ae, row.declared.cp
    if (
        row.titre == T2
        or ae is None
        or cp is None
        or ae == cp
        or row.planned.ae != row.planned.cp
        or row.planned.ae is None
    ):
        return None
    message = f"AE et CP diffèrent de {euros(abs(ae - cp))} alors que le contrat les prévoit égaux."
    return _at(row, "ae", message, abs(ae - cp))


def _staff_ae_differs(row: SavingRow) -> Finding | None:
    """Titre 2: a post frees the same AE and CP in a year."""
    ae, cp = row.declared.ae, row.declared.cp
    if row.titre != T2 or ae is None or cp is None or ae == cp:
        return None
    return _at(row, "ae", f"en titre 2, les AE égalent les CP\u00a0: {euros(abs(ae - cp))} d’écart.", abs(ae - cp))


def _certified_without_piece(row: SavingRow) -> Finding | None:
    """Certified, with no piece that a later reader could open."""
    if row.certification is None or row.attachments:
        return None
    amount = row.certification.amounts.cp or row.certification.amounts.ae
    if not amount:
        return None
    return _at(row, "evidence", f"{euros(amount)} certifiés sans aucune pièce jointe.", amount)


def _changed_since_certified(row: SavingRow) -> Finding | None:
    """Declared anew after a reviewer certified it: the certification no longer speaks of this amount."""
    if row.certification is None or not is_outdated(row):
        return None
    before = row.certification.declared
    field = "cp" if before.cp != row.declared.cp else "ae"
    then, now = (before.cp, row.declared.cp) if field == "cp" else (before.ae, row.declared.ae)
    message = (
        f"certifiée quand {euros(then)} étaient déclarés en {field.upper()}, {euros(now)} le sont à présent\u00a0: "
        "la certification est à revoir."
    )
    return _at(row, field, message, minus(now, then))


def _rule(
    code: str,
    title: str,
    severity: Severity,
    article: str,
    source: str,
    check: Callable[[SavingFacts], list[Finding]],
    *,
    by_text: bool = False,
) -> Rule:
    return Rule(code, title, severity, article, source, check, section="economies", by_text=by_text)


_BLOCKING, _WARNING, _INFO = Severity.BLOCKING, Severity.WARNING, Severity.INFO
_YEARLY = "Matérialisation annuelle des économies"
_LOLF = "LOLF, article 8"

RULES: Final = (
    _rule(
        "E01", "Économie inférieure au plan sans motif", _BLOCKING, "7", _YEARLY, _each_line(_unexplained), by_text=True
    ),
    _rule("E02", "Économie sans preuve", _WARNING, "7", _YEARLY, _each_line(_unproved)),
    _rule("E03", "Économie documentée sans pièce", _WARNING, "7", _YEARLY, _each_line(_documented_by_nothing)),
    _rule("E04", "Emplois redéployés comptés", _WARNING, "3", "Tableau des emplois", _each_line(_redeployed_counted)),
    _rule("E05", "Ligne d’économies sans rien de renseigné", _WARNING, "7", _YEARLY, _each_line(_nothing_reported)),
    _rule("E06", "Économie négative sans motif", _WARNING, "7", _YEARLY, _each_line(_negative)),
    _rule("E07", "AE et CP économisés différents", _INFO, "3", "Tableau des économies", _each_line(_ae_differs)),
    _rule("E08", "Économie certifiée sans pièce", _WARNING, "7", _YEARLY, _each_line(_certified_without_piece)),
    _rule("E09", "Économie certifiée puis modifiée", _WARNING, "7", _YEARLY, _each_line(_changed_since_certified)),
    _rule("E10", "Économie supérieure au plan sans motif", _WARNING, "7", _YEARLY, _each_line(_unexplained_excess)),
    _rule(
        "E11", "Titre 2 dont les AE économisées diffèrent des CP", _WARNING, "3", _LOLF, _each_line(_staff_ae_differs)
    ),
    _rule("E12", "Économie que le plan ne prévoit pas, sans motif", _WARNING, "7", _YEARLY, _each_line(_unplanned)),
)
