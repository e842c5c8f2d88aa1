"""Lines over time: promised dashed, realised solid, each named at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures.charts import parts, svg
from figures.charts.data import Category, Frame, Series, check_lengths, description, has_data
from figures.charts.scale import Scale
from figures.charts.svg import Colour

LABEL_HEIGHT: Final = 24


@dataclass(frozen=True, slots=True)
class _Plot:
    frame: Frame
    scale: Scale
    left: float
    right: float
    count: int

    def x(self, rank: int) -> float:
        if self.count == 1:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * rank / (self.count - 1)


def lines(frame: Frame, categories: Sequence[Category], series: Sequence[Series]) -> str:
    """A line for each series; a missing value breaks it. Name and last value are written at its end."""
    check_lengths(categories, series)
    if not has_data(series):
        return parts.nothing_to_show(frame)
    drawn = [one for one in series if any(value is not None for value in one.values)]
    plot = _plan(frame, categories, drawn)
    body = (
        svg.label(frame.unit.symbol, plot.left - 6, 9, anchor="end", fill=Colour.SOFT_INK)
        + parts.grid(frame, plot.scale, plot.left, plot.right)
        + _category_labels(plot, categories)
        + "".join(_line(plot, one) for one in drawn)
        + _end_labels(plot, drawn)
    )
    return svg.drawing(frame.key, frame.title, description(frame, categories, series), body, frame.width, frame.height)


def _plan(frame: Frame, categories: Sequence[Category], series: Sequence[Series]) -> _Plot:
    scale = parts.upward_scale(frame, series, 16, frame.height - 24)
    left = max(parts.axis_width(frame, scale), svg.text_width(categories[0].label) / 2)
    widest = max(svg.text_width(text) * 1.05 for one in series for text in (one.name, _last_label(frame, one)))
    right = frame.width - min(widest + 32, frame.width * 0.4)
    return _Plot(frame, scale, left, right, len(categories))


def _category_labels(plot: _Plot, categories: Sequence[Category]) -> str:
    """As many labels as fit, always counted from the first."""
    room = (plot.right - plot.left) / max(1, plot.count - 1)
    widest = max(svg.text_width(category.label) for category in categories) + 8
    stride = max(1, -int(-widest // room))
    return "".join(
        svg.label(categories[rank].label, plot.x(rank), plot.frame.height - 6, anchor="middle")
        for rank in range(0, plot.count, stride)
    )


def _line(plot: _Plot, series: Series) -> str:
    style: dict[str, str | float] = {"fill": "none", "stroke": series.colour, "stroke_width": 2}
    if series.is_planned:
        style["stroke_dasharray"] = "5 3"
    marks = []
    for run in _runs(plot, series):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        marks.append(svg.mark("polyline", points=points, **style) if len(run) > 1 else "")
        ground = Colour.WHITE if series.is_planned else series.colour
        marks.extend(
            svg.mark("circle", cx=x, cy=y, r=2.4, fill=ground, stroke=series.colour, stroke_width=1.2) for x, y in run
        )
    return "".join(marks)


def _runs(plot: _Plot, series: Series) -> list[list[tuple[float, float]]]:
    """The points of the line, parted where a value is missing."""
    runs: list[list[tuple[float, float]]] = [[]]
    for rank, value in enumerate(series.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((plot.x(rank), plot.scale.at(value)))
    return [run for run in runs if run]


def _end_labels(plot: _Plot, series: Sequence[Series]) -> str:
    """Names at the right, at the height of the last value, pushed apart so that none covers another."""
    wanted = sorted((plot.scale.at(_last(one)), order) for order, one in enumerate(series))
    heights, floor = {}, 16.0
    for y, order in wanted:
        heights[order] = max(y, floor)
        floor = heights[order] + LABEL_HEIGHT
    overflow = max(0.0, floor - LABEL_HEIGHT + 12 - plot.frame.height)
    return "".join(_end_label(plot, one, heights[order] - overflow) for order, one in enumerate(series))


def _end_label(plot: _Plot, series: Series, y: float) -> str:
    x = plot.right + 28
    style: dict[str, str | float] = {"stroke_dasharray": "5 3"} if series.is_planned else {}
    sample = svg.line(x - 18, y - 5.5, x - 4, y - 5.5, series.colour, 2, **style)
    name = svg.shortened(series.name, plot.frame.width - x)
    return sample + svg.label(name, x, y - 2) + svg.label(_last_label(plot.frame, series), x, y + 10, bold=True)


def _last(series: Series) -> Decimal:
    return next(value for value in reversed(series.values) if value is not None)


def _last_label(frame: Frame, series: Series) -> str:
    return frame.unit.written(_last(series), frame.decimals)
