"""The grid in a real browser: keyboard, paste, undo, totals, save by row, cuts, stale rows; and without script."""

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from budget.models import BudgetLine, Consumption
from budget.sections import prepare
from budget.services import record_consumption
from budget.tranches.services import decide_tranche, record_envelope
from contracts.fields import amount
from figures.ae_cp import AeCp
from monitoring.models import Filing
from tests.e2e.desk import PASTE, Desk, faultless

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LINES = 20
NOTHING_KEPT: dict[str, list[str]] = {"local": [], "session": [], "databases": [], "caches": []}


@pytest.fixture
def rows(filing: Filing) -> list[Consumption]:
    """Twenty blank rows of a filing in draft."""
    BudgetLine.objects.bulk_create(
        BudgetLine(
            contract=filing.contract, key=f"ligne-{rank}", label=f"Ligne {rank}", nature="autre", position=10 + rank
        )
        for rank in range(LINES - 2)
    )
    prepare(filing)
    return list(Consumption.objects.filter(filing=filing).select_related("line", "filing"))


def sign_in(context: BrowserContext, live_server: LiveServer, person: User) -> None:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.fixture
def grid(page: Page, live_server: LiveServer, filing: Filing, lead: User, rows: list[Consumption]) -> Iterator[Page]:
    """The credits page, open by the lead; the browser's console has to stay silent."""
    said: list[str] = []
    sign_in(page.context, live_server, lead)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}/dossiers/{filing.pk}/credits/")
    yield page
    assert said == []


def cell(page: Page, row: Consumption, name: str) -> Any:
    return page.locator(f"[id='c{row.pk}-{name}']")


def total(page: Page, name: str) -> Any:
    return page.locator(f"[data-total='{name}']")


def figures(row: Consumption) -> tuple[Any, Any]:
    row.refresh_from_db()
    return amount(row.ae), amount(row.cp)


def saved(page: Page) -> None:
    expect(page.locator("#statut")).to_contain_text("Enregistré à")


def test_the_stepper_counts_a_row_as_soon_as_it_is_saved(grid: Page, rows: list[Consumption]) -> None:
    """Without any reload, and without moving what stands around it."""
    step = grid.locator("#etape")
    places = "[...document.querySelectorAll('.filing-steps li')].map((one) => one.offsetLeft)"
    expect(step).to_have_text(f"0 sur {LINES}")
    before = grid.evaluate(places)
    cell(grid, rows[0], "ae").evaluate(PASTE, "1\t2\r\n3\t4\r\n5")
    expect(step).to_have_text(f"2 sur {LINES}")
    assert grid.evaluate(places) == before
    cell(grid, rows[0], "ae").evaluate(PASTE, "\r\n".join(["1\t2"] * LINES))
    expect(step).to_have_text("complet")
    assert grid.evaluate(places) == before
    cell(grid, rows[1], "cp").fill("")
    grid.keyboard.press("Enter")
    grid.locator("#statut").click()
    expect(step).to_have_text(f"{LINES - 1} sur {LINES}")


def test_keyboard_totals_and_save_by_row(grid: Page, rows: list[Consumption]) -> None:
    first, second = rows[0], rows[1]
    cell(grid, first, "ae").click()
    grid.keyboard.type("1234,56")
    grid.keyboard.press("Enter")
    expect(cell(grid, second, "ae")).to_be_focused()
    expect(cell(grid, first, "ae")).to_have_value("1\u202f234,56")
    grid.keyboard.type("12 k€")
    grid.keyboard.press("Tab")
    expect(cell(grid, second, "cp")).to_be_focused()
    expect(total(grid, "ae")).to_have_text("13\u202f234,56")
    grid.keyboard.press("ArrowUp")
    expect(cell(grid, first, "cp")).to_be_focused()
    grid.keyboard.press("ArrowLeft")
    expect(cell(grid, first, "ae")).to_be_focused()
    grid.keyboard.press("ArrowDown")
    saved(grid)
    assert (figures(first)[0], figures(second)[0]) == (Decimal("1234.56"), 12000)


