"""Forms of sub-projects; what they check is asked again by the services and by the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from dsfr.forms import DsfrBaseForm

from contracts.amendments.forms import DayInput
from contracts.evidence.examination import refuse_size
from contracts.evidence.kinds import ACCEPTED, EXTENSIONS
from contracts.evidence.refusals import EvidenceRefused
from contracts.forms import EuroInput
from contracts.models import Contract
from contracts.subprojects.calc import Figures, YearFigures
from contracts.subprojects.criteria import Grid, GridRow
from contracts.subprojects.enums import GridAnswer, SubProjectAction
from contracts.subprojects.services import Answered, Description
from contracts.subprojects.transitions import Transition
from figures import formats
from figures.ae_cp import AeCp

AMOUNTS: Final = (
    ("ftap_ae", "FTAP, AE"),
    ("ftap_cp", "FTAP, CP"),
    ("co_financing_ae", "Cofinancement, AE"),
    ("co_financing_cp", "Cofinancement, CP"),
    ("savings", "Économies, CP"),
)
WANTED: Final = "Donnez le motif\u00a0: il reste attaché au sous-projet."
FUNDED: Final = frozenset(name for name, _ in AMOUNTS if name != "savings")


class DescriptionForm(DsfrBaseForm):  # type: ignore[misc]
    """What a sub-project is."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="Intitulé", max_length=160)
    holder = forms.CharField(
        label="Administration porteuse",
        max_length=200,
        help_text="Celle qui porte les dépenses et réalise les économies.",
    )
    purpose = forms.CharField(label="Objet du projet de transformation", widget=forms.Textarea(attrs={"rows": 4}))
    services = forms.CharField(
        label="Prestations financées par le FTAP", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def description(self) -> Description:
        """What was typed, once it is valid."""
        return Description(**{name: self.cleaned_data[name] for name in ("title", "holder", "purpose", "services")})


@dataclass(frozen=True)
class YearFields:
    """The fields of one year, in the order of `AMOUNTS`; None where the year has none."""

    year: int
    fields: tuple[Any, ...]


class FiguresForm(DsfrBaseForm):  # type: ignore[misc]
    """The amounts by year, in euros: credits in the contract's years of funding, savings while they are followed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    recurrent = EuroInput(
        label="Économie pérenne par an, une fois le projet déployé (€)",
        required=False,
        help_text="En CP. Vide\u00a0: non renseignée\u00a0; 0\u00a0: aucune économie.",
    )
    basis = forms.CharField(
        label="Calcul de l’économie",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="D’où vient le montant\u00a0: emplois, temps gagné, dépense évitée…",
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        for year in range(contract.first_year, contract.savings_followed_until + 1):
            for name, label in AMOUNTS:
                if name not in FUNDED or year in contract.funding_years:
                    self.fields[f"{name}-{year}"] = _cell(f"{label}, {year}")

    def rows(self) -> Iterator[YearFields]:
        """The fields of the table, year by year."""
        for year in range(self.contract.first_year, self.contract.savings_followed_until + 1):
            names = [f"{name}-{year}" for name, _ in AMOUNTS]
            yield YearFields(year, tuple(self[name] if name in self.fields else None for name in names))

    def years(self) -> list[YearFigures]:
        """What was typed, once it is valid."""
        return [self._year(row.year) for row in self.rows()]

    def _year(self, year: int) -> YearFigures:
        def typed(name: str) -> Decimal | None:
            found: Decimal | None = self.cleaned_data.get(f"{name}-{year}")
            return found

        return YearFigures(
            year,
            AeCp(typed("ftap_ae"), typed("ftap_cp")),
            AeCp(typed("co_financing_ae"), typed("co_financing_cp")),
            typed("savings"),
        )

    @staticmethod
    def initial_of(figures: Figures, basis: str) -> dict[str, Any]:
        """What is stored, as the fields write it."""
        found: dict[str, Any] = {"recurrent": _written(figures.recurrent), "basis": basis}
        for one in figures.years:
            amounts = (one.ftap.ae, one.ftap.cp, one.co_financing.ae, one.co_financing.cp, one.savings)
            for (name, _), amount in zip(AMOUNTS, amounts, strict=True):
                found[f"{name}-{one.year}"] = _written(amount)
        return found


@dataclass(frozen=True)
class GridFields:
    """A criterion with its two fields; `answer` is None where the criterion is computed."""

    row: GridRow
    answer: Any
    comment: Any


class GridForm(DsfrBaseForm):  # type: ignore[misc]
    """An answer and a comment for each criterion of the contract; those that are computed take a comment only."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid = grid
        for row in grid.rows:
            criterion = row.criterion
            if not criterion.check:
                choices = [one for one in GridAnswer.choices if one[0] != "sans_objet" or criterion.may_not_apply]
                self.fields[f"answer-{criterion.code}"] = forms.ChoiceField(
                    label="Réponse",
                    choices=[("", "Sans réponse"), *choices],
                    required=False,
                    widget=forms.Select(attrs={"class": "fr-select"}),
                )
            self.fields[f"comment-{criterion.code}"] = forms.CharField(
                label="Commentaire",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "fr-input"}),
            )

    def families(self) -> list[tuple[str, list[GridFields]]]:
        """The fields by family, in the contract's order."""
        return [(label, [self._fields(row) for row in rows]) for label, rows in self.grid.families]

    def answers(self) -> list[Answered]:
        """What was typed, once it is valid."""
        found = self.cleaned_data
        codes = [row.criterion.code for row in self.grid.rows]
        return [Answered(code, found.get(f"answer-{code}", ""), found[f"comment-{code}"]) for code in codes]

    @staticmethod
    def initial_of(grid: Grid) -> dict[str, Any]:
        """What is stored."""
        found: dict[str, Any] = {}
        for row in grid.rows:
            if row.given:
                found[f"answer-{row.criterion.code}"] = row.given.answer
                found[f"comment-{row.criterion.code}"] = row.given.comment
        return found

    def _fields(self, row: GridRow) -> GridFields:
        code = row.criterion.code
        return GridFields(row, None if row.criterion.check else self[f"answer-{code}"], self[f"comment-{code}"])


