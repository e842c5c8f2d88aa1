"""Checks of the budget codes of the annex of nomenclatures (`figures.codes` reads them)."""

from collections.abc import Iterator
from typing import Final

from contracts.checks.frame import CodeFact, FrameFacts
from contracts.checks.registry import Check, Finding, Severity
from contracts.enums import CodeKind
from figures.codes import (
    ACTIVITY_LENGTH,
    CodeFinding,
    Defect,
    check_activity_code,
    check_centre_financier,
    check_domaine_fonctionnel,
    is_programme,
)

_READERS: Final = {
    CodeKind.CENTRE_FINANCIER: check_centre_financier,
    CodeKind.DOMAINE_FONCTIONNEL: check_domaine_fonctionnel,
    CodeKind.ACTIVITE: check_activity_code,
}


def foreign_programme(facts: FrameFacts) -> Iterator[Finding]:
    """The programme of a code; that of a code whose length is wrong is told only where it begins as programmes do."""
    return _with(facts, Defect.PROGRAMME)


def malformed(facts: FrameFacts) -> Iterator[Finding]:
    return _with(facts, Defect.FORM)


def wrong_length(facts: FrameFacts) -> Iterator[Finding]:
    return _with(facts, Defect.LENGTH)


def no_code(facts: FrameFacts) -> Iterator[Finding]:
    if not facts.codes:
        yield Finding(
            locus="nomenclature",
            where="Annexe des nomenclatures",
            explanation="Le contrat ne porte ni cadre de gestion, ni domaine fonctionnel, ni code d’activité\u00a0: "
            "ses crédits ne peuvent pas être retrouvés dans les comptes.",
        )


def _with(facts: FrameFacts, defect: Defect) -> Iterator[Finding]:
    for code in facts.codes:
        found = _READERS[CodeKind(code.kind)](code.printed, facts.programme)
        yield from (_finding(code, one) for one in found if one.defect is defect and _is_told(one, found))


def _is_told(one: CodeFinding, found: tuple[CodeFinding, ...]) -> bool:
    """A code that lost or gained a character tells its programme when it begins with one: 0348, and not 3480."""
    is_cut = any(each.defect is Defect.LENGTH for each in found)
    return one.defect is not Defect.PROGRAMME or not is_cut or is_programme(one.code[:4])


def _finding(code: CodeFact, found: CodeFinding) -> Finding:
    return Finding(locus=f"{code.kind} {found.code}", where=code.label, printed=code.printed, explanation=found.message)


_ANNEX: Final = "annexe"
_SOURCE: Final = "Annexe des nomenclatures ; formats des codes de programme 349"

CODES: Final = (
    Check(
        "A30",
        "Code d’un autre programme",
        Severity.ERROR,
        _ANNEX,
        "Les quatre premiers caractères de chaque code de l’annexe, comparés au programme du contrat. Un code de "
        "longueur fausse n’est jugé que s’il commence comme un programme, par un zéro.",
        "Un cadre de gestion d’un autre programme impute la dépense hors du fonds. Le code est montré, jamais corrigé.",
        _SOURCE,
        "Lab MINNOV : le cadre de gestion imprimé, 0348-CDBU-CINT, désigne le programme 0348 ; le domaine fonctionnel "
        "de la même annexe est au 0349.",
        foreign_programme,
        seen_in="lab-minnov",
    ),
    Check(
        "A31",
        "Code mal formé",
        Severity.ERROR,
        _ANNEX,
        "La forme de chaque code : programme-BOP-UO, programme-action, lettres et chiffres d’une activité. Les espaces "
        "et le préfixe XX00/ sont admis.",
        "Un code qui n’a pas sa forme n’existe pas dans les comptes : rien ne pourra y être rapproché.",
        _SOURCE,
        "Lean management : le domaine fonctionnel imprimé, 0349-0101B501, porte « B501 » après l’action.",
        malformed,
        seen_in="lean-management",
    ),
    Check(
        "A32",
        "Code d’activité de longueur fausse",
        Severity.ERROR,
        _ANNEX,
        f"La longueur de chaque code d’activité Chorus : {ACTIVITY_LENGTH} caractères.",
        "Un caractère perdu ou ajouté désigne une autre activité, ou aucune.",
        _SOURCE,
        "Lab MINNOV : 34901018801 compte 11 caractères ; le zéro de tête manque sans doute.",
        wrong_length,
        seen_in="lab-minnov",
    ),
    Check(
        "A33",
        "Contrat sans code budgétaire",
        Severity.WARNING,
        _ANNEX,
        "La présence d’au moins un code dans l’annexe des nomenclatures.",
        "Sans code, une consommation déclarée ne peut pas être comparée aux comptes.",
        _SOURCE,
        "CAP2030 : l’annexe des nomenclatures manque au texte numérisé.",
        no_code,
        seen_in="cap2030",
    ),
)
