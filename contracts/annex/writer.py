"""Makes the annex of a version: instructions, a sheet for each table, the return computed, hidden keys."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any, Final

from django.core import signing
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from contracts.annex.layout import AnnexColumn, AnnexSheet, value_at
from contracts.annex.values import choices_of, shown
from contracts.contract_file.document import scale_of
from contracts.contract_file.writer import tables_of, write_tables
from contracts.models import ContractVersion
from contracts.parts import PARTS
from figures.workbook import styles
from figures.workbook.styles import put, style

KEYS: Final = "Clés"
SALT: Final = "contracts.annex"
MARK: Final = "annexe:"
TOTAL: Final = "total"
SUM: Final = "=IF(COUNT("
"""How each of our sums begins: it stays blank as long as nothing is stated."""
KEY_ROW, HEADER_ROW, FIRST_ROW = 3, 4, 5
BLANK_ROWS: Final = 15
CHUNK: Final = 30_000
LINE_HEIGHT, TIGHT = 12.5, 0.9
WIDEST_A4: Final = 190
MARGIN: Final = 0.4
PARAMETERS: Final = "parametres."
RETURN_FIGURES: Final = (3, 4, 5)
UNITS: Final = {"eur": "euros", "keur": "milliers d’euros (k€)"}
RULES: Final = (
    "Remplissez les cases teintées ; les totaux et le retour se calculent seuls.",
    "Une case vide veut dire « non renseigné » ; 0 est une valeur ; « illisible » garde ce que le scan a perdu.",
    "Tapez des valeurs et non des formules : une formule est refusée. Un montant négatif est admis et signalé.",
    "Des colonnes repliées attendent les paramètres des méthodes : le « + » au-dessus des colonnes les ouvre.",
    "Un montant différent de celui que donne la méthode demande un motif, dans sa colonne.",
    "Une ligne nouvelle s’écrit dans les lignes vides du bas ; une ligne supprimée est retirée de l’avenant.",
    "Trier les lignes, déplacer une colonne ou renommer une feuille ne gêne pas : chacune porte une clé cachée.",
    "Enregistrez au format .xlsx, sans macro ni mot de passe, puis déposez le fichier sur la page de la version.",
    "Vous verrez chaque différence avant de confirmer ; rien n’est enregistré auparavant.",
)


def annex_sheets() -> list[AnnexSheet]:
    """The sheets of every part, in order."""
    return [sheet for part in PARTS for sheet in part.annex]


def unit_of(tables: Mapping[str, Any], sheet: AnnexSheet) -> str:
    """The unit of a sheet's amounts: its table's, or the contract's."""
    return str(tables.get(sheet.table[0], {}).get("unite") or tables["contrat"]["unite"])


def write_annex(version: ContractVersion) -> bytes:
    """The workbook of a version, signed or in preparation."""
    tables = tables_of(version)
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has one worksheet
    hidden = book.create_sheet(KEYS)
    places: dict[str, Places] = {}
    for sheet in annex_sheets():
        places[sheet.code] = _Writer(book, hidden, sheet, tables).write()
    _write_guide(first, version, tables)
    _write_results(book.create_sheet("Retour"), places, tables)
    _write_keys(hidden, version, tables)
    book.move_sheet(hidden, offset=len(book.worksheets))
    for each in book.worksheets:
        _set_up(each, f"Annexe financière – {version.contract.title}, {version}")
    book.properties.creator = "Fonds pour la transformation de l’action publique"
    book.properties.title, book.properties.language = f"Annexe financière, {version}", "fr"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class Places:
    """Where the columns of a sheet stand: what the formulas of the return refer to."""

    def __init__(self, title: str, letters: Mapping[str, str], last: int, scale: Decimal) -> None:
        self.title, self.letters, self.last, self.scale = title, letters, last, scale

    def range(self, key: str) -> str:
        """The cells of a column; a key that ends in a star stands for the row totals of a yearly one."""
        letter = self.letters[key]
        return f"'{self.title}'!${letter}${FIRST_ROW}:${letter}${self.last}"


