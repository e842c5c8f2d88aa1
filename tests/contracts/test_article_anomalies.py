"""Each article's page shows the anomalies of its article: those that the checks last found and nobody accepted."""

import re
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from accounts.models import User
from contracts.checks.registry import catalogue
from contracts.checks.tallies import tallies_of, tally_all
from contracts.models import Contract
from contracts.pages import ARTICLES
from tests.reading import words

SignIn = Callable[[User], Client]
PAGES = ("projets", "financement", "tranches", "economies", "calendrier", "gouvernance", "indicateurs", "vie")


def told(client: Client, code: str, page: str) -> int:
    found = re.search(r"(\d+) anomalies? ouvertes? à cet article", words(client.get(f"/contrats/{code}/{page}/")))
    return int(found[1]) if found else 0


@pytest.mark.parametrize("code", ["cap2030", "incub-o", "lean-management", "lab-minnov"])
def test_each_stands_on_the_page_of_its_article(
    code: str, loaded_contracts: Mapping[str, Contract], secretariat: User, signed_in: SignIn
) -> None:
    contract, client = loaded_contracts[code], signed_in(secretariat)
    assert [told(client, code, page) for page in PAGES] == [0] * 8, "the checks have not looked yet"
    tally_all(contract.pk)
    tally = tallies_of([contract.pk])[contract.pk]
    of_an_article = [one for one in tally.open if one.article]
    assert of_an_article
    assert sum(told(client, code, page) for page in PAGES) == len(of_an_article)


def test_those_of_cap2030_and_where_they_lead(
    loaded_contracts: Mapping[str, Contract], secretariat: User, signed_in: SignIn
) -> None:
    tally_all(loaded_contracts["cap2030"].pk)
    client = signed_in(secretariat)
    page = client.get("/contrats/cap2030/financement/")
    address = re.search(r'class="article-anomalies">.*?href="([^"]+)"', page.content.decode(), re.DOTALL)
    assert address
    assert client.get(address[1]).status_code == 200
    assert "à cet article" not in words(client.get("/contrats/cap2030/financement/?au=2021-12-31"))


def test_each_link_says_where(loaded_contracts: Mapping[str, Contract], secretariat: User, signed_in: SignIn) -> None:
    """Incub-O prints 25 totals and shares of article 2 that its lines contradict: no two links have one name."""
    tally_all(loaded_contracts["incub-o"].pk)
    html = signed_in(secretariat).get("/contrats/incub-o/financement/").content.decode()
    links = re.findall(r'<a href="(/contrats/incub-o/anomalies/[^"]+)">([^<]+)</a>', html)
    assert len(links) == 25
    assert len({name for _, name in links}) == 25


def test_every_check_names_an_article_that_has_a_page() -> None:
    shown = {article for articles in ARTICLES.values() for article in articles}
    assert {check.article for check in catalogue()} - shown == {""}
