"""The figures of a draft, part by part, as plain inputs: what is shown, what was typed, what is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction

from accounts.models import User
from contracts.amendments.calc import themes_of
from contracts.amendments.checks import require_within_object
from contracts.amendments.refusals import AmendmentRefused
from contracts.contract_file.columns import Cells
from contracts.fields import EuroField
from contracts.models import ContractVersion
from contracts.parts import FUNDING, PARTS, Part, Promise, figure_of, promised
from figures import formats
from figures.numbers import NumberError, parse_amount, parse_number

Key = tuple[Any, ...]
EDITABLE = (EuroField, models.DecimalField, models.DateField)
SEEN = "vu-"
"""Before the name of a cell: the text that the page showed there, so that nobody overwrites what they never saw."""


@dataclass(frozen=True)
class Cell:
    """An input: its name in the form, what it is called, the figure in the draft and in the version it modifies.

    `text` is what the input holds, `seen` what the draft holds as the page is made.
    """

    name: str
    label: str
    figure: str
    kind: str
    text: str
    seen: str
    before: str
    error: str = ""


@dataclass(frozen=True)
class GridRow:
    """The cells of one row of a promise: a line, in a year or under another key."""

    subject: str
    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """The inputs of one promise of a part; `columns` are the names of its figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


def editable_parts(draft: ContractVersion) -> list[Part]:
    """The parts in which the amendment's object lets something be touched."""
    allowed = themes_of(draft.types)
    return [part for part in PARTS if any(promise.theme in allowed for promise in part.promises)]


def grids(draft: ContractVersion, part: Part, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Grid]:
    """The inputs of a part; what was typed stands where it was refused."""
    return [_grid(draft, rank, promise, typed, errors) for rank, promise in _editable(draft, part)]


def write_grid(draft: ContractVersion, part: Part, typed: Mapping[str, str], actor: User) -> int:
    """Write the figures typed, all or nothing; gives how many moved. A blank cell is a figure that is not stated.

    A cell sent as the page showed it is left as it is; one that somebody else changed since is not overwritten.
    Raises `GridRefused` with a message for each such or wrong cell, `AmendmentRefused` for what the object does not
    allow.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = (
            ContractVersion.objects.select_related("contract", "based_on")
            .select_for_update(of=("self",))
            .get(pk=draft.pk)
        )
        if not held.is_draft:
            raise AmendmentRefused("Cette version est signée\u00a0: elle ne change plus, préparez un avenant.")
        errors: dict[str, str] = {}
        moved = sum(_write(held, rank, promise, typed, errors) for rank, promise in _editable(held, part))
        if errors:
            raise GridRefused(errors)
        require_within_object(held)
        _forget_stale_readings(held, part)
    return moved


class GridRefused(ValueError):  # noqa: N818 - says what happened
    """Nothing was written; `errors` holds a French message for each wrong cell, by name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))


def _editable(draft: ContractVersion, part: Part) -> list[tuple[int, Promise]]:
    allowed = themes_of(draft.types)
    return [(rank, promise) for rank, promise in enumerate(part.promises) if promise.theme in allowed]


