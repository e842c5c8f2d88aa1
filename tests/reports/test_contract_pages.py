"""A contract as a whole: synthesis, calendar, anomalies, filings, reports, history."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from budget.models import BudgetLine, Consumption
from contracts.checks.decisions import decide_anomaly
from contracts.checks.registry import Severity, anomalies_of
from contracts.checks.tallies import tally_all
from contracts.models import Contract, ContractVersion, PlannedSheet
from monitoring.models import Filing
from tests.factories import FilingFactory
from tests.reading import words

SignIn = Callable[[User], Client]
QUERIES = 39


def test_synthesis_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/"))
    assert "FTAP promis 1 800 200 € sur 4 070 775 € au total" in page
    assert "Économies pérennes promises 1 757 500 € par an, en CP" in page
    assert "Retour contractuel (R1) 0,976 1 757 500 € ÷ 1 800 200 €" in page
    assert "Version en vigueur : contrat signé le 31 mai 2021" in page
    assert "Signal calculé n. c. aucun dossier de suivi soumis" in page


@pytest.mark.parametrize("code", ["cap2030", "incub-o", "lab-minnov", "lean-management"])
@pytest.mark.usefixtures("loaded_contracts")
def test_every_page_of_every_contract_opens(signed_in: SignIn, secretariat: User, code: str) -> None:
    client = signed_in(secretariat)
    home = client.get(f"/contrats/{code}/")
    menu = home.context["menu"]
    assert len(menu) == (16 if code == "lean-management" else 15)  # an umbrella has sub-projects
    for label, url in menu:
        page = client.get(url).content.decode()
        assert page.count("<h1") == 1, label
        assert 'aria-current="page"' in page


def test_a_stranger_finds_nothing(signed_in: SignIn, other_lead: User, contract: Contract) -> None:
    client = signed_in(other_lead)
    for page in ("", "projets/", "financement/", "economies/", "indicateurs/", "calendrier/", "historique/"):
        assert client.get(f"/contrats/marine/{page}").status_code == 404


def test_the_calendar_that_the_scan_lost(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/calendrier/"))
    assert "illisible illisible" in page


def test_anomalies_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/anomalies/"))
    assert "échanges avec DÉMUSE Développer le travail collaboratif" in page, "labels beside figures, both readings"
    assert "Cumul 2020-2023, FTAP, AE" in page
    assert "−60 000 €" in page
    assert "Fiche 1, financement FTAP (€) 236 200 238 200 La part imprimée, 43,67 %" in page
    assert "écart expliqué par l’arrondi" in page


def test_the_synthesis_counts_open_anomalies_as_their_page_does(
    signed_in: SignIn, secretariat: User, ditp_reviewer: User, cap2030: ContractVersion
) -> None:
    """Found on the spot, then as kept, then after an acceptance: the same open anomalies as their own page."""
    client = signed_in(secretariat)
    asking = [one for one in anomalies_of(cap2030) if one.severity is not Severity.INFO]
    told = f"Les {len(asking)} anomalies ouvertes, et les chiffres affichés"
    assert told in words(client.get("/contrats/cap2030/"))
    tally_all()
    page = words(client.get("/contrats/cap2030/"))
    assert told in page
    assert "Relevé du" in page
    one = asking[0]
    decide_anomaly(
        version=cap2030,
        key=one.key,
        action="accepted",
        text="Vu",
        fingerprint=one.fingerprint,
        actor=ditp_reviewer,
    )
    told = f"Les {len(asking) - 1} anomalies ouvertes, et les chiffres affichés par le contrat (1 anomalie acceptée)"
    assert told in words(client.get("/contrats/cap2030/"))
    assert f"{len(asking) - 1} anomalies ouvertes, 1 acceptée" in words(client.get("/contrats/cap2030/anomalies/"))
    PlannedSheet.objects.filter(version=cap2030).update(ftap=None)
    early = words(client.get("/contrats/cap2030/?au=2020-12-31"))
    assert "Le 31 décembre 2020, le contrat n’était pas encore signé (signature le 31 mai 2021)." in early
    as_of = words(client.get("/contrats/cap2030/?au=2022-01-01"))
    assert "Relevé du" not in as_of, "as of a day, the checks look again"


def test_a_reader_sees_filings_once_submitted(signed_in: SignIn, reader: User, lead: User, filing: Filing) -> None:
    assert "Aucun dossier de suivi." in words(signed_in(reader).get("/contrats/marine/dossiers/"))
    assert "2e trimestre 2021 En cours de saisie" in words(signed_in(lead).get("/contrats/marine/dossiers/"))


def test_no_report_says_when_there_will_be_one(signed_in: SignIn, reader: User) -> None:
    assert "Le rapport est produit quand" in words(signed_in(reader).get("/contrats/marine/rapports/"))


def test_history_tells_who_changed_what(signed_in: SignIn, secretariat: User, lead: User, filing: Filing) -> None:
    line = BudgetLine.objects.get(contract=filing.contract, key="etudes")
    row = Consumption.objects.create(line=line, filing=filing, ae=Decimal(100))
    row.ae, row.updated_by = Decimal(250), lead
    row.save()
    page = words(signed_in(secretariat).get("/contrats/marine/historique/"))
    assert (
        "Camille Chef Modification : consommation Études, 2e trimestre 2021 AE consommées : 100,00 € → 250,00 €" in page
    )
    assert "Création : crédits prévus × 6" in page


def test_history_hides_a_draft_from_a_reader(signed_in: SignIn, reader: User, filing: Filing) -> None:
    line = BudgetLine.objects.get(contract=filing.contract, key="etudes")
    Consumption.objects.create(line=line, filing=filing, ae=Decimal(100))
    page = words(signed_in(reader).get("/contrats/marine/historique/"))
    assert "consommation" not in page
    assert "Création : contrat" in page


def test_queries_of_the_synthesis_do_not_follow_the_filings(
    signed_in: SignIn, secretariat: User, contract: Contract, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(secretariat)
    tally_all()
    FilingFactory(contract=contract, state="submitted")
    with django_assert_num_queries(QUERIES):
        client.get("/contrats/marine/")
    for quarter in ("next_quarter", "whole_year"):
        FilingFactory(contract=contract, state="submitted", **{f"campaign__{quarter}": True})
    with django_assert_num_queries(QUERIES):
        client.get("/contrats/marine/")
