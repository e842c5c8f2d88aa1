"""Where an error of a contract file stands, in the words of who reads pages: a line by its name, a year, a figure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from contracts.contract_file.errors import FileError

NAMED_BY: Final = ("libelle", "intitule", "nom", "code", "id")
"""What names an element of a list in the file, the best first."""
WORDS: Final[Mapping[str, str]] = {
    "contrat": "Contrat",
    "credits": "Crédits",
    "economies": "Économies",
    "indicateurs": "Indicateurs",
    "fiches": "Fiches projet",
    "jalons": "Calendrier",
    "codes": "Nomenclatures",
    "chiffres_affiches": "Chiffres affichés",
    "ae": "AE",
    "cp": "CP",
    "derniere_annee": "dernière année de financement",
    "premiere_annee": "première année de financement",
    "methode": "méthode",
    "categorie": "catégorie",
    "perenne": "montant pérenne",
    "cout": "coût",
    "ftap": "part du FTAP",
}
SILENT: Final = frozenset({"lignes", "annees"})
"""Tables whose elements speak for themselves."""
_STEP: Final = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def told(error: FileError, data: Mapping[str, Any]) -> str:
    """« Crédits, « Études », 2021, AE : … »: the error at its line of the file's own tables."""
    message = error.message.replace("Cette clé", "Cette donnée")
    where = place(error.path, data)
    value = f" ({error.value})" if error.value and not error.value.startswith(("{", "[")) else ""
    return f"{where}{value}\u00a0: {message}" if where else message


def place(path: str, data: Mapping[str, Any]) -> str:
    """The place of a path in French; a step that nothing names keeps its own word."""
    words: list[str] = []
    here: Any = data
    for key, rank in _STEP.findall(path):
        here = here.get(key) if isinstance(here, Mapping) else None
        if key not in SILENT:
            words.append(WORDS.get(key, key.replace("_", " ")))
        if rank:
            here = here[int(rank) - 1] if isinstance(here, list) and int(rank) <= len(here) else None
            words.append(_name(here) or f"n°\u00a0{rank}")
    return ", ".join(words)


def _name(element: Any) -> str:
    if not isinstance(element, Mapping):
        return ""
    name = next((str(element[key]) for key in NAMED_BY if element.get(key)), "")
    return f"«\u00a0{name}\u00a0»" if name else ""
