"""Rows under the headings of what they come from: an axis, a lot. Pure."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Final, TypeVar

OUTSIDE: Final = "Hors axe"
Row = TypeVar("Row")


def under_headings(rows: Iterable[Row], heading: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """Rows that follow each other under the same heading, in their order.

    A row without heading stands under none, but « Hors axe » once another has one: it would be read as of that one.
    """
    found: list[tuple[str, list[Row]]] = []
    for title, members in groupby(rows, key=heading):
        is_after = any(earlier for earlier, _ in found)
        found.append((title or (OUTSIDE if is_after else ""), list(members)))
    return found
