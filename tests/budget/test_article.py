"""Article 2 as a page: totals, divisions, lines, consumption beside."""

from collections.abc import Callable
from decimal import Decimal

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from budget.models import BudgetLine, Consumption
from budget.selectors import credit_situation
from contracts.models import Contract, ContractVersion
from monitoring.enums import FilingState
from tests.factories import FilingFactory
from tests.reading import words

SignIn = Callable[[User], Client]


def test_the_promise_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/financement/"))
    assert "Aucune consommation de CP du FTAP n’est renseignée sur 1 800 200 € promis." in page
    assert "Total 1 860 200 n. r. n. r. 1 800 200 n. r. n. r." in page
    assert "Aucun dossier de suivi n’a encore été soumis" in page


def test_the_same_total_however_it_is_divided(signed_in: SignIn, secretariat: User, incub_o: ContractVersion) -> None:
    client = signed_in(secretariat)
    for word in ("source", "nature", "titre", "axe", "inconnu"):
        page = words(client.get(f"/contrats/incub-o/financement/?par={word}"))
        assert "FTAP 1 235 000" in page


def test_what_was_consumed_stands_beside(signed_in: SignIn, secretariat: User, contract: Contract) -> None:
    filing = FilingFactory(contract=contract)
    line = BudgetLine.objects.get(contract=contract, key="etudes")
    Consumption.objects.create(line=line, filing=filing, ae=Decimal(80_000), cp=Decimal(0))
    client = signed_in(secretariat)
    assert "80 000" not in words(client.get("/contrats/marine/financement/")), "a draft is seen on its own pages only"

    filing.state, filing.submitted_by, filing.submitted_at = FilingState.SUBMITTED, secretariat, filing.created_at
    filing.save()
    page = words(client.get("/contrats/marine/financement/"))
    assert "Au 30 juin 2021, 0 € de CP du FTAP a été consommé sur 450 000 € promis, soit 0,0 %." in page
    assert "2021 150 000 80 000 −20 000 sur 100 000 150 000 0 −100 000 sur 100 000" in page, "« Outil » is left blank"
    assert "2021 : dossier du 2e trimestre 2021 , soumis, chiffres cumulés au 30 juin 2021" in page


def test_queries_do_not_follow_the_lines(
    signed_in: SignIn,
    secretariat: User,
    contract: Contract,
    incub_o: ContractVersion,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(secretariat)
    for code in ("marine", "incub-o"):
        with django_assert_num_queries(11):
            client.get(f"/contrats/{code}/financement/")


def test_what_the_scan_lost_of_the_plan_is_illegible_in_its_cell_and_not_blank(
    lab_minnov: ContractVersion, incub_o: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    """Lab Minnov's whole plan; Incub-O leaves CP of 2018 blank on three lines, which is no loss of the scan."""
    credits_ = credit_situation(lab_minnov.contract, lab_minnov)
    assert {cell.lost for line in credits_.lines for cell in line.years} == {("ae", "cp")}
    assert credits_.total.lost == ("ae", "cp")
    page = words(signed_in(secretariat).get("/contrats/lab-minnov/financement/"))
    assert "2022 illisible n. r. n. r. illisible n. r. n. r." in page
    blank = credit_situation(incub_o.contract, incub_o)
    assert any(cell.planned.cp is None for line in blank.lines for cell in line.years)
    assert {cell.lost for line in blank.lines for cell in line.years} == {()}
