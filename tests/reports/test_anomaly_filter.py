"""Contracts found by their open anomalies: in the portfolio, its exports, and on the page of each check."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from contracts.checks.decisions import decide_anomaly
from contracts.checks.registry import Severity, anomalies_of
from contracts.checks.tallies import tally_all
from contracts.models import Contract, ContractVersion
from contracts.selectors import version_in_force
from tests.reading import words

SignIn = Callable[[User], Client]
TITLES = {"cap2030": "CAP2030", "incub-o": "Incub’O", "lab-minnov": "Lab MINNOV", "lean-management": "Lean management"}


@pytest.fixture
def counted(loaded_contracts: None) -> None:
    """The four contracts with what the checks find in them."""
    tally_all()


def exported(client: Client, query: str) -> list[str]:
    """Titles of the contracts in the workbook of this filter."""
    answer = client.get(f"/portefeuille/export.xlsx?{query}")
    rows = load_workbook(BytesIO(answer.getvalue())).worksheets[0].iter_rows(min_row=2, values_only=True)
    return [str(row[0]) for row in rows]


def with_open(code: str) -> list[str]:
    """Titles of the contracts in which the check of a code finds something, asked of the check itself."""
    return [
        contract.title
        for contract in Contract.objects.order_by("title")
        if any(one.code == code for one in anomalies_of(version_in_force(contract)))
    ]


@pytest.mark.usefixtures("counted")
def test_by_code_severity_or_any(signed_in: SignIn, secretariat: User) -> None:
    client = signed_in(secretariat)
    page = words(client.get("/portefeuille/?anomalies=A33"))
    assert "1 contrat (" in page
    assert "CAP2030" in page
    assert exported(client, "anomalies=A33") == with_open("A33") == [Contract.objects.get(code="cap2030").title]
    assert exported(client, "anomalies=A30") == with_open("A30")
    assert len(exported(client, "anomalies=ouvertes")) == 4
    assert exported(client, "anomalies=aucune") == []
    assert len(exported(client, "anomalies=A99")) == 4, "an unknown value filters nothing"
    errors = [
        one.title
        for one in Contract.objects.order_by("title")
        if any(found.severity is Severity.ERROR for found in anomalies_of(version_in_force(one)))
    ]
    assert exported(client, "anomalies=error") == errors


@pytest.mark.usefixtures("counted")
def test_what_was_accepted_is_no_longer_found(signed_in: SignIn, secretariat: User, ditp_reviewer: User) -> None:
    version = version_in_force(Contract.objects.get(code="cap2030"))
    one = next(one for one in anomalies_of(version) if one.code == "A33")
    decide_anomaly(
        version=version,
        key=one.key,
        action="accepted",
        text="Annexe reçue",
        fingerprint=one.fingerprint,
        actor=ditp_reviewer,
    )
    client = signed_in(secretariat)
    assert exported(client, "anomalies=A33") == []
    assert "CAP2030 – 1" in words(client.get("/aide/regles/A33/"))


def test_a_contract_never_checked_has_nothing_to_show(
    signed_in: SignIn, secretariat: User, cap2030: ContractVersion
) -> None:
    client = signed_in(secretariat)
    for query in ("ouvertes", "aucune", "A33", "error"):
        assert exported(client, f"anomalies={query}") == [], query


@pytest.mark.usefixtures("counted")
def test_the_filter_stays_in_the_order_and_the_exports(signed_in: SignIn, secretariat: User) -> None:
    page = signed_in(secretariat).get("/portefeuille/?anomalies=A33&tri=-cp").content.decode()
    assert '<option value="A33" selected' in page
    assert "export.csv?anomalies=A33&amp;tri=-cp" in page
    assert "?anomalies=A33&amp;tri=contrat" in page


@pytest.mark.usefixtures("counted")
def test_the_page_of_a_check_lists_the_contracts_of_one_s_perimeter(
    signed_in: SignIn, secretariat: User, lead: User, client: Client
) -> None:
    page = words(client.get("/aide/regles/A33/"))
    assert "Contrats où il le relève" not in page, "the help is open to all, the figures are not"
    page = words(signed_in(secretariat).get("/aide/regles/A33/"))
    assert "1 contrat de votre périmètre, au dernier relevé" in page
    assert "CAP2030 Annexe des nomenclatures" in page
    page = words(signed_in(lead).get("/aide/regles/A33/"))
    assert "CAP2030 Annexe des nomenclatures" not in page
    assert "Aucun contrat de votre périmètre" in page


@pytest.mark.usefixtures("counted")
def test_a_fact_to_know_is_listed_and_asks_for_nothing(signed_in: SignIn, secretariat: User) -> None:
    page = words(signed_in(secretariat).get("/aide/regles/A80/"))
    assert "Contrat À savoir" in page
    assert "Ces contrats dans le portefeuille" not in page