class DocumentForm(DsfrBaseForm):  # type: ignore[misc]
    """The framing document."""

    file = forms.FileField(
        label="Document de cadrage",
        help_text=f"{ACCEPTED}\u00a0; 10\u00a0Mo au plus, sans mot de passe ni macro.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{one}" for one in EXTENSIONS)}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is too large before reading it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            refuse_size(file.size or 0)
        except EvidenceRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file


class ExceptionForm(DsfrBaseForm):  # type: ignore[misc]
    """Why a sub-project is taken although its return is too low."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Motif de l’exception",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Vide\u00a0: l’exception est retirée.",
    )


class MoveForm(DsfrBaseForm):  # type: ignore[misc]
    """The day of an act, and a comment."""

    on = forms.DateField(
        label="Date", widget=DayInput(), help_text="Celle du comité de pilotage, ou du jour où l’acte a eu lieu."
    )
    reason = forms.CharField(label="Commentaire", required=False, widget=forms.Textarea(attrs={"rows": 4}))


class ReasonedMoveForm(MoveForm):
    """The day of an act, and why."""

    reason = forms.CharField(
        label="Motif", widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": WANTED}
    )


class FinishForm(MoveForm):
    """The day of the end, and what came of it."""

    reason = forms.CharField(
        label="Bilan\u00a0: ce que le sous-projet a donné",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez le bilan\u00a0: il reste attaché au sous-projet."},
    )


def move_form(line: Transition) -> type[MoveForm]:
    """The form of an act of the table."""
    if line.action == SubProjectAction.FINISH:
        return FinishForm
    return ReasonedMoveForm if line.needs_reason else MoveForm


def refuse_fields(form: forms.Form, wrong: Sequence[tuple[str, str]]) -> None:
    """Says on each field of the form what the service refused there; on the form when it has no such field."""
    for name, message in wrong:
        form.add_error(name if name in form.fields else None, message)


def _cell(label: str) -> EuroInput:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "fr-input", "aria-label": label}
    return EuroInput(label=label, required=False, widget=forms.TextInput(attrs=attrs))


def _written(amount: Decimal | None) -> str:
    return "" if amount is None else formats.number(amount, None)
