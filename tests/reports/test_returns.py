"""Returns R1 to R4 of several contracts, the lines behind those of one, and the curve."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from contracts.models import Contract, ContractVersion
from figures.ae_cp import total
from reports.curve import SAME, ContractCurve, Point, Promised, conclusion, curve, curve_drawing
from reports.curve_selectors import contract_curves
from reports.returns import CODES, ContractTerms, Group, behind, by_ministry, by_region, pooled
from reports.returns_selectors import contract_terms
from reports.returns_tables import NOT_DUE, tables
from reports.situation import contract_situation
from reports.tables.model import Role
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, promise
from tests.reading import words
from tests.reports.filed import file
from tests.reports.terms import A_CONTRACT, DAY

SignIn = Callable[[User], Client]
QUERIES = 39
QUERIES_OF_ONE = 45
SILENT = replace(A_CONTRACT, code="b", title="B", ministry="", region="", promised=None, certified=None)


def test_a_contract_that_promises_nothing_weighs_and_is_named() -> None:
    """180 promised for 200 + 200: 0,45; 0,9 for the contract that promises."""
    r1 = pooled("R1", [A_CONTRACT, SILENT])
    assert [r1.numerator, r1.denominator, r1.ratio] == [180, 400, Decimal("0.45")]
    assert (r1.both, r1.count, r1.ratio_of_both, r1.left_out) == (1, 2, Decimal("0.9"), ("B",))


def test_r4_waits_for_the_third_year_and_looks_at_contracts_due_only() -> None:
    due = replace(A_CONTRACT, on=date(2026, 12, 31), certified_when_due=Decimal(75))
    assert pooled("R4", [A_CONTRACT]).ratio is None
    both = pooled("R4", [due, A_CONTRACT])
    assert [both.numerator, both.denominator, both.ratio] == [75, 150, Decimal("0.5")]


AMOUNTS = st.none() | st.decimals(min_value=-1000, max_value=10_000, places=2)
NAMES = st.sampled_from(["", "Intérieur", "Économie"])
ROWS = st.lists(
    st.builds(
        replace,
        st.just(A_CONTRACT),
        ministry=NAMES,
        region=NAMES,
        promised=AMOUNTS,
        certified=AMOUNTS,
        ftap=AMOUNTS,
        cost=AMOUNTS,
        ftap_paid=AMOUNTS,
        paid=AMOUNTS,
        certified_when_due=AMOUNTS,
        on=st.sampled_from([DAY, date(2027, 1, 1)]),
    ),
    max_size=6,
)


@given(ROWS)
def test_groups_add_up_to_the_whole_and_nothing_is_divided_by_zero(rows: list[ContractTerms]) -> None:
    everything = Group("Total", tuple(rows))
    for groups in (by_ministry(rows), by_region(rows)):
        assert sum(len(group.members) for group in groups) == len(rows)
        for term in ("promised", "certified", "ftap", "ftap_paid", "cost", "paid"):
            assert total(group.sum_of(term) for group in groups) == everything.sum_of(term)
    for code in CODES:
        one = pooled(code, rows)
        assert (one.ratio is None) == (one.numerator is None or not one.denominator)
        assert one.both + len(one.left_out) == one.count == len(rows)


def test_the_four_contracts(loaded_contracts: Mapping[str, Contract], secretariat: User) -> None:
    """CAP2030 and Incub-O alone promise: 3 581 500 ÷ 18 035 200 = 0,199, and 1,180 for these two."""
    r1 = pooled("R1", contract_terms(secretariat, DAY))
    assert [r1.numerator, r1.denominator] == [3_581_500, 18_035_200]
    assert r1.left_out == ("Lab Minnov", "Lean management")
    assert r1.ratio is not None
    assert r1.ratio_of_both is not None
    assert (round(r1.ratio, 3), round(r1.ratio_of_both, 3)) == (Decimal("0.199"), Decimal("1.180"))


@pytest.mark.django_db
def test_sql_gives_the_terms_that_the_situation_computes(contract: Contract, secretariat: User) -> None:
    file(contract, etudes=("30000", "20000"), outil=("5000", "1000"))
    (row,) = contract_terms(secretariat, DAY)
    by_code = {one.code: (one.numerator, one.denominator) for one in contract_situation(contract, DAY).returns}
    assert {code: row.terms(code) for code in ("R1", "R2", "R3a", "R3b")} == {
        code: by_code[code] for code in ("R1", "R2", "R3a", "R3b")
    }


@pytest.mark.parametrize("code", CODES)
def test_the_lines_behind_each_term_add_up_to_it(cap2030: ContractVersion, code: str) -> None:
    situation = contract_situation(cap2030.contract, DAY)
    one = next(one for one in situation.returns if one.code == code)
    above, below = behind(situation, code)
    assert (above.total, below.total) == (one.numerator, one.denominator)


def test_r1_of_cap2030_line_by_line(cap2030: ContractVersion) -> None:
    above, below = behind(contract_situation(cap2030.contract, DAY), "R1")
    assert [line.amount for line in above.lines] == [1_492_500, 265_000, 0]
    assert len(below.lines) == 17
    assert below.total == 1_800_200


def test_the_lines_behind_a_return_stand_under_their_axis(incub_o: ContractVersion) -> None:
    _, below = behind(contract_situation(incub_o.contract, DAY), "R3a")
    assert [(place.split(" –")[0], len(lines)) for place, lines in below.bands] == [
        ("Axe 1", 9),
        ("Axe 2", 10),
        ("Axe 3", 14),
        ("Axe 4", 9),
    ]


def test_the_curve_of_cap2030_ends_three_years_after_its_funding(cap2030: ContractVersion) -> None:
    """1 757 500 € a year for 1 800 200 € of CP: 0,976 from 2023 to 2026, at signature as now."""
    points = curve(contract_curves([cap2030.contract], DAY))
    assert [point.rank for point in points] == [-3, -2, -1, 0, 1, 2, 3]
    assert {(point.in_force and round(point.in_force, 3)) for point in points[3:]} == {Decimal("0.976")}
    assert all(point.signed == point.in_force for point in points)
    assert points[0].in_force is None, "no payment is planned in 2020"
    assert all(point.certified is None for point in points)
    assert conclusion(points) == (
        "Trois ans après la fin du financement, 0,98\u00a0€ par an sont promis pour un euro, moins que la règle du "
        "fonds (1\u00a0€)\u202f; à ce jour, rien n’est certifié."
    )


@pytest.mark.parametrize(
    ("first_year", "rank", "said"),
    [
        (2020, 0, "en 2022, dernière année certifiée, 0,77\u00a0€."),
        (None, 0, "l’année de cette fin, 0,77\u00a0€, pour les seuls contrats qui y ont déclaré."),
        (None, -1, "1\u00a0an avant cette fin, 0,77\u00a0€, pour les seuls contrats qui y ont déclaré."),
        (None, 2, "2\u00a0ans après cette fin, 0,77\u00a0€, pour les seuls contrats qui y ont déclaré."),
    ],
)
def test_the_curve_says_when_its_last_certified_point_is(first_year: int | None, rank: int, said: str) -> None:
    """Not « à ce jour »: R2 and R4 of the same page are other sums, at other dates."""
    promised = Decimal("0.98")
    points = [
        Point(one, promised, promised, None, Decimal("0.77") if one == rank else None) for one in (-2, -1, 0, 1, 2, 3)
    ]
    assert conclusion(points, first_year).endswith(said)


def test_queries_do_not_grow_with_contracts(
    contract: Contract, secretariat: User, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, campaign = signed_in(secretariat), CampaignFactory()
    FilingFactory(contract=contract, campaign=campaign, state="submitted")
    for count in (1, 4):
        while Contract.objects.count() < count:
            promise(newcomer := ContractFactory())
            FilingFactory(contract=newcomer, campaign=campaign, state="submitted")
        with django_assert_num_queries(QUERIES):
            assert contract.title in words(client.get("/portefeuille/retours/"))


def test_queries_of_a_contract_s_returns_do_not_follow_its_filings(
    contract: Contract, secretariat: User, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(secretariat)
    FilingFactory(contract=contract, state="submitted")
    with django_assert_num_queries(QUERIES_OF_ONE):
        client.get("/contrats/marine/retours/")
    for quarter in ("next_quarter", "whole_year"):
        FilingFactory(contract=contract, state="submitted", **{f"campaign__{quarter}": True})
    with django_assert_num_queries(QUERIES_OF_ONE):
        client.get("/contrats/marine/retours/")


def test_a_lead_sees_the_returns_of_their_contracts_only(
    contract: Contract, lead: User, other_lead: User, signed_in: SignIn
) -> None:
    assert contract.title in words(signed_in(lead).get("/portefeuille/retours/"))
    assert contract.title not in words(signed_in(other_lead).get("/portefeuille/retours/"))


def test_filters_that_keep_nothing_say_so(contract: Contract, secretariat: User, signed_in: SignIn) -> None:
    page = words(signed_in(secretariat).get("/portefeuille/retours/?q=personne"))
    assert "Aucun contrat ne répond à ces filtres. Au" in page


def test_the_workbook_has_formulas_for_totals_and_ratios(
    loaded_contracts: Mapping[str, Contract], secretariat: User, signed_in: SignIn
) -> None:
    answer = signed_in(secretariat).get("/portefeuille/retours/export.xlsx")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Ensemble", "Ministères", "Régions", "Contrats", "À trois ans (R4)"]
    assert {sheet.page_setup.fitToWidth for sheet in book.worksheets} == {1}, "its columns on one page"
    values = [cell.value for row in book["Contrats"].iter_rows() for cell in row]
    assert 1_800_200 in values
    assert sum(str(value).startswith("=SUBTOTAL(9,") for value in values) >= 3
    assert sum(str(value).startswith("=") for value in values) >= 9


def test_each_certified_sum_says_of_which_years_it_is() -> None:
    """A certified in 2022, B in 2019, C never: each line says its own, the whole from when to when."""
    rows = [
        replace(A_CONTRACT, code=title, title=title, region=title, certified_year=year)
        for title, year in (("A", 2022), ("B", 2019), ("C", None))
    ]
    *_, by_contract, _ = tables(rows)
    at = [column.key for column in by_contract.columns].index("certified_year")
    assert [row.values[at] for row in by_contract.rows] == ["2022", "2019", "", "2019–2022"]


def test_r4_is_shown_with_both_terms_and_its_date_at_each_level() -> None:
    """Of two contracts one has come to its third year: 75 € certified ÷ 150 € paid, not ÷ 300 €."""
    due = replace(A_CONTRACT, on=date(2026, 12, 31), certified_when_due=Decimal(75), certified_when_due_year=2025)
    later = replace(A_CONTRACT, code="c", title="C", region="Corse", due_on=date(2027, 12, 31))
    whole, *_, at_term = tables([due, later])
    assert whole.rows[-1].values[3:7:2] == (75, 150)
    shown = [(row.values[0] if row.role is Role.BAND else row.values) for row in at_term.rows]
    terms, not_due = (Decimal(75), "2025", Decimal(150), Decimal("0.5")), (NOT_DUE, "", NOT_DUE, None)
    assert shown == [
        "Par ministère",
        ("Intérieur", 1, "", *terms),
        ("Total", 1, "", *terms),
        "Par région",
        ("Bretagne", 1, date(2026, 12, 31), *terms),
        ("Corse", 0, date(2027, 12, 31), *not_due),
        ("Total", 1, "", *terms),
        "Par contrat",
        ("A", 1, date(2026, 12, 31), *terms),
        ("C", 0, date(2027, 12, 31), *not_due),
        ("Total", 1, "", *terms),
    ]


def test_the_page_of_a_contract_shows_both_terms_and_their_lines(
    cap2030: ContractVersion, secretariat: User, signed_in: SignIn
) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/retours/"))
    assert "R1 – Retour contractuel Économies pérennes prévues au contrat 1 757 500" in page
    assert "à mesurer le 31/12/2026" in page
    assert "Total 1 800 200" in page
    assert "celle en vigueur est celle de la signature." in page
    assert signed_in(secretariat).get("/contrats/cap2030/retours/?au=2021-12-31").status_code == 200


def test_what_is_declared_is_held_beside_the_promise_of_those_that_declared() -> None:
    """Two contracts promise 1 € for 1 € and 0,50 €; only the second declares: 0,40 € beside 0,50 €, not 0,75 €."""

    def one(promised: int, declared: dict[int, Decimal]) -> ContractCurve:
        plan = Promised({2022: Decimal(promised)}, {2022: Decimal(100)})
        return ContractCurve(2022, 2022, plan, plan, declared, {}, {2022: Decimal(100)})

    points = curve([one(100, {}), one(50, {2022: Decimal(40)})])
    end = points[0]
    assert (end.rank, end.in_force, end.same, end.declared) == (0, Decimal("0.75"), Decimal("0.5"), Decimal("0.4"))
    drawn = curve_drawing(points)
    assert drawn is not None
    assert SAME in drawn.svg
    alone = curve_drawing(curve([one(50, {2022: Decimal(40)})]))
    assert alone is not None
    assert SAME not in alone.svg
