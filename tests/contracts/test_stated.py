"""Printed figures beside computed ones: what rounding explains, what it does not, what cannot be computed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from contracts.contract_file.errors import ContractFileError
from contracts.models import Contract, ContractVersion, StatedFigure
from contracts.services import load_contract_file
from contracts.stated import StatedCheck, Verdict, stated_checks
from tests.contracts.a_contract import TEXT

pytestmark = pytest.mark.django_db
ONE = 'valeur = 180\nunite = "keur"\ncalcul = { table = "credits", mesure = "ae", source = "FTAP" }'


def check_of(value: str, unit: str, calcul: str) -> StatedCheck:
    """The check of the small contract's only stated figure, rewritten: FTAP AE 100 000 + 80 000, CP 80 500 + 99 500."""
    text = TEXT.replace(ONE, f'valeur = {value}\nunite = "{unit}"\ncalcul = {calcul}')
    assert text != TEXT or calcul in TEXT
    (check,) = stated_checks(load_contract_file(file_name="phare.toml", content=text.encode(), actor=None).version)
    return check


FTAP_AE = '{ table = "credits", mesure = "ae", source = "FTAP" }'
TARGET = '{ table = "indicateurs", mesure = "cible", indicateur = "satisfaction", date = 2022-12-31 }'
HALF = '{ table = "part", numerateur = { table = "credits", mesure = "cp", lignes = ["etudes"] }, denominateur = { table = "constante", valeur = 360000 } }'  # noqa: E501
SHARE = '{ table = "part", numerateur = { table = "credits", mesure = "cp", source = "FTAP" }, denominateur = { table = "fiches", mesure = "cout" } }'  # noqa: E501


@pytest.mark.parametrize(
    ("value", "unit", "calcul", "computed", "verdict"),
    [
        ("180", "keur", FTAP_AE, "180", Verdict.AGREES),
        ("180000", "eur", FTAP_AE, "180000", Verdict.AGREES),
        ("0.18", "meur", FTAP_AE, "0.18", Verdict.AGREES),
        ("0.2", "meur", FTAP_AE, "0.18", Verdict.ROUNDING),
        # Two rounded terms and the total itself: 1,5 k€ at most.
        ("181", "keur", FTAP_AE, "180", Verdict.ROUNDING),
        ("182", "keur", FTAP_AE, "180", Verdict.DIFFERENCE),
        ("60", "%", SHARE, "60", Verdict.AGREES),
        ("60.5", "%", SHARE, "60", Verdict.DIFFERENCE),
        ("80", "%", '{ table = "fiches", mesure = "part_ftap" }', "60", Verdict.DIFFERENCE),
        ("1", "nombre", '{ table = "fiches", mesure = "nombre" }', "1", Verdict.AGREES),
        ("99", "keur", '{ table = "economies", mesure = "perenne_ae" }', "99", Verdict.AGREES),
        ("49500", "eur", '{ table = "economies", mesure = "valeur_postes", annee = 2021 }', "49500", Verdict.AGREES),
        ("3", "etp", '{ table = "economies", mesure = "postes", categorie = "B" }', "3", Verdict.AGREES),
        ("0", "eur", '{ table = "credits", mesure = "ae", titre = "5" }', "0", Verdict.AGREES),
        ("80", "%", TARGET, "80", Verdict.AGREES),
        ("3", "nombre", '{ table = "credits", mesure = "exercices", source = "FTAP" }', "2", Verdict.DIFFERENCE),
        ("329", "nombre", '{ table = "credits", mesure = "programme", source = "FTAP" }', "349", Verdict.DIFFERENCE),
        ("50", "%", HALF, "50", Verdict.AGREES),
    ],
)  # fmt: skip
def test_printed_against_computed(value: str, unit: str, calcul: str, computed: str, verdict: Verdict) -> None:
    check = check_of(value, unit, calcul)
    assert check.computed == Decimal(computed)
    assert check.difference == Decimal(value) - Decimal(computed)
    assert check.verdict is verdict


def test_the_tolerance_counts_each_term_and_the_total() -> None:
    check = check_of("181", "keur", FTAP_AE)
    assert (check.rounded_terms, check.tolerance) == (3, Decimal("1.5"))


def test_a_sum_with_an_unreadable_term_says_that_one_is_missing() -> None:
    check = check_of("180", "keur", '{ table = "credits", mesure = "ae" }')
    assert (check.computed, check.missing, check.verdict) == (Decimal(180), 1, Verdict.AGREES)


@pytest.mark.parametrize(
    ("value", "calcul", "verdict", "reason"),
    [
        ("200", '{ table = "aucun", raison = "Hors du plan." }', Verdict.NOT_COMPUTABLE, "Hors du plan."),
        ('"illisible"', FTAP_AE, Verdict.UNREADABLE, ""),
        (
            "5",
            '{ table = "credits", mesure = "ae", titre = "2" }',
            Verdict.NOT_COMPUTABLE,
            "Aucun montant lisible.",
        ),
    ],
)
def test_what_cannot_be_compared_says_why(value: str, calcul: str, verdict: Verdict, reason: str) -> None:
    check = check_of(value, "keur", calcul)
    assert (check.verdict, check.reason, check.difference) == (verdict, reason, None)


def test_queries_do_not_grow_with_the_figures(
    cap2030: ContractVersion, lean_management: ContractVersion, django_assert_max_num_queries: Any
) -> None:
    for version in (cap2030, lean_management):
        with django_assert_max_num_queries(8):
            assert len(stated_checks(version)) > 70


def test_what_nothing_or_two_things_give_is_not_computed() -> None:
    none = check_of("349", "nombre", '{ table = "credits", mesure = "programme", source = "sgar" }')
    assert (none.computed, none.verdict) == (None, Verdict.NOT_COMPUTABLE)
    base = check_of("1.3", "meur", '{ table = "economies", mesure = "base", ligne = "emplois" }')
    assert (base.computed, base.verdict) == (None, Verdict.NOT_COMPUTABLE)


def test_a_number_is_not_compared_with_a_typed_one() -> None:
    """A constant is the denominator of a share; alone, it would be typed on both sides."""
    with pytest.raises(ContractFileError) as refused:
        check_of("4", "nombre", '{ table = "constante", valeur = 5 }')
    assert "dénominateur" in str([one.message for one in refused.value.errors])


def test_no_contract_compares_two_typed_numbers(loaded_contracts: Mapping[str, Contract]) -> None:
    """The years of Incub-O's calendar, 2018-2021 by its title, are held against those of its plan, 2018 to 2022."""
    figures = StatedFigure.objects.all()
    assert figures.exists()
    assert [one.key for one in figures if one.expression.get("table") == "constante"] == []
    checks = {one.key: one for version in ContractVersion.objects.all() for one in stated_checks(version)}
    shown = [checks[key] for key in ("calendrier-annees", "programme-total-general")]
    assert [[one.printed, one.computed] for one in shown] == [[4, 5], [329, 349]]
    assert (checks["deplacements-base"].printed, checks["deplacements-base"].verdict) == (
        Decimal("1.3"),
        Verdict.AGREES,
    )
