"""« FTAP promis » of a contract whose lines were amended and not its sheets: each place says which sum it shows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from contracts.models import Contract, PlannedSheet
from reports.returns import behind
from reports.situation import contract_situation
from savings.models import SavingsLine, SavingsTerms
from tests.reading import words

SignIn = Callable[[User], Client]
DAY = date(2026, 11, 28)
BESIDE = "somme des fiches projet ; les lignes de crédits font 450 000 € de CP, soit 50 000 € de plus"


@pytest.fixture
def apart(contract: Contract) -> Contract:
    """Marine: 400 000 € of FTAP on its sheet, 450 000 € on its lines; 90 000 € a year are promised."""
    version = contract.versions.get(number=0)
    PlannedSheet.objects.filter(version=version).update(ftap=Decimal(400_000), cost=Decimal(450_000))
    line = SavingsLine.objects.get(contract=contract)
    SavingsTerms.objects.create(line=line, version=version, recurrent_cp=Decimal(90_000))
    return contract


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/contrats/marine/", f"FTAP promis 400 000 € sur 450 000 € au total ; {BESIDE}"),
        ("/contrats/marine/", f"Montant FTAP du contrat ({BESIDE}) 400 000"),
        ("/contrats/marine/financement/", f"celui de la synthèse et de R1, est de 400 000 € : {BESIDE}."),
        ("/contrats/marine/retours/", f"Montant FTAP du contrat ({BESIDE}) 400 000"),
        (
            "/contrats/marine/retours/",
            "R1 divise par la somme des fiches projet, 400 000 € ; la courbe, par les lignes de crédits, 450 000 € de",
        ),
        ("/portefeuille/retours/", f"Marine FTAP : 400 000 €, {BESIDE}."),
        (
            "/portefeuille/",
            "versions en vigueur, somme des fiches projet quand il y en a ; les lignes de crédits font 450 000 € de CP",
        ),
        ("/portefeuille/", "AE 450 000 CP 450 000 FTAP des fiches : 400 000"),
    ],
)
def test_each_place_says_which_sum_it_shows(
    apart: Contract, signed_in: SignIn, secretariat: User, page: str, said: str
) -> None:
    assert said in words(signed_in(secretariat).get(page))


@pytest.mark.parametrize(
    "page", ["/contrats/marine/", "/contrats/marine/financement/", "/contrats/marine/retours/", "/portefeuille/"]
)
def test_nothing_is_said_where_both_agree(contract: Contract, signed_in: SignIn, secretariat: User, page: str) -> None:
    version = contract.versions.get(number=0)
    PlannedSheet.objects.filter(version=version).update(ftap=Decimal(450_000), cost=Decimal(450_000))
    assert "fiches projet" not in words(signed_in(secretariat).get(page)).replace("Anomalies", "")


def test_the_lines_behind_r1_still_add_up_to_it(apart: Contract) -> None:
    """Total cost is given twice and is the same: nothing is said of it."""
    situation = contract_situation(apart, DAY)
    assert behind(situation, "R1")[1].total == situation.ftap_amount == 400_000
    labels = {one.code: one.denominator_label for one in situation.returns}
    assert "lignes de crédits" in labels["R1"]
    assert labels["R3a"] == "Coût total prévu"


def test_the_workbooks_say_it_too(apart: Contract, signed_in: SignIn, secretariat: User) -> None:
    client = signed_in(secretariat)
    book = load_workbook(BytesIO(client.get("/portefeuille/retours/export.xlsx").content))
    told = [str(row[0]) for row in book["Ensemble"].iter_rows(values_only=True)]
    assert any(text.startswith("Marine, FTAP") and "450\u202f000" in text for text in told)
    response = client.get("/portefeuille/export.xlsx")
    heads, marine = load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    figures = dict(zip(heads, marine, strict=True))
    wanted = ("FTAP promis (€)", "CP prévus moins FTAP promis (€)", "CP prévus (€)")
    assert [figures[one] for one in wanted] == [400_000, 50_000, 450_000]