def _grid(
    draft: ContractVersion, rank: int, promise: Promise, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Grid:
    old = promised(promise, draft.based_on) if draft.based_on else {}
    new = promised(promise, draft)
    figures = _figures(promise)
    rows = []
    for key, subject in _keys(draft, promise, old, new):
        cells = []
        for figure in figures:
            name = _name(rank, key, figure)
            seen = _text(new.get(key), figure, plain=True)
            text = typed[name] if _is_touched(typed, name) else seen
            before = _text(old.get(key), figure)
            label = str(_field(promise, figure).verbose_name)
            cells.append(Cell(name, label, figure, _kind(promise, figure), text, seen, before, errors.get(name, "")))
        rows.append(GridRow(subject, ", ".join(_shown(each) for each in key[1:]), tuple(cells)))
    columns = tuple(str(_field(promise, figure).verbose_name) for figure in figures)
    return Grid(str(promise.model._meta.verbose_name_plural).capitalize(), columns, tuple(rows))


def _keys(
    draft: ContractVersion, promise: Promise, old: Mapping[Key, models.Model], new: Mapping[Key, models.Model]
) -> list[tuple[Key, str]]:
    """The rows to show, line by line; every year that may be promised, for rows keyed by a year."""
    subjects: dict[Any, str] = {}
    keys: dict[Any, list[Key]] = {}
    for key in dict.fromkeys([*new, *old]):
        row = new.get(key) or old[key]
        subjects[key[0]] = str(getattr(row, promise.subject))
        keys.setdefault(key[0], []).append(key)
    found = []
    for subject, label in subjects.items():
        mine = keys[subject]
        if promise.years:
            mine = [(subject, year) for year in sorted({key[1] for key in mine} | set(_years(draft, promise)))]
        found += [(key, label) for key in mine]
    return found


def _years(draft: ContractVersion, promise: Promise) -> range:
    contract = draft.contract
    last = max(contract.last_year, draft.extends_to or 0)
    return range(contract.first_year, last + (1 if promise.years == FUNDING else 4))


def _write(
    draft: ContractVersion, rank: int, promise: Promise, typed: Mapping[str, str], errors: dict[str, str]
) -> int:
    old = promised(promise, draft.based_on) if draft.based_on else {}
    new = promised(promise, draft)
    moved = 0
    for key, _ in _keys(draft, promise, old, new):
        row = new.get(key)
        values = dict(_values(rank, promise, key, row, typed, errors))
        changed = {name: value for name, value in values.items() if value != _stored(row, name)}
        if not changed:
            continue
        if row is None:
            row = _new(draft, promise, key)
        for name, value in changed.items():
            setattr(row, name, value)
        if promise.printed:
            setattr(row, promise.printed, _field(promise, promise.printed).get_default())
        if (refusal := _refusal(row)) is not None:
            errors[_name(rank, key, next(iter(changed)))] = refusal
            continue
        row.save()
        moved += len(changed)
    return moved


def _values(
    rank: int,
    promise: Promise,
    key: Key,
    row: models.Model | None,
    typed: Mapping[str, str],
    errors: dict[str, str],
) -> Iterator[tuple[str, Any]]:
    for figure in _figures(promise):
        name = _name(rank, key, figure)
        if not _is_touched(typed, name):
            continue
        try:
            value = _parsed(_kind(promise, figure), typed[name])
        except NumberError as error:
            errors[name] = str(error)
        except ValueError:
            errors[name] = "Date attendue, par exemple 2024-12-31."
        else:
            now = _text(row, figure, plain=True)
            if typed.get(SEEN + name, now) != now and value != _stored(row, figure):
                errors[name] = f"Changé entre-temps par une autre personne\u00a0: {now or formats.NOT_REPORTED}."
            yield figure, value


def _is_touched(typed: Mapping[str, str], name: str) -> bool:
    """Whether a cell was sent with another text than the page showed; without that text, whether it was sent."""
    return name in typed and typed[name] != typed.get(SEEN + name)


def _parsed(kind: str, text: str) -> Decimal | date | None:
    if kind == "date":
        return date.fromisoformat(text.strip()) if text.strip() else None
    return parse_amount(text) if kind == "amount" else parse_number(text)


def _refusal(row: models.Model) -> str | None:
    """What the model's own constraints say against a row that does not fit."""
    try:
        row.clean_fields(exclude=[each.name for each in row._meta.concrete_fields if not isinstance(each, EDITABLE)])
        row.validate_constraints()
    except ValidationError as error:
        return " ".join(error.messages)
    return None


def _new(draft: ContractVersion, promise: Promise, key: Key) -> models.Model:
    row = promise.model(version=draft, **{f"{promise.subject}_id": key[0]})
    for name, value in zip(promise.keys, key[1:], strict=True):
        setattr(row, name, value)
    return row


def _forget_stale_readings(draft: ContractVersion, part: Part) -> None:
    """A figure that the scan had lost and that the amendment now states is no longer lost."""
    cells = Cells(list(draft.readings.all()))
    part.write(draft, cells)
    draft.readings.filter(path__in=cells.stale).delete()


def _figures(promise: Promise) -> list[str]:
    return [figure for figure in promise.figures if isinstance(_field(promise, figure), EDITABLE)]


def _field(promise: Promise, figure: str) -> Any:
    return promise.model._meta.get_field(figure)


def _kind(promise: Promise, figure: str) -> str:
    field = _field(promise, figure)
    if isinstance(field, models.DateField):
        return "date"
    return "amount" if isinstance(field, EuroField) else "number"


def _stored(row: models.Model | None, figure: str) -> Any:
    return None if row is None else figure_of(row, figure)


def _text(row: models.Model | None, figure: str, *, plain: bool = False) -> str:
    value = _stored(row, figure)
    if value is None:
        return "" if plain else formats.NOT_REPORTED
    if isinstance(value, date):
        return value.isoformat() if plain else formats.short_date_fr(value)
    return formats.number(value, 0 if value == value.to_integral_value() else None)


def _shown(value: object) -> str:
    if value is None:
        return "sans date"
    return formats.short_date_fr(value) if isinstance(value, date) else str(value)


def _name(rank: int, key: Key, figure: str) -> str:
    return "-".join([str(rank), *(_part(each) for each in key), figure])


def _part(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
