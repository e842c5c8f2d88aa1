"""What a chart is given: frozen values in euros (or points, or counts), None for what is not reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from figures import formats
from figures.charts.svg import Colour


class ChartUnit(Enum):
    """The unit in which values are written; amounts are given in euros whatever the unit."""

    EUR = ("€", 0)
    KEUR = ("k€", -3)
    MEUR = ("M€", -6)
    PERCENT = ("%", 0)
    COUNT = ("", 0)

    @property
    def symbol(self) -> str:
        return self.value[0]

    def shown(self, value: Decimal | None, decimals: int | None = 0) -> str:
        """The value without its unit: `1 234`, `n. r.`."""
        return formats.number(None if value is None else value.scaleb(self.value[1]), decimals)

    def written(self, value: Decimal | None, decimals: int | None = 0) -> str:
        """The value with its unit: `1 234 k€`, `n. r.`."""
        shown = self.shown(value, decimals)
        return shown if value is None or not self.symbol else f"{shown}{formats.NO_BREAK_SPACE}{self.symbol}"


@dataclass(frozen=True, slots=True)
class Category:
    """One place on the axis. While `is_due` is false, a missing realised value is no « n. r. » but simply not there."""

    label: str
    is_due: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each category; planned ones are hatched or dashed, realised ones solid."""

    name: str
    values: tuple[Decimal | None, ...]
    colour: Colour = Colour.BLUE
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class ShareBar:
    """What was promised and what came of it, for a small bar in a table; `is_lost`: nobody can read the promise."""

    label: str
    planned: Decimal | None
    realised: Decimal | None
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the data: `key` makes the ids of the drawing unique in its page; sizes are in CSS pixels."""

    key: str
    title: str
    unit: ChartUnit = ChartUnit.KEUR
    decimals: int = 0
    width: int = 640
    height: int = 240


def fitting_unit(values: Iterable[Decimal | None]) -> ChartUnit:
    """Euros below 10 000 €, k€ below 10 M€, M€ above, by the largest value."""
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    if largest < 10_000:
        return ChartUnit.EUR
    return ChartUnit.KEUR if largest < 10_000_000 else ChartUnit.MEUR


def known_values(series: Sequence[Series]) -> list[Decimal]:
    """Every value that was reported."""
    return [value for one in series for value in one.values if value is not None]


def has_data(series: Sequence[Series]) -> bool:
    """Whether there is anything to draw: at least one value that is not zero."""
    return any(known_values(series))


def check_lengths(categories: Sequence[Category], series: Sequence[Series]) -> None:
    """Raise `ValueError` when a series does not have one value for each category."""
    for one in series:
        if len(one.values) != len(categories):
            raise ValueError(f"{one.name}: {len(one.values)} values for {len(categories)} categories")


def description(frame: Frame, categories: Sequence[Category], series: Sequence[Series]) -> str:
    """The same figures as a sentence for each series, for those who do not see the drawing."""
    if not has_data(series):
        return "Aucune donnée."
    colon = formats.NO_BREAK_SPACE + ":"
    sentences = (
        ", ".join(
            f"{category.label} {frame.unit.written(value, frame.decimals)}"
            for category, value in zip(categories, one.values, strict=True)
            if value is not None or category.is_due
        )
        for one in series
    )
    return " ".join(f"{one.name}{colon} {figures.rstrip('.')}." for one, figures in zip(series, sentences, strict=True))
