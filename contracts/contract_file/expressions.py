"""What a stated figure should be worth: the `calcul` table of the file, checked and kept as plain JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from contracts.contract_file.columns import plain
from contracts.contract_file.nodes import Node
from contracts.parts import PARTS, Expression, Filter

PART, CONSTANT, NONE = "part", "constante", "aucun"
FTAP, CO_FINANCING = "FTAP", "cofinancement"
Known = Mapping[str, Mapping[str, Any]]


def read_expression(node: Node, known: Known) -> dict[str, Any]:
    """The expression as JSON (dates in ISO, decimals as text); empty when it could not be read."""
    measures = {table: (part, allowed) for part in PARTS for table, allowed in part.measures.items()}
    table = node.choice("table", [*measures, CONSTANT, PART, NONE], required=True)
    if table == PART:
        return _read_part(node, known)
    if table == CONSTANT:
        value = node.number("valeur", places=6, required=True)
        return {"table": table, "valeur": None if value is None else str(value)}
    if table == NONE:
        return {"table": table, "raison": node.text("raison", required=True)}
    if not table:
        node.asked |= node.data.keys()
        return {}
    part, allowed = measures[table]
    read = {"table": table, "mesure": node.choice("mesure", allowed, required=True)}
    return read | {
        key: _READERS[kind.kind](node, key, kind, known) for key, kind in part.filters.items() if node.has(key)
    }


def write_expression(expression: Expression) -> dict[str, Any]:
    """The `calcul` table of the file for a stored expression."""
    written: dict[str, Any] = dict(expression)
    for key in ("numerateur", "denominateur"):
        if key in written:
            written[key] = write_expression(written[key])
    if written.get("table") == CONSTANT:
        written["valeur"] = plain(Decimal(written["valeur"]))
    if "date" in written:
        written["date"] = date.fromisoformat(written["date"])
    return written


def _read_part(node: Node, known: Known) -> dict[str, Any]:
    read: dict[str, Any] = {"table": PART}
    for key in ("numerateur", "denominateur"):
        if not node.has(key):
            node.refuse(key, "Une part a un numérateur et un dénominateur.")
        elif operand := node.table(key):
            read[key] = read_expression(operand, known)
    return read


def _reference(node: Node, key: str, kind: Filter, known: Known) -> str:
    node.reference(key, known[kind.table], "cet élément")
    return str(node.data[key])


def _references(node: Node, key: str, kind: Filter, known: Known) -> list[str]:
    names = node.texts(key)
    for rank, name in enumerate(names, start=1):
        if name not in known[kind.table]:
            node.source.refuse(f"{node.at(key)}[{rank}]", name, "Référence inconnue dans le fichier.")
    return names


def _source(node: Node, key: str, kind: Filter, known: Known) -> str:
    allowed = {FTAP: None, CO_FINANCING: None, **known[kind.table]}
    node.reference(key, allowed, "cette source")
    return str(node.data[key])


def _year(node: Node, key: str, _kind: Filter, _known: Known) -> int | None:
    return node.integer(key)


def _interval(node: Node, key: str, _kind: Filter, _known: Known) -> list[int]:
    node.asked.add(key)
    years = node.data[key]
    if not (isinstance(years, list) and len(years) == 2 and all(type(year) is int for year in years)):
        node.refuse(key, "Deux années sont attendues, par exemple [2020, 2022].")
        return []
    if years[0] > years[1]:
        node.refuse(key, "La première année suit la seconde.")
    return years


def _day(node: Node, key: str, _kind: Filter, _known: Known) -> str | None:
    day = node.day(key)
    return day.isoformat() if day else None


def _word(node: Node, key: str, _kind: Filter, _known: Known) -> str:
    return node.text(key)


_READERS: Final[Mapping[str, Callable[[Node, str, Filter, Known], Any]]] = {
    "reference": _reference,
    "references": _references,
    "source": _source,
    "year": _year,
    "interval": _interval,
    "day": _day,
    "word": _word,
}
