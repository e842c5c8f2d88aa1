"""Certifying a declared saving, pure: what a reviewer wrote, what they may not write. In euros."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures.ae_cp import AeCp, total_ae_cp
from figures.formats import euros
from savings.entry import T2, SavingRow

STAFF_DIFFERS: Final = "En titre 2, les AE égalent les CP\u00a0: certifiez le même montant des deux côtés."


@dataclass(frozen=True, slots=True)
class CertificationEntry:
    """What a reviewer types for one saving. `seen` is what they had read (`seen_of`); None writes over anything.

    AE and CP: None is « not certified », 0 recognises nothing. `reason` is that of this certification or change.
    """

    row: int
    ae: Decimal | None
    cp: Decimal | None
    level: str
    reason: str = ""
    seen: str | None = None

    @property
    def amounts(self) -> AeCp:
        return AeCp(self.ae, self.cp)


@dataclass(frozen=True, slots=True)
class CertificationTotals:
    """Three sums that are never added to one another; lines that do not count (redeployed, unvalued) are left out.

    `is_lost`: the scan lost amounts that the contract promises on them.
    """

    planned: AeCp
    declared: AeCp
    certified: AeCp
    is_lost: bool


def seen_of(row: SavingRow) -> str:
    """What a reviewer has read of a row: changes with the declaration and with its certification."""
    return f"{row.revision}.{row.certification.revision if row.certification else '-'}"


def is_outdated(row: SavingRow) -> bool:
    """Whether the declaration has changed since it was certified: the certification is to be looked at again."""
    return row.certification is not None and row.certification.declared != row.declared


def is_change(row: SavingRow, entry: CertificationEntry) -> bool:
    """Whether the entry says anything new of the row."""
    held = row.certification
    if held is None:
        return entry.amounts.is_reported or bool(entry.reason)
    return bool(entry.reason) or (held.amounts, held.level) != (entry.amounts, entry.level)


def changes_of(
    rows: Mapping[int, SavingRow], entries: Iterable[CertificationEntry]
) -> list[tuple[SavingRow, CertificationEntry]]:
    """The entries that say anything new, each with its row. Raises `KeyError` for an entry of no row."""
    return [(rows[entry.row], entry) for entry in entries if is_change(rows[entry.row], entry)]


def refused_cells(changes: Iterable[tuple[SavingRow, CertificationEntry]]) -> dict[int, dict[str, str]]:
    """The refusals of each row that has some, by the key of the row."""
    return {row.pk: found for row, entry in changes if (found := refusals(row, entry))}


def refusals(row: SavingRow, entry: CertificationEntry) -> dict[str, str]:
    """Why the entry is refused, by field, in French; empty when it is not."""
    if not entry.amounts.is_reported:
        if row.certification:
            return {"ae": "Pour retirer une certification, tapez 0 et donnez-en le motif."}
        return {"ae": "Tapez le montant certifié, 0 si rien n’est reconnu."}
    if not entry.level:
        return {"level": "Choisissez le niveau de la certification."}
    if wrong := _beyond(row.declared, entry.amounts) or _unlike(row.titre, entry.amounts):
        return wrong
    if row.certification and not entry.reason:
        return {"reason": "Vous changez une certification\u00a0: donnez-en le motif."}
    return {}


def _beyond(declared: AeCp, certified: AeCp) -> dict[str, str]:
    """What is certified beyond what is declared, by field: nobody certifies what they alone say (domain § 5)."""
    found = {}
    for field, said, held in (("ae", declared.ae, certified.ae), ("cp", declared.cp, certified.cp)):
        if held and held < min(said or 0, 0):
            found[field] = "Un montant négatif ne se certifie que si la déclaration l’est autant."
        if held and held > (said or 0):
            told = f"dépasse le déclaré de {euros(held - said)}" if said is not None else "n’est déclaré par personne"
            found[field] = f"Ce montant {told}\u00a0: renvoyez le dossier pour que le porteur le déclare."
    return found


def _unlike(titre: str, certified: AeCp) -> dict[str, str]:
    """AE and CP that differ in titre 2 (domain § 4); one of the two alone is not judged."""
    differs = titre == T2 and certified.is_whole and certified.ae != certified.cp
    return {"ae": STAFF_DIFFERS} if differs else {}


def totals(rows: Iterable[SavingRow]) -> CertificationTotals:
    """What is planned, declared and certified over the lines that count."""
    kept = [row for row in rows if row.counts]
    return CertificationTotals(
        total_ae_cp(row.planned for row in kept),
        total_ae_cp(row.declared for row in kept),
        total_ae_cp(row.certification.amounts for row in kept if row.certification),
        any(row.is_lost for row in kept),
    )