class _Writer:
    """One sheet."""

    def __init__(self, book: Workbook, hidden: Worksheet, sheet: AnnexSheet, tables: Mapping[str, Any]) -> None:
        self.hidden, self.sheet, self.tables = hidden, sheet, tables
        self.target = book.create_sheet(sheet.title)
        self.inputs = sheet.inputs(tables)
        self.rows = list(sheet.rows(tables))
        self.last = FIRST_ROW + len(self.rows) + BLANK_ROWS - 1
        self.keys = [*([_LINE] if sheet.within else []), *self.inputs]
        self.letters = {one.key: get_column_letter(rank) for rank, one in enumerate(self.keys, start=2)}
        self.sums = {
            f"{one.key}*": get_column_letter(len(self.keys) + 2 + rank) for rank, one in enumerate(sheet.yearly)
        }

    def write(self) -> Places:
        unit = unit_of(self.tables, self.sheet)
        put(self.target["B1"], self.sheet.title)
        self.target["B1"].font = styles.TITLE
        told = f" Montants en {UNITS[unit]}." if _has_amounts(self.sheet) else ""
        put(self.target["B2"], self.sheet.lede + told)
        self.target["B2"].font = styles.NOTE
        self._headers()
        for line in range(FIRST_ROW, self.last + 1):
            self._row(line)
        self._totals()
        self._lists()
        target = self.target
        _set_heights(target, HEADER_ROW, self.last)
        target.column_dimensions["A"].hidden = True
        target.row_dimensions[KEY_ROW].hidden = True
        target.freeze_panes = f"C{FIRST_ROW}"
        target.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        target.auto_filter.ref = f"B{HEADER_ROW}:{get_column_letter(len(self.keys) + 1)}{self.last}"
        return Places(self.sheet.title, {**self.letters, **self.sums}, self.last, scale_of(unit))

    def _headers(self) -> None:
        put(self.target.cell(KEY_ROW, 1), MARK + self.sheet.code)
        for one in self.keys:
            letter = self.letters[one.key]
            put(self.target[f"{letter}{KEY_ROW}"], one.key)
            self._head(letter, one.label, _width(one, self.tables), is_figure=one.is_figure)
        for one in self.sheet.yearly:
            self._head(self.sums[f"{one.key}*"], f"{one.label} total", 14, is_figure=True)
        for one in self.inputs:
            if one.key.startswith(PARAMETERS):
                column = self.target.column_dimensions[self.letters[one.key]]
                column.outlineLevel, column.hidden = 1, not self._is_used(one)

    def _is_used(self, detail: AnnexColumn) -> bool:
        """Whether a line has the parameter, for any year: the others are folded, a click on the outline shows them."""
        by_year = [one.key for one in self.sheet.details(self.tables) if _stem(one.key) == _stem(detail.key)]
        keys = by_year if detail.key in by_year else [detail.key]
        return any(value_at(row, key) is not None for _, _, row in self.rows for key in keys)

    def _head(self, letter: str, label: str, width: int, *, is_figure: bool) -> None:
        cell = self.target[f"{letter}{HEADER_ROW}"]
        put(cell, label)
        alignment = styles.BOTTOM_RIGHT if is_figure else styles.BOTTOM
        style(cell, styles.HEADER, alignment, fill=styles.GREY, border=styles.UNDER)
        self.target.column_dimensions[letter].width = width

    def _row(self, line: int) -> None:
        at = line - FIRST_ROW
        key, row = (self.rows[at][0], self.rows[at][2]) if at < len(self.rows) else ("", {})
        if key:
            put(self.target.cell(line, 1), key)
        for one in self.keys:
            value = key.split("|")[0] or None if one is _LINE else value_at(row, one.key)
            cell = self.target[f"{self.letters[one.key]}{line}"]
            put(cell, shown(value, choices_of(one, self.tables)), _format(one))
            alignment = styles.RIGHT if one.is_figure else styles.INDENTED if one.moves else styles.TOP
            style(cell, styles.BODY, alignment, fill=styles.INPUT)
            if not one.is_figure:
                cell.number_format = "@"
            cell.protection = styles.OPEN
        for one in self.sheet.yearly:
            cells = [f"{letter}{line}" for key, letter in self.letters.items() if _is_of(key, one)]
            self._formula(f"{self.sums[f'{one.key}*']}{line}", ",".join(cells), one)

    def _totals(self) -> None:
        line = self.last + 1
        put(self.target.cell(line, 1), TOTAL)
        put(self.target.cell(line, 2), "Total")
        style(self.target.cell(line, 2), styles.STRONG, styles.TOP, border=styles.OVER)
        figures = [(one, self.letters[one.key]) for one in self.inputs if _is_added(one)]
        for one, letter in [*figures, *((one, self.sums[f"{one.key}*"]) for one in self.sheet.yearly)]:
            self._formula(f"{letter}{line}", f"{letter}{FIRST_ROW}:{letter}{self.last}", one, is_total=True)

    def _formula(self, place: str, cells: str, column: AnnexColumn, *, is_total: bool = False) -> None:
        """A sum that stays blank as long as nothing is stated: missing is not zero."""
        cell = self.target[place]
        cell.value = f'{SUM}{cells})=0,"",SUM({cells}))'
        cell.number_format = _format(column)
        font = styles.STRONG if is_total else styles.BODY
        style(cell, font, styles.RIGHT, border=styles.OVER if is_total else styles.THIN)

    def _lists(self) -> None:
        for one in self.inputs:
            words = [label for _, label in choices_of(one, self.tables)]
            if not words:
                continue
            column = self.hidden.max_column + 1
            for line, word in enumerate(words, start=1):
                put(self.hidden.cell(line, column), word)
            letter = get_column_letter(column)
            rule = DataValidation(
                type="list", formula1=f"'{KEYS}'!${letter}$1:${letter}${len(words)}", allow_blank=True
            )
            rule.error, rule.errorTitle, rule.showErrorMessage = "Choisissez dans la liste.", "Valeur inconnue", True
            rule.add(f"{self.letters[one.key]}{FIRST_ROW}:{self.letters[one.key]}{self.last}")
            self.target.add_data_validation(rule)


