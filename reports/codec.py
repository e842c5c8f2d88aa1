"""Frozen facts as plain JSON and back. Decimals are strings, dates ISO, None is null; sums are written, not read.

Each dataclass is an object of its fields, then of the computed figures that it names in `COMPUTED`: a reader of the
JSON finds every total; reading back takes the fields only and computes again. A field that an older format did not
have yet takes its default; one without default is missed. What a total is made of, written at its own place, is named
in `UNWRITTEN` and left out.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from budget.tranches.calc import TrancheSituation, TrancheYear
from contracts.frame import AxisFacts, ContractFrame, SheetFacts
from figures.rounding import round_half_up

PLACES: Final = 10
COMPUTED_ELSEWHERE: Final[Mapping[type, tuple[str, ...]]] = {
    ContractFrame: ("sheets_cost", "sheets_ftap", "sheets_share"),
    AxisFacts: ("cost", "ftap", "share"),
    SheetFacts: ("share",),
    TrancheSituation: ("planned", "decided", "available", "consumed", "reste_a_engager"),
    TrancheYear: ("available", "reste_a_engager", "excess", "raised"),
}
T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """The value in JSON's own types. Raises `TypeError` for what JSON has no word for."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list | range):
        return [to_plain(each) for each in value]
    return _plain_scalar(value)


def from_plain(kind: type[T], value: Any) -> T:
    """What `to_plain` wrote, as `kind` again. Raises `TypeError` when it is something else."""
    found: T = _read(kind, value)
    return found


def _read(kind: Any, value: Any) -> Any:
    if kind is Any or value is None:
        return value
    if is_dataclass(kind):
        make: Any = kind
        return make(**{name: _read(each, value[name]) for name, each in _hints(make).items() if name in value})
    if arguments := get_args(kind):
        return _read_generic(get_origin(kind), arguments, value)
    if kind is Decimal:
        return Decimal(value)
    return date.fromisoformat(value) if kind is date else value


def _read_generic(origin: Any, arguments: tuple[Any, ...], value: Any) -> Any:
    """`X | None`, `tuple[X, ...]` or `dict[str, X]`."""
    if origin in (Union, types.UnionType):
        return _read(next(each for each in arguments if each is not type(None)), value)
    if origin is dict:
        return {key: _read(arguments[1], each) for key, each in value.items()}
    return tuple(_read(arguments[0], each) for each in value)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    computed, unwritten = getattr(kind, "COMPUTED", COMPUTED_ELSEWHERE.get(kind, ())), getattr(kind, "UNWRITTEN", ())
    return (*(field.name for field in fields(kind) if field.name not in unwritten), *computed)


def _decimal(value: Decimal) -> str:
    """As it is stored; a quotient of many digits is rounded half up to ten places."""
    exponent = value.as_tuple().exponent
    kept = round_half_up(value, PLACES) if isinstance(exponent, int) and exponent < -PLACES else value
    return f"{kept:f}"


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form here: amounts are Decimal, never float")
