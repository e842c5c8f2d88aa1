"""Codes, dates, signatures, governance and readings: each check on a frame that is wrong in one place, and right."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.checks.frame import CodeFact, FrameFacts, PhaseFact, ReadingFact, SignatoryFact
from tests.contracts.checks.examples import Pair, assert_pair, findings

SIGNED = date(2021, 5, 31)
ACTIVITY = CodeFact("activite", "Activité", "034901011101")
SOUND = FrameFacts(
    name="Contrat signé",
    programme="0349",
    first_year=2020,
    last_year=2022,
    first_tranche_year=2020,
    tranches_decided_from=2021,
    is_signature=True,
    signed_on=SIGNED,
    in_force_from=SIGNED,
    codes=(CodeFact("centre_financier", "Cadre de gestion", "0349-CDBU- DR 31"), ACTIVITY),
    signatories=(
        SignatoryFact("Anne DURAND", "porteur", date(2021, 5, 6)),
        SignatoryFact("Jean PETIT", "ditp", SIGNED),
        SignatoryFact("Lise MARTIN", "db", SIGNED),
    ),
    parties=(("porteur", "sgar"), ("ditp", "ditp"), ("db", "db")),
    phases=(PhaseFact("lancement", "Lancement", date(2020, 4, 1), date(2022, 12, 31)),),
    committees=("Comité de pilotage",),
    readings=(),
)


def wrong(**changes: Any) -> FrameFacts:
    return replace(SOUND, **changes)


def code(kind: str, printed: str) -> FrameFacts:
    return wrong(codes=(CodeFact(kind, "Code", printed),))


def phase(starts_on: date, ends_on: date) -> FrameFacts:
    return wrong(phases=(PhaseFact("fin", "Généralisation", starts_on, ends_on),))


def reading(*, is_corrected: bool) -> FrameFacts:
    kept = ("236200", "238200", "La part imprimée, 43,67 %.") if is_corrected else ("", "", "")
    return wrong(readings=(ReadingFact("fiches[1].ftap", "Fiche 1, FTAP", is_corrected, *kept),))


PAIRS = {
    "A30": Pair(
        code("centre_financier", "0348-CDBU-CINT"), SOUND, "centre_financier 0348-CDBU-CINT", "0348 et non 0349"
    ),
    "A31": Pair(code("domaine_fonctionnel", "0349-0101B501"), SOUND, "domaine_fonctionnel 0349-0101B501", "B501"),
    "A32": Pair(code("activite", "34901018801"), SOUND, "activite 34901018801", "11 caractères au lieu de 12"),
    "A33": Pair(wrong(codes=()), SOUND, "nomenclature", "ni code d’activité"),
    "A40": Pair(
        wrong(signatories=(replace(SOUND.signatories[0], signed_on=None), *SOUND.signatories[1:])),
        SOUND,
        "signataires",
        "Anne DURAND",
    ),
    "A41": Pair(wrong(signed_on=None), SOUND, "contrat", "ne porte pas de date lisible"),
    "A42": Pair(wrong(signatories=SOUND.signatories[:2]), SOUND, "db", "pour la direction du budget"),
    "A43": Pair(wrong(signed_on=date(2021, 5, 6)), SOUND, "contrat", "06/05/2021 31/05/2021"),
    "A44": Pair(wrong(in_force_from=date(2021, 1, 1)), SOUND, "contrat", "avant d’avoir été signé"),
    "A45": Pair(phase(date(2022, 1, 1), date(2023, 3, 31)), SOUND, "fin", "31/03/2023"),
    "A46": Pair(phase(date(2021, 7, 1), date(2021, 6, 30)), SOUND, "fin", "La fin précède le début."),
    "A47": Pair(wrong(tranches_decided_from=2020), SOUND, "tranches", "décidée à partir de 2020"),
    "A48": Pair(wrong(committees=("Comité stratégique",)), SOUND, "comites", "Aucun comité de pilotage"),
    "A49": Pair(
        phase(date(2020, 4, 1), date(2021, 5, 30)),
        phase(date(2020, 4, 1), SIGNED),
        "fin",
        "30/05/2021 signé le 31/05/2021",
    ),
    "A80": Pair(reading(is_corrected=True), SOUND, "fiches[1].ftap", "Valeur retenue : 238200."),
    "A81": Pair(reading(is_corrected=False), SOUND, "fiches", "rien n’est inventé"),
}


@pytest.mark.parametrize("code", PAIRS)
def test_pair(code: str) -> None:
    assert_pair(code, PAIRS)


def test_an_amendment_keeps_what_is_past() -> None:
    past = phase(date(2020, 4, 1), date(2020, 12, 31))
    assert len(findings("A49", past)) == 1
    assert findings("A49", replace(past, is_signature=False)) == []
    assert findings("A49", replace(past, signed_on=None)) == []


def test_an_organisation_party_twice_signs_once() -> None:
    """Lean: the DITP is the holder and the counterpart, its delegate signs as the holder."""
    one = SignatoryFact("Thierry LAMBERT", "porteur", SIGNED)
    lean = wrong(signatories=(one,), parties=(("porteur", "ditp"), ("ditp", "ditp")))
    assert [found.locus for found in findings("A42", lean)] == ["db"]


def test_the_programme_of_a_code_of_wrong_length_cannot_be_told() -> None:
    assert findings("A30", code("activite", "34901018801")) == []
    assert len(findings("A30", code("activite", "034801018801"))) == 1


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("03480101880", "0348 et non 0349"),  # one character lost at its end
        ("0348010188010", "0348 et non 0349"),
        ("0348", "0348 et non 0349"),
        ("0349", None),  # Lean management
        ("03490101880", None),
        ("34801018801", None),  # the zero that is lost is the first: what programme it names cannot be told
        ("034", None),
        ("0012", None),
    ],
)
def test_a_code_of_wrong_length_that_begins_with_a_programme_tells_it(printed: str, found: str | None) -> None:
    told = findings("A30", code("activite", printed))
    assert [found in one.explanation for one in told if found] == ([True] if found else [])
    assert len(told) == (found is not None)
    assert len(findings("A32", code("activite", printed))) == 1


def test_the_first_tranche_that_is_not_read_is_the_first_year() -> None:
    """Lab MINNOV: its year is lost, the secretariat decides from 2022, the first year of funding."""
    lost = wrong(first_tranche_year=None, first_year=2022, last_year=2023, tranches_decided_from=2022)
    assert [found.locus for found in findings("A47", lost)] == ["tranches"]
    assert findings("A47", wrong(tranches_decided_from=None)) == []


def test_values_lost_in_one_table_make_one_anomaly() -> None:
    lost = tuple(ReadingFact(f"credits.lignes[{rank}].annees.2021.ae", "AE", False, "", "", "") for rank in (1, 2))
    (found,) = findings("A81", wrong(readings=lost))
    assert (found.locus, found.where, found.printed, found.article) == (
        "credits",
        "Plan de financement",
        "2 valeurs",
        "2",
    )
