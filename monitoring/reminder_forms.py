"""Forms of due dates and preferences."""

from typing import Any

from django import forms
from dsfr.forms import DsfrBaseForm

from monitoring.enums import Way
from monitoring.forms import DateInput, LongText
from monitoring.models import Filing
from monitoring.topics import Topic


class DueDateForm(DsfrBaseForm):  # type: ignore[misc]
    """Another due date, and why."""

    due_on = forms.DateField(label="Nouvelle échéance", widget=DateInput())
    reason = LongText(
        label="Motif",
        help_text="Envoyé au chef de projet et gardé dans l’historique.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    @classmethod
    def initial_of(cls, filing: Filing) -> dict[str, Any]:
        """What the form first shows."""
        return {"due_on": filing.due_on}


class PreferencesForm(forms.Form):
    """One choice for each topic that the person may put off or switch off."""

    def __init__(self, topics: list[Topic], ways: dict[str, Way], data: Any = None) -> None:
        super().__init__(data)
        for topic in topics:
            self.fields[topic.code] = forms.ChoiceField(
                label=topic.title,
                choices=Way.choices,
                initial=ways[topic.code],
                help_text=topic.explanation,
                widget=forms.Select(attrs={"class": "fr-select"}),
            )
