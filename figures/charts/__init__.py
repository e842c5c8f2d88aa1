"""Charts drawn as SVG text on the server: no script, no style sheet, the same on a page, in a PDF and in a mail.

Planned is hatched or dashed, realised is solid; every figure is written beside its drawing.
"""

from figures.charts.bars import grouped_bars
from figures.charts.conclusions import credits_conclusion
from figures.charts.data import Category, ChartUnit, Frame, Series, ShareBar, fitting_unit, has_data, known_values
from figures.charts.lines import lines
from figures.charts.shares import share_bars
from figures.charts.stacked import stacked_bars
from figures.charts.svg import Colour

__all__ = [
    "Category",
    "ChartUnit",
    "Colour",
    "Frame",
    "Series",
    "ShareBar",
    "credits_conclusion",
    "fitting_unit",
    "grouped_bars",
    "has_data",
    "known_values",
    "lines",
    "share_bars",
    "stacked_bars",
]
