"""Projects and governance of the real contracts, as pages."""

from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from contracts.models import Contract, ContractVersion
from tests.factories import ContractFactory
from tests.reading import words

SignIn = Callable[[User], Client]


def test_projects_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/projets/"))
    assert (
        "17 fiches projet sur 3 axes, pour un coût total de 4 070 775 € dont 1 800 200 € du FTAP, soit 44,2 %." in page
    )
    assert "545 475 238 200 43,7 % 43,67 %" in page
    assert "Total 4 070 775 1 800 200 44,2 %" in page


def test_selection_criteria_of_lean(signed_in: SignIn, secretariat: User, lean_management: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/lean-management/projets/"))
    assert "Critères de sélection" in page
    assert "2 000 000" in page


def test_governance_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/gouvernance/"))
    assert "Contrat signé le 31 mai 2021 entre SGAR de la préfecture de région des Pays de la Loire, Direction" in page
    assert "Suivi de périodicité annuelle (article 5)." in page
    assert "Didier MARTIN préfet de la région des Pays de la Loire Porteur 6 mai 2021" in page


def test_the_number_of_queries_is_that_of_any_contract(
    signed_in: SignIn,
    secretariat: User,
    cap2030: ContractVersion,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ContractFactory(code="vide")
    client = signed_in(secretariat)
    for code in ("cap2030", "vide"):
        with django_assert_num_queries(19):
            assert client.get(f"/contrats/{code}/projets/").status_code == 200


def test_a_contract_without_version_says_so(signed_in: SignIn, secretariat: User) -> None:
    ContractFactory(code="vide", signature=None)
    for page in ("", "projets/", "gouvernance/", "calendrier/", "anomalies/"):
        assert "Aucune version signée" in words(signed_in(secretariat).get(f"/contrats/vide/{page}"))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("incub-o", "Contrat signé, sans date au contrat, entre Préfecture de région Occitanie, Direction"),
        ("incub-o", "Suivi de périodicité trimestrielle (article 5)."),
        ("lean-management", "le 31 juillet 2023 par Direction interministérielle de la transformation publique. Suivi"),
    ],
)
def test_governance_of_an_act_without_a_date_or_with_a_single_party(
    signed_in: SignIn, secretariat: User, loaded_contracts: Mapping[str, Contract], code: str, told: str
) -> None:
    assert told in words(signed_in(secretariat).get(f"/contrats/{code}/gouvernance/"))
