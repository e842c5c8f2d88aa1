"""The grid, on the criteria of the Lean contract."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from contracts.models import ContractVersion
from contracts.subprojects.calc import Figures, YearFigures
from contracts.subprojects.criteria import Criterion, Given, Grid, Verdict, grid
from contracts.subprojects.selectors import criteria_of, threshold_of
from figures.ae_cp import AeCp
from tests.contracts.subprojects.test_calc import figures

NOW = datetime(2024, 1, 31, tzinfo=UTC)


@pytest.fixture
def criteria(lean_management: ContractVersion) -> tuple[Criterion, ...]:
    return criteria_of(lean_management.contract)


def given(**answers: str) -> dict[str, Given]:
    """Answers by code, with dashes for underscores."""
    return {code.replace("_", "-"): Given(answer, "", "Chef", NOW) for code, answer in answers.items()}


ALL = given(
    porteur_etat="oui",
    qualite_service="oui",
    strategique_novateur="non",
    gouvernance="oui",
    etat_plateforme="sans_objet",
)


def verdict(one: Grid, code: str) -> tuple[Verdict, str]:
    return next((row.verdict, row.detail) for row in one.rows if row.criterion.code == code)


def test_lean_writes_eleven_criteria_in_article_4_3(criteria: tuple[Criterion, ...]) -> None:
    assert len(criteria) == 11
    assert {one.article for one in criteria} == {"4.3"}
    assert [one.code for one in criteria if one.check] == ["cofinancement", "montant-total", "economies"]
    assert [one.code for one in criteria if one.allows_exception] == ["economies"]
    assert [one.code for one in criteria if one.may_not_apply] == ["etat-plateforme"]
    assert threshold_of(criteria) == 1


def test_amounts_answer_three_criteria(criteria: tuple[Criterion, ...]) -> None:
    one = grid(criteria, {}, figures(200_000, 150_000, 250_000))
    assert verdict(one, "cofinancement") == (
        Verdict.MET,
        "150\u202f000\u00a0€ de cofinancement, 42,9\u00a0% du total",
    )
    assert verdict(one, "montant-total") == (Verdict.MET, "350\u202f000\u00a0€ au total")
    assert verdict(one, "economies") == (Verdict.MET, "retour de 1,250 à 3 ans")
    assert verdict(one, "gouvernance") == (Verdict.UNKNOWN, "")


@pytest.mark.parametrize(
    ("ftap", "co_financing", "expected"),
    [
        (1_999_999.98, 0.01, Verdict.MET),
        (1_999_999, 1, Verdict.NOT_MET),  # « inférieur à 2 M€ » is strict
        (1_500_000, None, Verdict.UNKNOWN),
        (2_000_000, None, Verdict.NOT_MET),  # whatever the rest
        (None, None, Verdict.UNKNOWN),
    ],
)
def test_the_total_is_strictly_under_two_million(
    criteria: tuple[Criterion, ...], ftap: float, co_financing: float, expected: Verdict
) -> None:
    assert verdict(grid(criteria, {}, figures(ftap, co_financing, 0)), "montant-total")[0] == expected


def test_a_criterion_tells_cents_as_they_are(criteria: tuple[Criterion, ...]) -> None:
    """Rounded to the euro, « 2 000 000 € au total » would be told of a total that is under two million."""
    one = grid(criteria, {}, figures(1_999_999.5, 0.25, 0))
    assert verdict(one, "montant-total") == (Verdict.MET, "1\u202f999\u202f999,75\u00a0€ au total")
    assert verdict(one, "cofinancement") == (Verdict.MET, "0,25\u00a0€ de cofinancement, 0,0\u00a0% du total")


def test_amounts_in_ae_alone_and_in_cp_alone_add_up(criteria: tuple[Criterion, ...]) -> None:
    """1,5 M€ of the fund typed in AE only, 1,5 M€ of co-financing in CP only: 3 M€, not 1,5 M€."""
    split = Figures((YearFigures(2024, AeCp(ae=Decimal(1_500_000)), AeCp(cp=Decimal(1_500_000))),), None)
    assert verdict(grid(criteria, {}, split), "montant-total") == (
        Verdict.NOT_MET,
        "3\u202f000\u202f000\u00a0€ au total, pour moins de 2\u202f000\u202f000\u00a0€ admis",
    )


@pytest.mark.parametrize(("brought", "expected"), [(None, Verdict.UNKNOWN), (0, Verdict.NOT_MET), (1, Verdict.MET)])
def test_co_financing_is_present_absent_or_not_stated(
    criteria: tuple[Criterion, ...], brought: float | None, expected: Verdict
) -> None:
    assert verdict(grid(criteria, {}, figures(100, brought, 0)), "cofinancement")[0] == expected


def test_one_status_of_the_holder_is_enough(criteria: tuple[Criterion, ...]) -> None:
    asked = figures(200_000, 150_000, 250_000)
    assert grid(criteria, {}, asked).missing_eligibility() == [
        "Statut du porteur\u00a0: un des 4 critères suffit, dites lequel vaut."
    ]
    assert grid(criteria, given(porteur_operateur="oui"), asked).missing_eligibility() == []
    none = given(porteur_etat="non", porteur_operateur="non", porteur_local="non", porteur_prive="non")
    assert "aucun n’est respecté" in grid(criteria, none, asked).missing_eligibility()[0]


def test_financing_is_strict_and_a_return_admits_an_exception(criteria: tuple[Criterion, ...]) -> None:
    alone = grid(criteria, ALL, figures(200_000, 0, 180_000))
    assert alone.missing_eligibility() == [
        "Cofinancement par le porteur du projet (article\u00a04.3)\u00a0: aucun cofinancement."
    ]
    assert len(alone.missing_selection()) == 1
    assert "retour de 0,900 à 3 ans" in alone.missing_selection()[0]
    excepted = grid(criteria, ALL, figures(200_000, 0, 180_000), "Près du niveau requis")
    assert excepted.missing_selection() == []
    assert excepted.missing_eligibility() == alone.missing_eligibility()
    unknown = grid(criteria, ALL, figures(200_000, 100, None), "Près du niveau requis")
    assert "non calculable" in unknown.missing_selection()[0], "no exception to what is not known"


def test_a_silent_criterion_is_counted_and_a_negative_one_is_an_answer(criteria: tuple[Criterion, ...]) -> None:
    asked = figures(200_000, 150_000, 250_000)
    assert grid(criteria, ALL, asked).missing_selection() == []
    assert grid(criteria, ALL, asked).answered == 11
    assert grid(criteria, given(porteur_etat="oui"), asked).answered == 7
    assert grid(criteria, {}, asked).missing_selection() == ["La grille a 4 critères de sélection sans réponse."]
