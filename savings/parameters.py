"""The parameters that each method of valuation takes, and what they are called."""

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.parts import Detail
from savings.enums import SavingsMethod

# Needed together, or not at all for a method that amounts alone can tell.
PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    SavingsMethod.SHARE_OF_BASE: ("base", "taux"),
    SavingsMethod.RAMP: ("postes", "cout_unitaire"),
    SavingsMethod.INTERNALISATION: ("prix_du_jour", "cout_interne"),
}
# Those given year by year: rates in percent, what is reached of a share in percent, expenses without the project and
# with it in euros, days done in house.
BY_YEAR: Final[Mapping[str, tuple[str, ...]]] = {
    SavingsMethod.SHARE_OF_BASE: ("montee",),
    SavingsMethod.RAMP: ("taux",),
    SavingsMethod.AVOIDED: ("sans_projet", "avec_projet"),
    SavingsMethod.INTERNALISATION: ("jours",),
}
# The parameter of a ramp that is a word: the category of its posts, where the contract says it.
CATEGORY: Final = "categorie"
LABELS: Final = {
    "base": "base (€)",
    "taux": "taux (%)",
    "montee": "montée en charge (%)",
    "postes": "postes (ETPT)",
    "cout_unitaire": "coût d’un emploi (€)",
    CATEGORY: "catégorie",
    "prix_du_jour": "prix du jour acheté (€)",
    "cout_interne": "coût du jour en interne (€)",
    "jours": "jours internalisés",
    "sans_projet": "dépense sans le projet (€)",
    "avec_projet": "dépense avec le projet (€)",
}


def details(method: str, years: Sequence[int]) -> list[Detail]:
    """Every parameter that a line of this method may have, those of each year last."""
    found = [Detail((name,), LABELS[name], _kind(name)) for name in PARAMETERS.get(method, ())]
    if method == SavingsMethod.RAMP:
        found.append(Detail((CATEGORY,), LABELS[CATEGORY], "text"))
    found += [
        Detail((name, str(year)), f"{LABELS[name]}, {year}", _kind(name))
        for name in BY_YEAR.get(method, ())
        for year in years
    ]
    return found


def _kind(name: str) -> str:
    return "amount" if LABELS[name].endswith("(€)") else "number"
