"""French typography of templates: a no-break space before : ; ! ? and inside « », wherever a reader sees it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})
TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
BREAKABLE = re.compile(r"(?<=\S) (?=[:;!?»](?:[\s<\"]|$))|(?<=«) ")


def breakable(text: str) -> Iterator[tuple[int, str]]:
    """The lines where a plain space stands before a double mark or inside quotation marks, tags apart."""
    shown = TAGS.sub(lambda tag: "x" * len(tag[0].replace("\n", "")) + "\n" * tag[0].count("\n"), text)
    for number, line in enumerate(shown.splitlines(), start=1):
        for found in BREAKABLE.finditer(line):
            yield number, line[max(0, found.start() - 20) : found.end() + 20]


@pytest.mark.parametrize(
    "text",
    ["Prévu : 12", "Quoi ?", "un ; deux", "« mot\u00a0»", "«\u00a0mot »", 'aria-label="Total : avant"', "{{ a }} : b"],
)
def test_a_plain_space_is_found(text: str) -> None:
    assert len(list(breakable(text))) == 1


@pytest.mark.parametrize(
    "text", ["Prévu\u00a0: 12", "a:b", '{% if a == " : " %}', "{# x : y #}", "10:30", "Quoi\u202f?"]
)
def test_a_no_break_space_is_not(text: str) -> None:
    assert list(breakable(text)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_keep_their_double_marks_with_the_word_before(path: Path) -> None:
    assert list(breakable(path.read_text())) == []
