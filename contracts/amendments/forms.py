"""Forms of amendments; what is checked here is asked again by the services."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from dsfr.forms import DsfrBaseForm

from contracts.amendments.act_dates import ActDates
from contracts.enums import AmendmentType, CodeKind, PartyRole
from contracts.models import Contract, ContractVersion
from figures.formats import lower_first


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PrepareForm(DsfrBaseForm):  # type: ignore[misc]
    """What the amendment is about: it decides which figures may be touched."""

    types = forms.MultipleChoiceField(
        label="Objet de l’avenant",
        choices=AmendmentType.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Seuls les chiffres de ces objets pourront changer. Une erreur matérielle les ouvre tous.",
        error_messages={"required": "Choisissez au moins un objet."},
    )
    reason = forms.CharField(label="Motif", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ProlongForm(DsfrBaseForm):  # type: ignore[misc]
    """Until which year the amendment funds the contract."""

    last_year = forms.IntegerField(
        label="Dernière année de financement",
        max_value=2100,
        help_text="Les économies se suivent encore les trois années suivantes.",
    )

    def __init__(self, *args: Any, signed: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["last_year"].help_text = f"{signed} sans cet avenant. {self.fields['last_year'].help_text}"


class SignatureForm(DsfrBaseForm):  # type: ignore[misc]
    """One party's signature."""

    role = forms.ChoiceField(label="Partie")
    name = forms.CharField(label="Nom", max_length=120)
    function = forms.CharField(label="Qualité", max_length=200)
    signed_on = forms.DateField(label="Date de signature", widget=DayInput())

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, PartyRole(role).label) for role in roles]

    def clean_signed_on(self) -> date:
        """A signature is recorded once it was given."""
        signed_on: date = self.cleaned_data["signed_on"]
        if signed_on > timezone.localdate():
            raise forms.ValidationError("La date de signature est à venir.")
        return signed_on


class SignForm(DsfrBaseForm):  # type: ignore[misc]
    """What makes a draft a signed version."""

    number = forms.IntegerField(label="Numéro de l’avenant", min_value=1)
    signed_on = forms.DateField(
        label="Date de l’avenant", widget=DayInput(), help_text="Celle de la dernière signature."
    )
    effective_on = forms.DateField(
        label="Prend effet le", widget=DayInput(), help_text="Rien ne change avant cette date."
    )
    reason = forms.CharField(label="Motif", widget=forms.Textarea(attrs={"rows": 3}))


class ActDatesForm(DsfrBaseForm):  # type: ignore[misc]
    """The dates of a signed act, one for each signatory, and what was wrong; a known date is never made unknown."""

    signed_on = forms.DateField(label="Date de l’acte", widget=DayInput(), help_text="Celle de la dernière signature.")
    effective_on = forms.DateField(label="Prise d’effet", widget=DayInput())
    why = forms.CharField(
        label="Ce qui était faux",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Reste écrit avec les dates d’avant.",
    )

    def __init__(self, *args: Any, version: ContractVersion, **kwargs: Any) -> None:
        self.signatories = {f"signature-{who.pk}": who for who in version.signatories.order_by("position", "pk")}
        known = {name: who.signed_on for name, who in self.signatories.items()}
        known |= {"signed_on": version.signed_on, "effective_on": version.effective_on}
        super().__init__(*args, initial=known, **kwargs)
        for name, who in self.signatories.items():
            label = f"Signature de {who.name}, {lower_first(who.get_role_display())}"
            self.fields[name] = forms.DateField(label=label, widget=DayInput())
        for name, day in known.items():
            self.fields[name].required = day is not None
            self.fields[name].error_messages["required"] = "Une date connue se corrige, elle ne s’efface pas."
        self.order_fields([*self.signatories, "signed_on", "effective_on", "why"])
        if version.effective_on is None:
            self["effective_on"].help_text = "Non renseignée\u00a0: l’effet est alors du jour de l’acte."

    @property
    def dates(self) -> ActDates:
        """What was typed."""
        data = self.cleaned_data
        signatures = {who.pk: data[name] for name, who in self.signatories.items()}
        return ActDates(signatures, data["signed_on"], data["effective_on"])


class CodeForm(DsfrBaseForm):  # type: ignore[misc]
    """A code that comes into the annex, and the one it replaces."""

    kind = forms.ChoiceField(label="Nomenclature", choices=CodeKind.choices)
    printed = forms.CharField(label="Nouveau code", max_length=60)
    label = forms.CharField(label="Libellé", max_length=160, required=False)
    replaces: Any = forms.ModelChoiceField(label="Remplace", queryset=None, required=False, empty_label="aucun code")
    effective_on = forms.DateField(label="À compter du", widget=DayInput())
    reason = forms.CharField(label="Motif", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, contract: Contract, with_amendment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["replaces"]
        field.queryset = contract.codes.filter(valid_until__isnull=True).order_by("position", "pk")
        if with_amendment:
            del self.fields["effective_on"]
