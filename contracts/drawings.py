"""A chart as pages show it: the drawing, one sentence, and the same numbers as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures.charts import Category, ChartUnit, Frame, Series, fitting_unit, grouped_bars, has_data, known_values

# A drawing alone on its line, or one of two: texts keep their size.
WIDE: Final = 640
HALF: Final = 460


@dataclass(frozen=True)
class Drawing:
    """What `components/chart.html` shows; cells are text, in `unit`.

    `svg` is empty without anything to draw, `rows` too when nothing is known.
    """

    title: str
    sentence: str
    svg: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def amounts_by_year(
    key: str,
    title: str,
    sentence: str,
    years: Sequence[int],
    series: Sequence[Series],
    *,
    due_until: int,
    width: int = WIDE,
) -> Drawing:
    """Euros by year as grouped bars; a missing figure is « n. r. » up to the year `due_until`, and nothing later."""
    unit = fitting_unit(value for one in series for value in one.values)
    frame = Frame(key, title, unit, decimals=_decimals(unit), width=width)
    categories = [Category(str(year), is_due=year <= due_until) for year in years]
    return drawing(frame, sentence, categories, series, grouped_bars(frame, categories, series))


def drawing(frame: Frame, sentence: str, categories: Sequence[Category], series: Sequence[Series], svg: str) -> Drawing:
    """A drawing with its table; cells are written as on the drawing."""
    rows = tuple(
        (one.name, tuple(_cell(frame, value, category) for value, category in zip(one.values, categories, strict=True)))
        for one in series
    )
    columns = tuple(category.label for category in categories)
    known = rows if known_values(series) else ()
    return Drawing(frame.title, sentence, svg if has_data(series) else "", frame.unit.symbol, columns, known)


def _cell(frame: Frame, value: Decimal | None, category: Category) -> str:
    return "–" if value is None and not category.is_due else frame.unit.shown(value, frame.decimals)


def _decimals(unit: ChartUnit) -> int:
    return 1 if unit is ChartUnit.MEUR else 0
