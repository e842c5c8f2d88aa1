"""Every anomaly of the four contracts, by code and place: found by a check, none written by hand."""

from collections.abc import Mapping

import pytest

from contracts.checks.registry import anomalies_of, catalogue, key_of
from contracts.models import Contract, Observation

KNOWN: dict[str, dict[str, list[str]]] = {
    "cap2030": {
        "A01": ["financement-ftap-cumul-ae"],
        "A02": ["projets-part-ftap"],
        "A03": ["deplacements-exercices"],
        "A04": ["portables-taux-depart", "portables-taux-a-trois-ans"],
        "A11": ["ftap"],
        "A12": ["cost ae", "ftap ae"],
        "A22": ["deplacements"],
        "A33": ["nomenclature"],
        "A34": ["consultants 2020"],
        "A52": ["comptes-osmose"],
        "A81": ["calendrier", "chiffres_affiches"],
    },
    "incub-o": {
        "A01": [
            *(f"total-a3-t3-cofinancement-{cell}" for cell in ("2018-cp", "2019-ae", "2019-cp", "2020-ae", "2020-cp")),
            "total-a3-t3-cofinancement-2021-ae",
            "total-a3-t3-cofinancement-2021-cp",
            *(f"total-a3-t3-{cell}" for cell in ("2018-cp", "2019-ae", "2019-cp", "2020-ae", "2020-cp", "2021-ae")),
            "total-a3-t3-2021-cp",
            *(f"total-a3-{cell}" for cell in ("2018-cp", "2019-ae", "2019-cp", "2020-ae", "2020-cp", "2021-ae")),
            "total-a3-2021-cp",
            "total-2021-ae",
        ],
        "A02": [f"agents-sensibilises-part-{year}" for year in (2019, 2020, 2021)],
        "A03": ["economies-texte"],
        "A04": ["prototypes-deux-vagues", "calendrier-annees"],
        "A18": ["a1-t2-coordinatrice", "a1-t2-ingenieur-si", "a1-t2-referents-dr"],
        "A40": ["signataires"],
        "A41": ["contrat"],
        "A51": ["delai-traitement", *(f"satisfaction-axe-{axis}" for axis in (1, 2, 3, 4))],
        "A57": ["economies"],
        "A81": ["calendrier"],
    },
    "lab-minnov": {
        "A24": ["economies"],
        "A30": ["centre_financier 0348-CDBU-CINT"],
        "A32": ["activite 34901018801"],
        "A40": ["signataires"],
        "A47": ["tranches"],
        "A48": ["comites"],
        "A49": ["mise-en-place", "ouverture"],
        "A50": ["projets-accompagnes", "formations-dispensees", "satisfaction-usagers", "participants-activites"],
        "A51": ["participants-activites"],
        "A58": ["projets-accompagnes", "formations-dispensees", "satisfaction-usagers"],
        "A81": ["contrat", "signataires", "credits", "economies", "indicateurs"],
    },
    "lean-management": {
        "A02": ["part-cofinancement"],
        "A04": [
            *("cycles-article-2", "cycles-article-4"),
            *("directeur-de-projet", "cofinancements-personnel", "programme-total-general"),
        ],
        "A24": ["economies"],
        "A31": ["domaine_fonctionnel 0349-0101B501"],
        "A32": ["activite 0349"],
        "A42": ["db"],
        "A54": ["projets-qualite-service", "projets-conditions-travail"],
    },
}
POSTS = "economies.lignes[1].postes"
CORRECTED = {
    "cap2030": [
        *("fiches[1].ftap", "fiches[7].cout", "fiches[15].ftap", "economies.lignes[1].perenne.cp"),
        *(f"{POSTS}[{rank}].annees.{year}.redeployes" for rank in (1, 2, 3) for year in range(2020, 2024)),
        *(f"{POSTS}[{rank}].annees.{year}.supprimes" for rank in (1, 2) for year in range(2020, 2024)),
        *(f"{POSTS}[3].annees.{year}.supprimes" for year in range(2021, 2024)),
        *("fiches[1].thematique", "fiches[4].intitule", "fiches[6].thematique", "fiches[6].intitule"),
        "credits.lignes[1].libelle",
    ],
    "incub-o": [
        *(f"economies.lignes[{rank}].perenne.{kind}" for rank in (1, 2, 3, 4) for kind in ("ae", "cp")),
        *(f"credits.lignes[{rank}].libelle" for rank in (2, 3, 5, 6, 7, 9, 11)),
        *(f"credits.lignes[{rank}].groupe" for rank in (3, 4, 11, 12)),
    ],
    "lab-minnov": ["contrat.premiere_annee", "credits.lignes[3].libelle", "indicateurs[5].libelle"],
    "lean-management": [
        *("credits.lignes[1].annees.2023.cp", "credits.lignes[2].annees.2023.ae", "credits.lignes[6].annees.2023.cp"),
        *("credits.lignes[2].annees.2025.ae", "credits.lignes[6].annees.2024.ae", "credits.lignes[6].annees.2024.cp"),
    ],
}


@pytest.mark.parametrize("code", KNOWN)
def test_anomalies_of_a_contract(loaded_contracts: Mapping[str, Contract], code: str) -> None:
    found = anomalies_of(loaded_contracts[code].versions.get(number=0))
    known = KNOWN[code] | {"A80": CORRECTED[code]}
    expected = [key_of(check, locus) for check, loci in known.items() for locus in loci]
    assert sorted(one.key for one in found) == sorted(expected)


def test_each_example_of_a_real_contract_is_found_there(loaded_contracts: Mapping[str, Contract]) -> None:
    found = {
        code: {one.code for one in anomalies_of(contract.versions.get(number=0))}
        for code, contract in loaded_contracts.items()
    }
    told = [check for check in catalogue() if check.seen_in]
    assert len(told) >= 15
    assert [check.code for check in told if check.code not in found[check.seen_in]] == []


def test_a_note_is_never_an_anomaly(loaded_contracts: Mapping[str, Contract]) -> None:
    """What a reader noted stays beside what the checks find: its text is in none of them."""
    notes = set(Observation.objects.values_list("text", flat=True))
    said = {
        one.explanation
        for contract in loaded_contracts.values()
        for one in anomalies_of(contract.versions.get(number=0))
    }
    assert len(notes) > 20
    assert not notes & said
