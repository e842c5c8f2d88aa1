"""Lines that an amendment adds, asked cell by cell and written as the contract file would, and those it removes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pghistory
from django.db import models, transaction
from django.utils.text import slugify

from accounts.models import User
from contracts.additions import Addition, Cluster
from contracts.amendments import lines as draft_lines
from contracts.amendments.calc import themes_of
from contracts.amendments.checks import require_within_object
from contracts.amendments.file import import_draft
from contracts.amendments.refusals import AmendmentRefused, require_unsigned
from contracts.contract_file.columns import Column, plain
from contracts.contract_file.document import scale_of
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.writer import tables_of, write_tables
from contracts.fields import EuroField
from contracts.models import ContractVersion
from contracts.parts import FUNDING, Part

KEY_LENGTH = 80
AFTER_FUNDING = 3
"""Savings are followed until three years after the last funding year."""

Tables = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A cell to fill: where it goes in the table of the line (`annees.2021.ae`), its column, its year if it has one."""

    path: str
    column: Column
    cluster: Cluster
    year: int | None = None

    @property
    def field(self) -> Any:
        """The model's field, which says what the cell admits."""
        return self.cluster.model._meta.get_field(self.column.field)


class AdditionRefused(ValueError):  # noqa: N818 - says what happened
    """Nothing was written; `errors` holds a French message by cell, or under "" for what belongs to none."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))


def additions_of(draft: ContractVersion, part: Part) -> list[Addition]:
    """What the amendment's object lets be added to a part."""
    allowed = themes_of(draft.types)
    return [one for one in part.additions if one.theme in allowed]


def asked(draft: ContractVersion, addition: Addition) -> list[Asked]:
    """The cells of a new line, in order; those of each year that may be promised."""
    found = []
    for cluster in addition.clusters:
        for year in _years(draft, cluster):
            prefix = f"{cluster.path}[1]" if cluster.is_list else cluster.path
            place = ".".join(filter(None, (prefix, str(year) if year else "")))
            found += [Asked(f"{place}.{one.key}" if place else one.key, one, cluster, year) for one in cluster.columns]
    return found


def known_lines(tables: Tables, addition: Addition) -> list[dict[str, Any]]:
    """The lines that the table of the file already has."""
    found: Any = tables
    for key in addition.table:
        found = found.get(key) or ({} if key != addition.table[-1] else [])
    return list(found)


def may_complete(lines: Sequence[dict[str, Any]], addition: Addition) -> list[dict[str, Any]]:
    """Those of the lines that an addition within one may complete."""
    return [one for one in lines if all(one.get(key) in words for key, words in addition.among.items())]


def add_line(
    draft: ContractVersion, addition: Addition, values: Mapping[str, Any], actor: User, *, line: str = ""
) -> None:
    """Add a line to a draft, or to the line `line` (its key in the file) for an addition within one; all or nothing.

    `values` by path: euros, numbers, dates, words. Everything that a contract file is refused for is refused here.
    Raises `AdditionRefused`; `AmendmentRefused` when the object of the amendment does not allow the figures.
    """
    tables = tables_of(draft)
    lines = known_lines(tables, addition)
    new = _table(asked(draft, addition), values, _scale(tables, draft, addition)) | {
        key: word for key, word in addition.defaults.items() if not values.get(key)
    }
    if addition.within:
        kept = may_complete(lines, addition)
        rank = next((rank for rank, one in enumerate(lines, start=1) if one.get("cle") == line and one in kept), None)
        if rank is None:
            raise AdditionRefused({"": "Choisissez la ligne à compléter."})
        inner = [*lines[rank - 1].get(addition.within, []), new]
        lines[rank - 1] = {**lines[rank - 1], addition.within: inner}
        place = f"{'.'.join(addition.table)}[{rank}].{addition.within}[{len(inner)}]"
    else:
        lines.append(_named(new, lines))
        place = f"{'.'.join(addition.table)}[{len(lines)}]"
    content = write_tables(_with_lines(tables, addition.table, lines)).encode()
    try:
        import_draft(draft, f"avenant-{draft.number}.toml", content, actor)
    except ContractFileError as error:
        raise AdditionRefused(_located(error, place)) from error


