"""The portfolio: figures, filters, order, exports, and a number of queries that does not grow."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from budget.models import BudgetLine, Consumption, PlannedCredit
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.models import Contract
from indicators.models import Indicator, Measurement
from monitoring.enums import FilingState
from monitoring.models import Filing
from reports.selectors import portfolio
from reports.situation import contract_situation
from savings.models import SavingsLine, SavingsTerms
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, OrganisationFactory, promise
from tests.reading import words

SignIn = Callable[[User], Client]
QUERIES = 30


@pytest.mark.usefixtures("loaded_contracts")
def test_the_four_contracts(signed_in: SignIn, secretariat: User) -> None:
    page = words(signed_in(secretariat).get("/portefeuille/"))
    assert "Contrats 4 dans votre sélection FTAP promis 18 035 200 €" in page
    assert "Retour contractuel (R1) 0,199 3 581 500 € par an ÷ 18 035 200 €" in page
    assert "; économies chiffrées par 2 contrats sur 4" in page
    assert "AE 1 860 200 CP 1 800 200 n. r. n. r. 1 757 500" in page
    assert "Retour certifié (R2) n. c. n. r. certifiés par an ÷ n. r. de CP consommés" in page
    assert "Aucune campagne de suivi n’est ouverte." in page


def test_the_secretariat_imports_contracts_and_sees_what_left(signed_in: SignIn, secretariat: User, lead: User) -> None:
    for person, seen in ((secretariat, True), (lead, False)):
        page = words(signed_in(person).get("/portefeuille/"))
        assert [label in page for label in ("Importer un contrat", "Envois")] == [seen, seen]


def test_the_number_of_queries_is_the_same_at_1_3_and_30(
    signed_in: SignIn, secretariat: User, contract: Contract, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, campaign = signed_in(secretariat), CampaignFactory()
    FilingFactory(contract=contract, campaign=campaign, state="submitted")
    for count in (1, 3, 30):
        while Contract.objects.count() < count:
            promise(newcomer := ContractFactory())
            FilingFactory(contract=newcomer, campaign=campaign, state="submitted")
        with django_assert_num_queries(QUERIES):
            assert f"Contrats {count} dans" in words(client.get("/portefeuille/"))


def test_key_figures_say_how_many_contracts_count_by_a_filing_that_nobody_validated(
    signed_in: SignIn, secretariat: User, contract: Contract, other_contract: Contract
) -> None:
    """« Marine » was locked, the other one is submitted only: both count, and the page tells them apart."""
    campaign = CampaignFactory()
    FilingFactory(contract=contract, campaign=campaign, state="locked")
    second = FilingFactory(contract=other_contract, campaign=campaign, state="submitted")
    client, told = signed_in(secretariat), "au 30/06/2021 ; 1 contrat d’après un dossier soumis, non encore validé"
    assert told in words(client.get("/portefeuille/"))
    Filing.objects.filter(pk=second.pk).update(state="locked", locked_at=timezone.now())
    assert "non encore validé" not in words(client.get("/portefeuille/"))


def test_filters_are_in_the_address(signed_in: SignIn, secretariat: User) -> None:
    ministry = OrganisationFactory(code="interieur", name="Ministère de l’Intérieur", kind="ministere", region="")
    ContractFactory(title="Bretagne", holder=OrganisationFactory(region="Bretagne", ministry=ministry))
    ContractFactory(title="Corse", holder=OrganisationFactory(region="Corse"))
    client = signed_in(secretariat)
    for query in ("ministere=interieur", "region=Bretagne", "q=bret"):
        page = words(client.get(f"/portefeuille/?{query}"))
        assert "1 contrat (" in page
    assert "Aucun contrat ne répond à ces filtres." in words(client.get("/portefeuille/?etat=locked"))
    assert "2 contrats" in words(client.get("/portefeuille/?etat=aucun"))
    assert "2 contrats" in words(client.get("/portefeuille/?region=Atlantide")), "an unknown value filters nothing"


def test_the_order_is_in_the_address(signed_in: SignIn, secretariat: User) -> None:
    for title in ("Armor", "Zénith"):
        ContractFactory(title=title)
    page = words(signed_in(secretariat).get("/portefeuille/?tri=-contrat"))
    assert page.index("Zénith") < page.index("Armor")


@pytest.mark.usefixtures("other_contract")
def test_one_sees_one_s_own_perimeter(signed_in: SignIn, lead: User, stranger: User) -> None:
    page = words(signed_in(lead).get("/portefeuille/"))
    assert "Marine" in page
    assert "Terre" not in page
    for address in ("/portefeuille/", "/portefeuille/retours/"):
        page = words(signed_in(stranger).get(address))
        assert "Aucun contrat n’est dans votre périmètre." in page
        assert "n. r." not in page, "no figure of nothing"
        assert "Filtrer" not in page


def test_the_workbook_has_the_same_rows_as_numbers(
    signed_in: SignIn, secretariat: User, loaded_contracts: Mapping[str, Contract]
) -> None:
    response = signed_in(secretariat).get("/portefeuille/export.xlsx?q=cap")
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 2
    figures = dict(zip(rows[0], rows[1], strict=True))
    assert figures["Contrat"] == "CAP2030"
    assert figures["FTAP promis (€)"] == 1_800_200
    assert figures["CP consommés (€)"] is None


def test_a_printed_page_of_the_workbook_names_its_rows_and_its_columns(
    signed_in: SignIn, secretariat: User, contract: Contract
) -> None:
    """It has more columns than a page is wide; their names are whole, on several lines."""
    book = load_workbook(BytesIO(signed_in(secretariat).get("/portefeuille/export.xlsx").content))
    sheet = book.worksheets[0]
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    assert all(cell.alignment.wrap_text for cell in sheet[1])
    assert sheet.row_dimensions[1].height > 15


def test_what_the_signature_promised_stands_beside_the_version_in_force(
    signed_in: SignIn, secretariat: User, contract: Contract, other_contract: Contract
) -> None:
    """Marine: 450 000 € of FTAP and 30 000 € a year at signature; 440 000 € (CP) and 20 000 € since its amendment."""
    saving, signature = SavingsLine.objects.get(contract=contract), contract.versions.get(number=0)
    SavingsTerms.objects.create(line=saving, version=signature, recurrent_cp=Decimal(30_000))
    draft = prepare_amendment(contract, ["budget", "economies"], secretariat)
    PlannedCredit.objects.filter(version=draft, line__key="etudes", year=2022).update(cp=Decimal(90_000))
    SavingsTerms.objects.filter(version=draft).update(recurrent_cp=Decimal(20_000))
    day = date(2022, 6, 30)
    for role in required_parties(contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", day, secretariat)
    sign_amendment(draft, day, day, draft.number, "Loyers renégociés", secretariat)
    client = signed_in(secretariat)
    page = words(client.get("/portefeuille/"))
    assert "AE 450 000 CP 440 000 CP à la signature : 450 000" in page
    assert "20 000 à la signature : 30 000" in page
    assert page.count("à la signature : ") == 2, "nothing is said of what did not change"
    assert "890 000 € versions en vigueur ; 900 000 € à la signature" in page
    assert (
        "20 000 € par an ÷ 890 000 € ; économies chiffrées par 1 contrat sur 2 ; 30 000 € par an à la signature" in page
    )
    response = client.get("/portefeuille/export.xlsx?tri=contrat")
    first, *rows = load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    told = [
        [
            dict(zip(first, row, strict=True))[title]
            for title in first
            if "promis" in str(title) or "prévu" in str(title)
        ]
        for row in rows
    ]
    assert told == [
        [440_000, None, 450_000, 450_000, 450_000, 440_000, 450_000, 20_000, 30_000],
        [450_000, None, 450_000, 450_000, 450_000, 450_000, 450_000, None, None],
    ]
    heads, marine, *_ = client.get("/portefeuille/export.csv?tri=contrat").content.decode("utf-8-sig").splitlines()
    cells = dict(zip(heads.split(";"), marine.split(";"), strict=True))
    assert cells["FTAP promis (€)"] == "440000"
    assert cells["FTAP promis à la signature (€)"] == "450000"
    assert cells["Économies pérennes promises à la signature (€ par an)"] == "30000"
    assert [row.signed.planned.cp for row in portfolio(secretariat, on=date(2022, 6, 29))] == [Decimal(450_000)] * 2


def test_the_csv_is_french_and_holds_no_formula(signed_in: SignIn, secretariat: User) -> None:
    promise(ContractFactory(title="=1+1"))
    text = signed_in(secretariat).get("/portefeuille/export.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("'=1+1;")
    assert ";450000;" in text


def test_other_formats_do_not_exist(signed_in: SignIn, secretariat: User) -> None:
    assert signed_in(secretariat).get("/portefeuille/export.pdf").status_code == 404


def test_the_signal_is_that_of_the_contract_s_own_page(secretariat: User, contract: Contract) -> None:
    filing = FilingFactory(contract=contract)
    line = BudgetLine.objects.get(contract=contract, key="etudes")
    Consumption.objects.create(line=line, filing=filing, ae=Decimal(60_000), cp=Decimal(60_000))
    Measurement.objects.create(indicator=Indicator.objects.get(contract=contract), filing=filing, value=12)
    filing.state, filing.submitted_by, filing.submitted_at = FilingState.SUBMITTED, secretariat, timezone.now()
    filing.save()
    (row,) = portfolio(secretariat)
    assert row.signal == contract_situation(contract).weather.signal
    assert row.signal.label == "Objectifs sécurisés"
    assert row.signal.reasons[0].startswith("CP FTAP consommés à 80,0")
    assert row.signal == contract_situation(contract, filing=filing).weather.signal, "today as at the end of its period"
    assert row.signal.reasons[-1] == "0 jalon en retard sur 2", "of the days that came since, nobody told"
