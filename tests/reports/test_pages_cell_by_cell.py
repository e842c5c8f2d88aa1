"""The pages of a contract against its report, row by row, cell by cell: amounts, shares, ratios, ETPT, dates, words.

The last tests alter a figure and show that it is found.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urljoin

import pytest
from django.test import Client

from accounts.models import User
from contracts.models import Contract, ContractVersion
from reports.situation import contract_situation
from reports.tables import credits as credit_tables
from tests.fixtures_contracts import load
from tests.reports.filed import altered, filed
from tests.reports.page_amounts import DIVISION
from tests.reports.page_cells import lines_of, page_differences, starting
from tests.reports.page_comparison import all_page_differences
from tests.reports.reading import PageTable, page_tables


@pytest.fixture
def read(secretariat: User, signed_in: Callable[[User], Client]) -> Callable[[str, str], dict[str, PageTable]]:
    client = signed_in(secretariat)

    def page(code: str, address: str) -> dict[str, PageTable]:
        answer = client.get(urljoin(f"/contrats/{code}/", address))
        assert answer.status_code == 200
        return page_tables(answer.content.decode())

    return page


@pytest.mark.parametrize("code", ["incub-o", "cap2030"])
def test_every_cell_of_a_filed_contract_is_on_its_pages(code: str, read: Any) -> None:
    version = load(code)
    filed(version)
    assert list(all_page_differences(contract_situation(version.contract), partial(read, code))) == []


def test_every_cell_of_the_four_promises_is_on_the_pages(loaded_contracts: Mapping[str, Contract], read: Any) -> None:
    for code, contract in loaded_contracts.items():
        situation = contract_situation(contract)
        assert list(all_page_differences(situation, partial(read, code))) == [], code


def test_a_wrong_figure_of_a_page_is_found(incub_o: ContractVersion, read: Any) -> None:
    filed(incub_o)
    situation = altered(contract_situation(incub_o.contract))
    told = list(all_page_differences(situation, partial(read, "incub-o")))
    assert {each.split(":")[0].split(",")[0] for each in told} >= {"Tous financements", "Crédits par titre"}
    assert not any(each.startswith("Économies") for each in told)


def test_a_figure_on_the_wrong_row_is_found(incub_o: ContractVersion, read: Any) -> None:
    """Two rows that change places bear the same set of figures."""
    table = credit_tables.by_nature(contract_situation(incub_o.contract))
    shown = starting(read("incub-o", "financement/?par=nature"), "Crédits par nature")
    assert list(page_differences(shown, table, lines_of(table), DIVISION)) == []
    shown.rows[0][1:], shown.rows[1][1:] = shown.rows[1][1:], shown.rows[0][1:]
    assert len(list(page_differences(shown, table, lines_of(table), DIVISION))) >= 2


COMPARED: Final[dict[str, set[str]]] = {
    "Prévu et consommé sur la durée du contrat": set(),
    "Crédits du FTAP": {"Écart d’AE", "Écart de CP"},
    "Tous financements": {"Écart d’AE", "Écart de CP"},
    "FTAP": set(),
    "État (cofinanceur non précisé)": set(),
    "Crédits consommés dans la période (année\xa02021)": set(),
    "Crédits par source, toutes années": {"Lignes"},
    "Crédits du FTAP par exercice": {"Mis à disposition", "Décision"},
    "Fiches projet par axe": {"Part imprimée"},
    "Économies en CP": {"Programme"},
    "Économies en AE": {"Programme"},
    "Valorisation financière des ETPT supprimés (a)": set(),
    "Écart de chaque ligne et compensation nette": {"Prévu", "Déclaré", "Écart"},
    "Ce que le porteur dit de chaque économie": {"Niveau de preuve", "Pièces et sources"},
    "Retours sur investissement": set(),
    "Ce qui n’est pas renseigné": set(),
    "Étapes du calendrier": {"Axe"},
    "Avancement": set(),
    "Résultat": set(),
    "Risques, les plus graves d’abord": {"Saisi par"},
    "Imprimé et calculé": set(),
    "Ce que les contrôles trouvent dans le contrat": {"Constat", "Suite"},
    "Ce que la numérisation a altéré, et ce que les autres colonnes du contrat imposent": set(),
    "Ce que la numérisation a perdu": {"Nature"},
    "Ce que la lecture de l’acte a montré": set(),
    "Signataires (contrat signé)": {"Pour"},
}
"""The tables of pages that are compared, and their columns that are not.

Gaps by year are, the other way round, the report's « reste à engager »; those of each savings line are compared in CP.
"""


def test_a_wrong_cell_is_found_in_each_column(cap2030: ContractVersion, read: Any) -> None:
    """Each table of each page in turn, then each of its columns, is altered: the comparison has to tell."""
    filed(cap2030)
    situation = contract_situation(cap2030.contract)
    pages: dict[str, dict[str, PageTable]] = {}

    def page(address: str) -> dict[str, PageTable]:
        if address not in pages:
            pages[address] = read("cap2030", address)
        return pages[address]

    def is_seen(table: PageTable, *ranks: int) -> bool:
        kept, table.rows = table.rows, [[*row] for row in table.rows]
        for row in table.rows:
            for rank in ranks:
                row[rank : rank + 1] = ["?"]
        told = any(all_page_differences(situation, page))
        table.rows = kept
        return told

    assert not any(all_page_differences(situation, page))
    compared = {}
    for table in [table for tables in pages.values() for table in tables.values()]:
        ranks = range(len(table.rows[0]))
        if is_seen(table, *ranks):
            compared[table.caption] = {table.headers[rank] for rank in ranks if not is_seen(table, rank)}
    assert compared == COMPARED