def removable(draft: ContractVersion, part: Part) -> list[tuple[str, models.Model]]:
    """The lines of a part that the draft promises and that its object lets be removed, each with its name in a form."""
    allowed = themes_of(draft.types)
    models_ = dict.fromkeys(draft_lines.line_model(one) for one in part.promises if one.theme in allowed)
    held = draft_lines.promised_by(draft)
    found = []
    for model in models_:
        rows = model._default_manager.filter(pk__in=held.get(model, set())).order_by("position", "pk")
        found += [(f"{model._meta.model_name}-{row.pk}", row) for row in rows]
    return found


def remove_line(draft: ContractVersion, part: Part, name: str, actor: User) -> str:
    """Remove from a draft all that it promises of a line; gives the line's name. Earlier versions keep theirs.

    A line that the draft alone promised goes for good. Raises `AmendmentRefused` for a line that is not the draft's.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = ContractVersion.objects.select_related("contract", "based_on").select_for_update(of=("self",))
        mine = held.get(pk=draft.pk)
        require_unsigned(mine)
        line = dict(removable(mine, part)).get(name)
        if line is None:
            raise AmendmentRefused("Choisissez une ligne de l’avenant.")
        told = str(line)
        draft_lines.withdraw(mine, part, line)
        require_within_object(mine)
    return told


def _years(draft: ContractVersion, cluster: Cluster) -> Sequence[int | None]:
    if not cluster.years:
        return [None]
    contract = draft.contract
    last = max(contract.last_year, draft.extends_to or 0)
    return range(contract.first_year, last + 1 + (0 if cluster.years == FUNDING else AFTER_FUNDING))


def _scale(tables: Tables, draft: ContractVersion, addition: Addition) -> Decimal:
    """What one unit of the table is worth in euros: its own unit, or the contract's."""
    table = tables.get(addition.table[0])
    unit = table.get("unite") if isinstance(table, dict) else None
    return scale_of(unit or draft.contract.unit)


def _table(cells: Sequence[Asked], values: Mapping[str, Any], scale: Decimal) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for cell in cells:
        value = values.get(cell.path)
        if value is None or value == "":
            continue
        *path, key = cell.path.split(".")
        _place(table, path)[key] = _written(cell, value, scale)
    return table


def _place(table: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The table at a path, made on the way; `cibles[1]` is the first element of a list."""
    for key in path:
        name = key.removesuffix("[1]")
        table = table.setdefault(name, [{}])[0] if name != key else table.setdefault(name, {})
    return table


def _written(cell: Asked, value: Any, scale: Decimal) -> Any:
    if isinstance(value, Decimal):
        return plain(value, scale if isinstance(cell.field, EuroField) and not cell.column.in_euros else Decimal(1))
    return value


def _named(new: dict[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The line with a key of its own, made of its label; a sheet has its number."""
    if "libelle" not in new or "numero" in new:
        return new
    taken = {one.get("cle") for one in lines}
    stem = slugify(new["libelle"])[: KEY_LENGTH - 4].strip("-") or "ligne"
    return {"cle": next(one for one in _keys(stem) if one not in taken), **new}


def _keys(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _with_lines(tables: Tables, path: Sequence[str], lines: list[dict[str, Any]]) -> dict[str, Any]:
    head, *rest = path
    inner = _with_lines(tables.get(head) or {}, rest, lines) if rest else lines
    return {**tables, head: inner}


def _located(error: ContractFileError, place: str) -> dict[str, str]:
    """Each error at its cell; those of the rest of the contract are told together."""
    found: dict[str, str] = {}
    for one in error.errors:
        inside = one.path.startswith(place + ".") or one.path == place
        key = one.path.removeprefix(place).lstrip(".") if inside else ""
        told = one.message if inside else f"{one.path}\u00a0: {one.message}"
        found[key] = f"{found[key]} {told}" if key in found else told
    return found


def is_figure(cell: Asked) -> bool:
    """Whether a cell holds a figure of the promise: an amount, a number, a date."""
    return cell.column.refers_to == "" and isinstance(cell.field, EuroField | models.DecimalField | models.DateField)
