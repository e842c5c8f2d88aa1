"""A page as a reader hears it: its words without tags, every kind of space as one space."""

import re
from html import unescape
from typing import Protocol


class Page(Protocol):
    """An answer of the test client."""

    @property
    def status_code(self) -> int: ...

    @property
    def content(self) -> bytes: ...


def words(response: Page, status: int = 200) -> str:
    """The text of a page in one line."""
    assert response.status_code == status, response.status_code
    html = re.sub(r"<(style|script|title|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
