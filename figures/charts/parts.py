"""The parts that several charts share: legend, value axis, and the drawing of an absence of data."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from figures.charts import svg
from figures.charts.data import Frame, Series, known_values
from figures.charts.scale import Scale, round_scale
from figures.charts.svg import Colour

LEGEND_ROW: Final = 17
NO_DATA: Final = "Aucune donnée"


def nothing_to_show(frame: Frame) -> str:
    """A drawing of the same size that says so."""
    ground = svg.box(0.5, 0.5, frame.width - 1, frame.height - 1, Colour.GROUND)
    words = svg.label(NO_DATA, frame.width / 2, frame.height / 2 + 4, size=12, anchor="middle", fill=Colour.SOFT_INK)
    return svg.drawing(frame.key, frame.title, f"{NO_DATA}.", ground + words, frame.width, frame.height)


def legend(frame: Frame, series: Sequence[Series], left: float) -> tuple[str, float]:
    """A swatch and a name for each series, in as many rows as the width asks for; and the height taken."""
    marks, x, row = [], left, 0
    for one in series:
        width = 16 + svg.text_width(one.name) + 14
        if x > left and x + width > frame.width - (40 if row == 0 else 0):
            x, row = left, row + 1
        y = row * LEGEND_ROW
        marks.append(svg.mark("rect", x=x + 0.5, y=y + 2.5, width=11, height=10, **ink_of(frame.key, one)))
        marks.append(svg.label(one.name, x + 17, y + 11.5))
        x += width
    unit = f"en {frame.unit.symbol}" if frame.unit.symbol else ""
    marks.append(svg.label(unit, frame.width, 11.5, anchor="end", fill=Colour.SOFT_INK) if unit else "")
    return "".join(marks), (row + 1) * LEGEND_ROW


def ink_of(key: str, series: Series) -> dict[str, str | float]:
    """Hatched when planned, solid when realised."""
    return svg.hatched(key, series.colour) if series.is_planned else {"fill": series.colour}


def pattern_definitions(frame: Frame, series: Sequence[Series]) -> str:
    return svg.hatches(frame.key, (one.colour for one in series if one.is_planned))


def upward_scale(frame: Frame, series: Sequence[Series], top: float, bottom: float) -> Scale:
    """The value axis of a chart whose plot lies between two heights."""
    smallest = Decimal(1).scaleb(-frame.unit.value[1] - frame.decimals)
    return round_scale(known_values(series), bottom, top - bottom, smallest_step=smallest)


def tick_labels(frame: Frame, scale: Scale) -> list[str]:
    decimals = max(0, scale.decimals) if not frame.unit.value[1] else _scaled_decimals(frame, scale)
    return [frame.unit.shown(tick, decimals) for tick in scale.ticks]


def grid(frame: Frame, scale: Scale, left: float, right: float) -> str:
    """A fine rule and a figure for each tick, the zero line stronger."""
    marks = []
    for tick, shown in zip(scale.ticks, tick_labels(frame, scale), strict=True):
        y = scale.at(tick)
        ink, width = (Colour.SOFT_INK, 1.0) if not tick else (Colour.RULE, 0.6)
        marks.append(svg.line(left, y, right, y, ink, width))
        marks.append(svg.label(shown, left - 6, y + 3.5, anchor="end", fill=Colour.SOFT_INK))
    return "".join(marks)


def axis_width(frame: Frame, scale: Scale) -> float:
    """The room the figures of the axis need."""
    return max(svg.text_width(shown) for shown in tick_labels(frame, scale)) + 10


def _scaled_decimals(frame: Frame, scale: Scale) -> int:
    exponent = scale.step.scaleb(frame.unit.value[1]).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
