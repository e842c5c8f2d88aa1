"""Open anomalies: each rule on the small contract, then what the four real contracts show."""

from collections import Counter
from typing import Any

import pytest

from contracts.anomalies import Anomaly, Severity, open_anomalies
from contracts.models import ContractVersion
from contracts.services import load_contract_file
from tests.contracts.a_contract import TEXT, changed

pytestmark = pytest.mark.django_db


def anomalies_of(content: bytes) -> dict[str, Anomaly]:
    version = load_contract_file(file_name="phare.toml", content=content, actor=None).version
    return {anomaly.code: anomaly for anomaly in open_anomalies(version.contract, version)}


def test_a_sound_contract_only_shows_its_readings() -> None:
    assert set(anomalies_of(TEXT.encode())) == {"reading_corrected", "reading_unreadable", "sheets_budget"}


BROKEN = {
    "stated_difference": ("valeur = 180\n", "valeur = 190\n", "imprimé 190 k€, calculé 180 k€, écart 10 k€"),
    "sheet_share": ("part_ftap = 60.00", "part_ftap = 61.00", "imprimé 61 %, calculé 60 %, écart 1 point"),
    "nomenclature_code": ('code = "034901011101"', 'code = "03490101110"', "11 caractères au lieu de 12"),
    "signature_undated": ("date = 2020-05-06", 'date = "illisible"', "Anne DURAND"),
    "contract_undated": ("date = 2020-05-06", 'date = "illisible"', "ne porte pas de date lisible"),
    "t2_ae_cp": ('ae = "illisible", cp = 60', "ae = 70, cp = 60", "70 000 € d’AE pour 60 000 € de CP"),
    "line_ae_cp": ("cp = 99.5", "cp = 90", "180 000 € d’AE pour 170 500 € de CP"),
    "savings_method": (
        "ae = 49.5, cp = 49.5",
        "ae = 60, cp = 60",
        "imprimé 60 000 €, calculé 49 500 €, écart 10 500 €",
    ),
}


@pytest.mark.parametrize(("code", "old", "new", "told"), [(code, *case) for code, case in BROKEN.items()])
def test_each_rule(code: str, old: str, new: str, told: str) -> None:
    found = anomalies_of(changed(old, new))
    assert code in found
    assert told in found[code].text.replace("\u00a0", " ").replace("\u202f", " ")


def test_sheets_are_held_against_lines() -> None:
    """Sheets: 300 000 € of which 180 000 of FTAP; lines: 180 000 € of FTAP, 240 000 € of CP in all."""
    found = anomalies_of(TEXT.encode())["sheets_budget"]
    assert (found.printed, found.computed) == ("300\u202f000\u00a0€", "240\u202f000\u00a0€")


def test_a_ramp_and_a_share_of_base_are_recomputed() -> None:
    ramp = changed(
        'methode = "postes"', 'methode = "rampe"\nparametres = { postes = 3, cout_unitaire = 33000, taux.2021 = 40 }'
    )
    assert anomalies_of(ramp)["savings_method"].computed == "39\u202f600\u00a0€"


def codes_of(version: ContractVersion) -> Counter[str]:
    return Counter(anomaly.code for anomaly in open_anomalies(version.contract, version))


def test_cap2030(cap2030: ContractVersion) -> None:
    found = codes_of(cap2030)
    assert {
        "stated_difference": 3,
        "sheets_budget": 2,
        "line_ae_cp": 1,
        "savings_share_of_base": 1,
    }.items() <= found.items()
    assert "savings_method" not in found


def test_lab_minnov_codes(lab_minnov: ContractVersion) -> None:
    found = [each for each in open_anomalies(lab_minnov.contract, lab_minnov) if each.code == "nomenclature_code"]
    assert [each.printed for each in found] == ["0348-CDBU-CINT", "34901018801", "34901018801"]
    assert found[0].explanation.endswith("désigne le programme 0348 et non 0349.")


def test_what_contradicts_comes_first(cap2030: ContractVersion) -> None:
    severities = [anomaly.severity for anomaly in open_anomalies(cap2030.contract, cap2030)]
    assert severities == sorted(severities, key=list(Severity).index)


def test_queries_do_not_grow_with_the_contract(
    cap2030: ContractVersion, incub_o: ContractVersion, django_assert_max_num_queries: Any
) -> None:
    for version in (cap2030, incub_o):
        with django_assert_max_num_queries(18):
            open_anomalies(version.contract, version)
