"""What is not stated never flatters a return, and what is retained keeps the amounts on which it was decided."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from djmoney.money import Money

from accounts.models import User
from contracts.models import Contract, SubProject, SubProjectYear
from contracts.subprojects.calc import Consolidated, Figures, Member, YearFigures
from contracts.subprojects.checks import SubProjectFact, SubProjectFacts
from contracts.subprojects.criteria import Check, Criterion, Verdict, grid
from contracts.subprojects.errors import FieldsRefused
from contracts.subprojects.forms import FiguresForm
from contracts.subprojects.selectors import pipeline_of, standing_of
from figures.ae_cp import AeCp
from reports.subprojects import conclusion, consolidated_returns
from tests.contracts.checks.examples import findings
from tests.contracts.subprojects.rows import both, euros, framed, moved, with_figures
from tests.reading import words

DAY = date(2024, 12, 31)


def figures(*ftap: tuple[int, float | None, float | None], recurrent: float | None = None) -> Figures:
    """The fund's AE and CP by year."""
    years = tuple(YearFigures(year, AeCp(euros(ae), euros(cp))) for year, ae, cp in ftap)
    return Figures(years, euros(recurrent))


def whole(*members: Figures) -> Consolidated:
    return Consolidated(tuple(Member(rank, f"N° {rank}", one) for rank, one in enumerate(members, 1)))


STRONG = figures((2023, 400_000, 400_000), recurrent=480_000)


def test_cp_that_are_not_stated_are_the_ae_over_life() -> None:
    """300 000 € of AE, no CP: 480 000 + 100 000 € are held against 700 000 €, and not against 400 000 €."""
    blank = figures((2023, 300_000, None), recurrent=100_000)
    assert [blank.ftap.cp, blank.ftap_cp, blank.ratio] == [None, 300_000, Decimal(1) / 3]
    assert blank.return_year == 2026
    both_ = whole(STRONG, blank)
    assert [both_.ftap, both_.savings, both_.is_respected] == [700_000, 580_000, False]


def test_co_financing_stated_in_ae_alone_is_in_the_cost_and_in_its_share() -> None:
    """400 000 € of the fund, 500 000 € of AE of co-financing, no CP: the cost is 900 000 €."""
    one = Figures((YearFigures(2023, both(400_000), AeCp(euros(500_000), None)),), euros(480_000))
    assert [one.cost, one.co_financing_cp] == [both(900_000), Decimal(500_000)]
    assert one.co_financed_share == Decimal(5) / 9
    assert one.largest_cost == 900_000


def test_a_year_of_cp_left_blank_is_not_a_year_without_cp() -> None:
    assert figures((2023, 400_000, 400_000), (2024, 300_000, None)).ftap_cp == 700_000
    assert figures((2023, 700_000, 400_000), (2024, None, 300_000)).ftap_cp == 700_000
    assert figures((2023, 400_000, 400_000), (2024, 0, None)).ftap_cp == 400_000
    assert figures((2023, 300_000, 400_000), (2024, 50_000, None)).ftap_cp == 400_000, "never less than what is stated"


def test_a_share_of_a_total_of_which_one_side_is_not_stated_is_not_the_whole() -> None:
    year = YearFigures(2023, AeCp(Decimal(300_000), None), both(100_000))
    assert Figures((year,), None).co_financed_share == Decimal("0.25")
    assert Figures((YearFigures(2023, co_financing=both(100_000)),), None).co_financed_share is None


def test_the_whole_is_not_computable_while_one_states_no_money() -> None:
    silent = figures(recurrent=300_000)
    both_ = whole(STRONG, silent)
    assert (both_.ratio, both_.is_respected, both_.shortfall) == (None, None, None)
    assert [one.number for one in both_.unpriced] == [2]
    assert whole(STRONG).ratio == Decimal("1.2")


FACTS = SubProjectFacts(DAY, None, None, 2023, 2025, (), whole(STRONG, figures(recurrent=300_000)))


