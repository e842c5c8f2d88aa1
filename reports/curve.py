"""The rule of the fund as a curve: what one euro of the fund brings each year, from the first year of funding to three
years after the last. Pure, in euros; the definition and an example: docs/calculs/courbe-du-retour.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from contracts.drawings import WIDE, Drawing, drawing
from contracts.side_by_side import IN_FORCE, SIGNED
from figures import formats
from figures.ae_cp import over_known, share, total
from figures.charts import Category, ChartUnit, Colour, Frame, Series, lines
from figures.charts.data import has_data

ByYear = Mapping[int, Decimal]
FOLLOWED: Final = 3
DECLARED, CERTIFIED = "Déclaré", "Certifié"
SAME: Final = "En vigueur, de ceux qui ont déclaré"


@dataclass(frozen=True)
class Promised:
    """What a version promises by year, in euros: savings of recurrent lines that count, and the fund's CP."""

    savings: ByYear = field(default_factory=dict)
    money: ByYear = field(default_factory=dict)


@dataclass(frozen=True)
class ContractCurve:
    """What the curve reads of one contract: promised at signature and now; declared, certified and paid by year."""

    first_year: int
    last_year: int
    signed: Promised
    in_force: Promised
    declared: ByYear
    certified: ByYear
    paid: ByYear
    title: str = ""


@dataclass(frozen=True)
class Point:
    """One place of the curve, `rank` years after the last year of funding; each series is a saving ÷ a sum paid.

    `same`: promised in force by those contracts alone that declared something for the year, to hold beside `declared`.
    """

    rank: int
    signed: Decimal | None
    in_force: Decimal | None
    declared: Decimal | None
    certified: Decimal | None
    same: Decimal | None = None


def curve(rows: Sequence[ContractCurve]) -> tuple[Point, ...]:
    """A point a year. Each is the recurrent savings of that year ÷ the fund's CP since the beginning, all contracts
    added: promised over promised, declared and certified over what was paid. A contract that reported nothing for the
    year has no part in what is declared or certified, nor in `same`, the promise of those that declared; one whose CP
    are not known has no part in the series (`left_out`).
    """
    if not rows:
        return ()
    first = min(row.first_year - row.last_year for row in rows)
    return tuple(_point(rows, rank) for rank in range(first, FOLLOWED + 1))


def left_out(rows: Iterable[ContractCurve]) -> tuple[str, ...]:
    """The contracts that promise, declare or had certified a saving of which no CP is known: in no point, but told."""
    return tuple(row.title for row in rows if any(_lacks(*series, row) for series in _series_of(row)))


def _series_of(row: ContractCurve) -> tuple[tuple[ByYear, ByYear], ...]:
    signed, in_force = (row.signed.savings, row.signed.money), (row.in_force.savings, row.in_force.money)
    return signed, in_force, (row.declared, row.paid), (row.certified, row.paid)


def _lacks(savings: ByYear, money: ByYear, row: ContractCurve) -> bool:
    """Whether a year of the curve states a saving, and no money by then."""
    years = range(row.first_year, row.last_year + FOLLOWED + 1)
    return any(year in years and _until(money, year) is None for year in savings)


def _point(rows: Sequence[ContractCurve], rank: int) -> Point:
    begun = [(row, row.last_year + rank) for row in rows if row.first_year <= row.last_year + rank]
    return Point(
        rank,
        _brought((row.signed.savings.get(year), _until(row.signed.money, year)) for row, year in begun),
        _brought((row.in_force.savings.get(year), _until(row.in_force.money, year)) for row, year in begun),
        _brought((row.declared[year], _until(row.paid, year)) for row, year in begun if year in row.declared),
        _brought((row.certified[year], _until(row.paid, year)) for row, year in begun if year in row.certified),
        _brought(
            (row.in_force.savings.get(year), _until(row.in_force.money, year))
            for row, year in begun
            if year in row.declared
        ),
    )


def _brought(terms: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """Savings added ÷ money added, of the contracts whose money is known; None without either, or without money."""
    return share(*over_known(terms))


def _until(money: ByYear, year: int) -> Decimal | None:
    return total(amount for each, amount in money.items() if each <= year)


def curve_drawing(points: Sequence[Point], first_year: int | None = None, width: int = WIDE) -> Drawing | None:
    """The four series as lines, with their table; None when there is nothing to draw.

    Places are years when the curve is of one contract, whose first year of funding is given.
    """
    series = [
        *(_series(SIGNED, points, "signed", Colour.PALE, is_planned=True) if is_amended(points) else []),
        *_series(IN_FORCE, points, "in_force", Colour.LILAC, is_planned=True),
        *(_series(SAME, points, "same", Colour.SOFT_INK, is_planned=True) if _differs(points) else []),
        *_series(DECLARED, points, "declared", Colour.GREY),
        *_series(CERTIFIED, points, "certified", Colour.BLUE),
    ]
    if not has_data(series):
        return None
    frame = Frame("courbe-retour", "Économies pérennes de l’année pour un euro du fonds", ChartUnit.EUR, 2, width)
    categories = [Category(_place(rank, point.rank, first_year), is_due=False) for rank, point in enumerate(points)]
    return drawing(frame, conclusion(points, first_year), categories, series, lines(frame, categories, series))


def conclusion(points: Sequence[Point], first_year: int | None = None) -> str:
    """What is promised three years after the end of funding, held against the rule; the last certified point, and when.

    `first_year` as in `curve_drawing`.
    """
    promised = points[-1].in_force if points else None
    if promised is None:
        return "Aucune économie pérenne n’est promise."
    verdict = "au moins la règle du fonds" if promised >= 1 else "moins que la règle du fonds"
    opening = (
        f"Trois ans après la fin du financement, {_euros(promised)} par an sont promis pour un euro, "
        f"{verdict} (1\u00a0€)"
    )
    return formats.typeset(f"{opening}\u00a0; {_proved(points, first_year)}.")


def _proved(points: Sequence[Point], first_year: int | None) -> str:
    """The last certified point. That of many contracts is of those alone that declared savings for that year."""
    certified = [(place, one.rank, one.certified) for place, one in enumerate(points) if one.certified is not None]
    if not certified:
        return "à ce jour, rien n’est certifié"
    place, rank, value = certified[-1]
    if first_year is not None:
        return f"en {first_year + place}, dernière année certifiée, {_euros(value)}"
    years = f"{abs(rank)}\u00a0an{'s' if abs(rank) > 1 else ''}"
    when = f"{years} après cette fin" if rank > 0 else f"{years} avant cette fin" if rank else "l’année de cette fin"
    return f"au dernier point certifié, {when}, {_euros(value)}, pour les seuls contrats qui y ont déclaré"


def _euros(value: Decimal) -> str:
    return formats.euros(value, 2)


def is_amended(points: Sequence[Point]) -> bool:
    """Whether what is promised now is not what the signature promised: else one line stands for both."""
    return any(point.signed != point.in_force for point in points)


def _differs(points: Sequence[Point]) -> bool:
    """Whether contracts that declared nothing weigh in what is promised, somewhere on the curve."""
    return any(point.same is not None and point.same != point.in_force for point in points)


def _series(
    name: str, points: Sequence[Point], attribute: str, colour: Colour, *, is_planned: bool = False
) -> list[Series]:
    return [Series(name, tuple(getattr(point, attribute) for point in points), colour, is_planned=is_planned)]


def _place(place: int, rank: int, first_year: int | None) -> str:
    if first_year is not None:
        return str(first_year + place)
    return "fin" if rank == 0 else f"fin {'+' if rank > 0 else formats.MINUS} {abs(rank)}"
