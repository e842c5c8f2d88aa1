"""The inputs of a draft's figures: how a stored figure is shown, what was typed, what it is read as."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import models

from contracts.fields import EuroField
from contracts.parts import Promise
from figures import formats
from figures.headings import under_headings
from figures.numbers import NumberError, parse_amount, parse_number

EDITABLE: Final = (EuroField, models.DecimalField, models.DateField, models.PositiveSmallIntegerField)
SEEN: Final = "vu-"
"""Before the name of a cell: the text that the page showed there, so that nobody overwrites what they never saw."""
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """An input: its name in the form, what it is called, the figure in the draft and in the version it modifies.

    `text` is what the input holds, `seen` what the draft holds as the page is made; `options` are those of a choice.
    """

    name: str
    label: str
    figure: str
    kind: str
    text: str
    seen: str
    before: str
    error: str = ""
    options: Options = ()


@dataclass(frozen=True)
class GridRow:
    """The cells of one row of a promise: a line, in a year or under another key.

    `place` is the heading that the line stands under, `note` what tells it from another of the same name.
    """

    subject: str
    key: str
    cells: tuple[Cell, ...]
    place: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The row for somebody who does not see what stands above it."""
        return ", ".join(filter(None, (self.place, self.subject, self.note, self.key)))


@dataclass(frozen=True)
class Grid:
    """The inputs of one promise of a part; `columns` are the names of its figures.

    `key_title` names what tells the rows of a line apart; blank when a line has one row.
    """

    title: str
    key_title: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]

    @property
    def bands(self) -> list[tuple[str, list[GridRow]]]:
        """The rows under their headings; blank where they stand under none."""
        return under_headings(self.rows, lambda row: row.place)


def figures_of(promise: Promise) -> list[str]:
    """The figures of a promise that have an input."""
    return [name for name in promise.figures if _has_input(promise, name)]


def _has_input(promise: Promise, name: str) -> bool:
    field = field_of(promise, name)
    return isinstance(field, EDITABLE) or bool(field.choices) or name in promise.texts


def field_of(promise: Promise, figure: str) -> Any:
    """The model's field of a figure."""
    return promise.model._meta.get_field(figure)


def kind_of(field: Any) -> str:
    """What an input of the field takes: a date, an amount, a number, a whole number, a choice or a text."""
    if isinstance(field, models.DateField):
        return "date"
    if isinstance(field, models.PositiveSmallIntegerField):
        return "integer"
    if isinstance(field, models.CharField):
        return "choice" if field.choices else "text"
    return "amount" if isinstance(field, EuroField) else "number"


def options_of(field: Any) -> Options:
    """The words of a choice."""
    return tuple((str(value), str(label)) for value, label in field.flatchoices) if field.choices else ()


def is_touched(typed: Mapping[str, str], name: str) -> bool:
    """Whether a cell was sent with another text than the page showed; without that text, whether it was sent."""
    return name in typed and typed[name] != typed.get(SEEN + name)


def parsed(kind: str, text: str, options: Options = ()) -> Decimal | date | int | str | None:
    """What was typed, blank for nothing stated. Raises `NumberError` with a French message."""
    text = text.strip()
    if kind == "text":
        return text
    if kind == "choice":
        if text not in dict(options):
            raise NumberError(text, "Choisissez dans la liste.")
        return text
    if kind == "date":
        return _day(text)
    if kind == "amount":
        return parse_amount(text)
    number = parse_number(text)
    if kind == "integer" and number is not None:
        if number != int(number) or number < 0:
            raise NumberError(text, "Un nombre entier est attendu.")
        return int(number)
    return number


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NumberError(text, "Date attendue, par exemple 2024-12-31.") from error


def overwritten(typed: Mapping[str, str], name: str, now: str) -> str:
    """Why a cell that somebody else changed since the page was made is not written; blank when nobody did."""
    if typed.get(SEEN + name, now) == now:
        return ""
    return f"Changé entre-temps par une autre personne\u00a0: {now or formats.NOT_REPORTED}."


def shown(value: Any, *, plain: bool = False, options: Options = ()) -> str:
    """A figure as an input holds it (`plain`), or as it is read beside."""
    if value is None or value == "":
        return "" if plain else formats.NOT_REPORTED
    if isinstance(value, date):
        return value.isoformat() if plain else formats.short_date_fr(value)
    if isinstance(value, str | int):
        return str(value) if plain else dict(options).get(str(value), str(value))
    return formats.number(value, 0 if value == value.to_integral_value() else None)
