"""An annex compared with what is stored: what it adds, changes and removes, what is refused, cell by cell."""

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any, Final

from django.utils.text import slugify

from contracts.annex.layout import AnnexColumn, AnnexSheet, Table, plain_of, set_at, value_at
from contracts.annex.reader import AnnexRow, ReceivedAnnex
from contracts.annex.values import choices_of, read, shown
from contracts.annex.writer import TOTAL, annex_sheets, unit_of
from contracts.contract_file.document import scale_of
from figures import formats
from figures.numbers import NumberError

BLANK: Final = "(vide)"
SHIFT: Final = 100
"""From how many times more, or less, an amount looks typed in another unit."""
ADDED, CHANGED, REMOVED = "Ajoutée", "Modifiée", "Retirée"


@dataclass(frozen=True, slots=True)
class AnnexChange:
    """A value or a whole line that moves, as texts."""

    sheet: str
    line: str
    column: str
    status: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CellNote:
    """What is wrong, or worth a look, at a cell of the person's file."""

    sheet: str
    address: str
    value: str
    message: str


@dataclass
class AnnexDifferences:
    """All that an annex would do; `tables` is the contract file that it makes, `places` where each path stands."""

    tables: dict[str, Any]
    changes: list[AnnexChange] = field(default_factory=list)
    refusals: list[CellNote] = field(default_factory=list)
    warnings: list[CellNote] = field(default_factory=list)
    unchanged: int = 0
    places: dict[str, tuple[str, str]] = field(default_factory=dict)

    def tally(self) -> list[tuple[str, int]]:
        """How many of each kind."""
        return [(one, sum(each.status == one for each in self.changes)) for one in (ADDED, CHANGED, REMOVED)]


def compare(stored: str, received: ReceivedAnnex, *, keeps_identity: bool) -> AnnexDifferences:
    """What the annex would change in a version's file (`stored`, its TOML text). Reads only.

    A cell counts as typed when it differs from what the workbook was made with; typed here and changed there since, it
    is refused. With `keeps_identity` (an amendment) the words of a known line do not change.
    """
    tables = tomllib.loads(stored, parse_float=Decimal)
    found = AnnexDifferences(copy.deepcopy(tables))
    for sheet in annex_sheets():
        if sheet.code not in received.rows:
            message = "Cette feuille manque\u00a0: rendez-la, même inchangée."
            found.refusals.append(CellNote(sheet.title, "–", "", message))
            continue
        _Comparison(sheet, received, found, keeps_identity).run()
    return found


