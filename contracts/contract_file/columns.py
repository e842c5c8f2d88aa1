"""How the keys of a table of the file match the fields of a model: said once, used to read and to write.

What a key admits (text, choice, amount, date, number, reference, list) is what the model's field admits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from contracts.contract_file.nodes import UNREADABLE, Node
from contracts.fields import EuroField, amount
from contracts.models import Reading
from figures.periods import Quarter

Row = TypeVar("Row", bound=models.Model)
References = Mapping[str, Mapping[str, Any]]


def start_of_quarter(text: str) -> date:
    """The first day of `2021-T2`."""
    return Quarter.parse(text).first_day


def end_of_quarter(text: str) -> date:
    """The last day of `2021-T2`."""
    return Quarter.parse(text).last_day


@dataclass(frozen=True, slots=True)
class Column:
    """A key of the file and the field it fills; `refers_to` is the table that a reference names, by `by`."""

    key: str
    field: str
    required: bool = False
    refers_to: str = ""
    by: str = "code"
    what: str = ""
    in_euros: bool = False
    quarter: Callable[[str], date] | None = None


def read_row(node: Node, model: type[Row], columns: Sequence[Column], known: References) -> Row:
    """An unsaved row filled from a table; what cannot be read is noted as an error and left at its default."""
    row = model()
    for column in columns:
        value = _read(node, column, _field(model, column), known)
        if value is not None:
            setattr(row, column.field, value)
    return row


def write_row(
    row: models.Model, columns: Sequence[Column], cells: "Cells", path: str, scale: Decimal
) -> dict[str, Any]:
    """The table of a row: what `read_row` would read back; blank keys are left out."""
    table = {column.key: _written(row, column, cells, f"{path}.{column.key}", scale) for column in columns}
    return {key: value for key, value in table.items() if value not in (None, "", [])}


class Cells:
    """The readings of a version, put back in the cells they came from.

    `stale` are the paths whose figure is now known; `lost` the figures that are not: model, key of the row, field.
    """

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = {reading.path: reading for reading in readings}
        self.stale: set[str] = set()
        self.lost: set[tuple[type[models.Model], Any, str]] = set()

    def write(self, path: str, value: Any) -> Any:
        """The value as the file writes it at this path: alone, unreadable, or with what was printed."""
        reading = self.readings.get(path)
        if reading is None:
            return value
        if not reading.retained and value is not None:
            self.stale.add(path)  # an amendment states what the scan had lost
            return value
        if not reading.retained:
            return UNREADABLE
        printed = {"imprime": _literal(reading.printed)} if reading.printed else {}
        return {**printed, "retenu": value, "preuve": reading.evidence}


def plain(value: Decimal | None, scale: Decimal = Decimal(1)) -> int | Decimal | None:
    """A number as the file writes it, in its unit: without useless zeros."""
    if value is None:
        return None
    scaled = value / scale
    return int(scaled) if scaled == scaled.to_integral_value() else Decimal(f"{scaled.normalize():f}")


def _field(model: type[models.Model], column: Column) -> Any:
    return model._meta.get_field(column.field)


def _read(node: Node, column: Column, field: Any, known: References) -> Any:
    if column.refers_to:
        return node.reference(column.key, known[column.refers_to], column.what, required=column.required)
    if isinstance(field, ArrayField):
        return _read_list(node, column, field)
    if isinstance(field, models.BooleanField):
        return node.boolean(column.key, default=field.get_default())
    if isinstance(field, models.CharField | models.TextField):
        return _read_text(node, column, field)
    value = _read_cell(node, column, field)
    if value is None and column.required and node.data.get(column.key) == UNREADABLE:
        node.refuse(column.key, "Illisible n’est pas admis ici\u00a0: donnez la valeur retenue et sa preuve.")
    return value


def _read_cell(node: Node, column: Column, field: Any) -> Any:
    label = str(field.verbose_name)
    if isinstance(field, EuroField):
        return node.amount(column.key, label=label, required=column.required, in_euros=column.in_euros)
    if isinstance(field, models.DecimalField):
        return node.number(
            column.key, places=field.decimal_places, digits=field.max_digits, label=label, required=column.required
        )
    if isinstance(field, models.DateField):
        if column.quarter:
            return node.moment(column.key, column.quarter, label=label)
        return node.day(column.key, label=label, required=column.required)
    return node.integer(column.key, label=label, required=column.required)


def _read_text(node: Node, column: Column, field: Any) -> str:
    if field.choices:
        allowed = [value for value, _ in field.flatchoices]
        return node.choice(column.key, allowed, required=column.required, default=field.get_default() or "")
    if isinstance(field, models.SlugField):
        return node.slug(column.key, required=column.required, max_length=field.max_length)
    label = str(field.verbose_name)
    return node.words(column.key, label=label, required=column.required, max_length=field.max_length)


def _read_list(node: Node, column: Column, field: Any) -> list[Any]:
    base = field.base_field
    if isinstance(base, models.DecimalField):
        label = str(field.verbose_name)
        return node.numbers(column.key, places=base.decimal_places, digits=base.max_digits, label=label)
    return node.texts(column.key, max_length=base.max_length)


def _written(row: models.Model, column: Column, cells: Cells, path: str, scale: Decimal) -> Any:
    value, field = getattr(row, column.field), _field(type(row), column)
    if column.refers_to:
        return getattr(value, column.by) if value is not None else None
    if isinstance(field, EuroField):
        value = plain(amount(value), Decimal(1) if column.in_euros else scale)
    elif isinstance(value, list):
        return [cells.write(f"{path}.{rank}", plain_if_number(item)) for rank, item in enumerate(value, start=1)]
    elif column.quarter and isinstance(value, date):
        value = _as_quarter(value, column.quarter)
    written = cells.write(path, plain_if_number(value))
    if value is None and written == UNREADABLE:
        cells.lost.add((type(row), row.pk, column.field))
    return written


def plain_if_number(value: Any) -> Any:
    """The value, without useless zeros when it is a decimal number."""
    return plain(value) if isinstance(value, Decimal) else value


def _as_quarter(day: date, read: Callable[[str], date]) -> str | date:
    quarter = str(Quarter.of(day))
    return quarter if read(quarter) == day else day


def _literal(printed: str) -> Any:
    """What was printed, as a number or a date when it is one."""
    for read in (Decimal, date.fromisoformat):
        try:
            return plain_if_number(read(printed))
        except (ValueError, ArithmeticError):
            continue
    return printed


CLE: Final = Column("cle", "key", required=True)
LIBELLE: Final = Column("libelle", "label", required=True)
