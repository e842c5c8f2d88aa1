"""The lists of allowed words: kept in the hidden sheet, since a list in the rule itself holds 255 characters."""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from figures.workbook.styles import put


class Lists:
    """Writes each list once, from the second column on, and gives the validation that points at it."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._places: dict[tuple[str, ...], str] = {}

    def validation(self, labels: Sequence[str]) -> DataValidation:
        """A drop-down of these words; blank is allowed."""
        key = tuple(labels)
        if key not in self._places:
            self._places[key] = self._write(key, column=len(self._places) + 2)
        return DataValidation(
            type="list",
            formula1=self._places[key],
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="Valeur inconnue",
            error="Choisissez une des valeurs de la liste.",
        )

    def _write(self, labels: tuple[str, ...], column: int) -> str:
        for line, label in enumerate(labels, start=1):
            put(self._sheet.cell(line, column), label)
        letter = get_column_letter(column)
        return f"'{self._sheet.title}'!${letter}$1:${letter}${len(labels)}"
