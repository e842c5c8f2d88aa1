"""A file taken away says which of its figures are invented, far from the page and its banner."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract
from monitoring.models import Filing
from monitoring.reality import DEMO
from reports.impact import render_impact_pdf, render_impact_xlsx
from tests.reports.filed import file
from tests.reports.tagged import structure

DAY = date(2022, 6, 30)
SignIn = Callable[[User], Client]


@pytest.fixture
def invented(contract: Contract) -> Filing:
    """Marine in mid 2021, of a demonstration; Terre has nothing invented."""
    return file(contract, etudes=("60000", "40000"))


def texts(content: bytes) -> Iterator[Any]:
    """Every cell, sheet by sheet."""
    for sheet in load_workbook(BytesIO(content)).worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield from row


@pytest.mark.parametrize("address", ["/portefeuille/export.csv?tri=contrat", "/campagnes/{campaign}/export/csv/"])
def test_a_list_says_it_line_by_line(
    address: str, invented: Filing, other_contract: Contract, secretariat: User, signed_in: SignIn
) -> None:
    content = signed_in(secretariat).get(address.format(campaign=invented.campaign_id)).content.decode("utf-8-sig")
    heads, marine, *others = (line.split(";") for line in content.splitlines())
    nature = heads.index("Nature des chiffres")
    assert marine[0] == "Marine"
    assert marine[nature] == "Démonstration, chiffres inventés"
    assert {line[nature] for line in others} <= {"Déclarés"}


def test_the_returns_say_it_above_each_table(
    invented: Filing, other_contract: Contract, secretariat: User, signed_in: SignIn
) -> None:
    client = signed_in(secretariat)
    assert list(texts(client.get("/portefeuille/retours/export.xlsx").content)).count(DEMO) == 5
    assert DEMO not in texts(client.get("/portefeuille/retours/export.xlsx?q=terre").content)


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_fund_of_a_demo_says_it(is_demo: bool, secretariat: User, signed_in: SignIn, settings: Any) -> None:
    settings.FTAP_DEMO = is_demo
    content = signed_in(secretariat).get("/fonds/export.xlsx").content
    assert list(texts(content)).count(DEMO) == (4 if is_demo else 0)


@pytest.mark.parametrize("is_demo", [True, False])
def test_an_amendment_made_in_a_demo_is_invented(
    is_demo: bool, contract: Contract, secretariat: User, settings: Any
) -> None:
    settings.FTAP_DEMO = is_demo
    signed, draft = contract.versions.get(number=0), prepare_amendment(contract, ["budget"], secretariat)
    assert (DEMO in texts(render_impact_xlsx(impact(signed, draft), DAY))) is is_demo
    assert (DEMO in structure(render_impact_pdf(impact(signed, draft), DAY)).all_text()) is is_demo
    assert DEMO not in texts(render_impact_xlsx(impact(signed, signed), DAY)), "what was signed is no invention"
