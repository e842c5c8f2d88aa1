"""The catalogue of checks: complete, explained, and the only source of anomalies."""

from typing import Any

import pytest

from contracts.checks.registry import (
    Anomaly,
    Check,
    Finding,
    Severity,
    UnregisteredCheck,
    anomalies_of,
    catalogue,
    check_of,
    key_of,
)
from contracts.models import ContractVersion
from contracts.services import load_contract_file
from monitoring import rules
from tests.budget.test_checks import PAIRS as BUDGET
from tests.budget.tranches.test_checks import PAIRS as TRANCHES
from tests.contracts.a_contract import TEXT, changed
from tests.contracts.checks.test_figures import PAIRS as FIGURES
from tests.contracts.checks.test_frame import PAIRS as FRAME
from tests.contracts.subprojects.test_checks import PAIRS as SUB_PROJECTS
from tests.fixtures_contracts import CODES
from tests.indicators.test_checks import PAIRS as INDICATORS
from tests.savings.test_checks import PAIRS as SAVINGS

PAIRS = {**FIGURES, **FRAME, **BUDGET, **TRANCHES, **SAVINGS, **INDICATORS, **SUB_PROJECTS}


def test_every_check_has_an_example_of_which_it_speaks_and_one_of_which_it_does_not() -> None:
    assert sorted(PAIRS) == [check.code for check in catalogue()]
    assert len(PAIRS) >= 15


@pytest.mark.parametrize("check", catalogue(), ids=lambda check: check.code)
def test_every_check_is_explained(check: Check) -> None:
    told = (check.title, check.looks_at, check.why, check.source, check.example)
    assert all(len(text) > 10 and text[0].isupper() for text in told)
    assert all(text.endswith(".") for text in (check.looks_at, check.why, check.example))
    assert check.seen_in in ("", *CODES)


def test_no_code_is_in_both_catalogues() -> None:
    assert not {check.code for check in catalogue()} & {rule.code for rule in rules.catalogue()}


def test_an_anomaly_comes_from_a_registered_check() -> None:
    """Neither an unknown code, nor a check that only borrows a known one."""
    known = check_of("A01")
    assert known is not None
    borrowed = Check("A01", "Autre", Severity.ERROR, "2", "", "", "", "", known.check)
    for check in (Check("Z99", "Inventé", Severity.ERROR, "2", "", "", "", "", known.check), borrowed):
        with pytest.raises(UnregisteredCheck):
            Anomaly(check, Finding("lieu", "Lieu", "Parce que."), "cle")
    assert Anomaly(known, Finding("lieu", "Lieu", "Parce que."), "cle").code == "A01"


def test_keys_are_made_for_an_address() -> None:
    assert key_of("A11", "agents 2021") == "A11-agents-2021"
    assert key_of("A80", "fiches[1].ftap") == "A80-fiches1-ftap"
    assert len(key_of("A80", "credits.lignes[3].annees.2021.ae" * 9)) <= 120
    assert key_of("A80", "x" * 300) != key_of("A80", "x" * 301)


def loaded(content: bytes) -> ContractVersion:
    return load_contract_file(file_name="phare.toml", content=content, actor=None).version


def of(content: bytes) -> dict[str, Anomaly]:
    return {one.key: one for one in anomalies_of(loaded(content))}


SOUND = {"A12-cost-ae", "A12-cost-cp", "A42-ditp", "A42-db", "A56-indicateurs", "A80-fiches1-ftap"} | {
    f"A81-{table}" for table in ("credits", "indicateurs")
}


def test_a_small_contract(db: None) -> None:
    """It was signed by its holder alone, its sheets leave out what the prefecture pays, it has one indicator."""
    assert of(TEXT.encode()).keys() == SOUND


BROKEN = {
    "A01-total-ftap": ("valeur = 180\n", "valeur = 190\n", "imprimé 190 k€, calculé 180 k€, écart 10 k€"),
    "A06-fiche-1": ("part_ftap = 60.00", "part_ftap = 61.00", "imprimé 61 %, calculé 60 %, écart 1 point"),
    "A32-activite-03490101110": ('code = "034901011101"', 'code = "03490101110"', "11 caractères au lieu de 12"),
    "A40-signataires": ("date = 2020-05-06", 'date = "illisible"', "Anne DURAND"),
    "A41-contrat": ("date = 2020-05-06", 'date = "illisible"', "ne porte pas de date lisible"),
    "A10-agents-2020": ('ae = "illisible", cp = 60', "ae = 70, cp = 60", "70 000 € d’AE pour 60 000 € de CP"),
    "A11-etudes": ("cp = 99.5", "cp = 90", "180 000 € d’AE pour 170 500 € de CP"),
    "A20-emplois-2021": (
        "ae = 49.5, cp = 49.5 }",
        'ae = 60, cp = 60 }\nmotif_ecart = "Promis par le ministère"',
        "imprimé 60 000 €, calculé 49 500 €, écart 10 500 €",
    ),
    "A45-lancement": ('fin = "2020-T4"', 'fin = "2023-T1"', "31/03/2023"),
    "A50-satisfaction": ("date = 2021-12-31", "date = 2023-12-31", "cible au 31/12/2023"),
}


@pytest.mark.parametrize(("key", "old", "new", "told"), [(key, *case) for key, case in BROKEN.items()])
def test_a_file_broken_in_one_place(db: None, key: str, old: str, new: str, told: str) -> None:
    found = of(changed(old, new))
    assert key in found
    assert told in found[key].text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_ramp_is_recomputed(db: None) -> None:
    ramp = changed(
        'methode = "postes"',
        'methode = "rampe"\nparametres = { postes = 3, cout_unitaire = 33000, taux.2021 = 40 }\nmotif_ecart = "Promis"',
    )
    assert of(ramp)["A21-emplois-2021"].computed == "39\u202f600\u00a0€"


def test_the_fingerprint_holds_the_figures_and_nothing_else(db: None) -> None:
    """The same gap has the same fingerprint; another printed figure, or another computed one, has not."""
    wrong = of(changed("valeur = 180\n", "valeur = 190\n"))["A01-total-ftap"]
    check = wrong.check
    same = Anomaly(check, Finding("total-ftap", "Ailleurs", "Dit autrement.", *_figures(wrong)), wrong.key)
    other = Anomaly(check, Finding("total-ftap", "Total", "", "191 k€", *_figures(wrong)[1:]), wrong.key)
    assert same.fingerprint == wrong.fingerprint != other.fingerprint


def _figures(one: Anomaly) -> tuple[str, str, str]:
    return one.printed, one.computed, one.difference


def test_what_contradicts_comes_first(cap2030: ContractVersion) -> None:
    severities = [one.severity for one in anomalies_of(cap2030)]
    assert severities == sorted(severities, key=list(Severity).index)


def test_queries_do_not_grow_with_the_contract(
    cap2030: ContractVersion, incub_o: ContractVersion, django_assert_max_num_queries: Any
) -> None:
    for version in (cap2030, incub_o):
        with django_assert_max_num_queries(QUERIES):
            anomalies_of(version)


QUERIES = 29
