"""Each page of docs/calculs/ has an example that the function it names gives.

An example is a block « ```toml exemple » of the page: `fonction` (or a dataclass and one of its properties),
`arguments` by name, `resultat`, and `arrondi`, the decimals to which results are rounded. A number of the result is
compared exactly; of a dataclass, what the result names is compared. What an argument leaves out is blank.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from figures.rounding import round_half_up
from tests.conftest import ROOT

PAGES = sorted((ROOT / "docs" / "calculs").glob("*.md"))
PARTS = ("En mots", "Formule", "Source", "Exemple", "Fonction")
BLOCK = re.compile(r"^```toml exemple\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[Any]:
    return [
        pytest.param(tomllib.loads(block, parse_float=Decimal), id=f"{page.stem}-{rank}")
        for page in PAGES
        for rank, block in enumerate(BLOCK.findall(page.read_text()), 1)
    ]


@pytest.mark.parametrize("example", examples())
def test_the_function_gives_the_example_of_the_page(example: dict[str, Any]) -> None:
    result = computed(example["fonction"], example["arguments"])
    assert alike(result, example["resultat"], example.get("arrondi")) == example["resultat"]


@pytest.mark.parametrize("file", PAGES, ids=[file.stem for file in PAGES])
def test_a_page_has_its_five_parts_and_names_what_its_examples_run(file: Path) -> None:
    text = file.read_text()
    assert [part for part in PARTS if f"**{part}" not in text] == []
    run = [tomllib.loads(block)["fonction"] for block in BLOCK.findall(text)]
    assert run
    assert [name for name in run if f"`{name}`" not in text.partition("**Fonction")[2]] == []


def computed(path: str, arguments: dict[str, Any]) -> Any:
    """What the function of this path gives, or the property of the dataclass of this path."""
    module, _, name = path.rpartition(".")
    try:
        function = getattr(import_module(module), name)
    except ModuleNotFoundError:
        module, _, kind = module.rpartition(".")
        return getattr(built(arguments, getattr(import_module(module), kind)), name)
    hints = get_type_hints(function)
    needed = [name for name, one in signature(function).parameters.items() if one.default is Parameter.empty]
    blanks = {name: blank(hints[name]) for name in needed if name not in arguments}
    return function(**blanks, **{key: built(value, hints[key]) for key, value in arguments.items()})


def built(value: Any, kind: Any) -> Any:
    """A value of the page as the type that the function asks for."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return built(value, inner[0])
    if origin in (tuple, Sequence, Iterable):
        return tuple(built(one, inner[0]) for one in value)
    if origin is Mapping:
        return {built(key, inner[0]): built(one, inner[1]) for key, one in value.items()}
    if is_dataclass(kind):
        return built_dataclass(value, kind)
    return value if isinstance(value, date) or origin is Literal else kind(value)


def built_dataclass(value: dict[str, Any], kind: Any) -> Any:
    hints, known = get_type_hints(kind), {field.name: field for field in fields(kind)}
    assert set(value) <= set(known), f"{kind.__name__} has no {set(value) - set(known)}"
    blanks = {name: blank(hints[name]) for name, field in known.items() if is_needed(field) and name not in value}
    return kind(**blanks, **{name: built(one, hints[name]) for name, one in value.items()})


def is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def blank(kind: Any) -> Any:
    """Nothing, as the type asks for it."""
    if get_origin(kind) in (Union, UnionType):
        return None
    if is_dataclass(kind):
        return built_dataclass({}, kind)
    return (get_origin(kind) or kind)()


def alike(result: Any, shown: Any, decimals: int | None) -> Any:
    """The result in the words of the page: only what it names, rounded as it says."""
    if isinstance(shown, dict):
        found = {str(key): one for key, one in result.items()} if isinstance(result, Mapping) else None
        return {
            key: alike(found[key] if found is not None else getattr(result, key), one, decimals)
            for key, one in shown.items()
        }
    if isinstance(shown, list):
        assert len(result) == len(shown)
        return [alike(one, other, decimals) for one, other in zip(result, shown, strict=True)]
    if isinstance(result, Decimal) and decimals is not None:
        return round_half_up(result, decimals)
    if result is None:
        return "n. c."
    return str(result.value) if isinstance(result, Enum) else result
