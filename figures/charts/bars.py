"""Bars side by side for each category: promised hatched, realised solid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures import formats
from figures.charts import parts, svg
from figures.charts.data import Category, Frame, Series, check_lengths, description, has_data, known_values
from figures.charts.scale import Scale
from figures.charts.svg import Colour

WIDEST_BAR: Final = 30
LABEL_SIZE: Final = 8.5
NARROWEST_LABELLED: Final = 9
NAME_HEIGHT: Final = 12


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where bars stand: the left edge of the plot, the width of a category and of a bar, how labels are written.

    `name_rows` is how many rows the longest name of a category takes.
    """

    frame: Frame
    scale: Scale
    left: float
    slot: float
    bar: float
    upright: bool
    name_rows: int


def grouped_bars(frame: Frame, categories: Sequence[Category], series: Sequence[Series]) -> str:
    """A group of bars for each category, one for each series, every value written at its end.

    Negative values go below the zero line; a missing realised value is written « n. r. » once it is due.
    """
    check_lengths(categories, series)
    if not has_data(series):
        return parts.nothing_to_show(frame)
    plot, legend = _plan(frame, categories, series)
    groups = "".join(_group(plot, series, categories, rank) for rank in range(len(categories)))
    body = (
        parts.pattern_definitions(frame, series)
        + legend
        + parts.grid(frame, plot.scale, plot.left, frame.width)
        + groups
    )
    return svg.drawing(frame.key, frame.title, description(frame, categories, series), body, frame.width, frame.height)


def _plan(frame: Frame, categories: Sequence[Category], series: Sequence[Series]) -> tuple[_Plot, str]:
    legend, legend_height = parts.legend(frame, series, 0)
    rough = parts.upward_scale(frame, series, legend_height + 40, frame.height - 40)
    left = parts.axis_width(frame, rough)
    slot = (frame.width - left) / len(categories)
    bar = min(WIDEST_BAR, slot * 0.84 / len(series))
    widest = max(_label_width(frame, value) for one in series for value in one.values)
    upright = widest > bar + 1
    room = (widest if upright else LABEL_SIZE) + 6
    values = known_values(series)
    name_rows = max(len(svg.wrapped(category.label, slot - 2)) for category in categories)
    bottom = frame.height - 8 - NAME_HEIGHT * name_rows
    above = max(0.0, room - (rough.at(max(values)) - rough.at(rough.high)))
    below = max(0.0, room - (rough.at(rough.low) - rough.at(min(values)))) if min(values) < 0 else 0.0
    scale = parts.upward_scale(frame, series, legend_height + max(10.0, above), bottom - below)
    return _Plot(frame, scale, left, slot, bar, upright, name_rows), legend


def _group(plot: _Plot, series: Sequence[Series], categories: Sequence[Category], rank: int) -> str:
    category, middle = categories[rank], plot.left + plot.slot * (rank + 0.5)
    first = middle - plot.bar * len(series) / 2
    bars = (_bar(plot, one, category, one.values[rank], first + plot.bar * order) for order, one in enumerate(series))
    words = svg.wrapped(category.label, plot.slot - 2)
    last = plot.frame.height - 4 - NAME_HEIGHT * (plot.name_rows - 1)
    names = (svg.label(text, middle, last + NAME_HEIGHT * row, anchor="middle") for row, text in enumerate(words))
    return "".join(bars) + "".join(names)


def _bar(plot: _Plot, series: Series, category: Category, value: Decimal | None, x: float) -> str:
    if value is None:
        is_absent = series.is_planned or not category.is_due
        return "" if is_absent else _value_label(plot, formats.NOT_REPORTED, x, plot.scale.at(Decimal(0)), above=True)
    zero, end = plot.scale.at(Decimal(0)), plot.scale.at(value)
    top, height = min(zero, end), abs(end - zero)
    ink = parts.ink_of(plot.frame.key, series)
    drawn = svg.mark("rect", x=x + 0.8, y=top, width=plot.bar - 1.6, height=max(height, 0.5), **ink) if value else ""
    return drawn + _value_label(plot, _shown(plot.frame, value), x, end, above=value >= 0)


def _value_label(plot: _Plot, shown: str, x: float, end: float, *, above: bool) -> str:
    if plot.bar < NARROWEST_LABELLED:
        return ""
    middle, ink = x + plot.bar / 2, Colour.SOFT_INK if shown == formats.NOT_REPORTED else Colour.INK
    if plot.upright:
        anchor, y = ("start", end - 3) if above else ("end", end + 3)
        return svg.label(shown, middle + 3, y, size=LABEL_SIZE, anchor=anchor, fill=ink, upright=True)
    return svg.label(shown, middle, end - 3 if above else end + 9, size=LABEL_SIZE, anchor="middle", fill=ink)


def _shown(frame: Frame, value: Decimal | None) -> str:
    return frame.unit.shown(value, frame.decimals)


def _label_width(frame: Frame, value: Decimal | None) -> float:
    return svg.text_width(_shown(frame, value), LABEL_SIZE)