class _Comparison:
    """One sheet."""

    def __init__(
        self, sheet: AnnexSheet, received: ReceivedAnnex, found: AnnexDifferences, keeps_identity: bool
    ) -> None:
        self.sheet, self.found, self.keeps_identity = sheet, found, keeps_identity
        self.given = received.rows[sheet.code]
        self.titles = received.titles.get(sheet.code)
        self.base = {key: row for key, _, row in sheet.rows(received.tables)}
        self.now = {key: row for key, _, row in sheet.rows(found.tables)}
        self.inputs = {one.key: one for one in sheet.inputs(found.tables)}
        self.unit = scale_of(unit_of(found.tables, sheet))
        self.at: dict[int, AnnexRow] = {}

    def run(self) -> None:
        seen: set[str] = set()
        self._moved_titles()
        for given in self.given:
            for one in given.strays:
                self._refuse(given, one, _STRAY_TOTAL if given.key == TOTAL else _STRAY)
            if given.key == TOTAL:
                continue
            self._unknown_columns(given)
            if given.key in seen:
                self._refuse_row(given, "Cette ligne figure deux fois\u00a0: n’en gardez qu’une.")
            elif not given.key:
                self._add(given)
            elif given.key not in self.now:
                self._refuse_row(given, "Cette ligne n’est pas, ou n’est plus, celle de cette version.")
            else:
                seen.add(given.key)
                self._row(given, self.now[given.key], self.base.get(given.key, {}))
        for key in [one for one in self.base if one in self.now and one not in seen]:
            self._remove(key)
        self._locate()

    def _moved_titles(self) -> None:
        """A title over the key of another column: the values moved, and not the hidden key that says what they are."""
        keys = {one.label: key for key, one in self.inputs.items()}
        for key, cell in self.titles.cells.items() if self.titles else ():
            title = str(cell.value or "").strip()
            if self.titles and key in self.inputs and keys.get(title, key) != key:
                message = (
                    f"Ce titre est au-dessus de la colonne «\u00a0{self.inputs[key].label}\u00a0»\u00a0: ses valeurs "
                    "seraient lues sous ce nom. Déplacez les colonnes entières, ligne masquée comprise."
                )
                self._refuse(self.titles, cell, message)

    def _unknown_columns(self, given: AnnexRow) -> None:
        for key, cell in given.cells.items():
            if key not in self.inputs and key != "ligne" and cell.value not in (None, ""):
                self._refuse(given, cell, "Cette colonne n’est pas de l’annexe, ou son année est hors du contrat.")

    def _row(self, given: AnnexRow, row: Table, base: Mapping[str, Any]) -> None:
        self.at[id(row)] = given
        name = self._name(row, given.key)
        for key, column in self.inputs.items():
            if (cell := given.cells.get(key)) is None:
                continue
            before, now = value_at(base, key), value_at(row, key)
            try:
                value = self._read(column, cell, before)
            except NumberError as error:
                self._refuse(given, cell, error.message)
                continue
            self._warn(given, cell, column, value)
            self._warn_of_unit(given, cell, column, now, value)
            if value in (before, now) and type(value) in (type(before), type(now), int, Decimal):
                self.found.unchanged += 1
            elif before != now:
                message = (
                    f"Cette case a changé depuis le téléchargement\u00a0: {self._shown(column, now)} est enregistré."
                )
                self._refuse(given, cell, message)
            elif self.keeps_identity and _is_identity(column, key):
                self._refuse(
                    given, cell, "Une ligne garde son identité d’un avenant à l’autre\u00a0: ajoutez une ligne."
                )
            else:
                set_at(row, key, value)
                self._changed(name, column, now, value)

    def _changed(self, name: str, column: AnnexColumn, now: Any, value: Any) -> None:
        status = ADDED if now is None else REMOVED if value is None else CHANGED
        shown_ = (self._shown(column, now), self._shown(column, value))
        self.found.changes.append(AnnexChange(self.sheet.title, name, self._label(column), status, *shown_))

    def _add(self, given: AnnexRow) -> None:
        new: Table = {}
        for key, column in self.inputs.items():
            if (cell := given.cells.get(key)) is None:
                continue
            try:
                value = self._read(column, cell, None)
            except NumberError as error:
                self._refuse(given, cell, error.message)
                continue
            self._warn(given, cell, column, value)
            if value is not None:
                set_at(new, key, value)
        if self._place(given, new):
            self.at[id(new)] = given
            name = self._name(new, str(new.get(self.sheet.within_key, "")))
            self.found.changes.append(AnnexChange(self.sheet.title, name, "Ligne entière", ADDED, BLANK, name))

    def _place(self, given: AnnexRow, new: Table) -> bool:
        if self.sheet.within:
            cell = given.cells.get("ligne")
            wanted = str(cell.value or "").strip() if cell is not None else ""
            line = next((one for one in self.sheet.lines(self.found.tables) if one["cle"] == wanted), None)
            if line is None or not new.get(self.sheet.within_key):
                self._refuse_row(given, "Une ligne nouvelle dit sa ligne d’économies (clé) et sa catégorie.")
                return False
            line.setdefault(self.sheet.within, []).append(new)
            return True
        if not new.get("libelle"):
            self._refuse_row(given, "Une ligne nouvelle porte un libellé.")
            return False
        new["cle"] = _free_key(str(new["libelle"]), {str(one["cle"]) for one in self.sheet.lines(self.found.tables)})
        self.found.tables.setdefault(self.sheet.table[0], {}).setdefault(self.sheet.table[1], []).append(new)
        return True

    def _remove(self, key: str) -> None:
        row = self.now[key]
        name = self._name(row, key)
        for line in self.sheet.lines(self.found.tables):
            if self.sheet.within and row in line.get(self.sheet.within, ()):
                line[self.sheet.within] = [one for one in line[self.sheet.within] if one is not row]
        if not self.sheet.within:
            lines = self.sheet.lines(self.found.tables)
            self.found.tables[self.sheet.table[0]][self.sheet.table[1]] = [one for one in lines if one is not row]
        self.found.changes.append(AnnexChange(self.sheet.title, name, "Ligne entière", REMOVED, name, BLANK))

    def _locate(self) -> None:
        """Where each path of the file that is made stands in the person's file."""
        for _, path, row in self.sheet.rows(self.found.tables):
            if given := self.at.get(id(row)):
                self.found.places[path] = (given.sheet, f"B{given.line}")
                for key, cell in given.cells.items():
                    self.found.places[f"{path}.{key}"] = (given.sheet, cell.coordinate)

    def _read(self, column: AnnexColumn, cell: Any, before: Any) -> Any:
        return read(cell, column, choices_of(column, self.found.tables), self.unit, before)

    def _shown(self, column: AnnexColumn, value: Any) -> str:
        if value is None:
            return BLANK
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return formats.number(Decimal(value), None)
        return str(shown(value, choices_of(column, self.found.tables)))

    def _name(self, row: Table, key: str) -> str:
        return str(plain_of(row.get("libelle")) or key)

    def _warn(self, given: AnnexRow, cell: Any, column: AnnexColumn, value: Any) -> None:
        if column.kind == "amount" and isinstance(value, int | Decimal) and value < 0:
            self.found.warnings.append(_note(given, cell, "Montant négatif\u00a0: admis, à vérifier."))

    def _warn_of_unit(self, given: AnnexRow, cell: Any, column: AnnexColumn, now: Any, value: Any) -> None:
        """An amount a hundred times the one before, or less than a hundredth: euros typed for thousands, or back."""
        if column.kind != "amount" or not all(isinstance(one, int | Decimal) and one > 0 for one in (now, value)):
            return
        if not Decimal(1) / SHIFT < Decimal(value) / now < SHIFT:
            before = self._shown(column, now)
            message = f"{before} auparavant\u00a0: vérifiez l’unité, cette feuille est en {self._unit}."
            self.found.warnings.append(_note(given, cell, message))

    @property
    def _unit(self) -> str:
        return "euros" if self.unit == 1 else "milliers d’euros"

    def _label(self, column: AnnexColumn) -> str:
        """The title of a column, with the unit of the sheet where it is its own."""
        return f"{column.label}, en {self._unit}" if column.kind == "amount" else column.label

    def _refuse(self, given: AnnexRow, cell: Any, message: str) -> None:
        self.found.refusals.append(_note(given, cell, message))

    def _refuse_row(self, given: AnnexRow, message: str) -> None:
        self.found.refusals.append(CellNote(given.sheet, f"B{given.line}", given.key, message))


_STRAY: Final = "Cette colonne n’est pas de l’annexe\u00a0: une année hors du contrat n’est pas lue."
_STRAY_TOTAL: Final = "Un total ne se tape pas\u00a0: il se calcule des lignes. Effacez cette case."


def _note(given: AnnexRow, cell: Any, message: str) -> CellNote:
    return CellNote(given.sheet, cell.coordinate, str(cell.value)[:120], formats.typeset(message))


def _is_identity(column: AnnexColumn, key: str) -> bool:
    return not column.is_figure and not column.moves and not key.startswith("annees.")


def _free_key(label: str, taken: set[str]) -> str:
    stem = slugify(label)[:76].strip("-") or "ligne"
    return next(one for one in (stem if rank == 1 else f"{stem}-{rank}" for rank in count(1)) if one not in taken)
