"""The few SVG marks that every drawing is made of: presentation attributes only, all text escaped."""

import re
from collections.abc import Iterable
from enum import StrEnum
from html import escape
from typing import Final

FONT: Final = "Marianne, sans-serif"
NARROW: Final = frozenset(" ,.;:!'’|()[]iljtfrI\u202f\u00a0")
WIDE: Final = frozenset("mwMW%€—@")


class Colour(StrEnum):
    """The palette: three colours for data, an accent kept for what is late, inks for text and rules."""

    BLUE = "#000091"
    LILAC = "#8585F6"
    GREY = "#929292"
    PALE = "#CACAFB"
    LATE = "#B34000"
    ALERT = "#CE0500"
    INK = "#161616"
    SOFT_INK = "#666666"
    RULE = "#DDDDDD"
    GROUND = "#F6F6F6"
    WHITE = "#FFFFFF"

    @property
    def ink(self) -> "Colour":
        """The colour of a text written upon it."""
        return Colour.WHITE if self in (Colour.BLUE, Colour.LATE, Colour.ALERT) else Colour.INK


def mark(name: str, content: str = "", /, **attributes: str | float) -> str:
    """An element; `content` is SVG already, an attribute's `_` stands for `-`, numbers are given to a tenth."""
    shown = "".join(f' {key.strip("_").replace("_", "-")}="{_attribute(value)}"' for key, value in attributes.items())
    return f"<{name}{shown}>{content}</{name}>" if content else f"<{name}{shown}/>"


def label(
    content: str,
    x: float,
    y: float,
    *,
    size: float = 10,
    anchor: str = "start",
    fill: str = Colour.INK,
    bold: bool = False,
    upright: bool = False,
) -> str:
    """A text; `upright` turns it a quarter to the left around its own point."""
    attributes: dict[str, str | float] = {"x": x, "y": y, "font_size": size, "fill": fill}
    if anchor != "start":
        attributes["text_anchor"] = anchor
    if bold:
        attributes["font_weight"] = "700"
    if upright:
        attributes["transform"] = f"rotate(-90 {_attribute(x)} {_attribute(y)})"
    return mark("text", escape(content), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1, **attributes: str | float) -> str:
    return mark("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **attributes)


def box(x: float, y: float, width: float, height: float, fill: str, **attributes: str | float) -> str:
    return mark("rect", x=x, y=y, width=width, height=height, fill=fill, **attributes)


def diamond(x: float, y: float, radius: float, fill: str, stroke: str) -> str:
    path = f"M{_attribute(x)} {_attribute(y - radius)}l{radius} {radius}l-{radius} {radius}l-{radius} -{radius}z"
    return mark("path", d=path, fill=fill, stroke=stroke, stroke_width=1.2)


def hatch_id(key: str, colour: Colour) -> str:
    return f"{safe_key(key)}-hatch-{colour.name.lower()}"


def hatches(key: str, colours: Iterable[Colour]) -> str:
    """The definitions of the hatch patterns of a drawing; their ids begin with the drawing's key."""
    patterns = "".join(_hatch(key, colour) for colour in sorted(set(colours)))
    return mark("defs", patterns) if patterns else ""


def hatched(key: str, colour: Colour) -> dict[str, str | float]:
    """The attributes of a mark that shows something planned."""
    return {"fill": f"url(#{hatch_id(key, colour)})", "stroke": colour, "stroke_width": 0.8}


def drawing(key: str, title: str, description: str, body: str, width: float, height: float) -> str:
    """The whole SVG, named for those who do not see it by its title and its description."""
    name = safe_key(key)
    heading = mark("title", escape(title) or " ", id=f"{name}-title")
    long_text = mark("desc", escape(description) or " ", id=f"{name}-desc")
    return mark(
        "svg",
        heading + long_text + body,
        xmlns="http://www.w3.org/2000/svg",
        class_="chart",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        width=width,
        height=height,
        viewBox=f"0 0 {_attribute(width)} {_attribute(height)}",
        font_family=FONT,
        font_size=10,
    )


def safe_key(key: str) -> str:
    """The key as an identifier: letters, digits and hyphens, beginning with a letter."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")
    return name if name[:1].isalpha() else f"c-{name}"


def text_width(text: str, size: float = 10) -> float:
    """About how wide a text is drawn, on the generous side; Marianne's digits are 0.6 of the size."""
    return size * sum(0.34 if sign in NARROW else 0.9 if sign in WIDE else 0.61 for sign in text)


def shortened(text: str, width: float, size: float = 10) -> str:
    """The text, cut at a word with an ellipsis when it is wider than that."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    at_word = kept.rsplit(" ", 1)[0]
    return f"{(at_word if len(at_word) > len(kept) / 2 else kept).rstrip(' ,;:')}…"


def wrapped(text: str, width: float, size: float = 10, rows: int = 2) -> list[str]:
    """The text in at most so many rows of that width, the last one shortened."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if len(found) == rows or not found[-1] or text_width(longer, size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return [shortened(row, width, size) for row in found]


def _hatch(key: str, colour: Colour) -> str:
    ground = box(0, 0, 5, 5, Colour.WHITE)
    strokes = mark("path", d="M-1 1l2 -2M0 5l5 -5M4 6l2 -2", stroke=colour, stroke_width=1.3)
    size: dict[str, str | float] = {"width": 5, "height": 5, "patternUnits": "userSpaceOnUse"}
    return mark("pattern", ground + strokes, id=hatch_id(key, colour), **size)


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return escape(value)
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown
