"""Forms of campaigns and filings; what is checked here is asked again by the services and by the database."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from dsfr.forms import DsfrBaseForm

from figures.formats import date_fr
from figures.periods import FiscalYear, Quarter
from monitoring.enums import CampaignKind, ProgressState, RiskState, Weather
from monitoring.milestone_dates import refused
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.services.progress import RowChange


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class LongText(forms.CharField):
    """Several lines of words, where the end of a line counts for one character, as it does in the browser's own count.

    Browsers send two (CR and LF), whatever was typed.
    """

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text, stripped, its lines ended by LF alone."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class WithTexts(DsfrBaseForm):  # type: ignore[misc]
    """A form of which the words alone may be reopened."""

    def close_all_but(self, texts: Sequence[str]) -> None:
        """Leaves these fields open; each other one says why it is shut."""
        for name, field in self.fields.items():
            if name not in texts and name != "revision":
                field.disabled = True
                self[name].help_text = "Ne se modifie plus\u00a0: seuls les textes du dossier sont rouverts."


class CampaignForm(DsfrBaseForm):  # type: ignore[misc]
    """A period and its dates; dates left blank follow the period."""

    kind = forms.ChoiceField(label="Type", choices=CampaignKind.choices)
    year = forms.IntegerField(label="Exercice", min_value=2017, max_value=2100)
    quarter = forms.TypedChoiceField(
        label="Trimestre",
        choices=[("", "–"), (1, "1"), (2, "2"), (3, "3"), (4, "4")],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Pour une campagne trimestrielle.",
    )
    opens_on = forms.DateField(
        label="Ouverture", required=False, widget=DateInput(), help_text="À défaut, le lendemain de la période."
    )
    due_on = forms.DateField(
        label="Échéance", required=False, widget=DateInput(), help_text="À défaut, trente jours après l’ouverture."
    )

    def clean(self) -> dict[str, Any]:
        """A quarter for a quarterly campaign, none for a yearly one."""
        cleaned: dict[str, Any] = super().clean()
        is_quarter = cleaned.get("kind") == CampaignKind.QUARTER
        if is_quarter and cleaned.get("quarter") is None and "quarter" not in self.errors:
            self.add_error("quarter", "Choisissez le trimestre de la campagne.")
        if not is_quarter:
            cleaned["quarter"] = None
        if not self.errors:
            self._hold_dates(cleaned)
        return cleaned

    def _hold_dates(self, cleaned: dict[str, Any]) -> None:
        """The dates follow one another: told at the one that was typed, those left blank follow the period."""
        year, quarter = cleaned["year"], cleaned["quarter"]
        period = Quarter(year, quarter) if quarter else FiscalYear(year)
        opening = cleaned.get("opens_on") or period.last_day + timedelta(days=1)
        if opening <= period.first_day:
            self.add_error("opens_on", f"L’ouverture suit le début de la période, le {date_fr(period.first_day)}.")
        elif cleaned.get("due_on") and cleaned["due_on"] < opening:
            self.add_error("due_on", f"L’échéance ne peut pas précéder l’ouverture, le {date_fr(opening)}.")


class ReasonForm(DsfrBaseForm):  # type: ignore[misc]
    """Why a filing is sent back or reopened."""

    reason = LongText(
        label="Motif",
        help_text="Affiché en tête du dossier du chef de projet et envoyé par courriel.",
        error_messages={"required": "Écrivez le motif\u00a0: le chef de projet doit savoir quoi faire."},
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )


class RemarkForm(forms.Form):
    """What is said in a thread of remarks; `vue` is the view of the review to come back to."""

    text = LongText(
        max_length=4000,
        error_messages={
            "required": "Écrivez votre remarque.",
            "max_length": "Une remarque fait 4\u202f000 caractères au plus.",
        },
    )
    vue = forms.ChoiceField(choices=[("tout", "Tout"), ("changements", "Changements")], required=False)


class MilestoneForm(forms.Form):
    """One row of the calendar; values first shown come back hidden, so that only what was changed is written."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        choices=[("", "Non renseigné"), *ProgressState.choices], required=False, show_hidden_initial=True
    )
    done_on = forms.DateField(required=False, widget=DateInput(), show_hidden_initial=True)
    expected_on = forms.DateField(required=False, widget=DateInput(), show_hidden_initial=True)
    comment = LongText(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 1}), show_hidden_initial=True
    )

    COLUMNS = {
        "state": "État",
        "done_on": "Terminé le",
        "expected_on": "Nouvelle date prévue",
        "comment": "Commentaire",
    }

    def __init__(
        self, row: MilestoneProgress, data: QueryDict | None = None, *, since: date, only: Sequence[str] | None = None
    ) -> None:
        """`since` is the first day that a date may bear (`monitoring.milestone_dates`).

        `only` are the columns that may be typed, when the texts alone were reopened; the others keep their value.
        """
        initial = {name: getattr(row, name) for name in (*self.COLUMNS, "revision")}
        super().__init__(data, prefix=f"j{row.pk}", initial=initial)
        self.row, self.since = row, since
        for name, column in self.COLUMNS.items():
            field = self.fields[name]
            field.disabled = only is not None and name not in only
            style = "fr-select" if name == "state" else "fr-input"
            label = f"{column} – {row.milestone.label}"
            field.widget.attrs |= {"id": f"jalon-{row.pk}-{name}", "class": style, "aria-label": label}

    def clean(self) -> dict[str, Any]:
        """Dates that can be true, of a state that goes with them; those that nobody touched are left alone."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "state" not in self.errors and not {"state", "done_on", "expected_on"}.isdisjoint(self.changed_data):
            for name, said in refused(cleaned, since=self.since, today=timezone.localdate()).items():
                self.add_error(name, said)
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"
        return cleaned

    @property
    def is_sent(self) -> bool:
        """Whether the browser sent this row at all."""
        return self.add_prefix("revision") in self.data

    def change(self) -> RowChange:
        """The columns that were changed, for the service: the others may have been typed by somebody else meanwhile."""
        values = {name: self.cleaned_data[name] for name in self.COLUMNS if name in self.changed_data}
        return RowChange(self.row.pk, self.cleaned_data["revision"], values)

    def accept_revision(self, revision: int) -> None:
        """After a stale write: the next attempt knows of the other person's values, and keeps those not typed over."""
        kept: dict[str, str] = {}
        for name in self.COLUMNS:
            if name not in self.changed_data:
                value = self.initial[name]
                shown = "" if value is None else str(value)
                kept |= {self.add_prefix(name): shown, self.add_initial_prefix(name): shown}
        self.data = {**self.data.dict(), **kept, self.add_prefix("revision"): str(revision)}  # type: ignore[attr-defined]


