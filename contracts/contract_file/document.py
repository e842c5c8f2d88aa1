"""A contract file being read: TOML turned into tables, and the unsaved rows that the tables describe."""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import models

from contracts.contract_file.errors import ContractFileError, FileError
from contracts.contract_file.nodes import THOUSAND, Node, Source
from contracts.contract_file.rows import RowSet
from contracts.enums import AmountUnit
from contracts.models import Contract, ContractVersion

FORMAT: Final = 1
MAX_BYTES: Final = 2 * 1024 * 1024


@dataclass(slots=True)
class Document:
    """A file being read: unsaved rows by set, elements by table and name, and where errors are noted."""

    source: Source
    root: Node
    sha256: str
    contract: Contract
    version: ContractVersion
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: list[RowSet] = field(default_factory=list)

    @property
    def savings_years(self) -> range:
        """Years for which the contract may promise savings: from its first one to three years after its last."""
        return range(self.contract.first_year or 0, (self.contract.last_year or 0) + 4)

    @property
    def funding_years(self) -> range:
        return range(self.contract.first_year or 0, (self.contract.last_year or -1) + 1)

    def of_contract(
        self, rows: list[Any], model: type[models.Model], *identity: str, is_referred_to: bool = False
    ) -> None:
        """Add rows that belong to the contract for life."""
        self.rows.append(RowSet(model, rows, identity, {"contract": self.contract}, is_referred_to))

    def of_version(self, rows: list[Any], model: type[models.Model], *identity: str) -> None:
        """Add rows that belong to the version."""
        self.rows.append(RowSet(model, rows, identity, {"version": self.version}))

    def define(self, table: str, node: Node, key: str, row: Any) -> None:
        """Make an element known by its name; a name already taken is an error."""
        name = node.data.get(key)
        names = self.known.setdefault(table, {})
        if not isinstance(name, str) or not name:
            return
        if name in names:
            node.refuse(key, "Doublon\u00a0: cet identifiant figure déjà plus haut dans le fichier.")
        names.setdefault(name, row)

    def with_unit(self, table: str) -> Node | None:
        """A table of amounts under the root, in its own unit or the contract's; the unit is kept with the version."""
        node = self.root.table(table)
        if node is None:
            return None
        unit = node.choice("unite", AmountUnit.values, default=self.contract.unit)
        node.scale = scale_of(unit)
        self.version.table_units[table] = unit
        return node


def scale_of(unit: str) -> Decimal:
    """What one unit of a table is worth in euros."""
    return THOUSAND if unit == AmountUnit.KEUR else Decimal(1)


def parse(file_name: str, content: bytes) -> tuple[Source, dict[str, Any], str]:
    """The file as a dictionary of exact decimals, with its SHA-256. Raises `ContractFileError`."""
    digest = hashlib.sha256(content).hexdigest()
    if len(content) > MAX_BYTES:
        raise ContractFileError(
            [FileError(file_name, "fichier", f"{len(content)} octets", "Fichier trop volumineux\u00a0: 2 Mo au plus.")]
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"octet {error.start}"
        raise ContractFileError([FileError(file_name, where, "", "Ce fichier n’est pas un texte en UTF-8.")]) from error
    try:
        return Source(file_name), tomllib.loads(text, parse_float=Decimal), digest
    except (tomllib.TOMLDecodeError, ArithmeticError, RecursionError) as error:
        raise ContractFileError([_syntax_error(file_name, text, error)]) from error


def _syntax_error(file_name: str, text: str, error: Exception) -> FileError:
    """What TOML itself refuses, with the line; the standard library writes it in English."""
    match = re.search(r"at line (\d+), column (\d+)", str(error))
    lines = text.splitlines()
    number = int(match[1]) if match else len(lines)
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    if re.search(r"Cannot (overwrite|declare|mutate)|twice|Duplicate", str(error)):
        message = "Cette clé est écrite deux fois\u00a0: une année, une table ou un identifiant ne figure qu’une fois."
    else:
        message = "Ce n’est pas du TOML\u00a0: vérifiez les guillemets, les accolades, les virgules et le signe =."
    return FileError(file_name, f"ligne {number}", line[:120], message)
