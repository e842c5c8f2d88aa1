"""Filters of the portfolio; they live in the address, so that a view can be kept and sent."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from dsfr.forms import DsfrBaseForm

from contracts.checks.registry import Severity, catalogue
from contracts.checks.tallies import Tally
from contracts.models import Contract, Organisation
from monitoring.enums import FilingState

NO_FILING = "aucun"
SOME_OPEN, NONE_OPEN = "ouvertes", "aucune"


def anomaly_choices() -> list[tuple[str, Any]]:
    """Any open anomaly or none, one of a severity, one of a check; facts to know are never open."""
    asking = [one for one in catalogue() if one.severity is not Severity.INFO]
    return [
        ("", "Avec ou sans"),
        (SOME_OPEN, "Au moins une"),
        (NONE_OPEN, "Aucune"),
        ("Suite", [(one.value, one.label.capitalize()) for one in Severity if one is not Severity.INFO]),
        ("Contrôle", [(one.code, f"{one.code} – {one.title}") for one in asking]),
    ]


class PortfolioFilters(DsfrBaseForm):  # type: ignore[misc]
    """Ministry, region, state of the open filing, open anomalies, words of the title or holder. A wrong value filters
    nothing.
    """

    ministere = forms.ChoiceField(label="Ministère", required=False)
    region = forms.ChoiceField(label="Région", required=False)
    etat = forms.ChoiceField(
        label="État du dossier",
        required=False,
        choices=[("", "Tous"), *FilingState.choices, (NO_FILING, "Aucun dossier")],
    )
    anomalies = forms.ChoiceField(label="Anomalies ouvertes", required=False, choices=anomaly_choices)
    q = forms.CharField(label="Contrat ou porteur", required=False, max_length=80)

    def __init__(self, *args: Any, contracts: QuerySet[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contracts = contracts
        holders = Organisation.objects.filter(held_contracts__in=contracts.values("pk")).select_related("ministry")
        found = {holder.ministry or holder for holder in holders.order_by("name")}
        self.fields["ministere"].choices = [
            ("", "Tous"),
            *sorted(((one.code, one.name) for one in found), key=lambda one: one[1]),
        ]
        regions = sorted({holder.region for holder in holders if holder.region})
        self.fields["region"].choices = [("", "Toutes"), *((region, region) for region in regions)]

    def narrowed(self) -> QuerySet[Contract]:
        """The contracts that the filters on the contract itself keep."""
        rows, wanted = self.contracts, self.cleaned_data if self.is_valid() else {}
        if code := wanted.get("ministere"):
            rows = rows.filter(Q(holder__code=code) | Q(holder__ministry__code=code))
        if region := wanted.get("region"):
            rows = rows.filter(holder__region=region)
        if words := wanted.get("q"):
            rows = rows.filter(
                Q(title__icontains=words) | Q(long_title__icontains=words) | Q(holder__name__icontains=words)
            )
        return rows

    @property
    def state(self) -> str:
        """The state asked for; empty for all."""
        return str(self.cleaned_data.get("etat", "")) if self.is_valid() else ""

    def shows(self, tally: Tally | None) -> bool:
        """Whether the anomalies of a contract are those asked for; a contract never checked has none to show."""
        wanted = str(self.cleaned_data.get("anomalies", "")) if self.is_valid() else ""
        if not wanted:
            return True
        if tally is None:
            return False
        if wanted in (NONE_OPEN, SOME_OPEN):
            return bool(tally.open) == (wanted == SOME_OPEN)
        if wanted in [one.value for one in Severity]:
            return bool(tally.open_of(Severity(wanted)))
        return any(one.code == wanted for one in tally.open)


class ReturnsFilters(PortfolioFilters):
    """The same without the state of the filing and the anomalies: returns look at what counts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["etat"], self.fields["anomalies"]


class DormancyForm(DsfrBaseForm):  # type: ignore[misc]
    """From when a contract is called dormant: months without AE, share of the plan, share of the time."""

    mois = forms.IntegerField(label="Mois sans AE", min_value=1, max_value=120, initial=12)
    part = forms.IntegerField(label="ou moins de (% des AE prévues)", min_value=0, max_value=100, initial=25)
    duree = forms.IntegerField(label="après (% de la durée)", min_value=0, max_value=100, initial=50)
