"""The form of an event."""

from typing import Any

from django import forms
from dsfr.forms import DsfrBaseForm

from contracts.amendments.forms import DayInput
from contracts.enums import LifeEventKind
from contracts.models import LifeEvent, ProjectCall


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


class CorrectionForm(EventForm):
    """Another date, reason or call for an event recorded by error, and what was wrong."""

    why = forms.CharField(
        label="Ce qui était faux",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Reste écrit avec l’événement corrigé.",
    )

    def __init__(self, *args: Any, event: LifeEvent, **kwargs: Any) -> None:
        initial = {"on": event.on, "call": event.call_id, "reason": event.reason}
        super().__init__(*args, initial=initial, **kwargs)
        del self.fields["kind"]
        if event.kind != LifeEventKind.SELECTION:
            del self.fields["call"]


class CancellationForm(DsfrBaseForm):  # type: ignore[misc]
    """Why an event did not happen."""

    why = forms.CharField(
        label="Motif de l’annulation",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Reste écrit avec l’événement annulé.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s-annuler", **kwargs)
