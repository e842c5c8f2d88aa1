"""Writes a version as a contract file, laid out as the guide shows it: loading it again gives the same rows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import tomli_w

from contracts.contract_file import frame
from contracts.contract_file.columns import Cells
from contracts.contract_file.document import FORMAT
from contracts.models import ContractVersion
from contracts.parts import PARTS

ORDER: Final = (
    "contrat",
    "organisations",
    "parties",
    "signataires",
    "destinataires",
    "nomenclature",
    "comites",
    "axes",
    "fiches",
    "credits",
    "economies",
    "indicateurs",
    "calendrier",
    "chiffres_affiches",
    "criteres",
    "dispositions",
    "observations",
)


def write_contract_file(version: ContractVersion) -> str:
    """The TOML text of a version of a contract."""
    return write_tables(tables_of(version))


def tables_of(version: ContractVersion) -> dict[str, Any]:
    """The tables of the file of a version, by key."""
    cells = Cells(list(version.readings.order_by("position", "pk")))
    tables = frame.write_frame(version, cells) | frame.write_clauses(version, cells)
    for part in PARTS:
        tables |= part.write(version, cells)
    return tables


def write_tables(tables: Mapping[str, Any]) -> str:
    """The TOML text of the tables of a file."""
    blocks = [block for name in ORDER for block in _blocks(name, tables.get(name))]
    return "\n\n".join([f"format = {FORMAT}", *blocks]) + "\n"


def _blocks(name: str, value: Any) -> Iterator[str]:
    """A table or a list of tables as `[name]` or `[[name]]` blocks; lists of tables inside follow their parent."""
    is_list = isinstance(value, list)
    for table in value if is_list else [value] if value else []:
        nested = {key: item for key, item in table.items() if _is_tables(item)}
        header = f"[[{name}]]" if is_list else f"[{name}]"
        lines = [line for key, item in table.items() if key not in nested for line in _lines(key, item)]
        yield "\n".join([header, *lines])
        for key, item in nested.items():
            yield from _blocks(f"{name}.{key}", item)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _lines(key: str, value: Any) -> Iterator[str]:
    """`key = value`; the years of a line one by one, as `annees.2021 = { ae = 1, cp = 1 }`."""
    if key == "annees" and isinstance(value, Mapping):
        for year, cells in value.items():
            yield f"annees.{year} = {_inline(cells)}"
    else:
        yield f"{_key(key)} = {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")


def _key(key: str) -> str:
    """A bare key, or a quoted one."""
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
