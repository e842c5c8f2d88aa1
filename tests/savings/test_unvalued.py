"""Savings that the contract names without an amount: followed for information, in no total, promised or real."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from contracts.amendments.grid import GridRefused, grids, write_grid
from contracts.amendments.services import prepare_amendment
from contracts.contract_file.errors import ContractFileError
from contracts.models import Contract, ContractVersion
from contracts.parts import PARTS
from contracts.services import load_contract_file
from figures.ae_cp import AeCp
from reports.curve_selectors import contract_curves
from reports.selectors import portfolio
from reports.situation import contract_situation
from savings.calc import UNVALUED, Investment, SavingLine, SavingsSituation, SavingYear, returns
from savings.models import RealisedSaving, SavingsLine
from tests.contracts.a_contract import TEXT
from tests.reports.filed import file

DAY = date(2023, 12, 31)
AMOUNTS = st.none() | st.decimals(min_value=-(10**6), max_value=10**6, places=2)
PAIRS = st.builds(AeCp, AMOUNTS, AMOUNTS)
YEARS = (2021, 2022)


def cells() -> st.SearchStrategy[tuple[SavingYear, ...]]:
    return st.tuples(*(st.builds(SavingYear, st.just(year), PAIRS, PAIRS, PAIRS, recurring=PAIRS) for year in YEARS))


def line_of(method: str) -> st.SearchStrategy[SavingLine]:
    return st.builds(
        SavingLine,
        key=st.just("k"),
        label=st.just("Ligne"),
        nature=st.sampled_from(["", "personnel"]),
        titre=st.sampled_from(["", "2", "3"]),
        programme=st.just(""),
        method=st.just(method),
        is_for_information=st.just(method == UNVALUED),
        method_label=st.just(method),
        parameters=st.just({}),
        is_recurrent=st.booleans(),
        is_redeployed=st.booleans(),
        recurrent=PAIRS,
        posts=st.just(()),
        years=cells(),
    )


@given(st.lists(line_of("montants"), max_size=4), st.lists(line_of(UNVALUED), min_size=1, max_size=3))
def test_an_unvalued_line_enters_no_total_whatever_it_bears(
    valued: list[SavingLine], unvalued: list[SavingLine]
) -> None:
    without = SavingsSituation(YEARS, tuple(valued))
    with_them = SavingsSituation(YEARS, (*unvalued, *valued))
    money = Investment(Decimal(100), Decimal(200), Decimal(50), Decimal(80), DAY)
    assert with_them.total == without.total
    assert with_them.net_compensation == without.net_compensation
    assert with_them.certified_recurrent == without.certified_recurrent
    assert returns(with_them, money, DAY) == returns(without, money, DAY)
    for whole in (with_them.by_titre, with_them.by_nature):
        added = [group.declared.cp for group in whole if group.declared.cp is not None]
        assert sum(added, Decimal(0)) == (without.total.declared.cp or 0)
    assert with_them.told == without.told
    assert with_them.for_information == tuple(unvalued)


@pytest.mark.django_db
def test_what_is_declared_of_one_is_shown_and_counted_nowhere(
    client: Client, contract: Contract, secretariat: User
) -> None:
    """The page tells it; the situation, and the portfolio and the curve that add up in SQL, do not move."""
    SavingsLine.objects.create(contract=contract, key="surfaces", label="Surfaces", method=UNVALUED, position=2)
    file(contract)  # 25 000 € of CP on each of both lines
    assert RealisedSaving.objects.filter(line__contract=contract, cp=25_000).count() == 2
    savings = contract_situation(contract).savings
    assert savings.total.declared.cp == 25_000
    assert [line.label for line in savings.for_information] == ["Surfaces"]
    (row,) = portfolio(secretariat)
    assert row.savings_declared.cp == 25_000
    (of_curve,) = contract_curves([contract], DAY)
    assert of_curve.declared == {2021: 25_000}
    client.force_login(secretariat)
    page = client.get(f"/contrats/{contract.code}/economies/").content.decode()
    assert "Économies suivies pour information" in page
    assert "2021\u00a0: Bail tardif" in page
    assert "Compensation nette" in page


@pytest.mark.django_db
def test_a_contract_file_promises_no_amount_of_an_unvalued_saving() -> None:
    posts = TEXT[TEXT.index("[[economies.lignes.postes]]") : TEXT.index("[[indicateurs]]")]
    text = TEXT.replace(posts, "").replace('methode = "postes"', f'methode = "{UNVALUED}"')
    with pytest.raises(ContractFileError) as refusal:
        load_contract_file(file_name="phare.toml", content=text.encode(), actor=None)
    places = [error.path.removeprefix("economies.lignes[1].") for error in refusal.value.errors]
    assert places == [
        "annees.2021.ae",
        "annees.2021.cp",
        "annees.2022.ae",
        "annees.2022.cp",
        "perenne.ae",
        "perenne.cp",
    ]
    assert "ne porte pas de montant" in refusal.value.errors[0].message


@pytest.mark.django_db
def test_an_amendment_promises_none_either(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["economies"], secretariat)
    part = next(one for one in PARTS if one.code == "savings")
    line = SavingsLine.objects.get(contract=cap2030.contract, key="surfaces-bureaux")
    name = next(
        cell.name
        for grid in grids(draft, part, {}, {})
        for row in grid.rows
        for cell in row.cells
        if row.subject == line.label and cell.figure == "recurrent_cp"
    )
    with pytest.raises(GridRefused) as refusal:
        write_grid(draft, part, {name: "10 000"}, secretariat)
    assert list(refusal.value.errors) == [name]
