"""Entry without a mouse, in few steps, and readable by assistive tools in each state of its pages."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from budget.models import Consumption
from budget.services import record_consumption
from indicators.models import Measurement
from indicators.services import record_measurement
from monitoring.enums import FilingState, Weather
from monitoring.models import Filing
from monitoring.sections import sections_of
from savings.models import RealisedSaving
from savings.services import record_saving
from tests.budget.rows import close
from tests.factories import PASSWORD, CampaignFactory, FilingFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 320)


@pytest.fixture
def annual(filing: Filing) -> Filing:
    """A fourth quarter, which has the three grids, its rows made and its campaign open."""
    day = date(2022, 1, 1)
    campaign = CampaignFactory(fourth_quarter=True, opens_on=day, due_on=day, opened_at=timezone.now())
    made = FilingFactory(contract=filing.contract, campaign=campaign)
    for section in sections_of(made):
        section.prepare(made)
    return made


# --- Without a mouse ---


class Keyboard:
    """Hands on the keyboard only; `strokes` counts them, a text being one."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)
        self.strokes += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += 1

    def reach(self, place: Locator, key: str = "Tab") -> None:
        """Tabs until the place has the focus."""
        expect(place).to_be_visible()
        for _ in range(120):
            if place.evaluate("place => place === document.activeElement"):
                return
            self.press(key)
        pytest.fail(f"{place} is not reached with the keyboard")

    def enter(self, place: Locator, key: str = "Tab") -> None:
        self.reach(place, key)
        self.press("Enter")


def test_from_sign_in_to_submission_with_the_keyboard_only(
    page: Page, live_server: LiveServer, annual: Filing, lead: User
) -> None:
    hands, menu = Keyboard(page), page.get_by_role("navigation", name="Rubriques du dossier")
    page.goto(f"{live_server.url}/connexion/?next=/dossiers/{annual.pk}/")
    hands.reach(page.get_by_label("Adresse"))
    hands.type(lead.email)
    hands.reach(page.get_by_label("Mot de passe", exact=True))
    hands.type(PASSWORD)
    hands.press("Enter")
    hands.enter(menu.get_by_role("link", name="Crédits"))
    hands.reach(page.locator("input[data-rank]").first)
    for text in ("80 000", "40 000"):
        hands.type(text)
        hands.press("Enter")
    hands.press("Tab")
    hands.type("39 000,50")
    hands.press("ArrowUp")
    hands.type("78 k€")
    hands.press("Tab")
    expect(page.locator("tr[data-pending]")).to_have_count(0)
    expect(page.locator("#statut")).to_contain_text("Enregistré à")
    hands.enter(menu.get_by_role("link", name="Météo"), key="Shift+Tab")
    hands.reach(page.get_by_label("Météo du projet"))
    hands.type("Objectifs att")
    expect(page.get_by_label("Météo du projet")).to_have_value(Weather.REACHABLE)
    hands.reach(page.get_by_label("Avancement de la période"))
    hands.type("Le déploiement suit le calendrier prévu.")
    hands.enter(page.get_by_role("button", name="Enregistrer"))
    expect(page.locator(".site-messages")).to_contain_text("sont enregistrés")
    hands.enter(menu.get_by_role("link", name="Récapitulatif"))
    hands.enter(page.get_by_role("button", name="Soumettre"))
    expect(page.locator(".site-messages")).to_contain_text("soumis")
    assert hands.strokes < 180
    annual.refresh_from_db()
    assert (annual.state, annual.weather) == (FilingState.SUBMITTED, Weather.REACHABLE)
    assert annual.progress_comment == "Le déploiement suit le calendrier prévu."
    stored = [(row.ae.amount, row.cp.amount) for row in Consumption.objects.filter(filing=annual)]
    assert stored == [(80000, 78000), (40000, Decimal("39000.50"))]


def test_from_sign_in_a_block_takes_four_interactions_and_one_request(
    page: Page, live_server: LiveServer, annual: Filing, lead: User
) -> None:
    """From sign-in: the filing, its credits, the first cell, Ctrl + V, and the figures are held. Nothing else is asked.

    Only what the browser itself takes for a person's act is counted; the block is copied in another tab.
    """
    acts: list[str] = []
    posts: list[str] = []

    def heard(kind: str) -> None:
        acts.append(kind)

    page.expose_function("heard", heard)
    page.add_init_script(HEAR)
    page.goto(f"{live_server.url}/connexion/")
    page.get_by_label("Adresse").click()
    page.keyboard.type(lead.email)
    page.get_by_label("Mot de passe", exact=True).click()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    waiting = page.get_by_role("region", name="Dossiers qui vous attendent")
    expect(waiting).to_be_visible()
    signing_in = Counter(acts)
    assert signing_in == {"pointerdown": 2, "keydown": len(lead.email) + len(PASSWORD) + 1}
    acts.clear()
    copy_elsewhere(page, "80 000\t40 000,50\n1 200 €\t(3)\n")
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    waiting.get_by_role("row").filter(has_text="4e").locator("a.fr-btn").click()
    menu = page.get_by_role("navigation", name="Rubriques du dossier")
    menu.get_by_role("link", name="Crédits").click()
    page.locator("input[data-rank]").first.click()
    page.keyboard.press("Control+v")
    expect(page.locator("#statut")).to_contain_text("Enregistré à")
    expect(page.locator("tr[data-pending]")).to_have_count(0)
    taken = Counter(acts)
    # The filing, the section and the cell; Ctrl and V.
    assert taken == {"pointerdown": 3, "keydown": 2, "paste": 1}
    assert [post.removeprefix(live_server.url) for post in posts] == [f"/dossiers/{annual.pk}/credits/lignes/"]
    assert Consumption.objects.filter(filing=annual, ae__isnull=False, cp__isnull=False).count() == 2


