"""What a browser leaves behind, and where it is swept up: here, so that every other test fails on it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

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