def test_a_block_is_pasted_in_one_request_and_undone(grid: Page, rows: list[Consumption]) -> None:
    posts: list[str] = []
    grid.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    block = "\r\n".join(f"{1000 + rank},1{rank % 10}\t{rank + 1}\u202f000,05 €" for rank in range(LINES)) + "\r\n"
    cell(grid, rows[0], "ae").evaluate(PASTE, block)
    saved(grid)
    assert [url.rsplit("/credits/", 1)[1] for url in posts] == ["lignes/"]
    expected = sum((Decimal(f"{1000 + rank}.1{rank % 10}") for rank in range(LINES)), Decimal(0))
    assert expected == Decimal("20192.90")
    expect(total(grid, "ae")).to_have_text("20\u202f192,90")
    expect(total(grid, "cp")).to_have_text("210\u202f001,00")
    assert figures(rows[19]) == (Decimal("1019.19"), Decimal("20000.05"))
    cell(grid, rows[3], "ae").click()
    grid.keyboard.press("Control+z")
    expect(total(grid, "ae")).to_have_text("n.\u00a0r.")
    expect(grid.locator("tr[data-pending]")).to_have_count(0)
    assert figures(rows[19]) == (None, None)


def test_what_is_saved_and_the_totals_stay_in_sight_far_down(grid: Page, rows: list[Consumption]) -> None:
    """At a line of the middle of a page of several screens; what is typed there is not covered either."""
    grid.set_viewport_size({"width": 1280, "height": 600})
    for rank in range(LINES - 2):
        cell(grid, rows[rank], "ae").focus()
        assert grid.evaluate(
            "(bar) => document.activeElement.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top",
            grid.locator(".grid-bar").element_handle(),
        ), rank
    middle = cell(grid, rows[LINES // 2], "ae")
    middle.fill("1.234")
    middle.press("Enter")
    expect(grid.locator("#statut")).to_contain_text("1 ligne non enregistrée")
    expect(grid.locator("#statut")).to_be_in_viewport(ratio=1)
    expect(total(grid, "ae")).to_be_in_viewport(ratio=1)
    assert grid.evaluate("scrollY") > 0
    faultless(grid)


def test_forty_figures_of_a_workbook_are_pasted_then_the_filing_is_submitted(
    grid: Page, live_server: LiveServer, filing: Filing, rows: list[Consumption], capsys: pytest.CaptureFixture[str]
) -> None:
    """What a lead does besides reading: a cell and Ctrl + V for the forty, the weather, a word, and « Soumettre »."""
    began, desk = time.perf_counter(), Desk(grid, live_server.url)
    desk.paste_at(cell(grid, rows[0], "ae"), "\r\n".join(f"{rank + 1} 000,10\t{rank + 1} 000" for rank in range(LINES)))
    saved(grid)
    expect(total(grid, "ae")).to_have_text("210\u202f002,00")
    expect(total(grid, "cp")).to_have_text("210\u202f000,00")
    desk.open_section("Météo")
    desk.declare_weather("Objectifs sécurisés", progress="Vague lancée, selon la démonstration.")
    desk.submit()
    desk.sees("Le dossier est soumis.")
    with capsys.disabled():
        print(f"\n40 figures pasted and the filing submitted: {time.perf_counter() - began:.1f} s")  # noqa: T201
    filing.refresh_from_db()
    assert filing.state == "submitted"
    assert Consumption.objects.filter(filing=filing, ae__isnull=False, cp__isnull=False).count() == LINES


def test_a_block_larger_than_the_grid_is_refused_whole(grid: Page, rows: list[Consumption]) -> None:
    cell(grid, rows[19], "cp").evaluate(PASTE, "1\tvu\t9\n2\t\t")
    expect(grid.locator("#selection")).to_contain_text("dans ce bloc de 2 lignes × 3 colonnes, 2 valeurs n’ont pas")
    expect(cell(grid, rows[19], "cp")).to_have_value("")
    expect(grid.locator("tr[data-pending]")).to_have_count(0)
    assert (figures(rows[19]), rows[19].comment) == ((None, None), "")


def test_a_block_over_lines_of_others_never_slides_to_one_s_own(
    page: Page, live_server: LiveServer, filing: Filing, contributor: User, rows: list[Consumption]
) -> None:
    """The contributor writes the second, third and fifth lines of the table, and reads the fourth between them."""
    _, second, third, fourth, fifth, *_ = rows
    BudgetLine.objects.filter(pk__in=[third.line_id, fifth.line_id]).update(sheet=second.line.sheet)
    sign_in(page.context, live_server, contributor)
    page.goto(f"{live_server.url}/dossiers/{filing.pk}/credits/")
    start = cell(page, second, "ae")
    start.evaluate(PASTE, "20\t2\r\n30\t3\r\n40\t4\r\n50\t5")
    expect(page.locator("#selection")).to_contain_text("Rien n’est collé")
    expect(page.locator("#selection")).to_have_attribute("data-tone", "bad")
    expect(page.locator("#selection")).to_contain_text("2 valeurs n’ont pas de case où écrire")
    expect(page.locator("tr[data-pending]")).to_have_count(0)
    start.evaluate(PASTE, "20\t2\r\n30\t3\r\n\t\r\n50\t5")
    saved(page)
    expect(page.locator("tr[data-pending]")).to_have_count(0)
    assert [figures(row) for row in (second, third, fourth, fifth)] == [(20, 2), (30, 3), (None, None), (50, 5)]


def test_an_ambiguous_number_is_kept_and_not_saved(grid: Page, rows: list[Consumption]) -> None:
    cell(grid, rows[0], "ae").fill("1.234")
    grid.keyboard.press("Enter")
    expect(grid.locator(f"[id='e-c{rows[0].pk}-ae']")).to_contain_text("est ambigu")
    expect(cell(grid, rows[0], "ae")).to_have_value("1.234")
    expect(grid.locator("#statut")).to_contain_text("1 ligne non enregistrée")
    assert figures(rows[0]) == (None, None)


def test_the_network_is_cut_and_nothing_is_lost(grid: Page, rows: list[Consumption]) -> None:
    grid.context.set_offline(True)
    cell(grid, rows[0], "ae").fill("77")
    grid.keyboard.press("Enter")
    expect(grid.locator("#statut")).to_contain_text("Le réseau ne répond pas")
    grid.context.set_offline(False)
    saved(grid)
    assert figures(rows[0])[0] == 77


def test_a_stale_row_shows_three_values_and_takes_theirs(grid: Page, rows: list[Consumption], lead: User) -> None:
    record_consumption(row=rows[0], revision=0, ae=Decimal(500), cp=None, actor=lead)
    cell(grid, rows[0], "ae").fill("77")
    grid.keyboard.press("Enter")
    conflict = grid.locator(".grid-conflict")
    expect(conflict).to_contain_text("77,00")
    expect(conflict).to_contain_text("500,00")
    assert figures(rows[0])[0] == 500
    conflict.get_by_role("button", name="Prendre l’enregistré").click()
    expect(cell(grid, rows[0], "ae")).to_have_value("500,00")
    expect(conflict).to_have_count(0)


def test_a_stale_row_is_overwritten_on_purpose_only(grid: Page, rows: list[Consumption], lead: User) -> None:
    record_consumption(row=rows[0], revision=0, ae=Decimal(500), cp=None, actor=lead)
    cell(grid, rows[0], "ae").fill("77")
    grid.keyboard.press("Enter")
    grid.locator(".grid-conflict").get_by_role("button", name="Garder ma saisie").click()
    saved(grid)
    assert figures(rows[0])[0] == 77


def test_an_expired_session_keeps_what_was_typed(
    grid: Page, rows: list[Consumption], live_server: LiveServer, lead: User
) -> None:
    grid.context.clear_cookies()
    cell(grid, rows[0], "ae").fill("77")
    grid.keyboard.press("Enter")
    expect(grid.locator("#statut")).to_contain_text("Votre session a expiré")
    sign_in(grid.context, live_server, lead)
    saved(grid)
    assert figures(rows[0])[0] == 77


def test_ae_above_the_tranche_are_told_below_the_totals_while_typing(
    grid: Page, rows: list[Consumption], secretariat: User
) -> None:
    """The row saved is not the one that bears most: the line below the totals tells of all, and goes away again."""
    euros, nothing = AeCp(Decimal(80_000), Decimal(80_000)), AeCp(Decimal(0), Decimal(0))
    day = date(2021, 1, 1)
    record_envelope(year=2021, voted=euros, carried=nothing, source="LFI", actor=secretariat, on=day)
    given = {"reason": "Avancement.", "filing": None, "actor": secretariat, "on": date(2021, 3, 1)}
    decide_tranche(contract=rows[0].filing.contract, year=2021, ae=euros.ae, cp=euros.cp, **given)  # type: ignore[arg-type]
    told = grid.locator("#v-total")
    cell(grid, rows[0], "ae").fill("60 000")
    grid.keyboard.press("Enter")
    saved(grid)
    expect(told).to_be_hidden()
    cell(grid, rows[1], "ae").fill("20 000,50")
    grid.keyboard.press("Enter")
    expect(told).to_contain_text("soit 0,50\u00a0€ de plus")
    faultless(grid)
    told.get_by_role("link").click()
    expect(grid.locator("#total-ae:target")).to_be_visible()
    cell(grid, rows[1], "ae").fill("20 000")
    grid.keyboard.press("Enter")
    expect(told).to_be_hidden()


def test_the_browser_keeps_no_figure(grid: Page, rows: list[Consumption]) -> None:
    """Neither while a row waits for the network, nor once it is saved."""
    assert kept_by(grid) == NOTHING_KEPT
    grid.context.set_offline(True)
    cell(grid, rows[0], "ae").fill("77")
    grid.keyboard.press("Enter")
    expect(grid.locator("#statut")).to_contain_text("Le réseau ne répond pas")
    expect(grid.locator("tr[data-pending]")).to_have_count(1)
    assert kept_by(grid) == NOTHING_KEPT
    grid.context.set_offline(False)
    saved(grid)
    assert kept_by(grid) == NOTHING_KEPT


def kept_by(page: Page) -> dict[str, list[str]]:
    """The names of all that the site keeps in the browser, the session's cookie apart."""
    found: dict[str, list[str]] = page.evaluate(
        """async () => ({
          local: Object.keys(localStorage),
          session: Object.keys(sessionStorage),
          databases: (await indexedDB.databases()).map((one) => one.name),
          caches: await caches.keys(),
        })"""
    )
    return found


def test_without_javascript(
    browser: Browser, live_server: LiveServer, filing: Filing, lead: User, rows: list[Consumption]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    sign_in(context, live_server, lead)
    page = context.new_page()
    page.goto(f"{live_server.url}/dossiers/{filing.pk}/credits/")
    expect(page.get_by_role("button", name="Annuler la dernière saisie")).to_have_count(0)
    cell(page, rows[0], "ae").fill("1.234")
    cell(page, rows[0], "cp").fill("7")
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.get_by_role("alert")).to_contain_text("1 case à corriger")
    expect(cell(page, rows[0], "ae")).to_have_value("1.234")
    cell(page, rows[0], "ae").fill("1 234")
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.locator(".site-messages")).to_contain_text("Enregistré à")
    assert figures(rows[0]) == (1234, 7)
    context.close()
