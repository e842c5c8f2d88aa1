"""Evidence and certification in a browser: from the file refused to the amount certified, without a fault of axe."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from contracts.models import Contract
from monitoring.models import Filing
from monitoring.sections import sections_of
from savings.models import RealisedSaving, SavingCertification
from savings.services import record_saving
from tests.contracts.evidence_files import pdf, png
from tests.e2e.desk import faultless
from tests.factories import CampaignFactory, FilingFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def annual(contract: Contract, lead: User) -> Filing:
    """A fourth quarter in which 28 000 € are declared on the rents."""
    campaign = CampaignFactory(fourth_quarter=True)
    made = FilingFactory(contract=contract, campaign=campaign)
    filing = Filing.objects.select_related("campaign", "version", "contract").get(pk=made.pk)
    for section in sections_of(filing):
        section.prepare(filing)
    rent = RealisedSaving.objects.select_related("filing").get(filing=filing)
    record_saving(row=rent, revision=0, ae=Decimal(28_000), cp=Decimal(28_000), reason="Bail prolongé", actor=lead)
    return filing


def sign_in(page: Page, site: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": site.url,
    }
    page.context.clear_cookies()
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def test_from_the_file_refused_to_the_amount_certified(
    page: Page, live_server: LiveServer, annual: Filing, lead: User, ditp_reviewer: User
) -> None:
    sign_in(page, live_server, lead)
    page.goto(f"{live_server.url}/dossiers/{annual.pk}/economies/")
    page.get_by_role("link", name="Joindre une pièce").click()
    page.set_input_files("input[type=file]", {"name": "bail.pdf", "mimeType": "application/pdf", "buffer": png()})
    page.get_by_role("button", name="Joindre le fichier").click()
    expect(page.get_by_text("son contenu est celui d’un fichier")).to_be_visible()
    faultless(page)
    page.set_input_files("input[type=file]", {"name": "bail.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    page.get_by_label("Ce qu’il prouve").select_option(label="Loyers")
    page.get_by_role("button", name="Joindre le fichier").click()
    expect(page.get_by_role("row", name="bail.pdf")).to_contain_text("Loyers")
    faultless(page)
    with page.expect_download() as given:
        page.get_by_role("link", name="bail.pdf").click()
    assert given.value.suggested_filename == "bail.pdf"

    Filing.objects.filter(pk=annual.pk).update(state="submitted", submitted_by=lead, submitted_at=timezone.now())
    sign_in(page, live_server, ditp_reviewer)
    page.goto(f"{live_server.url}/dossiers/{annual.pk}/certification/")
    page.get_by_role("textbox", name="Certifié CP Loyers").fill("30 k€")
    page.get_by_role("button", name="Enregistrer la certification").click()
    expect(page.get_by_role("alert")).to_contain_text("dépasse le déclaré de")
    faultless(page)
    page.get_by_role("textbox", name="Certifié CP Loyers").fill("25 k€")
    page.get_by_role("button", name="Enregistrer la certification").click()
    expect(page.get_by_text("Une économie est certifiée.")).to_be_visible()
    faultless(page)
    assert SavingCertification.objects.get().cp.amount == Decimal(25_000)