def test_a72_says_that_the_whole_cannot_be_told() -> None:
    (found,) = findings("A72", FACTS)
    assert (found.locus, found.computed) == ("ensemble", "n.\u00a0c.")
    assert "sous-projet 2" in found.explanation


def test_a73_counts_a_criterion_that_can_no_longer_be_told() -> None:
    silent = SubProjectFact(1, "Accueil", (), True, (), (("Retour", "retour non calculable"),))
    (found,) = findings("A73", replace(FACTS, rows=(silent,)))
    assert (found.locus, found.computed) == ("1 Retour", "retour non calculable")
    assert "ne permettent plus de contrôler" in found.explanation
    assert findings("A73", replace(FACTS, rows=(replace(silent, is_retained=False),))) == []


def test_the_grid_computes_the_return_on_what_is_completed() -> None:
    criterion = Criterion("retour", "contenu", "Contenu", "Retour", check=Check.RETURN, threshold=Decimal(1))
    blank = figures((2023, 300_000, None), recurrent=100_000)
    assert grid([criterion], {}, blank).rows[0].verdict == Verdict.NOT_MET


# --- Lean ---


@pytest.fixture
def retained(lean: Contract, team: User, secretariat: User) -> SubProject:
    return framed(lean, team, secretariat, "Fort", (400_000, 100_000, 500_000))


def test_amounts_of_a_retained_sub_project_are_not_blanked(retained: SubProject, team: User, secretariat: User) -> None:
    with pytest.raises(FieldsRefused) as refused:
        with_figures(retained, secretariat, None, 100_000, None)
    assert set(refused.value.fields) == {"ftap_ae-2024", "ftap_cp-2024", "recurrent"}
    with pytest.raises(FieldsRefused):
        with_figures(retained, secretariat, 400_000, 100_000, 500_000, year=2025)
    assert with_figures(retained, secretariat, 390_000, 0, 0).recurrent == Money(0, "EUR")
    moved(retained, secretariat, "send_back")
    assert with_figures(retained, team, None, None, None).recurrent is None


def test_the_page_says_it_in_the_cell(retained: SubProject, secretariat: User, client: Client) -> None:
    client.force_login(secretariat)
    retained.refresh_from_db()
    stored = FiguresForm.initial_of(standing_of(retained).figures, retained.basis)
    data = stored | {"revision": retained.revision, "ftap_cp-2024": ""}
    page = client.post(f"/contrats/{retained.contract.code}/sous-projets/{retained.number}/montants/", data)
    assert page.status_code == 422
    html = page.content.decode()
    assert 'id="id_ftap_cp-2024-error"' in html
    assert "Ce sous-projet est retenu : ce montant se corrige, il ne se vide pas" in words(page, 422)


@pytest.mark.parametrize("name", ["ftap_cp", "co_financing_ae"])
def test_the_database_too_refuses_a_blank(retained: SubProject, name: str) -> None:
    rows = SubProjectYear.objects.filter(sub_project=retained)
    with pytest.raises(DatabaseError, match="retenu"), transaction.atomic():
        rows.update(**{name: None})
    with pytest.raises(DatabaseError, match="retenu"), transaction.atomic():
        SubProject.objects.filter(pk=retained.pk).update(recurrent=None)
    with pytest.raises(DatabaseError, match="retenu"), transaction.atomic():
        rows.delete()
    assert rows.update(**{name: 1}) == 1


def test_the_page_tells_why_the_whole_has_no_return(
    lean: Contract, team: User, retained: SubProject, secretariat: User
) -> None:
    pipeline = pipeline_of(lean)
    (kept,) = pipeline.standings
    blank = replace(kept, figures=Figures((), Decimal(100)))
    told = replace(pipeline, standings=(blank,))
    assert "n’est pas calculable : aucun montant du fonds pour le sous-projet 1" in words_of(conclusion(told))
    one = consolidated_returns(told, DAY)[0]
    assert (one.ratio, one.denominator) == (None, None)
    assert "sous-projet 1" in one.denominator_label


def words_of(text: str) -> str:
    return " ".join(text.split())
