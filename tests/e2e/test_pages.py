"""Every page in a real browser: nothing sticks out, no accessibility error, no word from the security policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from contracts.amendments.changed_lines import add_line
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract
from contracts.parts import PARTS
from tests.factories import PASSWORD, FilingFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 320)
NOWHERE = "/nulle-part/"
"""The page that says that there is none."""
ARTICLES = ("", "projets/", "financement/", "economies/", "calendrier/", "gouvernance/", "indicateurs/", "anomalies/")
FOLLOW_UP = ("dossiers/", "rapports/", "historique/")
SITE = [
    "/",
    "/portefeuille/",
    "/portefeuille/?q=personne",
    "/compte/",
    "/compte/mot-de-passe/",
    "/preferences/",
    "/composants/",
]
ABOUT = [
    "/aide/",
    "/aide/glossaire/",
    "/aide/droits/",
    "/aide/regles/",
    "/aide/calculs/postes/",
    "/aide/guide/fichier-contrat/",
    "/plan-du-site/",
    NOWHERE,
]
LEGAL = ["/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/cookies/"]


@dataclass
class Visit:
    """What is wrong on a page, in words."""

    page: Page
    width: int
    complaints: list[str] = field(default_factory=list)

    def see(self, url: str, *, thoroughly: bool = True) -> None:
        """Opens the page and notes what is wrong with it; `thoroughly` also runs axe, which takes a second."""
        answer = self.page.goto(url)
        expected = 404 if url.endswith(NOWHERE) else 200
        if answer is None or answer.status != expected:
            self.complaints.append(f"{url} answers {answer.status if answer else 'nothing'}")
        sticks_out = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if sticks_out > 0:
            self.complaints.append(f"{url} sticks out by {sticks_out} px")
        for table in self.page.locator(".stacked").all():
            if table.evaluate("(box) => box.scrollWidth > box.clientWidth") and self.width == min(WIDTHS):
                self.complaints.append(f"{url} scrolls sideways in {table.get_attribute('aria-label')}")
        if not thoroughly:
            return
        for violation in Axe().run(self.page).response["violations"]:
            self.complaints.append(f"{url} {violation['id']} {[node['target'] for node in violation['nodes'][:3]]}")


def _context(browser: Browser, live_server: LiveServer, person: User, width: int, *, script: bool) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return context


@pytest.fixture(params=WIDTHS)
def visit(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, secretariat: User
) -> Iterator[Visit]:
    User.objects.filter(pk=secretariat.pk).update(is_staff=True)
    context = _context(browser, live_server, secretariat, request.param, script=True)
    visit = Visit(context.new_page(), request.param)
    visit.page.on(
        "console",
        lambda message: visit.complaints.append(message.text[:200]) if "Security Policy" in message.text else None,
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()


def test_the_site(visit: Visit, live_server: LiveServer, loaded_contracts: Mapping[str, Contract]) -> None:
    filing = FilingFactory(contract=loaded_contracts["cap2030"], state="submitted")
    filing.campaign.opened_at = timezone.now()
    filing.campaign.save()
    campaigns = ["/campagnes/", "/campagnes/nouvelle/", f"/campagnes/{filing.campaign.pk}/"]
    for url in [*SITE, *ABOUT, *LEGAL, *campaigns]:
        visit.see(live_server.url + url)
    assert visit.complaints == []


@pytest.mark.parametrize("code", ["cap2030", "incub-o", "lab-minnov", "lean-management"])
@pytest.mark.usefixtures("loaded_contracts")
def test_the_contracts(visit: Visit, live_server: LiveServer, code: str) -> None:
    for page in [*ARTICLES, *FOLLOW_UP]:
        visit.see(f"{live_server.url}/contrats/{code}/{page}", thoroughly=visit.width == 1280 or code == "cap2030")
    assert visit.complaints == []


PROMISE = (
    "retours/",
    "retours/?lignes=R1",
    "tranches/",
    "avenants/",
    "versions/comparer/?de=0&a=1",
    "versions/0/dates/",
    "versions/1/annexe/",
)
DRAFT = ("", "modifier/budget/", "modifier/savings/", "modifier/indicators/", "modifier/savings/ajouter/categorie/")
FUND = ("fonds/", "fonds/couts-unitaires/", "fonds/performance/", "portefeuille/retours/", "portefeuille/revisions/")


def test_the_promise_through_time(
    visit: Visit, live_server: LiveServer, loaded_contracts: Mapping[str, Contract], secretariat: User
) -> None:
    """An amendment with a line added and a figure moved, its inputs and its impact; tranches, returns, the fund."""
    contract = loaded_contracts["cap2030"]
    draft = prepare_amendment(contract, ["budget", "economies", "cibles"], secretariat, reason="Essai")
    budget = next(one for one in PARTS if one.code == "budget")
    line = {"libelle": "Renfort", "nature": "prestations", "titre": "3", "annees.2022.ae": Decimal(1_000)}
    add_line(draft, budget.additions[0], line | {"annees.2022.cp": Decimal(1_000)}, secretariat)
    for page in PROMISE:
        visit.see(f"{live_server.url}/contrats/cap2030/{page}")
    for page in DRAFT:
        visit.see(f"{live_server.url}/contrats/cap2030/avenants/1/{page}", thoroughly=page != "modifier/indicators/")
    for page in FUND:
        visit.see(f"{live_server.url}/{page}")
    assert visit.complaints == []


@pytest.mark.usefixtures("loaded_contracts")
def test_without_script_one_signs_in_filters_and_reads(
    browser: Browser, live_server: LiveServer, secretariat: User
) -> None:
    User.objects.filter(pk=secretariat.pk).update(first_name="Secrétariat du fonds", last_name="de la transformation")
    context = browser.new_context(viewport={"width": 320, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/portefeuille/")
    page.get_by_label("Adresse électronique").fill(secretariat.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320, "however long a name"
    page.get_by_label("Contrat ou porteur").fill("cap")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="CAP2030").click()
    page.get_by_role("link", name="Financement", exact=True).click()
    page.get_by_text("FTAP : 1 ligne").click()
    expect(page.get_by_role("region", name="Lignes : FTAP")).to_be_visible()
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Aide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aide")
    page.get_by_role("button", name="Se déconnecter").first.click()
    expect(page).to_have_url(f"{live_server.url}/connexion/")
    context.close()


def test_the_keyboard_reaches_the_content_first(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/aide/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