_LINE: Final = AnnexColumn("ligne", "Ligne (clé)")


def _is_of(key: str, column: AnnexColumn) -> bool:
    return key.startswith("annees.") and key.endswith(f".{column.key}")


def _is_added(column: AnnexColumn) -> bool:
    return column.is_figure and column.key.startswith(("annees.", "perenne."))


def _stem(key: str) -> str:
    """The key of a parameter without its year."""
    return key.rpartition(".")[0]


def _has_amounts(sheet: AnnexSheet) -> bool:
    """Whether a sheet has amounts in its table's unit: posts are in ETPT, their costs in euros."""
    return any(one.kind == "amount" for one in (*sheet.columns, *sheet.yearly))


def _width(column: AnnexColumn, tables: Mapping[str, Any]) -> int:
    """As wide as its words: a label has room, a choice is as wide as its longest word, within reason."""
    if column.is_figure:
        return 12
    if column.key == "libelle" or column.moves:
        return 40
    longest = max((len(str(label)) for _, label in choices_of(column, tables)), default=12)
    return min(max(longest, len(column.label)) + 2, 26)


def _set_heights(target: Worksheet, first: int, last: int) -> None:
    """Each row as high as its wrapped words ask for: a height that is not written is one line in some readers."""
    for number, row in enumerate(target.iter_rows(min_row=first, max_row=last), start=first):
        lines = 1
        for cell in row:
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                width = target.column_dimensions[cell.column_letter].width
                lines = max(lines, ceil(len(cell.value) * TIGHT / width))
        target.row_dimensions[number].height = lines * LINE_HEIGHT


