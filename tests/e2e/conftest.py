"""Who sits before a browser; and what a browser leaves behind, swept up here so that all other tests fail on it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.e2e.desk import Desk, DeskOf, open_desk

# The browser hangs up on the live server after the test's end: in the middle of an answer, with its socket open.
LEFT_BEHIND = (
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::pytest.PytestUnhandledThreadExceptionWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The walks in a browser alone are forgiven these warnings."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for forgiven in LEFT_BEHIND:
                item.add_marker(pytest.mark.filterwarnings(forgiven))


@pytest.fixture(autouse=True, scope="module")
def sweep() -> Iterator[None]:
    """What a module leaves is collected while it is still forgiven, and not during somebody else's test."""
    yield
    gc.collect()


@pytest.fixture
def desk_of(browser: Browser, live_server: LiveServer) -> Iterator[DeskOf]:
    """Signs a person in, in a browser of their own; no page may complain."""
    desks: list[Desk] = []

    def sit(person: User) -> Desk:
        desk = open_desk(browser, live_server.url)
        desks.append(desk)
        desk.sign_in(person)
        return desk

    yield sit
    for desk in desks:
        desk.page.context.close()
    assert [complaint for desk in desks for complaint in desk.complaints] == []
