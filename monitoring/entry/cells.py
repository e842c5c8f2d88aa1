"""A cell of an entry grid: what is typed becomes a value or a located error, a value becomes a text that reads back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Literal

from figures import formats, numbers
from figures.numbers import NumberError

Unit = Literal["eur", "keur"]
Value = Decimal | date | str | None

UNITS: Final[dict[Unit, str]] = {"eur": "€", "keur": "k€"}
MAX_TEXT: Final = 4000
PLACES: Final = 4  # of a measured value, as the database keeps it
DIGITS: Final = 14


class Kind(StrEnum):
    """What a cell takes."""

    AMOUNT = "amount"
    NUMBER = "number"
    RATE = "rate"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"

    @property
    def is_figure(self) -> bool:
        return self in (Kind.AMOUNT, Kind.NUMBER, Kind.RATE)


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a row: `name` is unique in the row, `column` says under which header it stands."""

    name: str
    column: str
    kind: Kind
    value: Value
    label: str = ""
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class CellError:
    """A text that was refused: where, what was typed, and in French what to write instead."""

    row: int
    field: str
    typed: str
    message: str


def unit_of(text: str | None) -> Unit:
    """The unit named by an address or a form; euros when it names none."""
    return "keur" if text == "keur" else "eur"


def read(field: Field, text: str, unit: Unit) -> Value:
    """The value typed, amounts in euros; None is a blank figure: not reported. Raises `NumberError`, in French."""
    match field.kind:
        case Kind.AMOUNT:
            return numbers.parse_amount(text, unit)
        case Kind.NUMBER:
            return _measured(text, numbers.parse_number(text))
        case Kind.RATE:
            return _measured(text, numbers.parse_rate(text))
        case Kind.CHOICE:
            return _chosen(field, text)
        case Kind.DATE:
            return _day(text)
        case _:
            return _text(text)


def write(kind: Kind, value: Value, unit: Unit = "eur") -> str:
    """The text shown in the cell; `read` gives the same value back."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return formats.short_date_fr(value)
    if kind is Kind.AMOUNT:
        scaled = value.scaleb(-3) if unit == "keur" else value
        return formats.number(scaled, _clear_decimals(scaled, at_least=2))
    return formats.number(value, _clear_decimals(value, at_least=0))


def read_fields(
    row: int, fields: Sequence[Field], typed: Mapping[str, str], unit: Unit
) -> tuple[dict[str, Any], list[CellError]]:
    """The values of a row by field name, and what was refused; a field that was not sent keeps its value."""
    values: dict[str, Any] = {}
    errors: list[CellError] = []
    for field in fields:
        text = typed.get(field.name)
        try:
            values[field.name] = field.value if text is None else read(field, text, unit)
        except NumberError as error:
            errors.append(CellError(row, field.name, text or "", error.message))
    return values, errors


def _clear_decimals(value: Decimal, *, at_least: int) -> int:
    """How many decimals to write: three after a mark could be thousands, so a fourth is added."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(at_least, -exponent if isinstance(exponent, int) else 0)
    return 4 if decimals == 3 else decimals


def _measured(text: str, value: Decimal | None) -> Decimal | None:
    """A measured value that the database can hold without rounding it."""
    if value is None:
        return None
    if value != round(value, PLACES):
        raise NumberError(text, f"«\u00a0{text}\u00a0» a plus de quatre décimales\u00a0: arrondissez-le.")
    if abs(value) >= 10**DIGITS:
        raise NumberError(text, f"«\u00a0{text}\u00a0» a trop de chiffres.")
    return value


def _chosen(field: Field, text: str) -> str:
    if text and text not in [value for value, _ in field.choices]:
        raise NumberError(
            text, f"«\u00a0{text}\u00a0» n’est pas dans la liste\u00a0: choisissez une des valeurs proposées."
        )
    return text


def _day(text: str) -> date | None:
    """A day as people write it, or as browsers send it."""
    kept = text.strip()
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(kept, pattern).date() if kept else None  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise NumberError(text, f"«\u00a0{kept[:60]}\u00a0» n’est pas une date\u00a0: écrivez par exemple 31/12/2021.")


def _text(text: str) -> str:
    kept = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(kept) > MAX_TEXT:
        raise NumberError(kept[:60], f"Ce texte a {len(kept)} caractères\u00a0: {MAX_TEXT} au plus.")
    return kept


def row_anchor(row: int) -> str:
    """The id of a row on its page."""
    return f"ligne-{row}"


def cell_anchor(row: int, field: str) -> str:
    """The id of an input on its page; also its name in the form."""
    return f"c{row}-{field}"


def revision_name(row: int) -> str:
    """The name in the form of the revision that was read; its presence says that the row was sent."""
    return f"r{row}"


def total_anchor(column: str) -> str:
    """The id of the total of a column."""
    return f"total-{column}"


def row_of_anchor(anchor: str) -> int:
    """The row that an id of a row or of a cell belongs to; 0 for any other."""
    match = re.fullmatch(r"(?:ligne-|c)(\d+)(?:-.*)?", anchor)
    return int(match[1]) if match else 0
