"""The pages of reminders and preferences in a real browser: nothing sticks out, no accessibility error."""

import os
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from contracts.models import Contract
from monitoring.models import Filing
from monitoring.services.reminders import chase, make_calendars
from monitoring.unsubscribe import address
from tests.e2e.desk import another_page
from tests.factories import CampaignFactory, FilingFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("FTAP_SHOTS")
"""A folder to keep pictures in, for whoever wants to look."""


@pytest.fixture
def late(contract: Contract, other_contract: Contract, lead: User) -> list[Filing]:
    """Two late filings, the second without lead; a reminder of the first was told."""
    campaign = CampaignFactory(opened_at=timezone.now())
    filings: list[Filing] = [FilingFactory(contract=each, campaign=campaign) for each in (contract, other_contract)]
    FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True), state="locked")
    make_calendars(filings)
    chase(on=date(2021, 8, 2))
    return filings


@pytest.mark.parametrize("width", [1280, 320])
def test_reminders_due_dates_and_preferences(
    width: int, browser: Browser, live_server: LiveServer, secretariat: User, late: list[Filing]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
    client = Client()
    client.force_login(secretariat, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page, complaints = context.new_page(), list[str]()

    def look(title: str) -> None:
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            complaints.append(f"{title} sticks out")
        complaints.extend(f"{title} {one['id']}" for one in Axe().run(page).response["violations"])
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{title}-{width}.png", full_page=True)

    page.goto(f"{live_server.url}/campagnes/{late[0].campaign_id}/")
    look("campaign")
    page.get_by_label("Relancer : Marine").check()
    page.get_by_label("Relancer : Terre").check()
    page.get_by_role("button", name="Relancer les dossiers cochés").click()
    expect(page.get_by_text("Message envoyé à")).to_be_visible()
    look("nudged")
    with another_page(page):
        page.get_by_role("link", name="Changer l’échéance : Marine").click()
    with another_page(page):
        page.get_by_role("button", name="Changer l’échéance").click()
    look("due-date-refused")
    page.get_by_label("Nouvelle échéance").fill("2021-09-15")
    page.get_by_label("Motif").fill("Clôture décalée")
    page.get_by_role("button", name="Changer l’échéance").click()
    expect(page.get_by_text("L’échéance est changée")).to_be_visible()
    look("due-date")
    page.goto(f"{live_server.url}/preferences/")
    look("preferences")
    page.goto(f"{live_server.url}/")
    page.get_by_text("que vous pouvez reprendre ou rouvrir").click()
    look("home")
    context.clear_cookies()
    page.goto(live_server.url + address(secretariat, "digest").removeprefix(settings.SITE_URL))
    look("unsubscribe")
    page.get_by_role("button", name="Ne plus recevoir ces messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Messages arrêtés")
    look("unsubscribed")
    assert complaints == []
    context.close()
