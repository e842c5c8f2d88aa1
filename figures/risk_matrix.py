"""Risks placed by probability and severity, as SVG; the deeper the ground, the graver the risk, and a word says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from figures import formats
from figures.charts import svg
from figures.charts.svg import Colour

CELL: Final = 54
LEFT: Final = 40
MOST_SHOWN: Final = 4
REFERENCE: Final = 10.5
WORDS: Final = 10.5
"""Sizes of text: 7 points and more when the drawing is printed 80 mm wide, as report.css does."""
GROUNDS: Final = ((0.24, Colour.GROUND, "faible"), (0.5, "#E3E3FD", "modérée"), (1.0, Colour.PALE, "forte"))


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk by its reference (« n° 1 »), its probability and its severity, from 1 to the size of the matrix."""

    reference: str
    label: str
    probability: int
    severity: int
    is_late: bool = False


def criticality(probability: int, severity: int) -> int:
    """Probability × severity, from 1 to 25 on a scale of five (docs/calculs/criticite-des-risques.md)."""
    return probability * severity


def risk_matrix(key: str, title: str, risks: Sequence[Risk], size: int = 5) -> str:
    """A square of `size` by `size`; at most four references in a cell, then how many more.

    `is_late` marks a risk whose treatment is overdue. Raises `ValueError` for a risk outside the square.
    """
    for risk in risks:
        if not (1 <= risk.probability <= size and 1 <= risk.severity <= size):
            raise ValueError(f"{risk.reference} lies outside a matrix of {size}")
    side = CELL * size
    cells = "".join(
        _cell(probability, severity, size, [r for r in risks if (r.probability, r.severity) == (probability, severity)])
        for probability in range(size, 0, -1)
        for severity in range(1, size + 1)
    )
    empty = "" if risks else _empty(side)
    text = " ".join(_sentence(risk) for risk in risks) or "Aucune donnée."
    legend, legend_end = _legend(side)
    body = cells + _axes(size, side) + legend + empty
    return svg.drawing(key, title, text, body, max(LEFT + side, legend_end), side + 54)


def _cell(probability: int, severity: int, size: int, risks: Sequence[Risk]) -> str:
    x, y = LEFT + (severity - 1) * CELL, (size - probability) * CELL
    share = criticality(probability, severity) / size**2
    ground = next(colour for limit, colour, _ in GROUNDS if share <= limit)
    marks = [svg.box(x, y, CELL - 2, CELL - 2, ground)]
    shown = [(risk.reference, risk.is_late) for risk in risks]
    if len(shown) > MOST_SHOWN:
        shown = [*shown[: MOST_SHOWN - 1], (f"+{len(shown) - MOST_SHOWN + 1}", False)]
    for rank, (reference, is_late) in enumerate(shown):
        marks.append(_reference(reference, x, y, rank, len(shown), is_late=is_late))
    return "".join(marks)


def _reference(reference: str, x: float, y: float, rank: int, count: int, *, is_late: bool) -> str:
    """One centred, or two columns of two."""
    half = (CELL - 2) / 2
    across = half if count == 1 else half * (0.5 + rank % 2)
    down = half if count < 3 else half * (0.6 + 0.8 * (rank // 2))
    fill = Colour.ALERT if is_late else Colour.BLUE
    words = svg.shortened(reference, CELL - 6 if count == 1 else half + 2, REFERENCE)
    return svg.label(words, x + across, y + down + 3.5, size=REFERENCE, anchor="middle", fill=fill, bold=True)


def _axes(size: int, side: float) -> str:
    soft = Colour.SOFT_INK
    marks = []
    for rank in range(1, size + 1):
        along, up = LEFT + (rank - 0.5) * CELL, (size - rank + 0.5) * CELL + 3
        marks.append(svg.label(str(rank), along, side + 12, size=WORDS, anchor="middle", fill=soft))
        marks.append(svg.label(str(rank), LEFT - 7, up, size=WORDS, anchor="end", fill=soft))
    marks.append(svg.label("Gravité", LEFT + side / 2, side + 27, size=WORDS, anchor="middle"))
    marks.append(svg.label("Probabilité", 14, side / 2, size=WORDS, anchor="middle", upright=True))
    return "".join(marks)


def _legend(side: float) -> tuple[str, float]:
    """The three grounds in words, and where they end."""
    title = f"Criticité{formats.NO_BREAK_SPACE}:"
    marks, x = [svg.label(title, LEFT, side + 47, size=WORDS)], LEFT + svg.text_width(title, WORDS) + 8
    for _, colour, word in GROUNDS:
        marks.append(svg.box(x + 0.5, side + 37.5, 11, 11, colour, stroke=Colour.GREY, stroke_width=0.6))
        marks.append(svg.label(word, x + 16, side + 47, size=WORDS))
        x += 16 + svg.text_width(word, WORDS) + 10
    return "".join(marks), x


def _empty(side: float) -> str:
    middle = LEFT + side / 2
    ground = svg.box(middle - 60, side / 2 - 16, 120, 26, Colour.WHITE)
    return ground + svg.label("Aucune donnée", middle, side / 2 + 1, size=12, anchor="middle", fill=Colour.SOFT_INK)


def _sentence(risk: Risk) -> str:
    late = ", traitement en retard" if risk.is_late else ""
    return f"{risk.reference} {risk.label}, probabilité {risk.probability}, gravité {risk.severity}{late}."
