"""French typography: a no-break space before : ; ! ? % €, inside « » and inside numbers, wherever a reader sees it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from contracts.checks import registry as checks
from ftap.documents import FOLDERS, documents
from monitoring import rules as filing_rules
from tests.conftest import ROOT

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})
TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
BREAKABLE = re.compile(r"(?<=\S) (?=[:;!?»](?:[\s<\"]|$))|(?<=[\d}]) (?=[%€])|(?<=«) ")


def breakable(text: str) -> Iterator[tuple[int, str]]:
    """The lines where a plain space stands before a double mark, % or €, or inside quotation marks, tags apart."""
    shown = TAGS.sub(lambda tag: "x" * len(tag[0].replace("\n", "")) + "\n" * tag[0].count("\n"), text)
    for number, line in enumerate(shown.splitlines(), start=1):
        for found in BREAKABLE.finditer(line):
            yield number, line[max(0, found.start() - 20) : found.end() + 20]


@pytest.mark.parametrize(
    "text",
    [
        "Prévu : 12",
        "Quoi ?",
        "un ; deux",
        "« mot\u00a0»",
        "«\u00a0mot »",
        'aria-label="Total : avant"',
        "{{ a }} : b",
        "<td>{{ a }} %</td>",
    ],
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


HELP = [
    *(f"/aide/{folder.name}/{one.slug}/" for folder in FOLDERS for one in documents(folder)),
    *(f"/aide/regles/{check.code}/" for check in checks.catalogue()),
    *(f"/aide/regles/{rule.code}/" for rule in filing_rules.catalogue()),
    "/aide/glossaire/",
    "/aide/regles/",
]
CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
MARKS = r"(?<=[^\s>]) (?=[:;!?»](?:[\s<]|$))|(?<=>) (?=[:;!?»])|(?<=«) "
SPACES = re.compile(rf"(?<=\d) (?=\d{{3}}\b|[%€])|{MARKS}")


@pytest.mark.django_db
@pytest.mark.parametrize("address", HELP)
def test_pages_of_the_help_keep_their_marks_and_their_numbers_whole(
    client: Client, secretariat: User, address: str
) -> None:
    """As a browser gets them: words of rules come from the code, those of the guide from Markdown."""
    client.force_login(secretariat)
    page = client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]
    shown = CODE.sub("", page)
    assert [shown[max(0, found.start() - 30) : found.end() + 20] for found in SPACES.finditer(shown)] == []
