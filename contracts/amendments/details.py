"""The values inside a figure that is a table, as inputs: the parameters of a line's method."""

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from contracts.amendments.cells import Cell, Grid, GridRow, is_touched, overwritten, parsed, shown
from contracts.contract_file.columns import plain
from contracts.models import ContractVersion
from contracts.parts import Detail, Promise, detail_of, promised
from figures.numbers import NumberError


def detail_grid(
    draft: ContractVersion, rank: int, promise: Promise, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Grid:
    """One row for each value that a line may have; what was typed stands where it was refused."""
    field = promise.model._meta.get_field(promise.detailed)
    old = promised(promise, draft.based_on) if draft.based_on else {}
    rows = []
    for key, row in promised(promise, draft).items():
        for one in _details(draft, promise, row):
            name = _name(rank, key, promise, one)
            seen = shown(_value(row, promise, one), plain=True)
            text = typed[name] if is_touched(typed, name) else seen
            before = shown(_value(old.get(key), promise, one))
            cell = Cell(name, one.label, promise.detailed, one.kind, text, seen, before, errors.get(name, ""))
            rows.append(GridRow(str(getattr(row, promise.subject)), one.label, (cell,)))
    return Grid(str(field.verbose_name).capitalize(), "Donnée", ("Valeur",), tuple(rows))  # type: ignore[union-attr]


def write_details(
    draft: ContractVersion, rank: int, promise: Promise, typed: Mapping[str, str], errors: dict[str, str]
) -> int:
    """Write the values typed; gives how many moved. Wrong ones are told in `errors`, by name of cell."""
    moved = 0
    for key, row in promised(promise, draft).items() if promise.details else ():
        table = copy.deepcopy(getattr(row, promise.detailed))
        for one in _details(draft, promise, row):
            name = _name(rank, key, promise, one)
            if not is_touched(typed, name):
                continue
            stored = _value(row, promise, one)
            try:
                value: Any = parsed(one.kind, typed[name])
            except NumberError as error:
                errors[name] = str(error)
                continue
            if value == stored or (not value and value != 0 and stored is None):
                continue
            if refusal := overwritten(typed, name, shown(stored, plain=True)):
                errors[name] = refusal
            _set(table, one.path, value)
            moved += 1
        if table != getattr(row, promise.detailed):
            setattr(row, promise.detailed, table)
            row.save()
    return moved


def _details(draft: ContractVersion, promise: Promise, row: models.Model) -> tuple[Detail, ...]:
    return tuple(promise.details(draft, getattr(row, promise.subject))) if promise.details else ()


def _value(row: models.Model | None, promise: Promise, detail: Detail) -> Decimal | str | None:
    return detail_of(getattr(row, promise.detailed), detail) if row is not None else None


def _set(table: dict[str, Any], path: tuple[str, ...], value: Decimal | str | None) -> None:
    """Numbers are kept as exact texts; a value that is no longer stated goes, and so does a table left empty."""
    *way, last = path
    for piece in way:
        table = table.setdefault(piece, {})
    if value is None or value == "":
        table.pop(last, None)
    else:
        table[last] = value if isinstance(value, str) else str(plain(value))


def _name(rank: int, key: tuple[Any, ...], promise: Promise, detail: Detail) -> str:
    return f"{rank}-{key[0]}-{promise.detailed}.{'.'.join(detail.path)}"