HEAR = """for (const kind of ["pointerdown", "keydown", "paste"])
  addEventListener(kind, (event) => { if (event.isTrusted) heard(kind); }, true);"""


def copy_elsewhere(page: Page, block: str) -> None:
    """Copies the block as from a workbook, in another tab of the same browser."""
    other = page.context.new_page()
    other.set_content("<textarea></textarea>")
    other.locator("textarea").fill(block)
    other.keyboard.press("Control+a")
    other.keyboard.press("Control+c")
    other.close()
    page.bring_to_front()


# --- Each page in each state ---


def sign_in(page: Page, live_server: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def write_credits(filing: Filing, lead: User, euros: int) -> None:
    row = Consumption.objects.select_related("filing").filter(filing=filing).order_by("line__position")[0]
    record_consumption(row=row, revision=row.revision, ae=Decimal(euros), cp=Decimal(2 * euros), actor=lead)


def write_savings(filing: Filing, lead: User, euros: int) -> None:
    row = RealisedSaving.objects.select_related("filing").get(filing=filing)
    record_saving(row=row, revision=row.revision, ae=Decimal(euros), cp=Decimal(euros), actor=lead)


def write_indicators(filing: Filing, lead: User, value: int) -> None:
    row = Measurement.objects.select_related("filing").get(filing=filing)
    record_measurement(row=row, revision=row.revision, value=Decimal(value), actor=lead)


GRIDS = {"credits": write_credits, "economies": write_savings, "indicateurs": write_indicators}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("section", GRIDS)
def test_no_accessibility_error_in_any_state(
    browser: Browser, live_server: LiveServer, annual: Filing, lead: User, section: str, width: int
) -> None:
    """One page through its states: empty, filled with warnings, refused cell, three values, a block chosen, closed."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
    page, address = context.new_page(), f"{live_server.url}/dossiers/{annual.pk}/{section}/"
    sign_in(page, live_server, lead)
    write: Callable[[Filing, User, int], None] = GRIDS[section]
    page.goto(address)
    complaints = seen(page, "empty")
    write(annual, lead, 120_000)
    page.goto(address)
    complaints += seen(page, "filled")
    first = page.locator("input[data-rank]").first
    first.fill("1.234")
    first.press("Enter")
    expect(page.locator(".grid-error:not(:empty)")).to_have_count(1)
    complaints += seen(page, "error")
    write(annual, lead, 90_000)
    first.fill("77")
    first.press("Enter")
    page.locator("#statut").click()
    expect(page.locator(".grid-conflict")).to_be_visible()
    complaints += seen(page, "conflict")
    page.get_by_role("button", name="Prendre l’enregistré").click()
    expect(page.locator(".grid-conflict")).to_have_count(0)
    first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+ArrowRight")
    complaints += seen(page, "chosen")
    close(annual, FilingState.SUBMITTED, lead)
    page.goto(address)
    complaints += seen(page, "closed")
    context.close()
    assert complaints == []


def test_on_a_telephone_every_input_is_under_the_name_of_its_line(
    browser: Browser, live_server: LiveServer, annual: Filing, lead: User
) -> None:
    """Nothing scrolls sideways to be typed in or read, neither in the grids and the calendar nor in what rules say."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, locale="fr-FR")
    page = context.new_page()
    sign_in(page, live_server, lead)
    for section in (*GRIDS, "calendrier"):
        page.goto(f"{live_server.url}/dossiers/{annual.pk}/{section}/")
        sides = page.eval_on_selector_all(
            ".stacked :is(input:not([type=hidden]), select, textarea)",
            "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right])",
        )
        assert sides, section
        assert all(left >= 0 and right <= 320 for left, right in sides), section
        expect(page.get_by_role("columnheader").first).to_be_attached()
    page.goto(f"{live_server.url}/dossiers/{annual.pk}/")
    found = page.get_by_role("region", name="Contrôles du dossier")
    assert found.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    context.close()


def seen(page: Page, state: str) -> list[str]:
    """What axe and the width of the page have to say."""
    found = [
        f"{state}: {one['id']} {[node['target'] for node in one['nodes'][:3]]}"
        for one in Axe().run(page).response["violations"]
    ]
    sticks_out = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{state}: sticks out by {sticks_out} px"] if sticks_out > 0 else [])
