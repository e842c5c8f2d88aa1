"""What a person does in the browser, in the words of the pages: sign in, open a filing, fill it in, decide on it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from accounts.models import User
from tests.factories import PASSWORD

PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.focus();
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def spaced(text: str) -> re.Pattern[str]:
    """The text, whatever the kinds of space between its words."""
    return re.compile(r"\s+".join(map(re.escape, text.split())))


@contextmanager
def another_page(page: Page) -> Iterator[None]:
    """What is done inside brings another page, wholly there when the block ends: a click alone waits for nothing."""
    with page.expect_navigation():
        yield


@dataclass
class Desk:
    """A person before a browser of their own; `complaints` is what the browser's console had to say."""

    page: Page
    site: str
    has_script: bool = True
    complaints: list[str] = field(default_factory=list)

    # --- Coming and going ---

    def sign_in(self, person: User) -> None:
        self.page.goto(f"{self.site}/connexion/")
        self.page.get_by_label("Adresse").fill(person.email)
        self.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()
        expect(self.heading("À faire")).to_be_visible()

    def sign_out(self) -> None:
        self.page.locator(".fr-header__tools").get_by_role("button", name="Se déconnecter").click()
        expect(self.heading("Connexion")).to_be_visible()

    def open_menu(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=name, exact=True).click()
        expect(self.heading(name)).to_be_visible()

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", level=1, name=name)

    def heading_of(self, part: str) -> Locator:
        return self.page.get_by_role("heading", level=2, name=part)

    def duty(self, contract: str) -> Locator:
        """The line of « À faire » about a contract."""
        table = self.page.get_by_role("region", name="Dossiers qui vous attendent")
        return table.get_by_role("row").filter(has_text=contract)

    def open_duty(self, contract: str) -> None:
        self.open_menu("À faire")
        with another_page(self.page):
            self.duty(contract).locator("a.fr-btn").click()

    def open_section(self, title: str) -> None:
        sections = self.page.get_by_role("navigation", name="Rubriques du dossier")
        with another_page(self.page):
            sections.get_by_role("link", name=title).click()

    def sees(self, text: str) -> None:
        expect(self.page.locator("#contenu, .site-messages").filter(has_text=spaced(text)).first).to_be_visible()

    def press(self, name: str) -> None:
        """Presses a button that sends a form."""
        with another_page(self.page):
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, link: str | re.Pattern[str]) -> None:
        with another_page(self.page):
            self.page.get_by_role("link", name=link, exact=True).click()

    # --- The grids ---

    def row(self, label: str) -> Locator:
        return self.page.locator("tr[data-row]").filter(has=self.page.locator("th", has_text=spaced(label)))

    def cell(self, label: str, column: str) -> Locator:
        """The input of a line in a column: `ae`, `cp`, `value`, `comment`."""
        return self.row(label).locator(f"[id$='-{column}']:is(input, textarea)")

    def error_of(self, cell: Locator) -> Locator:
        return self.page.locator(f"[id='{cell.get_attribute('aria-describedby')}']")

    def type_in(self, cell: Locator, text: str) -> None:
        """Types and confirms with Enter, which goes down a line; without script nothing leaves before `save_grid`."""
        cell.fill(text)
        if self.has_script:
            cell.press("Enter")

    def paste_at(self, cell: Locator, block: str) -> None:
        cell.evaluate(PASTE, block)

    def save_grid(self) -> None:
        """Waits until the server holds every row; without script, asks it to."""
        if not self.has_script:
            self.press("Enregistrer")
            self.sees("Enregistré à")
            return
        self.page.locator("#statut").click()
        expect(self.page.locator("tr[data-pending]")).to_have_count(0)
        expect(self.page.locator("#statut")).to_contain_text("Enregistré à")

    def warnings_of(self, label: str) -> Locator:
        """What the rules say below a line."""
        number = self.row(label).get_attribute("data-row")
        return self.page.locator(f"#v{number} .grid-warnings")

    # --- The other sections ---

    def report_milestone(self, label: str, state: str, *, done_on: str = "") -> None:
        row = self.page.get_by_role("row").filter(has_text=label)
        row.get_by_label("État –").select_option(label=state)
        row.get_by_label("Terminé le –").fill(done_on)

    def declare_risk(self, title: str, *, probability: int, severity: int, mitigation: str) -> None:
        self.follow("Déclarer un risque")
        self.page.get_by_label("Risque ou difficulté").fill(title)
        self.page.get_by_label("Probabilité").select_option(str(probability))
        self.page.get_by_label("Gravité").select_option(str(severity))
        self.page.get_by_label("Mesures prises").fill(mitigation)
        self.press("Enregistrer")
        self.sees("Le risque est enregistré.")

    def declare_weather(self, weather: str, *, progress: str) -> None:
        self.page.get_by_label("Météo du projet").select_option(label=weather)
        self.page.get_by_label("Avancement de la période").fill(progress)
        self.press("Enregistrer")

    # --- Decisions ---

    def submit(self) -> None:
        self.open_section("Récapitulatif")
        self.press("Soumettre")

    def send_back(self, reason: str) -> None:
        self.open_section("Revue")
        self.page.get_by_label("Motif").fill(reason)
        self.press("Renvoyer avec un motif")

    def decide(self, action: str) -> None:
        self.open_section("Revue")
        self.press(action)


def open_desk(browser: Browser, site: str, *, has_script: bool = True) -> Desk:
    """A browser of one's own, as another person on another machine would have."""
    context = browser.new_context(java_script_enabled=has_script, locale="fr-FR", timezone_id="Europe/Paris")
    desk = Desk(context.new_page(), site, has_script)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            desk.complaints.append(message.text)

    desk.page.on("console", hear)
    desk.page.on("pageerror", lambda error: desk.complaints.append(str(error)))
    return desk


DeskOf = Callable[[User], Desk]


def faultless(page: Page) -> None:
    """Nothing for axe to say, nothing wider than the window, here and on a telephone.

    There what scrolls may be another thing, so that axe looks twice at this.
    """
    for width, asked in ((320, {"runOnly": ["scrollable-region-focusable"]}), (1280, {})):
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (page.url, width)
        faults = Axe().run(page, options={"resultTypes": ["violations"], **asked}).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["target"]) for fault in faults] == [], (page.url, width)
