"""The user guide and the pages of formulas: the Markdown files of docs/, as pages of the help.

The examples that tests run (« ```toml exemple ») and the names of functions are left out: the page's own words and
table tell the same figures.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Final
from unicodedata import combining, normalize

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from figures.formats import typeset_prose

DOCS: Final = Path(__file__).parent.parent / "docs"
EXAMPLE: Final = "toml exemple"
FUNCTION: Final = "**Fonction"
NUMERIC: Final = re.compile(r"[-\u2212–+]?\s?(\d[\d\s\u00a0\u202f,]*)?(%|€|k€|M€|ETPT)?|n\. [rc]\.")


@dataclass(frozen=True)
class Folder:
    """A folder of docs/ that users read: its place in the addresses and what it is called."""

    name: str
    title: str
    lede: str


GUIDE: Final = Folder(
    "guide", "Guide d’utilisation", "Comment faire, pas à pas, selon ce que l’on a à faire dans le suivi des contrats."
)
FORMULAS: Final = Folder(
    "calculs",
    "Calculs",
    "Chaque chiffre calculé a une définition écrite, sa source et un exemple. Les exemples sont exécutés à chaque "
    "version du logiciel : ils donnent les résultats imprimés.",
)
FOLDERS: Final = (GUIDE, FORMULAS)


@dataclass(frozen=True)
class Document:
    """One page: its short name in addresses, its title, and the rest as HTML."""

    slug: str
    title: str
    html: SafeString


def documents(folder: Folder) -> tuple[Document, ...]:
    """Every page of the folder, by title."""
    found = (document(folder, file.stem) for file in (DOCS / folder.name).glob("*.md"))
    return tuple(sorted((one for one in found if one is not None), key=lambda one: _order(one.title)))


def _order(title: str) -> str:
    """French order: accents do not count."""
    return "".join(sign for sign in normalize("NFD", title.casefold()) if not combining(sign))


@cache
def document(folder: Folder, slug: str) -> Document | None:
    """A page by its short name; None when there is no such page. Read once: it changes with the software only."""
    file = DOCS / folder.name / f"{slug}.md"
    if not re.fullmatch(r"[a-z0-9-]+", slug) or not file.is_file():
        return None
    title, tokens = _parted(_MARKDOWN.parse(file.read_text(encoding="utf-8")))
    # Our own files, with HTML switched off.
    return Document(slug, title, mark_safe(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})))


def _parted(tokens: Sequence[Token]) -> tuple[str, list[Token]]:
    """The title apart; the rest without examples of the tests, typeset, its tables made as those of other pages."""
    title = typeset_prose(tokens[1].content)
    rest = [token for token in _told(tokens[3:]) if not (token.type == "fence" and token.info == EXAMPLE)]
    heading = title
    for rank, token in enumerate(rest):
        if token.type == "heading_open":
            heading = typeset_prose(rest[rank + 1].content)
        elif token.type == "table_open":
            token.meta["label"] = heading
            _align(rest[rank : next(end for end, one in enumerate(rest) if end > rank and one.type == "table_close")])
        elif token.type == "inline":
            _typeset(token)
    return title, rest


def _told(tokens: Sequence[Token]) -> list[Token]:
    """Without the paragraph that names the function: it is for the tests and for those who read the code."""
    named = [rank for rank, token in enumerate(tokens) if token.type == "inline" and token.content.startswith(FUNCTION)]
    hidden = {rank + step for rank in named for step in (-1, 0, 1)}
    return [token for rank, token in enumerate(tokens) if rank not in hidden]


def _align(table: Sequence[Token]) -> None:
    """Headers say what they head; a column of figures is set to the right, the first column never."""
    columns: dict[int, list[tuple[Token, str]]] = {}
    column = 0
    for cell, inside in pairwise(table):
        if cell.type == "tr_open":
            column = 0
        elif cell.type in ("th_open", "td_open"):
            # What Markdown writes for `---:` is a style, which the pages' policy refuses.
            cell.attrs.pop("style", None)
            columns.setdefault(column, []).append((cell, inside.content))
            column += 1
    for column, cells in columns.items():
        cells[0][0].attrSet("scope", "col")
        if column and all(NUMERIC.fullmatch(text) for _, text in cells[1:]):
            for cell, _ in cells:
                cell.attrSet("class", "num")


def _typeset(inline: Token) -> None:
    """French typography in the words, not in the code; links to other pages of the help lead to their addresses."""
    before = ""
    for child in inline.children or []:
        if child.type == "text":
            child.content = _after(before, child.content)
        elif child.type == "link_open":
            name = re.fullmatch(r"(?:\.\./([a-z]+)/)?([a-z0-9-]+)\.md", str(child.attrGet("href")))
            if name:
                child.attrSet("href", f"../../{name[1]}/{name[2]}/" if name[1] else f"../{name[2]}/")
        before = child.content[-1:] or before


def _after(before: str, text: str) -> str:
    """A text that follows a word in bold, a link or code, whose last sign counts for what stands first in it."""
    joined = typeset_prose(before + text)
    return joined[len(before) :] if joined.startswith(before) else typeset_prose(text)


def _open_table(tokens: Sequence[Token], rank: int, *_: object) -> str:
    label = escape(str(tokens[rank].meta["label"]))
    caption = f'<caption class="visually-hidden">{label}</caption>'
    return f'<div class="ledger" tabindex="0" role="region" aria-label="{label}"><table>{caption}'


def _close_table(*_: object) -> str:
    return "</table></div>"


def _fence(tokens: Sequence[Token], rank: int, *_: object) -> str:
    """A long line of code scrolls in its own box, which the keyboard reaches."""
    return f'<pre class="code" tabindex="0"><code>{escape(tokens[rank].content)}</code></pre>'


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    for name, rule in (("table_open", _open_table), ("table_close", _close_table), ("fence", _fence)):
        reader.renderer.rules[name] = rule  # type: ignore[attr-defined]
    return reader


_MARKDOWN: Final = _reader()
