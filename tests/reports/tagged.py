"""The text of each element of a tagged PDF, by the marks of its content: one pass over each page.

`pdfinfo -struct-text` says the same, and draws the whole page again for each cell: 45 s for a report instead of one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

CODES: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
"""In a font's `ToUnicode`: a glyph, the UTF-16 text that it stands for."""

Marked = dict[tuple[int, int], str]
"""Text by page (its object number) and mark."""


@dataclass
class Element:
    """An element of the structure and its children in reading order; a piece of text is a child without a tag."""

    tag: str
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all_text(self) -> str:
        """Its text and that of everything inside, in order."""
        return self.text + "".join(child.all_text() for child in self.children)

    def find(self, *tags: str) -> Iterator["Element"]:
        """The elements inside of one of these tags, outermost only."""
        for child in self.children:
            if child.tag in tags:
                yield child
            else:
                yield from child.find(*tags)


def structure(content: bytes) -> Element:
    """The document's tree of tags, with its text."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return Element("Root", children=list(_elements(pdf.Root.StructTreeRoot.K, pdf.pages[0].obj, _marked(pdf))))


def _elements(kids: Object, page: Object, marked: Marked) -> Iterator[Element]:
    """What `kids` are: elements, or marks of a piece of the page's text; an object that is no text is left out."""
    for kid in kids if isinstance(kids, Array) else [kids]:
        if not isinstance(kid, Dictionary):
            yield Element("", marked[page.objgen[0], int(kid)])
        elif Name.S in kid:
            children = _elements(kid.get(Name.K, Array()), kid.get(Name.Pg, page), marked)
            yield Element(str(kid.S).removeprefix("/"), children=list(children))
        elif kid.get(Name.Type) == Name.MCR:
            yield Element("", marked[kid.get(Name.Pg, page).objgen[0], int(kid.MCID)])


def _marked(pdf: Pdf) -> Marked:
    found: defaultdict[tuple[int, int], str] = defaultdict(str)
    for page in pdf.pages:
        for mark, text in _texts(page.obj, None):
            found[page.obj.objgen[0], mark] += text
    return found


def _texts(drawn: Object, mark: int | None) -> Iterator[tuple[int, str]]:
    """Mark and text of each piece written on a page, or by a form drawn there under the mark of the place."""
    resources = drawn.get(Name.Resources, Dictionary())
    fonts = {str(name): _glyphs(font) for name, font in resources.get(Name.Font, Dictionary()).items()}
    marks, glyphs = [mark], dict[int, str]()
    for instruction in pikepdf.parse_content_stream(drawn):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC" | "BMC":
                marks.append(_mark(operands, marks[-1]))
            case "EMC":
                marks.pop()
            case "Tf":
                glyphs = fonts[str(operands[0])]
            case "Do" if resources.XObject[operands[0]].get(Name.Subtype) == Name.Form:
                yield from _texts(resources.XObject[operands[0]], marks[-1])
            case "Tj" | "TJ" if marks[-1] is not None:
                pieces = operands[0] if isinstance(operands[0], Array) else operands
                texts = (_decoded(bytes(one), glyphs) for one in pieces if isinstance(one, pikepdf.String))
                yield marks[-1], "".join(texts)


def _mark(operands: Any, outer: int | None) -> int | None:
    """The number of a marked piece; one without a number belongs to what is around it."""
    given = operands[1] if len(operands) > 1 else None
    return int(given.MCID) if isinstance(given, Dictionary) and Name.MCID in given else outer


def _decoded(codes: bytes, glyphs: dict[int, str]) -> str:
    return "".join(glyphs[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))


def _glyphs(font: Object) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in CODES.findall(font.ToUnicode.read_bytes())
    }
