"""A value as a cell of a workbook, and a cell as a value: nothing is rounded, nothing is guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from figures import formats
from figures.numbers import CENT, NumberError
from figures.rounding import round_half_up
from figures.workbook.styles import clean
from monitoring.entry.cells import PLACES, Field, Kind, Value, read, write

CellValue = Decimal | date | str | None

NOISE: Final = Decimal("0.000001")
"""How far a number that a spreadsheet computed may lie from the figure that it shows."""
EXACT_DIGITS: Final = 15
"""Significant digits that a spreadsheet's numbers hold; a longer figure is written as text."""

FORMATS: Final = {Kind.AMOUNT: "#,##0.00", Kind.DATE: "dd/mm/yyyy", Kind.TEXT: "@", Kind.CHOICE: "@"}
GENERAL: Final = "General"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a cell of the person's file holds: its value, the type and the format that the file gives it."""

    address: str
    value: Any = None
    kind: str = "n"
    number_format: str = GENERAL

    @property
    def is_blank(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    @property
    def text(self) -> str:
        """As a person would read it."""
        if isinstance(self.value, bool):
            return "VRAI" if self.value else "FAUX"
        if isinstance(self.value, datetime):
            return formats.short_date_fr(self.value.date())
        if isinstance(self.value, date):
            return formats.short_date_fr(self.value)
        if isinstance(self.value, int | float):
            number = Decimal(repr(self.value))
            return formats.number(number, None) if _is_writable(number) else repr(self.value)
        return "" if self.value is None else str(self.value)


def written(field: Field, value: Value) -> CellValue:
    """The cell of a value: numbers as numbers, dates as dates, words for codes; blank for what is not reported."""
    if isinstance(value, Decimal):
        return value if len(value.normalize().as_tuple().digits) <= EXACT_DIGITS else write(field.kind, value)
    if isinstance(value, str):
        shown = dict(field.choices).get(value, value) if field.kind is Kind.CHOICE else value
        return clean(shown) or None
    return value


def typed_value(field: Field, cell: Typed, before: Value) -> Value:
    """The value of a cell; `before` when it still holds what was written for it.

    Text is read as in the grid. A number may bear a spreadsheet's noise (a millionth), and is refused when it is finer
    than the figure. Errors: `NumberError`, in French, for a formula too.
    """
    if cell.kind == "f":
        raise NumberError(cell.text, "Une formule n’est pas lue\u00a0: collez sa valeur à la place.")
    if _is_as_written(cell, written(field, before)):
        return before
    if cell.kind == "e":
        raise NumberError(cell.text, f"Cette cellule est en erreur ({cell.text})\u00a0: tapez une valeur.")
    if cell.is_blank:
        return read(field, "", "eur")
    if field.kind is Kind.DATE:
        return _day(field, cell)
    if field.kind.is_figure:
        return _figure(field, cell)
    return _words(field, cell)


def _is_as_written(cell: Typed, expected: CellValue) -> bool:
    if expected is None:
        return cell.is_blank
    if isinstance(expected, Decimal):
        is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        return is_number and "%" not in cell.number_format and float(cell.value) == float(expected)
    if isinstance(expected, date):
        return isinstance(cell.value, datetime | date) and _date(cell.value) == expected
    return isinstance(cell.value, str) and _lines(cell.value) == _lines(expected)


def _figure(field: Field, cell: Typed) -> Value:
    if isinstance(cell.value, bool | datetime | date) or not isinstance(cell.value, int | float | str):
        raise NumberError(cell.text, f"«\u00a0{cell.text}\u00a0» n’est pas un nombre\u00a0: un nombre est attendu ici.")
    if isinstance(cell.value, str):
        return read(field, cell.value, "eur")
    number = Decimal(repr(cell.value))
    if "%" in cell.number_format:
        number = _points(field, cell, number)
    return read(field, _exact_text(field, number), "eur")


def _points(field: Field, cell: Typed, share: Decimal) -> Decimal:
    """A spreadsheet keeps 48,2 % as 0.482."""
    if field.kind is not Kind.RATE:
        raise NumberError(cell.text, "Cette cellule est au format pourcentage\u00a0: un nombre simple est attendu.")
    return share * 100


def _exact_text(field: Field, number: Decimal) -> str:
    """The number without a spreadsheet's noise, as a text that has one reading."""
    if not _is_writable(number):
        raise NumberError(str(number), "Ce nombre a trop de chiffres.")
    places = -int(CENT.as_tuple().exponent) if field.kind is Kind.AMOUNT else PLACES
    rounded = round_half_up(number, places)
    if abs(number - rounded) > NOISE:
        limit = "le centime" if field.kind is Kind.AMOUNT else "la quatrième décimale"
        shown = formats.number(number, None)
        raise NumberError(
            shown, f"«\u00a0{shown}\u00a0» est plus fin que {limit}\u00a0: tapez la valeur arrondie que vous déclarez."
        )
    return write(field.kind, rounded)


def _is_writable(number: Decimal) -> bool:
    return number.is_finite() and abs(number) < 10**EXACT_DIGITS


def _day(field: Field, cell: Typed) -> Value:
    if isinstance(cell.value, datetime | date):
        return _date(cell.value)
    return read(field, cell.text, "eur")


def _words(field: Field, cell: Typed) -> Value:
    text = _lines(cell.text)
    if field.kind is Kind.CHOICE:
        return read(field, _code(field.choices, text), "eur")
    return read(field, text, "eur")


def _code(choices: Sequence[tuple[str, str]], text: str) -> str:
    """The code of a label, whatever its case; the text itself when it is no label, which the reader refuses."""
    return next((code for code, label in choices if label.casefold() == text.casefold()), text)


def _date(value: datetime | date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _lines(text: str) -> str:
    """Line ends alone, as the format gives them back."""
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
