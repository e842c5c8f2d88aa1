"""Forms of calls for projects; what they check is asked again by the services and by the database."""

from typing import Any

from django import forms
from dsfr.forms import DsfrBaseForm

from contracts.amendments.forms import DayInput
from contracts.models import LifeEvent


class CallForm(DsfrBaseForm):  # type: ignore[misc]
    """A call: its dates, and how many projects were filed in it, once that is known."""

    name = forms.CharField(label="Intitulé", max_length=120)
    opens_on = forms.DateField(label="Ouverture", widget=DayInput())
    closes_on = forms.DateField(label="Clôture des dépôts", widget=DayInput())
    applications = forms.IntegerField(
        label="Dossiers déposés",
        required=False,
        min_value=0,
        help_text="Vide tant que le nombre n’est pas connu\u00a0: l’appel compte comme «\u00a0non renseigné\u00a0».",
    )
    source = forms.CharField(
        label="Source du nombre de dossiers",
        required=False,
        max_length=200,
        help_text="Obligatoire avec un nombre\u00a0: rapport annuel de performances, procès-verbal de comité…",
    )


class _SelectionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: LifeEvent) -> str:
        return f"{obj.contract.title} (sélectionné le {obj.on:%d/%m/%Y})"


class SelectionForm(DsfrBaseForm):  # type: ignore[misc]
    """A contract's selection to tie to a call."""

    selection = _SelectionChoice(
        label="Contrat sélectionné", queryset=LifeEvent.objects.none(), empty_label="Choisissez"
    )

    def __init__(self, *args: Any, selections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["selection"].queryset = selections
