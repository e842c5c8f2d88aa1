"""Forms of tranches and of the envelope; what they check is asked again by the services and by the database."""

from typing import Any

from django import forms
from dsfr.forms import DsfrBaseForm

from budget.models import BudgetLine
from budget.tranches.errors import TrancheError
from contracts.forms import EuroInput
from figures import formats
from monitoring.forms import DateInput
from monitoring.models import Filing


class _FilingChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Filing) -> str:
        return f"{obj.campaign} ({formats.lower_first(obj.get_state_display())})"


class DecisionForm(DsfrBaseForm):  # type: ignore[misc]
    """The amounts decided for a year, on which day, why, and on the strength of which filing."""

    on = forms.DateField(label="Date de la décision", widget=DateInput(), help_text="Celle de l’acte du secrétariat.")
    ae = EuroInput(label="AE décidées (€)")
    cp = EuroInput(label="CP décidés (€)", help_text="0 en AE et en CP : rien n’est accordé, la tranche est retenue.")
    filing = _FilingChoice(
        label="Dossier de suivi sur lequel s’appuie la décision",
        queryset=Filing.objects.none(),
        required=False,
        empty_label="Aucun",
    )
    reason = forms.CharField(
        label="Motif", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, help_text="Attaché à la tranche."
    )

    def __init__(self, *args: Any, filings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing"].queryset = filings


class ComplementForm(DecisionForm):
    """What is added to a tranche already given, on which day, why, and on the strength of which filing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["on"].label, self["ae"].label, self["cp"].label = "Date du complément", "AE ajoutées (€)", "CP ajoutés (€)"
        self["cp"].help_text = "0 là où rien ne s’ajoute. Le complément est mis à disposition du même coup."
        self["filing"].label = "Dossier de suivi sur lequel s’appuie le complément"
        self["reason"].help_text = "L’avenant, par exemple. Attaché à l’acte, dans l’historique."


class ActForm(DsfrBaseForm):  # type: ignore[misc]
    """The day of an act on a year's tranche, and why when one goes back on a decision; one page bears many of them."""

    on = forms.DateField(widget=DateInput())
    reason = forms.CharField(max_length=4000)

    def __init__(self, *args: Any, year: int, word: str, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"%s-{word}-{year}", **kwargs)
        self.year, self.word = year, word
        self["on"].label, self["reason"].label = f"Date pour {year}", f"Motif pour {year}"
        if not needs_reason:
            del self.fields["reason"]


class WithdrawalForm(DsfrBaseForm):  # type: ignore[misc]
    """AE taken back from a phase of an investment; one page bears many of them."""

    ae = EuroInput(label="AE à retirer (€)")
    on = forms.DateField(label="Date du retrait", widget=DateInput())
    reason = forms.CharField(label="Motif du retrait", max_length=4000)

    def __init__(self, *args: Any, phase: int, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"%s-retrait-{phase}", **kwargs)
        self.phase = phase


def refuse(form: forms.Form, error: TrancheError) -> None:
    """Says what the service refused, at its field."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


class EnvelopeForm(DsfrBaseForm):  # type: ignore[misc]
    """The fund's credits of a year."""

    voted_ae = EuroInput(label="AE votées (€)")
    voted_cp = EuroInput(label="CP votés (€)")
    carried_ae = EuroInput(label="AE reportées (€)", initial="0")
    carried_cp = EuroInput(label="CP reportés (€)", initial="0")
    source = forms.CharField(label="Source", max_length=200, help_text="Loi de finances, arrêté de report…")
    dated_on = forms.DateField(
        label="Date de l’acte",
        widget=DateInput(),
        help_text="Avant elle, le fonds avait ce que donnait l’acte précédent, ou rien.",
    )


class AffectationForm(DsfrBaseForm):  # type: ignore[misc]
    """AE affected to a phase of an investment."""

    line = forms.ModelChoiceField(
        label="Ligne de titre 5", queryset=BudgetLine.objects.none(), empty_label="Choisissez"
    )
    label = forms.CharField(label="Objet de la tranche fonctionnelle", max_length=200)
    ae = EuroInput(label="AE affectées (€)")
    on = forms.DateField(label="Date de l’affectation", widget=DateInput())
    reference = forms.CharField(label="Référence de l’acte", max_length=120, required=False)

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines
