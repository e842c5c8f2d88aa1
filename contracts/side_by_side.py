"""Three series side by side: what was promised at signature, what is promised now, what came. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from figures import formats
from figures.ae_cp import total

SIGNED, IN_FORCE = "Promis à la signature", "Promis en vigueur"
ByYear = Mapping[int, Decimal | str | None]
"""An amount by year; a word (« illisible ») instead of one that nobody can read."""


@dataclass(frozen=True)
class SideBySide:
    """What `contracts/_side_by_side.html` shows; cells are text, the last row is a total when `is_summed`."""

    title: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    is_summed: bool = False


def amounts_side_by_side(title: str, series: Sequence[tuple[str, ByYear]]) -> SideBySide:
    """Euros by year with the total of each series; a missing figure is « n. r. » and counts for nothing in a total.

    The total of a series of which nothing can be read is the word that its years bear.
    """
    years = sorted({year for _, by_year in series for year in by_year})
    rows = [(str(year), tuple(_shown(by_year.get(year)) for _, by_year in series)) for year in years]
    rows.append(("Total", tuple(_shown(_total(by_year)) for _, by_year in series)))
    return SideBySide(title, "en euros", tuple(name for name, _ in series), tuple(rows), is_summed=True)


def _total(by_year: ByYear) -> Decimal | str | None:
    known = total(amount for amount in by_year.values() if not isinstance(amount, str))
    return next((one for one in by_year.values() if isinstance(one, str)), None) if known is None else known


def _shown(value: Decimal | str | None) -> str:
    if isinstance(value, str):
        return value
    whole = value is None or value == value.to_integral_value()
    return formats.number(value, 0 if whole else 2)
