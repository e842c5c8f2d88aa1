"""What the stated figures of savings are held against: sums of amounts, of posts, of bases."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from contracts.parts import Computed, Expression
from figures.ae_cp import total
from savings.enums import SavingsMethod
from savings.models import PlannedPost, SavingsTerms
from savings.schedules import Schedule, category_schedule

YEARS: Final = "exercices"
"""The measure of how many years have a saving."""
BASE: Final = "base"
"""The measure of what shares of a base are taken of, in euros: the parameter `base` of the lines."""
AMOUNTS: Final = ("ae", "cp", "perenne_ae", "perenne_cp", "valeur_postes")
POST_MEASURES: Final = {"postes": "removed_etpt", "postes_redeployes": "redeployed_etpt"}


def is_kept(row: Any, expression: Expression, *, whatever_the_year: bool = False) -> bool:
    """Whether a row is of those that an expression asks for: line, titre, programme, category, year."""
    line, year = row.line, getattr(row, "year", None)
    found = {"ligne": line.key, "titre": line.titre, "programme": line.programme}
    if category := getattr(row, "category", ""):
        found["categorie"] = category
    if any(expression[key] != value for key, value in found.items() if key in expression):
        return False
    return whatever_the_year or year is None or _is_in(year, expression)


def _is_in(year: int, expression: Expression) -> bool:
    first, last = expression.get("annees", (year, year))
    return bool(expression.get("annee", year) == year and first <= year <= last)


def summed(values: Iterable[Any]) -> Computed:
    """Amounts added, in euros; how many are missing is told, and no sum is given of none."""
    cells = list(values)
    terms = tuple(Decimal(value.amount) for value in cells if value is not None)
    value = sum(terms, Decimal(0)) if terms or not cells else None
    return Computed(value, terms, len(cells) - len(terms), why="" if value is not None else "Aucun montant lisible.")


def bases(parameters: Iterable[Mapping[str, Any]]) -> Computed:
    """The bases of which lines take a share, added; None when no line states one."""
    terms = tuple(Decimal(str(one[BASE])) for one in parameters if one.get(BASE) is not None)
    return Computed(total(terms), terms, why="" if terms else "Aucune ligne ne donne de base.")


def number_of_posts(posts: Sequence[PlannedPost], terms: Sequence[SavingsTerms], expression: Expression) -> Computed:
    """Posts by category and year, and those that a ramp takes as its parameter."""
    name = POST_MEASURES[expression["mesure"]]
    cells = [getattr(row, name) for row in posts if is_kept(row, expression)]
    known = [value for value in cells if value is not None]
    if name == "removed_etpt" and "categorie" not in expression:
        ramps = [row for row in terms if row.line.method == SavingsMethod.RAMP and is_kept(row, expression)]
        known += [Decimal(row.parameters["postes"]) for row in ramps if row.parameters.get("postes")]
    value = sum(known, Decimal(0)) if known or not cells else None
    return Computed(
        value, tuple(known), len(cells) - len([value for value in cells if value is not None]), is_amount=False
    )


def value_of_posts(posts: Sequence[PlannedPost], expression: Expression) -> Computed:
    """What the posts method gives for the years asked for, category by category."""
    terms: list[Decimal] = []
    missing = 0
    for schedule in _schedules(row for row in posts if is_kept(row, expression, whatever_the_year=True)):
        values = [value for year, value in schedule.items() if _is_in(year, expression)]
        terms += [value for value in values if value is not None]
        missing += values.count(None)
    if not terms and missing:
        return Computed(None, missing=missing, why="Un nombre de postes ou un coût unitaire n’est pas lisible.")
    return Computed(sum(terms, Decimal(0)), tuple(terms), missing)


def _schedules(posts: Iterable[PlannedPost]) -> list[Schedule]:
    """The posts method applied to each line and category, in euros by year."""
    groups: defaultdict[tuple[int, str], list[PlannedPost]] = defaultdict(list)
    for post in posts:
        groups[post.line_id, post.category].append(post)
    return [category_schedule(rows) for rows in groups.values()]
