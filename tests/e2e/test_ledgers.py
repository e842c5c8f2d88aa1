"""A table larger than its frame says so; one that fits scrolls with the page and hides no total."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from contracts.models import Contract
from tests.e2e.test_entry_grid import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Open = Callable[[str, int], Page]


@pytest.fixture
def opened(page: Page, live_server: LiveServer, contract: Contract, secretariat: User) -> Open:
    sign_in(page.context, live_server, secretariat)

    def open_at(address: str, width: int) -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + address)
        return page

    return open_at


def test_a_table_that_fits_says_nothing_and_one_that_does_not_says_where_it_goes_on(opened: Open) -> None:
    page = opened("/portefeuille/", 1280)
    ledger = page.get_by_role("region", name="Contrats")
    expect(ledger).to_have_css("overflow", "clip visible")
    expect(page.locator(".ledger-hint")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Anomalies")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 320, "height": 900})
    expect(page.locator(".ledger-hint")).to_have_text("Le tableau continue à droite\u00a0: faites-le défiler.")
    expect(ledger).to_have_css("overflow", "auto")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator(".ledger-hint")).to_be_hidden()


def test_the_title_of_a_table_and_its_unit_are_whole_on_a_telephone(opened: Open) -> None:
    page = opened("/contrats/marine/financement/", 320)
    captions = page.locator(".ledger caption").filter(visible=True).all()
    assert captions
    assert [box["x"] + box["width"] <= 320 for one in captions if (box := one.bounding_box())] == [True] * len(captions)


def test_a_drawing_wider_than_a_telephone_says_where_it_goes_on(opened: Open) -> None:
    page = opened("/contrats/marine/", 320)
    hint = page.locator("figure.chart .ledger-hint").first
    expect(hint).to_have_text("Le graphique continue à droite\u00a0: faites-le défiler.")
    expect(hint).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(hint).to_be_hidden()
