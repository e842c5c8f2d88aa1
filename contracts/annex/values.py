"""A cell of the annex as a value of the contract file, and back: nothing is rounded, nothing is guessed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from contracts.annex.layout import AnnexColumn, plain_of
from contracts.contract_file.columns import plain
from contracts.contract_file.nodes import UNREADABLE
from figures.numbers import NumberError, parse_amount, parse_number
from figures.rounding import round_half_up

NOISE: Final = Decimal("0.000001")
PLACES: Final = 5
Choices = Sequence[tuple[Any, str]]


def choices_of(column: AnnexColumn, tables: Mapping[str, Any]) -> Choices:
    """The codes that a column admits, with the words that stand in the cells; empty for free text."""
    if not column.refers_to:
        return column.choices
    named = [(code, str(code)) for code in (column.also,) if code]
    key = "numero" if column.refers_to == "fiches" else "code"
    return named + [(one[key], _name(one, key)) for one in tables.get(column.refers_to, ())]


def _name(one: Mapping[str, Any], key: str) -> str:
    return str(plain_of(one["nom"])) if "nom" in one else str(plain_of(one[key]))


def shown(value: Any, choices: Choices) -> Any:
    """What stands in a cell: words for codes, numbers as numbers."""
    return next((label for code, label in choices if code == value), value)


def read(cell: Any, column: AnnexColumn, choices: Choices, unit: Decimal, before: Any) -> Any:
    """The value of a cell in the table's unit (`unit` is what one is worth in euros); None for a blank one.

    Errors: `NumberError`, in French, for a formula, a text that is no number, one with two readings, an unknown word.
    """
    value = cell.value
    if cell.data_type == "f":
        raise NumberError(str(value), "Une formule n’est pas lue\u00a0: collez sa valeur à la place.")
    if cell.data_type == "e":
        raise NumberError(str(value), "Cette cellule est en erreur\u00a0: tapez une valeur.")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if column.is_figure:
        return UNREADABLE if before == UNREADABLE and value == UNREADABLE else _figure(value, cell, column, unit)
    return _word(value, choices)


def _figure(value: Any, cell: Any, column: AnnexColumn, unit: Decimal) -> int | Decimal | None:
    if isinstance(value, bool | date) or not isinstance(value, int | float | str):
        raise NumberError(str(value), "Un nombre est attendu ici.")
    scale = unit if column.kind == "amount" else Decimal(1)
    if isinstance(value, str):
        if column.kind == "number":
            return plain(parse_number(value))
        return plain(parse_amount(value, "keur" if scale != 1 else "eur"), scale)
    if "%" in cell.number_format:
        raise NumberError(str(value), "Cette cellule est au format pourcentage\u00a0: un nombre simple est attendu.")
    if not isfinite(value) or abs(value) >= 10**12:
        raise NumberError(str(value), "Ce nombre a trop de chiffres.")
    return plain(_without_noise(Decimal(repr(value)), 4 if column.kind == "number" else 2 if scale == 1 else PLACES))


def _without_noise(number: Decimal, places: int) -> Decimal:
    """A spreadsheet's noise goes; a number finer than the figure is refused."""
    rounded = round_half_up(number, places)
    if abs(number - rounded) > NOISE:
        raise NumberError(str(number), "Ce nombre est plus fin que le centime\u00a0: tapez la valeur arrondie.")
    return rounded


def _word(value: Any, choices: Choices) -> Any:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text.replace("_x000D_", "").replace("\r\n", "\n").strip()
    if not choices:
        return text
    for code, label in choices:
        if text.casefold() in (str(code).casefold(), str(label).casefold()):
            return code
    raise NumberError(text, f"«\u00a0{text}\u00a0» n’est pas dans la liste de cette colonne.")
