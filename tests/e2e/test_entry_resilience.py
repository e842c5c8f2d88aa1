"""Entry when things go wrong, and without a mouse: cuts, sessions that end, blocks from Excel, undo, accessibility."""

import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from indicators.models import Indicator, Measurement
from monitoring.models import Filing
from monitoring.sections import sections_of
from tests.budget.rows import add_lines
from tests.e2e.desk import PASTE, Desk, faultless, open_desk
from tests.factories import PASSWORD, CampaignFactory, FilingFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LINES, PARTS = 20, 9
NBSP, THIN = "\u00a0", "\u202f"
SHORT_WAITS = "const wait = window.setTimeout; window.setTimeout = (what, ms) => wait(what, Math.min(ms, 60));"

TIMED_PASTE = f"""async (cell, text) => {{
  const began = performance.now();
  ({PASTE})(cell, text);
  const typed = performance.now() - began;
  while (document.querySelector("tr[data-pending]")) await new Promise((next) => requestAnimationFrame(next));
  return [typed, performance.now() - began];
}}"""


WATCH = """() => {
  const status = document.getElementById("statut");
  window.lies = [];
  window.heard = 0;
  const look = () => {
    window.heard += 1;
    const says = status.textContent, pending = document.querySelectorAll("tr[data-pending]").length;
    if (says.includes("Enregistré") && pending) window.lies.push(`${says} (${pending})`);
  };
  const where = { subtree: true, childList: true, characterData: true, attributeFilter: ["data-pending"] };
  new MutationObserver(look).observe(document.getElementById("saisie"), where);
}"""


@pytest.fixture
def annual(filing: Filing) -> Filing:
    """A fourth quarter with twenty lines of credits, its savings, and twenty indicators of nine parts."""
    contract = filing.contract
    add_lines(contract, LINES)
    Indicator.objects.bulk_create(
        Indicator(
            contract=contract, key=f"mesure-{rank}", label=f"Mesure {rank}", kind="resultat", orientation="usagers",
            unit="€", components=[f"part {part}" for part in range(1, PARTS + 1)], position=10 + rank,
        )
        for rank in range(LINES)
    )  # fmt: skip
    day = date(2022, 1, 1)
    campaign = CampaignFactory(fourth_quarter=True, opens_on=day, due_on=day)
    made = FilingFactory(contract=contract, campaign=campaign)
    for section in sections_of(made):
        section.prepare(made)
    return made


@pytest.fixture
def rows(annual: Filing) -> list[Consumption]:
    return list(Consumption.objects.filter(filing=annual).select_related("line", "filing"))


