"""Checks of what the scan of a contract lost, or what its own columns forced to correct."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.checks.frame import FrameFacts, ReadingFact
from contracts.checks.registry import Check, Finding, Severity

_TABLES: Final = {
    "contrat": ("Identité du contrat", ""),
    "signataires": ("Signatures", "signatures"),
    "fiches": ("Fiches projet", "2"),
    "credits": ("Plan de financement", "2"),
    "economies": ("Économies", "3"),
    "calendrier": ("Calendrier", "4.1"),
    "indicateurs": ("Indicateurs", "5"),
    "chiffres_affiches": ("Chiffres affichés", ""),
    "nomenclature": ("Annexe des nomenclatures", "annexe"),
}


def corrected(facts: FrameFacts) -> Iterator[Finding]:
    """A value that the other columns of the contract force: the printed one, the one kept, and the evidence."""
    for one in facts.readings:
        if one.is_corrected:
            yield Finding(
                locus=one.path,
                where=one.label,
                article=_table(one)[1],
                printed=one.printed,
                explanation=f"Valeur retenue\u00a0: {one.retained}. {one.evidence}",
                judged=(one.retained,),
            )


def unreadable(facts: FrameFacts) -> Iterator[Finding]:
    """What cannot be read, table by table: nothing is invented to fill it."""
    for table, rows in _by_table(facts.readings).items():
        name, article = _table(rows[0])
        lost = f"{len(rows)} valeurs" if len(rows) > 1 else rows[0].label
        yield Finding(
            locus=table,
            where=name,
            article=article,
            printed=lost,
            explanation="La numérisation ne permet pas de les lire\u00a0; rien n’est inventé."
            if len(rows) > 1
            else "La numérisation ne permet pas de lire cette valeur\u00a0; rien n’est inventé.",
            judged=tuple(one.path for one in rows),
        )


def _by_table(readings: Sequence[ReadingFact]) -> dict[str, list[ReadingFact]]:
    found: dict[str, list[ReadingFact]] = defaultdict(list)
    for one in readings:
        if not one.is_corrected:
            found[_head(one.path)].append(one)
    return found


def _head(path: str) -> str:
    """The table that a path begins with: `credits` for `credits.lignes[3].annees.2021.ae`."""
    return path.partition(".")[0].partition("[")[0]


def _table(one: ReadingFact) -> tuple[str, str]:
    return _TABLES.get(_head(one.path), (one.label, ""))


READINGS: Final = (
    Check(
        "A80",
        "Valeur corrigée à la lecture",
        Severity.INFO,
        "",
        "Chaque valeur du contrat numérisé que ses autres colonnes contredisent, et la preuve de celle retenue.",
        "La valeur imprimée n’est jamais effacée : qui la lit dans l’acte doit savoir pourquoi le suivi en retient une "
        "autre.",
        "Contrat numérisé, tel que son fichier le transcrit",
        "CAP2030 : le FTAP de la fiche 1 se lit 236 200 € ; sa part imprimée, 43,67 % de 545 475 €, et le total du "
        "FTAP n’admettent que 238 200 €.",
        corrected,
        seen_in="cap2030",
    ),
    Check(
        "A81",
        "Valeurs illisibles",
        Severity.INFO,
        "",
        "Les valeurs que la numérisation a perdues, table par table.",
        "Elles restent « non renseigné » : un zéro inventé fausserait les totaux.",
        "Contrat numérisé, tel que son fichier le transcrit",
        "Lab MINNOV : les montants du plan de financement ne se rattachent à aucune année.",
        unreadable,
        seen_in="lab-minnov",
    ),
)
