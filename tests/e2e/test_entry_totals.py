"""The live totals of a grid, in a real browser."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from contracts.fields import amount
from contracts.models import Contract
from savings.models import RealisedSaving, SavingsLine
from tests.e2e.desk import DeskOf, faultless
from tests.monitoring.workbook.books import annual_filing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_line_that_does_not_count_is_typed_saved_and_added_to_nothing(
    contract: Contract, lead: User, desk_of: DeskOf
) -> None:
    """5 000 € of redeployed posts beside 28 000 € of rents, of which 30 000 € are planned."""
    SavingsLine.objects.create(
        contract=contract, key="emplois", label="Emplois", method="montants", is_redeployed=True, position=2
    )
    filing = annual_filing(contract)
    desk = desk_of(lead)
    desk.page.goto(f"{desk.site}/dossiers/{filing.pk}/economies/")
    expect(desk.page.locator("#total")).to_have_text("Total sans 1 ligne non comptée")
    for label, euros in (("Loyers", "28000"), ("Emplois", "5000")):
        desk.type_in(desk.cell(label, "ae"), euros)
    expect(desk.cell("Emplois", "ae")).to_have_value("5\u202f000,00")
    expect(desk.page.locator("[data-total='ae']")).to_have_text("28\u202f000,00")
    expect(desk.page.locator("[data-rest='ae']")).to_have_text("2\u202f000,00")
    desk.save_grid()
    expect(desk.page.locator("[data-total='ae']")).to_have_text("28\u202f000,00")
    faultless(desk.page)
    assert amount(RealisedSaving.objects.get(filing=filing, line__label="Emplois").ae) == 5000
