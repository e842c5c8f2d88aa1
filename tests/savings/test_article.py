"""Article 3 as a page."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.test import Client

from accounts.models import User
from contracts.models import ContractVersion
from savings.posts_table import posts_tables
from savings.selectors import savings_situation
from tests.factories import ContractFactory
from tests.reading import words

SignIn = Callable[[User], Client]


def test_savings_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/economies/"))
    assert "Le contrat promet 3 531 500 € d’économies en CP de 2020 à 2023, puis 1 757 500 € par an." in page
    assert "Aucune économie n’est encore déclarée." in page
    assert "0 322 500 934 500 1 492 500 1 492 500 1 492 500 1 492 500 7 227 000 1 492 500" in page
    assert "De 2024 à 2026, le contrat n’imprime plus de montant par exercice" in page
    assert "C 30 000 0 20,4 18,2 17,9 56,5 0" in page


def test_what_recurs_is_expected_for_three_years_after_the_last_of_funding(cap2030: ContractVersion) -> None:
    """CAP2030 is funded until 2023 and prints savings until then: 1 757 500 € are expected in 2024, 2025 and 2026."""
    savings = savings_situation(cap2030.contract, cap2030, date(2030, 1, 1))
    by_year = {cell.year: (cell.planned.cp, cell.expected.cp) for cell in savings.total.years}
    recurrent = Decimal(1_757_500)
    assert by_year[2023] == (recurrent, recurrent)
    assert [by_year[year] for year in (2024, 2025, 2026)] == [(None, recurrent)] * 3
    assert max(by_year) == 2026
    assert savings.total.planned.cp == 3_531_500, "what the contract prints stays what it prints"
    [consultants] = [line for line in savings.lines if not line.is_recurrent]
    assert consultants.years[-1].expected.cp is None, "a one-off saving is not expected again"


def test_years_to_come_are_not_shown_yet(cap2030: ContractVersion) -> None:
    assert savings_situation(cap2030.contract, cap2030, date(2024, 6, 30)).years == (2020, 2021, 2022, 2023, 2024)


def test_the_posts_of_all_categories_add_up(cap2030: ContractVersion) -> None:
    (table,) = posts_tables(savings_situation(cap2030.contract, cap2030))
    assert table.by_year == (Decimal(0), Decimal("21.4"), Decimal("19.2"), Decimal("17.9"))
    assert (table.removed, table.redeployed) == (Decimal("58.5"), Decimal(0))


def test_a_contract_that_promises_nothing(signed_in: SignIn, secretariat: User) -> None:
    ContractFactory(code="vide")
    assert "Le contrat ne promet aucune économie." in words(signed_in(secretariat).get("/contrats/vide/economies/"))


def test_what_the_scan_lost_of_a_saving_is_illegible_in_its_cell(
    lab_minnov: ContractVersion, cap2030: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    """Lab Minnov's posts have neither cost nor amount; CAP2030's recurrent CP, lost too, is forced by a total."""
    lost = savings_situation(lab_minnov.contract, lab_minnov)
    assert [line.is_lost for line in lost.lines] == [True]
    assert lost.total.is_lost
    assert {line.is_lost for line in savings_situation(cap2030.contract, cap2030).lines} == {False}
    page = words(signed_in(secretariat).get("/contrats/lab-minnov/economies/"))
    assert "Total prévu illisible illisible" in page
    assert "non précisée illisible 3 5 8 0" in page, "the cost of a post, its number by year, their sum, the redeployed"
