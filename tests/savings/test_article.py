"""Article 3 as a page."""

from collections.abc import Callable
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
    assert "0 322 500 934 500 1 492 500 2 749 500 1 492 500" in page
    assert "C 30 000 0 20,4 18,2 17,9 56,5 0" in page


def test_the_posts_of_all_categories_add_up(cap2030: ContractVersion) -> None:
    (table,) = posts_tables(savings_situation(cap2030.contract, cap2030))
    assert table.by_year == (Decimal(0), Decimal("21.4"), Decimal("19.2"), Decimal("17.9"))
    assert (table.removed, table.redeployed) == (Decimal("58.5"), Decimal(0))


def test_a_contract_that_promises_nothing(signed_in: SignIn, secretariat: User) -> None:
    ContractFactory(code="vide")
    assert "Le contrat ne promet aucune économie." in words(signed_in(secretariat).get("/contrats/vide/economies/"))