class RiskForm(WithTexts):
    """A risk or difficulty."""

    SCALE = [(level, str(level)) for level in range(1, 6)]

    title = forms.CharField(label="Risque ou difficulté", max_length=200)
    description = LongText(
        label="Description", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    probability = forms.TypedChoiceField(
        label="Probabilité", choices=SCALE, coerce=int, help_text="De 1 (improbable) à 5 (presque certain)."
    )
    severity = forms.TypedChoiceField(
        label="Gravité", choices=SCALE, coerce=int, help_text="De 1 (mineure) à 5 (compromet le projet)."
    )
    mitigation = LongText(
        label="Mesures prises", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RiskChangeForm(RiskForm):
    """A risk already declared: it may also be closed or opened again."""

    state = forms.ChoiceField(label="État", choices=RiskState.choices)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    VALUES = ("title", "description", "probability", "severity", "mitigation", "state")

    @classmethod
    def initial_of(cls, risk: FiledRisk) -> dict[str, Any]:
        """What the form first shows."""
        return {name: getattr(risk, name) for name in (*cls.VALUES, "revision")}


class Asked(forms.Field):
    """A field that a draft may leave blank though it is asked for: it is not marked « Optionnel »."""

    def validate(self, value: Any) -> None:
        """Blank is for the rules of submission to judge."""
        if value not in self.empty_values:
            super().validate(value)


class AskedChoice(Asked, forms.ChoiceField):
    """One of a list."""


class AskedText(Asked, LongText):
    """Some words."""


class WeatherForm(WithTexts):
    """The filing as a whole: weather and comments."""

    VALUES = ("weather", "weather_comment", "progress_comment", "difficulties")
    use_required_attribute = False  # a draft is saved as it is

    weather = AskedChoice(
        label="Météo du projet",
        help_text="Demandée pour soumettre le dossier.",
        choices=[("", "Non renseignée"), *Weather.choices],
    )
    weather_comment = AskedText(
        label="Commentaire de la météo",
        help_text="Demandé quand des appuis sont nécessaires ou que les objectifs sont compromis.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    progress_comment = AskedText(
        label="Avancement de la période",
        help_text="Ce qui a été fait depuis le dossier précédent, en quelques phrases.",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    difficulties = LongText(
        label="Difficultés rencontrées", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, filing: Filing) -> dict[str, Any]:
        """What the form first shows."""
        return {name: getattr(filing, name) for name in (*cls.VALUES, "revision")}


def next_campaign(on: date) -> dict[str, Any]:
    """What the form of a new campaign proposes: the quarter that ends next, or has just ended."""
    return {"kind": CampaignKind.QUARTER, "year": on.year, "quarter": (on.month + 2) // 3}
