"""Budget codes of an execution annex, and the titres of the LOLF.

Codes are normalised (spaces, `XX00/` prefix) and checked; what is wrong is shown, never corrected.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

PROGRAMME_FTAP: Final = "0349"
ACTIVITY_LENGTH: Final = 12
PROGRAMME_FORM: Final = "Programme inconnu\u00a0: quatre chiffres, dont le premier est 0, par exemple 0349."


class Nomenclature(IntEnum):
    """Which list a code belongs to."""

    PROGRAMME = 1
    CENTRE_FINANCIER = 2
    DOMAINE_FONCTIONNEL = 3
    ACTIVITY = 4

    @property
    def label(self) -> str:
        return ("programme", "centre financier", "domaine fonctionnel", "code d’activité")[self - 1]


class Defect(IntEnum):
    """In what a code is wrong: it has not its form, not its length, or is of another programme."""

    FORM = 1
    LENGTH = 2
    PROGRAMME = 3


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """What is wrong in a code, and where: characters `start` to `end` (excluded) of the normalised code."""

    nomenclature: Nomenclature
    code: str
    start: int
    end: int
    message: str
    defect: Defect = Defect.FORM


class Titre(IntEnum):
    """The seven titres of expense of the State (LOLF, art. 5)."""

    POUVOIRS_PUBLICS = 1
    PERSONNEL = 2
    FONCTIONNEMENT = 3
    DETTE = 4
    INVESTISSEMENT = 5
    INTERVENTION = 6
    OPERATIONS_FINANCIERES = 7

    @property
    def code(self) -> str:
        """`T3`."""
        return f"T{self.value}"

    @property
    def label(self) -> str:
        """The words of article 5 of the LOLF."""
        return _TITRE_LABELS[self.value - 1]

    @property
    def is_ht2(self) -> bool:
        return self is not Titre.PERSONNEL


_TITRE_LABELS: Final = (
    "Dotations des pouvoirs publics",
    "Dépenses de personnel",
    "Dépenses de fonctionnement",
    "Charges de la dette de l’État",
    "Dépenses d’investissement",
    "Dépenses d’intervention",
    "Dépenses d’opérations financières",
)
HT2: Final = frozenset(titre for titre in Titre if titre.is_ht2)


def normalise_code(text: str) -> str:
    """The code in capitals without its spaces, with plain hyphens and without an optional `XX00/` prefix."""
    bare = re.sub(r"\s+", "", text).upper()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"^[A-Z]{2}00/", "", bare))


def is_programme(text: str) -> bool:
    """Whether it is written as a programme of the State: `0349`, and neither `349`, `9999` nor `0012`."""
    return re.fullmatch(r"0[1-9][0-9]{2}", text) is not None


def check_programme(text: str, programme: str = PROGRAMME_FTAP) -> tuple[CodeFinding, ...]:
    """`349`, `0349` and `P349` are the programme 0349; anything else is a finding."""
    code = normalise_code(text)
    match = re.fullmatch(r"P?0?([0-9]{3})", code)
    if match is None:
        return (_whole(Nomenclature.PROGRAMME, code, "n’est pas un numéro de programme (trois chiffres)"),)
    return _foreign(Nomenclature.PROGRAMME, code, f"0{match[1]}", programme, len(code))


def check_centre_financier(text: str, programme: str = PROGRAMME_FTAP) -> tuple[CodeFinding, ...]:
    """`0349-CDBU-DR31`: programme, BOP of four characters, UO of two to four characters or none."""
    code = normalise_code(text)
    if not re.fullmatch(r"[0-9]{4}-[0-9A-Z]{4}(?:-[0-9A-Z]{2,4})?", code):
        expected = "n’a pas la forme programme-BOP-UO, par exemple 0349-CDBU-DR31"
        return (_whole(Nomenclature.CENTRE_FINANCIER, code, expected),)
    return _foreign(Nomenclature.CENTRE_FINANCIER, code, code[:4], programme)


def check_domaine_fonctionnel(text: str, programme: str = PROGRAMME_FTAP) -> tuple[CodeFinding, ...]:
    """`0349-01` or `0349-01-02`: programme, action, sub-action. An activity written there is a finding."""
    code = normalise_code(text)
    match = re.fullmatch(r"([0-9]{4})-[0-9]{2}(?:-?[0-9]{2})?(.*)", code)
    if match is None:
        expected = "n’a pas la forme programme-action, par exemple 0349-01"
        return (_whole(Nomenclature.DOMAINE_FONCTIONNEL, code, expected),)
    findings = _foreign(Nomenclature.DOMAINE_FONCTIONNEL, code, match[1], programme)
    if not match[2]:
        return findings
    message = _sentence(Nomenclature.DOMAINE_FONCTIONNEL, code, f"porte «\u00a0{match[2]}\u00a0» après l’action")
    return (*findings, CodeFinding(Nomenclature.DOMAINE_FONCTIONNEL, code, match.start(2), len(code), message))


def check_activity_code(text: str, programme: str = PROGRAMME_FTAP) -> tuple[CodeFinding, ...]:
    """`034901011101`: twelve letters or digits that begin with the programme."""
    code = normalise_code(text)
    findings = []
    if not re.fullmatch(r"[0-9A-Z]+", code):
        findings.append(_whole(Nomenclature.ACTIVITY, code, "n’est pas fait de chiffres et de lettres"))
    if len(code) != ACTIVITY_LENGTH:
        length = f"compte {len(code)} caractère{'s' if len(code) > 1 else ''} au lieu de {ACTIVITY_LENGTH}"
        findings.append(_whole(Nomenclature.ACTIVITY, code, length, Defect.LENGTH))
    return (*findings, *_foreign(Nomenclature.ACTIVITY, code, code[:4], programme))


def _foreign(
    nomenclature: Nomenclature, code: str, found: str, programme: str, end: int = 4
) -> tuple[CodeFinding, ...]:
    if found == programme:
        return ()
    message = _sentence(nomenclature, code, f"désigne le programme {found or 'vide'} et non {programme}")
    return (CodeFinding(nomenclature, code, 0, min(end, len(code)), message, Defect.PROGRAMME),)


def _whole(nomenclature: Nomenclature, code: str, what: str, defect: Defect = Defect.FORM) -> CodeFinding:
    return CodeFinding(nomenclature, code, 0, len(code), _sentence(nomenclature, code, what), defect)


def _sentence(nomenclature: Nomenclature, code: str, what: str) -> str:
    label = nomenclature.label
    return f"{label[0].upper()}{label[1:]} «\u00a0{code}\u00a0»\u00a0: {what}."
