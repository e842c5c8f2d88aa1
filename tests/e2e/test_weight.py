"""What a browser really downloads on its first load, weighed as the image serves it.

The image serves static files compressed once (gzip here), fonts as they are and pages uncompressed; the server of the
tests compresses nothing, so that each body that the browser received is weighed as the image would send it.
"""

import gzip
from collections.abc import Collection

import pytest
from playwright.sync_api import Browser, Page, Response
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from monitoring.models import Filing
from monitoring.sections import sections_of
from tests.budget.rows import add_lines
from tests.e2e.desk import open_desk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LINES = 40


def downloaded(page: Page, address: str, known: Collection[str] = ()) -> dict[str, int]:
    """Bytes by address of all that the page asks for until nothing more comes, but for what the browser has already."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.wait_for_load_state("networkidle")  # what the page before still asks for is not of this one
    page.on("response", note)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("response", note)
    return {one.url: weight(one) for one in answers if one.ok and one.url not in known}


def weight(answer: Response) -> int:
    body = answer.body()
    is_compressed = "/static/" in answer.url and not answer.url.endswith(".woff2")
    return len(gzip.compress(body, 9)) if is_compressed else len(body)


def test_the_first_page_is_under_250_kb(browser: Browser, live_server: LiveServer) -> None:
    """The page of sign-in, in a browser that knows nothing of the site yet."""
    desk = open_desk(browser, live_server.url)
    found = downloaded(desk.page, f"{live_server.url}/")
    desk.page.context.close()
    names = {url.rpartition("/")[2].partition("?")[0] for url in found}
    assert {"dsfr.main.min.css", "site.css", "dsfr.module.min.js", "Marianne-Regular.woff2"} <= names
    assert 150_000 < sum(found.values()) < 250_000


def test_a_grid_of_forty_lines_adds_less_than_another_page(
    browser: Browser, live_server: LiveServer, filing: Filing, lead: User
) -> None:
    """What the grid brings besides what the sign-in brought: its own page, its two scripts, its style sheet."""
    add_lines(filing.contract, LINES)
    for section in sections_of(filing):
        section.prepare(filing)
    desk = open_desk(browser, live_server.url)
    known = downloaded(desk.page, f"{live_server.url}/")
    desk.sign_in(lead)
    address = f"{live_server.url}/dossiers/{filing.pk}/credits/"
    added = downloaded(desk.page, address, known)
    desk.page.context.close()
    assert {"grid.css", "grid.js", "numbers.js"} <= {url.rpartition("/")[2] for url in added}
    assert sum(added.values()) < 100_000
