"""From a page of markup to a tagged PDF: the one place where the renderer runs, and what makes it quicker."""

import gc
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from xml.etree import ElementTree as ET

from weasyprint import HTML

from reports.pdf.assets import SCHEME, OwnFiles, fonts, style

NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Markup(HTML):  # type: ignore[misc]
    """A page from our own templates, which are well-formed: read as XML, twenty times faster than as HTML."""

    def __init__(self, markup: str, drawings: Mapping[str, str]) -> None:
        super().__init__(string="<!DOCTYPE html>", base_url=SCHEME, url_fetcher=OwnFiles(drawings))
        # Our templates escape every text, and no entity is declared: nothing that a person typed is markup.
        root = ET.fromstring(NOT_IN_XML.sub("", markup.lstrip()))  # noqa: S314
        wrapper = type(self.wrapper_element)  # type: ignore[has-type]
        self.wrapper_element = wrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def draw(markup: str, drawings: Mapping[str, str], identifier: bytes | None = None) -> bytes:
    """The PDF of a page whose pictures are `drawings` (name → SVG); `finish` compresses it, once and faster."""
    _set_aside()
    gc.disable()  # a fifth faster; what the document leaves is collected at once, below
    try:
        content: bytes = Markup(markup, drawings).write_pdf(
            stylesheets=[style()],
            font_config=fonts(),
            pdf_variant="pdf/ua-1",
            pdf_identifier=identifier,
            cache={},
            uncompressed_pdf=True,
            finisher=_tell_scopes,
        )
    finally:
        gc.enable()
        gc.collect()
    return content


@cache
def _set_aside() -> None:
    """Once in a process: what is loaded stays, so that collecting after each document does not walk it again."""
    style()
    gc.collect()
    gc.freeze()


def _tell_scopes(document: Any, pdf: Any) -> None:
    """What WeasyPrint 70 leaves out: a header in the head of a table is its column's, any other its row's."""
    dictionaries: list[Any] = [one for one in pdf.objects if isinstance(one, dict)]
    tagged = {one.reference: one for one in dictionaries if "S" in one}
    for cell in tagged.values():
        if cell["S"] == "/TH":
            row = tagged[cell["P"]]
            in_head = tagged[row["P"]]["S"] == "/THead"
            cell["A"]["Scope"] = "/Column" if in_head else "/Row"
