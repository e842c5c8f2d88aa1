"""Horizontal bars made of parts, with the total at the end."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from figures import formats
from figures.charts import parts, svg
from figures.charts.data import Category, Frame, Series, check_lengths, description, has_data
from figures.charts.scale import Scale
from figures.charts.svg import Colour

ROW_HEIGHT: Final = 26
BAR_HEIGHT: Final = 16
LABEL_SIZE: Final = 9


def stacked_bars(frame: Frame, categories: Sequence[Category], series: Sequence[Series]) -> str:
    """One row for each category, one part for each series; negative parts go left of zero. Height follows the rows."""
    check_lengths(categories, series)
    if not has_data(series):
        return parts.nothing_to_show(frame)
    legend, top = parts.legend(frame, series, 0)
    names = min(frame.width * 0.35, max(svg.text_width(category.label) for category in categories) + 8)
    scale = _scale(frame, series, len(categories), names)
    height = top + 6 + ROW_HEIGHT * len(categories) + 4
    zero = svg.line(scale.at(Decimal(0)), top + 2, scale.at(Decimal(0)), height - 2, Colour.SOFT_INK)
    rows = "".join(
        _row(frame, scale, category, series, rank, top + 6 + ROW_HEIGHT * rank, names)
        for rank, category in enumerate(categories)
    )
    body = parts.pattern_definitions(frame, series) + legend + rows + zero
    return svg.drawing(frame.key, frame.title, description(frame, categories, series), body, frame.width, height)


def _scale(frame: Frame, series: Sequence[Series], count: int, left: float) -> Scale:
    columns = [[one.values[rank] or Decimal(0) for one in series] for rank in range(count)]
    high = max(sum((value for value in column if value > 0), Decimal(0)) for column in columns)
    low = min(sum((value for value in column if value < 0), Decimal(0)) for column in columns)
    totals = max(svg.text_width(_total_label(frame, series, rank)) for rank in range(count)) * 1.05 + 10
    return Scale(low, high, high - low, left, frame.width - left - totals)


def _row(
    frame: Frame,
    scale: Scale,
    category: Category,
    series: Sequence[Series],
    rank: int,
    y: float,
    left: float,
) -> str:
    right = left_edge = Decimal(0)
    marks = [svg.label(svg.shortened(category.label, left - 8), left - 8, y + 12, anchor="end")]
    for one in series:
        value = one.values[rank] or Decimal(0)
        start = right if value >= 0 else left_edge
        marks.append(_part(frame, scale, one, start, value, y))
        right, left_edge = right + max(value, Decimal(0)), left_edge + min(value, Decimal(0))
    marks.append(svg.label(_total_label(frame, series, rank), scale.at(right) + 6, y + 12, bold=True))
    return "".join(marks)


def _part(frame: Frame, scale: Scale, series: Series, start: Decimal, value: Decimal, y: float) -> str:
    first, last = sorted((scale.at(start), scale.at(start + value)))
    if not value:
        return ""
    width = max(last - first - 1, 0.5)
    ink = parts.ink_of(frame.key, series)
    drawn = svg.mark("rect", x=first + 0.5, y=y, width=width, height=BAR_HEIGHT, **ink)
    shown = frame.unit.shown(value, frame.decimals)
    text_width = svg.text_width(shown, LABEL_SIZE)
    if width < text_width + 4:
        return drawn
    middle = (first + last) / 2
    if series.is_planned:
        drawn += svg.box(middle - text_width / 2 - 2, y + 2, text_width + 4, BAR_HEIGHT - 4, Colour.WHITE)
    fill = Colour.INK if series.is_planned else series.colour.ink
    return drawn + svg.label(shown, middle, y + 11.5, size=LABEL_SIZE, anchor="middle", fill=fill)


def _total_label(frame: Frame, series: Sequence[Series], rank: int) -> str:
    """The sum of what was reported; « n. r. » when nothing was."""
    known = [value for one in series if (value := one.values[rank]) is not None]
    return frame.unit.written(sum(known, Decimal(0)), frame.decimals) if known else formats.NOT_REPORTED
