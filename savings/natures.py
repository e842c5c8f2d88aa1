"""What contract files call the nature of a saving, in French. Pure."""

from typing import Final

_CODES: Final = {
    "personnel": "Personnel",
    "prestations": "Prestations",
    "logiciels": "Logiciels",
    "materiel": "Matériel",
    "formation": "Formation",
    "immobilier": "Immobilier",
    "communication": "Communication",
    "deplacements": "Déplacements",
    "subvention": "Subvention",
    "autre": "Autre",
    "non_precisee": "Non précisée",
}


def nature_label(nature: str) -> str:
    """`Déplacements` for « deplacements »; a nature that has no code is written out already, but for its capital."""
    return _CODES.get(nature) or f"{nature[:1].upper()}{nature[1:]}"