def _format(column: AnnexColumn) -> str:
    return {"number": "#,##0.####", "text": "@"}.get(column.kind, "#,##0.00###")


def _write_guide(target: Worksheet, version: ContractVersion, tables: Mapping[str, Any]) -> None:
    target.title = "Lisez-moi"
    target.column_dimensions["A"].width, target.column_dimensions["B"].width = 22, 110
    sheets = [one for one in annex_sheets() if _has_amounts(one)]
    units = ", ".join(f"{one.title} en {UNITS[unit_of(tables, one)]}" for one in sheets)
    facts = (("Contrat", version.contract.title), ("Version", str(version)), ("Unités", units))
    put(target["A1"], "Annexe financière")
    target["A1"].font = styles.TITLE
    for line, (label, text) in enumerate(facts, start=3):
        put(target.cell(line, 1), label)
        put(target.cell(line, 2), text)
        style(target.cell(line, 1), styles.STRONG, styles.TOP)
        style(target.cell(line, 2), styles.BODY, styles.TOP)
    for line, text in enumerate(RULES, start=len(facts) + 4):
        put(target.cell(line, 2), text)
        style(target.cell(line, 2), styles.BODY, styles.TOP)


def _write_results(target: Worksheet, places: Mapping[str, Places], tables: Mapping[str, Any]) -> None:
    put(target["A1"], "Retour sur investissement")
    target["A1"].font = styles.TITLE
    titles = ("Code", "Retour", "Numérateur (€)", "Dénominateur (€)", "Rapport", "Ce qui est divisé")
    for column, (title, width) in enumerate(zip(titles, (8, 40, 18, 18, 12, 80), strict=True), start=1):
        cell = target.cell(3, column)
        put(cell, title)
        alignment = styles.BOTTOM_RIGHT if column in RETURN_FIGURES else styles.BOTTOM
        style(cell, styles.HEADER, alignment, fill=styles.GREY, border=styles.UNDER)
        target.column_dimensions[get_column_letter(column)].width = width
    results: Sequence[Any] = [one for part in PARTS for one in part.annex_results(places, tables)]
    for line, (code, label, numerator, denominator, note) in enumerate(results, start=4):
        for column, text in ((1, code), (2, label), (6, note)):
            put(target.cell(line, column), text)
            style(target.cell(line, column), styles.BODY, styles.INDENTED if column == len(titles) else styles.TOP)
        ratio = f'=IF(OR(NOT(ISNUMBER(C{line})),NOT(ISNUMBER(D{line}))),"n. c.",IF(D{line}=0,"n. c.",C{line}/D{line}))'
        for column, formula, form in ((3, numerator, "#,##0.00"), (4, denominator, "#,##0.00"), (5, ratio, "0.000")):
            target.cell(line, column).value, target.cell(line, column).number_format = formula, form
            style(target.cell(line, column), styles.BODY, styles.RIGHT)


def _write_keys(sheet: Worksheet, version: ContractVersion, tables: Mapping[str, Any]) -> None:
    """The version and the tables that the workbook was made with, signed, cut over cells of the first column."""
    sheet.sheet_state = "veryHidden"
    made_of = {"code": version.contract.code, "number": version.number, "tables": write_tables(tables)}
    token = signing.dumps(made_of, salt=SALT, compress=True)
    for line, start in enumerate(range(0, len(token), CHUNK), start=1):
        put(sheet.cell(line, 1), token[start : start + CHUNK])


def _set_up(sheet: Worksheet, footer: str) -> None:
    sheet.page_setup.orientation = "landscape"
    width = sum(one.width for one in sheet.column_dimensions.values() if not one.hidden)
    sheet.page_setup.paperSize = 8 if width > WIDEST_A4 else 9  # A3, A4
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = MARGIN
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_view.showGridLines = False
    foot: Any = sheet.oddFooter
    foot.left.text = footer.replace("&", "&&")
    foot.right.text = "&A – page &P / &N"
