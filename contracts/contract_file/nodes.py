"""The tables of a TOML document, read key by key: each reader gives a value or notes a located error, and goes on.

A key that nobody read is an error too, so a misspelt key is never silently dropped.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from contracts.contract_file.errors import FileError

UNREADABLE: Final = "illisible"
SHOWN_LENGTH: Final = 80
UNITS: Final = {Decimal(1): "€", Decimal(1000): "k€", Decimal(1_000_000): "M€"}
"""By what one of them is worth in euros: a reading of the scan is told with its unit."""
READING_LENGTH: Final = 300
FIRST_YEAR, LAST_YEAR = 2017, 2100
THOUSAND: Final = Decimal(1000)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """A cell that the scan got wrong (`printed`, `retained`, `evidence`) or lost (all blank)."""

    path: str
    label: str
    printed: str = ""
    retained: str = ""
    evidence: str = ""


@dataclass(slots=True)
class Source:
    """A file being read: its name, the errors and the readings found so far, its tables."""

    file: str
    errors: list[FileError] = field(default_factory=list)
    readings: list[ReadingNote] = field(default_factory=list)
    nodes: list["Node"] = field(default_factory=list)

    def refuse(self, path: str, value: object, message: str) -> None:
        """Note an error; reading goes on."""
        self.errors.append(FileError(self.file, path, show(value), message))

    def renumber(self, path: str, order: Sequence[int]) -> None:
        """Give the readings of a list the ranks that its elements have once sorted: `order` lists the former ranks."""
        ranks = {former: rank for rank, former in enumerate(order, start=1)}
        pattern = re.compile(re.escape(path) + r"\[(\d+)\]")
        for index, note in enumerate(self.readings):
            if match := pattern.match(note.path):
                moved = f"{path}[{ranks[int(match[1])]}]{note.path[match.end() :]}"
                self.readings[index] = replace(note, path=moved)

    def refuse_unknown_keys(self) -> None:
        """Note the keys that no reader asked for."""
        for node in self.nodes:
            node.refuse_unknown_keys()


class Node:
    """One table of the document, at a path; `scale` is what one unit of its amounts is worth in euros."""

    def __init__(
        self, source: Source, path: str, data: Mapping[str, Any], *, label: str = "", scale: Decimal = Decimal(1)
    ) -> None:
        self.source, self.path, self.data, self.label, self.scale = source, path, data, label, scale
        self.asked: set[str] = set()
        source.nodes.append(self)

    def at(self, key: str) -> str:
        """The path of a key of this table."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, message: str) -> None:
        """Note an error on a key, with the value that it has."""
        self.source.refuse(self.at(key), self.data.get(key), message)

    def has(self, key: str) -> bool:
        return key in self.data

    def refuse_unknown_keys(self) -> None:
        for key in self.data.keys() - self.asked:
            near = difflib.get_close_matches(key, self.asked - self.data.keys(), n=1)
            hint = f" Vouliez-vous écrire «\u00a0{near[0]}\u00a0»\u202f?" if near else ""
            self.refuse(key, f"Clé inconnue.{hint}")

    # --- Tables ---

    def table(self, key: str, *, label: str = "") -> "Node | None":
        """The table under a key; None when absent or of another type."""
        data = self._typed(key, dict, "une table est attendue")
        return None if data is None else Node(self.source, self.at(key), data, label=label, scale=self.scale)

    def tables(self, key: str) -> Iterator["Node"]:
        """Each table of a list, counted from 1."""
        for rank, data in enumerate(self._typed(key, list, "une liste de tables est attendue") or [], start=1):
            path = f"{self.at(key)}[{rank}]"
            if isinstance(data, dict):
                yield Node(self.source, path, data, label=self.label, scale=self.scale)
            else:
                self.source.refuse(path, data, "Une table est attendue.")

    def years(self, key: str, allowed: range) -> Iterator[tuple[int, "Node"]]:
        """Each table keyed by a financial year of the allowed ones."""
        node = self.table(key, label=self.label)
        if node is None:
            return
        for text in node.data:
            node.asked.add(text)
            if not re.fullmatch(r"\d{4}", text):
                node.refuse(text, "Une année à quatre chiffres est attendue comme clé.")
            elif int(text) not in allowed:
                node.refuse(text, f"Année hors du contrat\u00a0: de {allowed[0]} à {allowed[-1]}.")
            elif year := node.table(text, label=f"{self.label}, {text}"):
                yield int(text), year

    # --- Values ---

    def text(self, key: str, *, required: bool = False, max_length: int | None = None) -> str:
        """A text; blank when absent."""
        value = self._typed(key, str, "un texte entre guillemets est attendu", required=required)
        text = "" if value is None else str(value).strip()
        if required and value is not None and not text:
            self.refuse(key, "Ce texte est obligatoire.")
        if max_length is not None and len(text) > max_length:
            self.refuse(key, f"Texte trop long\u00a0: {len(text)} caractères, {max_length} au plus.")
            return ""
        return text

    def words(self, key: str, *, label: str = "", required: bool = False, max_length: int | None = None) -> str:
        """A text, or { imprime, retenu, preuve } when the scan misread it; what is lost is given as it is printed."""
        if not isinstance(self.data.get(key), dict):
            return self.text(key, required=required, max_length=max_length)
        return self._cell(key, lambda path, raw: self._words(path, raw, max_length), label, required) or ""

    def told(self, key: str, default: str) -> str:
        """The text of a key as it is kept, to name the table in errors and readings."""
        raw = self.data.get(key)
        return str((raw.get("retenu") if isinstance(raw, dict) else raw) or default)

    def slug(self, key: str, *, required: bool = True, max_length: int | None = None) -> str:
        """A short name made of letters, digits and hyphens."""
        text = self.text(key, required=required, max_length=max_length)
        if text and not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text):
            self.refuse(key, "Lettres minuscules sans accent, chiffres et tirets seulement.")
            return ""
        return text

    def texts(self, key: str, *, max_length: int | None = None) -> list[str]:
        """A list of texts."""
        values = self._typed(key, list, "une liste de textes est attendue") or []
        for rank, value in enumerate(values, start=1):
            if not isinstance(value, str):
                self.source.refuse(f"{self.at(key)}[{rank}]", value, "Un texte est attendu.")
            elif max_length is not None and len(value) > max_length:
                self.source.refuse(f"{self.at(key)}[{rank}]", value, f"Texte trop long\u00a0: {max_length} au plus.")
        return [value for value in values if isinstance(value, str)]

    def choice(self, key: str, allowed: Collection[str], *, required: bool = False, default: str = "") -> str:
        """A word among those allowed."""
        text = self.text(key, required=required)
        if not text:
            return default
        if text not in allowed:
            self.refuse(key, f"Valeur inconnue\u00a0: {_listed(allowed)} attendu.")
            return default
        return text

    def boolean(self, key: str, *, default: bool) -> bool:
        value = self._typed(key, bool, "true ou false est attendu")
        return default if value is None else bool(value)

    def reference(self, key: str, known: Mapping[str, Value], what: str, *, required: bool = False) -> Value | None:
        """The element of the file that a key names."""
        text = self.text(key, required=required)
        if not text:
            return None
        if text not in known:
            near = difflib.get_close_matches(text, known, n=1)
            hint = f" Vouliez-vous écrire «\u00a0{near[0]}\u00a0»\u202f?" if near else ""
            self.refuse(key, f"Référence inconnue\u00a0: {what} ne figure pas dans le fichier.{hint}")
        return known.get(text)

    # --- Cells: a value, "illisible", or { imprime, retenu, preuve } ---

    def number(
        self,
        key: str,
        *,
        places: int,
        digits: int = 18,
        label: str = "",
        required: bool = False,
        scale: Decimal = Decimal(1),
    ) -> Decimal | None:
        """A number with at most so many decimals, multiplied by `scale`; None when absent or unreadable."""
        return self._cell(key, lambda path, raw: self._decimal(path, raw, places, digits, scale), label, required)

    def amount(self, key: str, *, label: str = "", required: bool = False, in_euros: bool = False) -> Decimal | None:
        """An amount in the unit of the table, given in euros with at most two decimals."""
        scale = Decimal(1) if in_euros else self.scale
        named = f"{label} ({UNITS[scale]})" if scale in UNITS else label
        return self.number(key, places=2, digits=15, label=named, required=required, scale=scale)

    def numbers(self, key: str, *, places: int, digits: int, label: str = "") -> list[Decimal | None]:
        """A list of numbers, each of which may be unreadable."""
        values = self._typed(key, list, "une liste de nombres est attendue") or []
        cells = {f"{rank}": value for rank, value in enumerate(values, start=1)}
        node = Node(self.source, self.at(key), cells, label=self.label)
        return [node.number(rank, places=places, digits=digits, label=f"{label} {rank}") for rank in cells]

    def day(self, key: str, *, label: str = "", required: bool = False) -> date | None:
        """A date; None when absent or unreadable."""
        return self._cell(key, self._date, label, required)

    def moment(self, key: str, read: Callable[[str], date], *, label: str = "") -> date | None:
        """A date, or a quarter (`"2021-T2"`) turned into a date by `read`."""
        return self._cell(key, lambda path, raw: self._quarter(path, raw, read), label, required=False)

    def integer(self, key: str, *, label: str = "", required: bool = False) -> int | None:
        """A whole number that is not negative; None when absent or unreadable."""
        return self._cell(key, self._integer, label, required)

    # --- What the readers above are made of ---

    def _typed(self, key: str, kind: type, message: str, *, required: bool = False) -> Any:
        self.asked.add(key)
        if key not in self.data:
            if required:
                self.refuse(key, "Cette clé est obligatoire.")
            return None
        value = self.data[key]
        if not isinstance(value, kind):
            self.refuse(key, f"Type incorrect\u00a0: {message}.")
            return None
        return value

    def _cell(
        self,
        key: str,
        convert: Callable[[str, object], Value | None],
        label: str,
        required: bool,
    ) -> Value | None:
        self.asked.add(key)
        if key not in self.data:
            if required:
                self.refuse(key, "Cette clé est obligatoire.")
            return None
        raw = self.data[key]
        named = ", ".join(filter(None, (self.label, label)))
        if raw == UNREADABLE:
            self.source.readings.append(ReadingNote(self.at(key), named))
            return None
        if isinstance(raw, dict):
            return self._corrected(key, raw, convert, named)
        return convert(self.at(key), raw)

    def _corrected(
        self, key: str, raw: Mapping[str, Any], convert: Callable[[str, object], Value | None], label: str
    ) -> Value | None:
        cell = Node(self.source, self.at(key), raw)
        evidence = cell.text("preuve", required=True)
        cell.asked |= {"imprime", "retenu"}
        printed = raw.get("imprime", "")
        if isinstance(printed, dict | list | bool):
            cell.refuse("imprime", "Un nombre, une date ou un texte est attendu.")
        if "retenu" not in raw:
            cell.refuse("retenu", "Une valeur corrigée dit la valeur retenue.")
            return None
        value = convert(cell.at("retenu"), raw["retenu"])
        if value is not None:
            note = ReadingNote(self.at(key), label, _whole(printed), _whole(raw["retenu"]), evidence)
            if len(note.printed) > READING_LENGTH:
                cell.refuse("imprime", f"Texte trop long\u00a0: {READING_LENGTH} caractères au plus.")
            self.source.readings.append(note)
        return value

    def _words(self, path: str, raw: object, max_length: int | None) -> str | None:
        if not isinstance(raw, str) or not raw.strip():
            self.source.refuse(path, raw, "Type incorrect\u00a0: un texte entre guillemets est attendu.")
            return None
        limit = min(max_length or READING_LENGTH, READING_LENGTH)
        if len(raw) > limit:
            self.source.refuse(path, raw, f"Texte trop long\u00a0: {len(raw)} caractères, {limit} au plus.")
            return None
        return raw.strip()

    def _decimal(self, path: str, raw: object, places: int, digits: int, scale: Decimal) -> Decimal | None:
        if isinstance(raw, bool) or not isinstance(raw, int | Decimal) or not Decimal(raw).is_finite():
            self.source.refuse(path, raw, 'Type incorrect\u00a0: un nombre est attendu, ou "illisible".')
            return None
        value = Decimal(raw) * scale
        if value != round(value, places):
            unit = " euro" if scale != 1 else ""
            self.source.refuse(
                path, raw, f"Trop de décimales\u00a0: {places} au plus{' en' + unit + 's' if unit else ''}."
            )
            return None
        if abs(value) >= Decimal(10) ** (digits - places):
            self.source.refuse(path, raw, "Nombre trop grand.")
            return None
        return value

    def _integer(self, path: str, raw: object) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < 2**15:
            self.source.refuse(path, raw, "Type incorrect\u00a0: un nombre entier est attendu.")
            return None
        return raw

    def _date(self, path: str, raw: object) -> date | None:
        if isinstance(raw, datetime) or not isinstance(raw, date):
            self.source.refuse(
                path, raw, "Type incorrect\u00a0: une date sans guillemets est attendue, par exemple 2021-05-06."
            )
            return None
        if not FIRST_YEAR - 20 <= raw.year <= LAST_YEAR:
            self.source.refuse(path, raw, "Date invraisemblable.")
            return None
        return raw

    def _quarter(self, path: str, raw: object, read: Callable[[str], date]) -> date | None:
        if not isinstance(raw, str):
            return self._date(path, raw)
        try:
            return read(raw)
        except ValueError:
            self.source.refuse(path, raw, 'Un trimestre est attendu, par exemple "2021-T2", ou une date.')
            return None


def _whole(value: object) -> str:
    """A value as it is printed, never cut."""
    return value if isinstance(value, str) else show(value)


def show(value: object) -> str:
    """A value as a person would write it in the file, cut when long; blank for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        text = "{ " + ", ".join(f"{key} = {show(item)}" for key, item in value.items()) + " }"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        text = "[" + ", ".join(map(show, value)) + "]"
    else:
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def _listed(words: Collection[str]) -> str:
    quoted = [f"«\u00a0{word}\u00a0»" for word in words]
    return " ou ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
