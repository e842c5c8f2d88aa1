"""The form of a new line of an amendment: each cell as its model's field admits it, years as a table."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from dsfr.forms import DsfrBaseForm

from contracts.additions import Addition
from contracts.amendments.changed_lines import Asked, asked, is_figure, known_lines, may_complete
from contracts.amendments.forms import DayInput
from contracts.annex.layout import plain_of
from contracts.contract_file.writer import tables_of
from contracts.fields import EuroField
from contracts.models import ContractVersion
from figures.numbers import NumberError, parse_amount, parse_number

LINE = "ligne"
NO_FIGURE = "Donnez au moins un chiffre ou une date\u00a0: sans cela, la ligne ne promettrait rien."
Choices = list[tuple[str, str]]


class FigureInput(forms.CharField):
    """An amount in euros or a number, as people write them; blank is « non renseigné »."""

    def __init__(self, *, is_amount: bool, **kwargs: Any) -> None:
        self.is_amount = is_amount
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """Euros or a number. Raises `ValidationError` with both readings of an ambiguous writing."""
        text = super().clean(value)
        try:
            found: Decimal | None = parse_amount(text) if self.is_amount else parse_number(text)
        except NumberError as error:
            raise ValidationError(str(error)) from error
        return found


class AddedLineForm(DsfrBaseForm):  # type: ignore[misc]
    """What identifies the line, and what the amendment promises of it."""

    def __init__(self, *args: Any, draft: ContractVersion, addition: Addition, **kwargs: Any) -> None:
        self.cells = asked(draft, addition)
        self.addition = addition
        super().__init__(*args, **kwargs)
        tables = tables_of(draft)
        if addition.within:
            lines = may_complete(known_lines(tables, addition), addition)
            choices = [(one["cle"], plain_of(one["libelle"])) for one in lines]
            self.fields[LINE] = forms.ChoiceField(label="Ligne à compléter", choices=[("", "Choisissez"), *choices])
        for cell in self.cells:
            self.fields[cell.path] = _field(cell, tables, addition)

    def clean(self) -> dict[str, Any]:
        """A line that must promise something has a figure or a date."""
        cleaned: dict[str, Any] = super().clean()
        figures = [cell.path for cell in self.cells if is_figure(cell)]
        is_silent = all(cleaned.get(path) is None for path in figures)
        if self.addition.needs_figure and is_silent and not any(path in self.errors for path in figures):
            raise ValidationError(NO_FIGURE)
        return cleaned

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Show each refusal of the service at its cell, or above the form."""
        for path, message in errors.items():
            self.add_error(path if path in self.fields else None, message)

    @property
    def plain_fields(self) -> list[Any]:
        """The cells that are not of a year, bound."""
        dated = {cell.path for cell in self.cells if cell.year}
        return [self[name] for name in self.fields if name not in dated]

    @property
    def columns(self) -> list[str]:
        """The names of the figures of a year."""
        return list(dict.fromkeys(_label(cell) for cell in self.cells if cell.year))

    @property
    def years(self) -> list[tuple[int, list[Any]]]:
        """Each year with its cells, bound."""
        found: dict[int, list[Any]] = {}
        for cell in self.cells:
            if cell.year:
                found.setdefault(cell.year, []).append(self[cell.path])
        return list(found.items())


def _field(cell: Asked, tables: Mapping[str, Any], addition: Addition) -> forms.Field:
    """The input of a cell: a choice among the contract's own elements or the model's words, else by kind of figure."""
    field, column = cell.field, cell.column
    known: dict[str, Any] = {"label": _full_label(cell), "required": column.required}
    if column.refers_to:
        return forms.ChoiceField(**known, choices=_named(tables, column.refers_to, addition.defaults.get(column.key)))
    if field.choices:
        return forms.ChoiceField(**known, initial=_default(field), choices=_words(cell, addition))
    if isinstance(field, models.BooleanField):
        return forms.BooleanField(label=known["label"], required=False, initial=field.get_default())
    return _plain_field(field, known)


def _plain_field(field: Any, known: Mapping[str, Any]) -> forms.Field:
    if isinstance(field, models.DateField):
        return forms.DateField(**known, widget=DayInput())
    if isinstance(field, models.DecimalField):
        return FigureInput(is_amount=isinstance(field, EuroField), **known)
    if isinstance(field, models.PositiveSmallIntegerField):
        return forms.IntegerField(**known, min_value=0)
    return forms.CharField(**known, max_length=field.max_length)


def _full_label(cell: Asked) -> str:
    if cell.year:
        return f"{cell.year}, {_label(cell)}"
    return f"Par an, {_label(cell)}" if cell.cluster.path == "perenne" else _label(cell)


def _label(cell: Asked) -> str:
    name = str(cell.field.verbose_name)
    unit = " (€)" if isinstance(cell.field, EuroField) else ""
    return f"{name[:1].upper()}{name[1:]}{unit}"


def _default(field: Any) -> str:
    return str(field.get_default() or "") if field.has_default() else ""


def _words(cell: Asked, addition: Addition) -> Choices:
    allowed = addition.choices.get(cell.column.key)
    words = [(value, label) for value, label in cell.field.flatchoices if allowed is None or value in allowed]
    blank = "Choisissez" if cell.column.required else "non précisé"
    return words if _default(cell.field) else [("", blank), *words]


def _named(tables: Mapping[str, Any], table: str, default: str | None) -> Choices:
    """The elements of a table of the file that a cell may refer to."""
    found = [("", default or "aucun")]
    for row in tables[table]:
        code, name = row.get("code") or row["numero"], row.get("nom") or row["intitule"]
        found.append((code, name if table == "organisations" else f"{code} – {name}"))
    return found
