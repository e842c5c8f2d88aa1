"""The form of an event."""

from django import forms
from dsfr.forms import DsfrBaseForm

from contracts.amendments.forms import DayInput
from contracts.enums import LifeEventKind
from contracts.models import ProjectCall


class EventForm(DsfrBaseForm):  # type: ignore[misc]
    """What happened, when, and why or on which act."""

    kind = forms.ChoiceField(label="Événement", choices=LifeEventKind.choices)
    on = forms.DateField(label="Date", widget=DayInput())
    call = forms.ModelChoiceField(
        label="Appel à projets",
        queryset=ProjectCall.objects.order_by("-closes_on", "name"),
        required=False,
        empty_label="aucun",
        help_text="Pour une sélection.",
    )
    reason = forms.CharField(
        label="Motif ou référence de l’acte", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