def sign_in(context: BrowserContext, live_server: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.fixture
def grid(page: Page, live_server: LiveServer, annual: Filing, lead: User) -> Iterator[Page]:
    """The grid of credits, open by the lead, with short waits between two tries; no script may fail."""
    failures: list[str] = []
    sign_in(page.context, live_server, lead)
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.add_init_script(SHORT_WAITS)
    page.goto(f"{live_server.url}/dossiers/{annual.pk}/credits/")
    yield page
    assert failures == []


def cell(page: Page, row: Any, name: str) -> Locator:
    return page.locator(f"[id='c{row.pk}-{name}']")


def type_in(page: Page, row: Any, name: str, text: str) -> None:
    cell(page, row, name).fill(text)
    page.keyboard.press("Enter")


def held(page: Page) -> None:
    """The server holds every row, and the page says so."""
    expect(page.locator("tr[data-pending]")).to_have_count(0)
    expect(page.locator("#statut")).to_contain_text("Enregistré à")


def figures(row: Consumption) -> tuple[Any, Any]:
    row.refresh_from_db()
    return amount(row.ae), amount(row.cp)


# --- Cuts ---


def test_a_hundred_edits_through_a_network_that_dies(grid: Page, rows: list[Consumption]) -> None:
    """One request in three never leaves, one in three is written but its answer is lost; all is held in the end.

    Meanwhile the page never says « Enregistré » while a row is not.
    """
    chance, last = random.Random(7), {}
    dying = True

    def kill(route: Route) -> None:
        fate = chance.randrange(3) if dying else 2
        if fate == 1:
            route.fetch()
        if fate == 2:
            route.continue_()
        else:
            route.abort("connectionreset")

    grid.route("**/lignes/**", kill)
    grid.evaluate(WATCH)
    for edit in range(1, 101):
        row = chance.choice(rows)
        type_in(grid, row, "ae", f"{edit},25")
        last[row.pk] = Decimal(edit) + Decimal("0.25")
        if edit % 25 == 0:
            grid.context.set_offline(True)
            expect(grid.locator("#statut")).to_contain_text(
                re.compile(r"Le réseau ne répond pas.*\d+ lignes? non enregistrée")
            )
            grid.context.set_offline(False)
    dying = False
    held(grid)
    assert grid.evaluate("[window.heard > 100, window.lies]") == [True, []]
    expect(grid.locator(".grid-conflict")).to_have_count(0)
    assert {row.pk: figures(row)[0] for row in rows if row.pk in last} == last


def test_leaving_with_unsaved_rows_asks_first(grid: Page, rows: list[Consumption]) -> None:
    grid.context.set_offline(True)
    for row in rows[:3]:
        type_in(grid, row, "ae", "5")
    grid.locator("#statut").click()
    expect(grid.locator("#statut")).to_contain_text("3 lignes non enregistrées")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    grid.on("dialog", stay)
    grid.close(run_before_unload=True)
    grid.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    grid.context.set_offline(False)
    held(grid)


def test_a_session_that_ends_opens_sign_in_elsewhere_and_goes_on(
    grid: Page, rows: list[Consumption], lead: User
) -> None:
    grid.context.clear_cookies()
    type_in(grid, rows[0], "ae", "77")
    expect(grid.locator("#statut")).to_contain_text(
        "Votre session a expiré : 1 ligne non enregistrée.".replace(" :", NBSP + ":")
    )
    with grid.context.expect_page() as opened:
        grid.get_by_role("link", name="Se connecter").click()
    other = opened.value
    other.get_by_label("Adresse").fill(lead.email)
    other.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Se connecter").click()
    held(grid)
    assert figures(rows[0])[0] == 77


def test_the_token_may_change_again_after_a_cut(grid: Page, rows: list[Consumption]) -> None:
    """Refused for its token, cut, refused for its token once more, then held: each time the page asks for another."""
    ends = iter(["token", "cut", "token"])

    def answer(route: Route) -> None:
        end = next(ends, None) if route.request.method == "POST" else None
        if end == "token":
            route.fulfill(status=403, body="")
        elif end == "cut":
            route.abort()
        else:
            route.continue_()

    grid.route("**/credits/**", answer)
    type_in(grid, rows[0], "ae", "77")
    held(grid)
    assert next(ends, None) is None
    assert figures(rows[0])[0] == 77


def test_nothing_is_saved_under_somebody_elses_name(
    grid: Page, rows: list[Consumption], live_server: LiveServer, contributor: User
) -> None:
    grid.context.clear_cookies()
    type_in(grid, rows[1], "ae", "77")
    expect(grid.locator("#statut")).to_contain_text("Votre session a expiré")
    sign_in(grid.context, live_server, contributor)
    expect(grid.locator("#statut")).to_contain_text("Une autre personne est connectée")
    assert figures(rows[1])[0] is None


def test_without_script_nothing_is_lost_when_the_session_has_ended(
    browser: Browser, live_server: LiveServer, annual: Filing, rows: list[Consumption], lead: User
) -> None:
    """The grid and the weather: each is sent to a site that no longer knows the person, who signs in and goes on."""
    desk = open_desk(browser, live_server.url, has_script=False)
    desk.sign_in(lead)
    page = desk.page
    page.goto(f"{live_server.url}/dossiers/{annual.pk}/credits/")
    cell(page, rows[0], "ae").fill("12 345,67")
    cell(page, rows[1], "comment").fill("Une ligne\nUne autre, « 12 % » & <b>")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.press("Enregistrer")
    desk.sees("Votre session a expiré")
    sign_in_again(desk, lead)
    expect(desk.heading("Votre saisie n’est pas perdue")).to_be_visible()
    assert figures(rows[0])[0] is None
    desk.press("Envoyer ma saisie")
    desk.sees("Enregistré à")
    assert figures(rows[0])[0] == Decimal("12345.67")
    rows[1].refresh_from_db()
    assert rows[1].comment == "Une ligne\nUne autre, « 12 % » & <b>"

    page.goto(f"{live_server.url}/dossiers/{annual.pk}/meteo/")
    page.get_by_label("Avancement de la période").fill("Premier point.\n\nSecond point.")
    page.context.clear_cookies()
    desk.press("Enregistrer")
    sign_in_again(desk, lead)
    desk.press("Envoyer ma saisie")
    desk.sees("sont enregistrés")
    annual.refresh_from_db()
    assert annual.progress_comment == "Premier point.\n\nSecond point."
    assert page.context.storage_state()["origins"] == [], "nothing is kept in the browser's storage"
    page.context.close()
    assert desk.complaints == []


def test_the_pages_that_bring_back_what_was_typed_are_faultless(
    browser: Browser, live_server: LiveServer, annual: Filing, lead: User
) -> None:
    desk = open_desk(browser, live_server.url)
    desk.sign_in(lead)
    desk.page.goto(f"{live_server.url}/dossiers/{annual.pk}/meteo/")
    desk.page.get_by_label("Avancement de la période").fill("Premier point.")
    desk.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.press("Enregistrer")
    desk.sees("Votre session a expiré")
    faultless(desk.page)
    sign_in_again(desk, lead)
    expect(desk.heading("Votre saisie n’est pas perdue")).to_be_visible()
    faultless(desk.page)
    desk.follow("Y renoncer")
    expect(desk.page.get_by_label("Avancement de la période")).to_have_value("")
    desk.page.context.close()
    assert desk.complaints == []


def sign_in_again(desk: Desk, person: User) -> None:
    """On the page that has come in the place of the one that was sent."""
    desk.page.get_by_label("Adresse").fill(person.email)
    desk.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    desk.press("Se connecter")


# --- Blocks ---


def test_twenty_by_ten_cells_from_excel_in_one_request(
    grid: Page, live_server: LiveServer, annual: Filing, capsys: pytest.CaptureFixture[str]
) -> None:
    """Indicators of nine parts make the widest grid: 200 figures as French Excel copies them."""
    grid.goto(f"{live_server.url}/dossiers/{annual.pk}/indicateurs/")
    measures = list(Measurement.objects.filter(filing=annual, indicator__unit="€").order_by("indicator__position"))
    cents = [[(rank * 10 + part) * 12345 + 67 for part in range(PARTS + 1)] for rank in range(LINES)]
    for rank, line in enumerate(cents):
        line[rank % 10] *= -1 if rank % 4 == 0 else 1
    writings: list[Callable[[str], str]] = [
        lambda text: text,
        lambda text: f"{text}{NBSP}€",
        lambda text: text.replace(NBSP, THIN),
        lambda text: text.replace(NBSP, " ") + " €",
    ]

    def written(value: int, rank: int) -> str:
        text = f"{abs(value) // 100:,}".replace(",", NBSP) + f",{abs(value) % 100:02d}"
        return f"({text})" if value < 0 else writings[rank % 4](text)

    block = "\r\n".join("\t".join(written(one, rank) for rank, one in enumerate(line)) for line in cents) + "\r\n"
    posts: list[str] = []
    grid.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    typed, stored = cell(grid, measures[0], "value").evaluate(TIMED_PASTE, block)
    held(grid)
    assert len(posts) == 1
    for row, line in zip(measures, cents, strict=True):
        row.refresh_from_db()
        assert [row.value, *row.components] == [Decimal(one) / 100 for one in line]
    with capsys.disabled():
        print(f"\n{LINES} × {PARTS + 1} cells pasted: {typed:.0f} ms in the browser, {stored:.0f} ms until held")  # noqa: T201


def test_totals_and_what_is_left_of_the_plan_to_the_cent(grid: Page, rows: list[Consumption]) -> None:
    block = "\r\n".join(f"{rank}{NBSP}000,10 €\t({rank},01)" for rank in range(1, LINES + 1))
    cell(grid, rows[0], "ae").evaluate(PASTE, block)
    held(grid)
    expect(grid.locator("[data-total='ae']")).to_have_text(f"210{THIN}002,00")
    expect(grid.locator("[data-total='cp']")).to_have_text("\u2212210,20")
    expect(grid.locator("[data-rest='ae']")).to_have_text(f"dépassement{NBSP}: 60{THIN}002,00")
    expect(grid.locator("[data-rest='cp']")).to_have_text(f"150{THIN}210,20")


def test_ambiguous_numbers_of_a_block_stay_at_their_cells(grid: Page, rows: list[Consumption]) -> None:
    cell(grid, rows[0], "ae").evaluate(PASTE, "1.234\t5\r\n12,345\t6\r\n7\t8")
    expect(grid.locator("#statut")).to_contain_text("2 lignes non enregistrées")
    for row, text in ((rows[0], "1.234"), (rows[1], "12,345")):
        expect(cell(grid, row, "ae")).to_have_value(text)
        expect(grid.locator(f"[id='e-c{row.pk}-ae']")).to_contain_text("est ambigu")
    expect(grid.locator(f"#ligne-{rows[2].pk}[data-state='saved']")).to_have_count(1)
    assert [figures(row) for row in rows[:3]] == [(None, None), (None, None), (7, 8)]


def test_a_block_is_chosen_and_copied_by_keyboard(grid: Page, rows: list[Consumption]) -> None:
    cell(grid, rows[0], "ae").evaluate(PASTE, "1 234,5\t-2\r\n3\t4")
    held(grid)
    cell(grid, rows[0], "ae").focus()
    grid.keyboard.press("Control+a")
    grid.keyboard.press("Shift+ArrowDown")
    grid.keyboard.press("Shift+ArrowRight")
    expect(grid.locator("#selection")).to_contain_text(f"2 lignes × 2 colonnes, somme 1{THIN}239,50")
    assert copied(grid) == "1234,50\t-2,00\r\n3,00\t4,00"
    grid.keyboard.press("Delete")
    held(grid)
    assert [figures(row) for row in rows[:2]] == [(None, None)] * 2
    cell(grid, rows[0], "ae").click()
    cell(grid, rows[3], "cp").click(modifiers=["Shift"])
    expect(grid.locator("[data-picked]")).to_have_count(8)
    grid.keyboard.press("Escape")
    expect(grid.locator("[data-picked]")).to_have_count(0)


def copied(page: Page) -> str:
    """What a copy from the cell in use would put in the clipboard."""
    text: str = page.evaluate("""() => {
      const data = new DataTransfer();
      const event = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true });
      document.activeElement.dispatchEvent(event);
      return data.getData("text/plain");
    }""")
    return text


def test_several_steps_are_undone_and_redone_and_saved(grid: Page, rows: list[Consumption]) -> None:
    cell(grid, rows[0], "ae").evaluate(PASTE, "1\t2\r\n3\t4")
    type_in(grid, rows[0], "ae", "10")
    type_in(grid, rows[0], "ae", "100")
    held(grid)
    cell(grid, rows[4], "ae").focus()
    for keys, expected in (
        ("Control+z", (10, 2)), ("Control+z", (1, 2)), ("Control+z", (None, None)),
        ("Control+y", (1, 2)), ("Control+Shift+z", (10, 2)),
    ):  # fmt: skip
        grid.keyboard.press(keys)
        held(grid)
        assert figures(rows[0]) == expected, keys
    grid.get_by_role("button", name="Annuler la dernière saisie").click()
    held(grid)
    assert (figures(rows[0]), figures(rows[1])) == ((1, 2), (3, 4))
