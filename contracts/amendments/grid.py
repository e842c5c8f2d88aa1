"""The figures of a draft, part by part, as plain inputs: what is shown, what was typed, what is written."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction

from accounts.models import User
from contracts.amendments.calc import themes_of
from contracts.amendments.cells import (
    Cell,
    Grid,
    GridRow,
    field_of,
    figures_of,
    is_touched,
    kind_of,
    options_of,
    overwritten,
    parsed,
    shown,
)
from contracts.amendments.checks import require_within_object
from contracts.amendments.details import detail_grid, write_details
from contracts.amendments.lost import lost_figures
from contracts.amendments.refusals import require_unsigned
from contracts.contract_file.columns import Cells
from contracts.models import ContractVersion
from contracts.parts import PARTS, Part, Promise, figure_of, note_of, place_of, promised, years_of
from figures import formats
from figures.numbers import NumberError

Key = tuple[Any, ...]


def editable_parts(draft: ContractVersion) -> list[Part]:
    """The parts in which the amendment's object lets something be touched."""
    allowed = themes_of(draft.types)
    return [part for part in PARTS if any(promise.theme in allowed for promise in part.promises)]


def grids(draft: ContractVersion, part: Part, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Grid]:
    """The inputs of a part; what was typed stands where it was refused."""
    editable = _editable(draft, part)
    lost = {(figure, key) for _, figure, key in lost_figures(draft.based_on, [part])} if draft.based_on else set()
    found = [_grid(draft, rank, promise, typed, errors, lost) for rank, promise in editable]
    found += [detail_grid(draft, rank, promise, typed, errors) for rank, promise in editable if promise.details]
    return [one for one in found if one.rows]


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
        require_unsigned(held)
        errors: dict[str, str] = {}
        editable = _editable(held, part)
        moved = sum(_write(held, rank, promise, typed, errors) for rank, promise in editable)
        moved += sum(write_details(held, rank, promise, typed, errors) for rank, promise in editable)
        if errors := errors or _misfits(held, part):
            raise GridRefused(errors)
        require_within_object(held)
        forget_stale_readings(held, part.write)
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
    draft: ContractVersion,
    rank: int,
    promise: Promise,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    lost: Collection[tuple[str, Key]],
) -> Grid:
    old = promised(promise, draft.based_on) if draft.based_on else {}
    new = promised(promise, draft)
    rows = []
    for key, about in _keys(draft, promise, old, new):
        cells = tuple(
            _cell(
                promise,
                _name(rank, key, figure),
                figure,
                (old.get(key), new.get(key)),
                typed,
                errors,
                is_lost=(figure, key) in lost,
            )
            for figure in figures_of(promise)
        )
        words = ", ".join(_key_text(each) for each in key[1:])
        rows.append(GridRow(str(about), words, cells, place_of(about), note_of(about)))
    columns = tuple(str(field_of(promise, figure).verbose_name) for figure in figures_of(promise))
    key_title = ", ".join(str(field_of(promise, key).verbose_name) for key in promise.keys).capitalize()
    return Grid(str(promise.model._meta.verbose_name_plural).capitalize(), key_title, columns, tuple(rows))


def _cell(
    promise: Promise,
    name: str,
    figure: str,
    rows: tuple[models.Model | None, models.Model | None],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    is_lost: bool,
) -> Cell:
    field = field_of(promise, figure)
    options = options_of(field)
    before, now = (_stored(row, figure) for row in rows)
    seen = shown(now, plain=True)
    text = typed[name] if is_touched(typed, name) else seen
    label = str(field.verbose_name)
    told = formats.ILLEGIBLE if is_lost else shown(before, options=options)
    return Cell(name, label, figure, kind_of(field), text, seen, told, errors.get(name, ""), options)


def _keys(
    draft: ContractVersion, promise: Promise, old: Mapping[Key, models.Model], new: Mapping[Key, models.Model]
) -> list[tuple[Key, Any]]:
    """The rows to show, line by line, each with what it is about.

    Every year that may be promised, for rows keyed by a year.
    """
    subjects: dict[Any, Any] = {}
    keys: dict[Any, list[Key]] = {}
    for key in dict.fromkeys([*new, *old]):
        row = new.get(key) or old[key]
        subjects[key[0]] = getattr(row, promise.subject)
        keys.setdefault(key[0], []).append(key)
    found = []
    for subject, about in subjects.items():
        mine = keys[subject]
        if promise.years:
            years = sorted({key[-1] for key in mine} | set(years_of(draft, promise)))
            mine = [(*stem, year) for stem in dict.fromkeys(key[:-1] for key in mine) for year in years]
        found += [(key, about) for key in mine]
    return found


