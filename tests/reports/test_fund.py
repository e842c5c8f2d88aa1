"""The fund: envelope, carry-overs and dormant contracts, on the page and in the workbook."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from budget.tranches.calc import TrancheYear
from budget.tranches.services import close_tranche, decide_tranche, make_available, record_envelope
from contracts.enums import LifeEventKind
from contracts.models import Contract, LifeEvent
from figures.ae_cp import AeCp
from monitoring.models import Filing
from reports.fund import CarryOver, Fund, Thresholds, carried_table, fund
from tests.budget.rows import earlier
from tests.factories import ContractFactory, promise
from tests.reading import words

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
DAY = date(2022, 3, 1)


def give(contract: Contract, secretariat: User) -> None:
    record_envelope(
        year=2021,
        voted=AeCp(Decimal(200_000), Decimal(200_000)),
        carried=AeCp(Decimal(50_000), Decimal(0)),
        source="LFI 2021",
        actor=secretariat,
        on=DAY,
    )
    amount, on = Decimal(100_000), date(2021, 2, 1)
    decide_tranche(
        contract=contract, year=2021, ae=amount, cp=amount, reason="x", filing=None, actor=secretariat, on=on
    )
    make_available(contract=contract, year=2021, actor=secretariat, on=on)


def test_the_fund_as_of_a_day_has_the_envelope_of_the_acts_dated_by_then(secretariat: User) -> None:
    """200 000 € by the finance act of 30 December; 50 000 € carried over on 15 March, corrected to 60 000 €."""
    voted = AeCp(Decimal(200_000), Decimal(200_000))
    for carried, source, on in (
        (0, "LFI", date(2020, 12, 30)),
        (50_000, "Arrêté de report", date(2021, 3, 15)),
        (60_000, "Arrêté de report, rectifié", date(2021, 3, 15)),
    ):
        more = AeCp(Decimal(carried), Decimal(0))
        record_envelope(
            year=2021, voted=voted, carried=more, source=source, actor=secretariat, on=DAY, dated_on=on
        )  # fmt: skip
    days = [date(2020, 12, 29), date(2020, 12, 30), date(2021, 3, 14), date(2021, 3, 15), DAY]
    opened = [[(one.open.ae, one.source) for one in fund(on).years] for on in days]
    first, then = [(Decimal(200_000), "LFI")], [(Decimal(260_000), "Arrêté de report, rectifié")]
    assert opened == [[], first, first, then, then]


@pytest.fixture
def given(contract: Contract, filing: Filing, secretariat: User, lead: User) -> Contract:
    """2021: 200 000 voted and 50 000 carried over; 100 000 given to the contract; 30 000 and 20 000 consumed.

    Nothing was consumed in 2020, and that was said.
    """
    give(contract, secretariat)
    earlier(filing, 2020, 4, lead, {"etudes": (0, 0), "outil": (0, 0)})
    earlier(filing, 2021, 1, lead, {"etudes": (30_000, 20_000), "outil": (0, 0)})
    return contract


def test_what_is_left_of_all_is_what_is_left_of_each(contract: Contract) -> None:
    """100 given and 40 paid leave 60; of the other 100 nobody said what was paid: 60 in all, and not 160."""
    hundred = AeCp(Decimal(100), Decimal(100))
    told, untold = (
        TrancheYear(2021, hundred, decided=hundred, consumed=AeCp(Decimal(40), paid), made_available_on=DAY)
        for paid in (Decimal(40), None)
    )
    facts = Fund(DAY, (), (CarryOver(contract, told), CarryOver(contract, untold)), ())
    *_, total = carried_table(facts).rows
    assert total.values[-2:] == (Decimal(120), Decimal(60))


def test_the_year_adds_up(given: Contract) -> None:
    (year,) = (one for one in fund(DAY).years if one.year == 2021)
    assert year.open == AeCp(Decimal(250_000), Decimal(200_000))
    assert year.left == AeCp(Decimal(150_000), Decimal(100_000))
    assert year.available == AeCp(Decimal(100_000), Decimal(100_000))
    assert year.consumed == AeCp(Decimal(30_000), Decimal(20_000))


def test_what_may_be_carried_over_until_it_is_closed(given: Contract, secretariat: User) -> None:
    (found,) = fund(DAY).carry_overs
    assert found.tranche.unspent == AeCp(Decimal(70_000), Decimal(80_000))
    assert fund(date(2021, 12, 31)).carry_overs == (), "the year is not over"
    close_tranche(contract=given, year=2021, actor=secretariat, on=DAY)
    assert fund(DAY).carry_overs == ()


def test_what_nobody_told_may_be_carried_over_too(contract: Contract, secretariat: User) -> None:
    """100 000 € made available for 2021, and no filing: the tranche is a candidate of an unknown amount."""
    give(contract, secretariat)
    (found,) = fund(DAY).carry_overs
    assert found.tranche.unspent == AeCp()
    row = carried_table(fund(DAY)).rows[0]
    assert row.values == ("Marine", "2021", Decimal(100_000), Decimal(100_000), None, None, None, None)


def test_the_fund_of_a_day_knows_nothing_of_what_came_later(given: Contract, secretariat: User) -> None:
    """Decided and made available on 1 February 2021, closed on 1 March 2022."""
    close_tranche(contract=given, year=2021, actor=secretariat, on=DAY)
    hundred = AeCp(Decimal(100_000), Decimal(100_000))
    told: list[tuple[object, ...]] = []
    for on in (date(2021, 1, 31), date(2021, 2, 1)):
        (year,) = (one for one in fund(on).years if one.year == 2021)
        told.append((year.decided, year.available, year.left.ae))
    nothing = AeCp(Decimal(0), Decimal(0))
    assert told == [(nothing, nothing, 250_000), (hundred, hundred, 150_000)]
    assert len(fund(date(2022, 2, 28)).carry_overs) == 1, "it was not closed yet"


def test_a_dormant_contract_and_its_release(given: Contract) -> None:
    """2020-03-01 to 2022-12-31: 71 % of the time gone on 1 March 2022, 6,7 % of 450 000 committed."""
    (found,) = fund(DAY).sleepers
    assert found.sleep.reasons == ("6,7\u00a0% des AE prévues consommées après 71\u00a0% de la durée",)
    assert found.sleep.release == 70_000
    assert fund(DAY, Thresholds(least=Decimal("0.05"))).sleepers == ()
    assert fund(DAY).untold == ()


def test_a_contract_that_reports_nothing_more_is_named_apart(
    given: Contract, secretariat: User, signed_in: SignIn
) -> None:
    """Its last word is of 31 March 2021; the year that it never told is said too."""
    facts = fund(date(2022, 3, 31))
    assert facts.sleepers == ()
    (found,) = facts.untold
    assert found.why == "consommation non renseignée depuis le 31\u00a0mars\u00a02021 (12\u00a0mois)"
    assert len(fund(DAY, Thresholds(months=11)).untold) == 1
    page = words(signed_in(secretariat).get("/fonds/"))
    assert "Aucun contrat ne dort, d’après ce qui est renseigné." in page
    assert "De 1 contrat, on ne sait s’il dort : la consommation n’est pas renseignée." in page
    assert "Marine 2020–2022 450 000 100 000 30 000 consommation non renseignée depuis le 31 mars 2021" in page


def test_a_year_never_told_leaves_the_contract_unknown(contract: Contract, filing: Filing, lead: User) -> None:
    earlier(filing, 2021, 1, lead, {"etudes": (30_000, 20_000), "outil": (0, 0)})
    (found,) = fund(DAY).untold
    assert (found.standing.contract, found.why) == (contract, "consommation de 2020 non renseignée")


def test_a_contract_whose_execution_has_ended_does_not_sleep(given: Contract, secretariat: User) -> None:
    """Its decided and unspent AE stay among the carry-overs: the end is dated in 2022, and counts from that day."""
    end = date(2022, 2, 1)
    LifeEvent.objects.create(contract=given, kind=LifeEventKind.END, on=end, recorded_by=secretariat)
    assert fund(DAY).sleepers == ()
    assert [one.contract for one in fund(DAY).carry_overs] == [given]
    assert len(fund(date(2022, 1, 31)).sleepers) == 1


def test_page_and_workbook_tell_the_same(given: Contract, db_reviewer: User, signed_in: SignIn) -> None:
    client = signed_in(db_reviewer)
    page = words(client.get("/fonds/?mois=120&part=25&duree=50"))
    assert "2021 200 000 200 000 50 000 – 100 000 100 000 100 000 100 000 30 000 20 000 150 000 100 000" in page
    assert "Marine 2021 100 000 100 000 30 000 20 000 70 000 80 000" in page
    assert "1 contrat dort : 70 000,00 € d’AE décidées pourraient être libérées." in page
    assert "Tranches à décider" not in page
    book = load_workbook(BytesIO(client.get("/fonds/export.xlsx").content))
    assert book.sheetnames == ["Enveloppe", "Reports", "Contrats dormants", "Non renseignés"]
    assert {sheet.page_setup.fitToWidth for sheet in book.worksheets} == {1}, "its columns on one page"
    assert str(book["Enveloppe"].print_title_rows) != "$1:$1", "its header on each"
    cells = {str(cell.value) for row in book["Enveloppe"].iter_rows() for cell in row}
    assert {"200000", "250000"} & cells == {"200000"}
    assert {"150000", "100000"} <= cells


@pytest.mark.parametrize("query", ["mois=0&part=1&duree=1", "mois=x&part=&duree=", "part=200&mois=1&duree=50"])
def test_bad_thresholds_are_told_and_those_of_the_rule_serve(
    given: Contract, secretariat: User, signed_in: SignIn, query: str
) -> None:
    page = words(signed_in(secretariat).get(f"/fonds/?{query}"))
    assert "Le formulaire contient des erreurs" in page
    assert "De 1 contrat, on ne sait s’il dort" in page


def test_the_number_of_queries_does_not_grow(
    given: Contract, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        while Contract.objects.count() < count:
            promise(ContractFactory())
        with django_assert_num_queries(8):
            fund(DAY)


def test_the_address_asks_for_a_past_day(given: Contract, secretariat: User, signed_in: SignIn) -> None:
    """The day is said, kept by the form of thresholds, and asked of the workbook too; none, or to come, is no page."""
    client = signed_in(secretariat)
    page = client.get("/fonds/?au=2022-06-30")
    assert "Au 30 juin 2022 , d’après les actes datés jusque-là et les périodes closes à cette date." in words(page)
    assert "Ce qui y est consommé est lu tel qu’on le connaît aujourd’hui" in words(page)
    assert '<input type="hidden" name="au" value="2022-06-30">' in page.content.decode()
    assert "Ce champ est obligatoire" not in words(page)
    assert "Au 30 juin 2022, d’après les événements datés" in words(client.get("/fonds/performance/?au=2022-06-30"))
    assert "fonds-ftap-2022-06-30.xlsx" in client.get("/fonds/export.xlsx?au=2022-06-30").headers["Content-Disposition"]
    assert [client.get(f"/fonds/?au={day}").status_code for day in ("2999-01-01", "hier")] == [404, 404]
    assert "datés jusque-là" not in words(client.get("/fonds/"))