def _write(
    draft: ContractVersion, rank: int, promise: Promise, typed: Mapping[str, str], errors: dict[str, str]
) -> int:
    old = promised(promise, draft.based_on) if draft.based_on else {}
    new = promised(promise, draft)
    moved = 0
    given: set[tuple[Key, str]] = set()
    for key, _ in _keys(draft, promise, old, new):
        row = new.get(key)
        shared = {name for stem, name in given if stem == key[:-1]}
        values = dict(_values(rank, promise, key, row, typed, errors, shared))
        changed = {name: value for name, value in values.items() if value != _stored(row, name)}
        if not changed or (row is None and not any(value not in (None, "") for value in changed.values())):
            continue
        if row is None:
            row = _new(draft, promise, key, new)
        for name, value in changed.items():
            setattr(row, name, value)
        if promise.printed:
            setattr(row, promise.printed, field_of(promise, promise.printed).get_default())
        if (refusal := _refusal(row, promise)) is not None:
            errors[_name(rank, key, next(iter(changed)))] = refusal
            continue
        row.save()
        new[key] = row
        common = [name for name in changed if name in promise.shared]
        _share(key, row, common, new)
        given |= {(key[:-1], name) for name in common}
        moved += len(changed)
    return moved


def _share(key: Key, row: models.Model, names: Sequence[str], rows: Mapping[Key, models.Model]) -> None:
    """Give the other years of a line what they have in common with the one that was written."""
    for other in [one for at, one in rows.items() if names and at[:-1] == key[:-1] and at != key]:
        for name in names:
            setattr(other, name, getattr(row, name))
        other.save()


def _values(
    rank: int,
    promise: Promise,
    key: Key,
    row: models.Model | None,
    typed: Mapping[str, str],
    errors: dict[str, str],
    shared: Collection[str],
) -> Iterator[tuple[str, Any]]:
    """What was typed in a row, by figure; `shared` are those that another year of the same write just gave."""
    for figure in figures_of(promise):
        name = _name(rank, key, figure)
        if not is_touched(typed, name):
            continue
        field = field_of(promise, figure)
        try:
            value = parsed(kind_of(field), typed[name], options_of(field))
        except NumberError as error:
            errors[name] = str(error)
            continue
        stored = _stored(row, figure)
        if value != stored and figure in shared:
            errors[name] = f"Une seule valeur vaut pour toutes les années\u00a0: {shown(stored)} est tapé ailleurs."
        elif value != stored and (refusal := overwritten(typed, name, shown(stored, plain=True))):
            errors[name] = refusal
        yield figure, value


def _refusal(row: models.Model, promise: Promise) -> str | None:
    """What the model's own constraints say against a row that does not fit."""
    try:
        row.clean_fields(exclude=[each.name for each in row._meta.concrete_fields if each.name not in promise.figures])
        row.validate_constraints()
    except ValidationError as error:
        return " ".join(error.messages)
    return None


def _new(draft: ContractVersion, promise: Promise, key: Key, rows: Mapping[Key, models.Model]) -> models.Model:
    row = promise.model(version=draft, **{f"{promise.subject}_id": key[0]})
    for name, value in zip(promise.keys, key[1:], strict=True):
        setattr(row, name, value)
    sibling = next((one for at, one in rows.items() if at[:-1] == key[:-1]), None)
    for name in promise.shared if sibling is not None else ():
        setattr(row, name, getattr(sibling, name))
    return row


def _misfits(draft: ContractVersion, part: Part) -> dict[str, str]:
    """What does not go together any more, at its cell."""
    ranks = {promise.model: rank for rank, promise in _editable(draft, part)}
    return {
        _name(ranks[one.model], one.key, one.figure): formats.typeset(one.message)
        for one in part.misfits(draft)
        if one.model in ranks
    }


def forget_stale_readings(version: ContractVersion, write: Callable[[ContractVersion, Cells], Any]) -> None:
    """A figure that the scan had lost and that is now stated, in the tables that `write` gives, is no longer lost."""
    cells = Cells(list(version.readings.all()))
    write(version, cells)
    version.readings.filter(path__in=cells.stale).delete()


def _stored(row: models.Model | None, figure: str) -> Any:
    return None if row is None else figure_of(row, figure)


def _key_text(value: object) -> str:
    if value is None:
        return "sans date"
    return formats.short_date_fr(value) if isinstance(value, date) else str(value)


def _name(rank: int, key: Key, figure: str) -> str:
    return "-".join([str(rank), *(_part(each) for each in key), figure])


def _part(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
