"""The form of a reference; what it checks is asked again by the service and by the database."""

from decimal import Decimal

from django import forms
from dsfr.forms import DsfrBaseForm

from figures.numbers import NumberError, parse_amount


class ReferenceForm(DsfrBaseForm):  # type: ignore[misc]
    """What a post of a category costs from a year on."""

    category = forms.CharField(label="Catégorie", max_length=20, help_text="Comme au contrat\u00a0: A, B ou C.")
    year = forms.IntegerField(label="À partir de l’exercice", min_value=2017, max_value=2100)
    amount = forms.CharField(label="Coût annuel d’un emploi, en euros", max_length=20)
    source = forms.CharField(
        label="Source", max_length=200, help_text="Le document et sa date, par exemple une annexe budgétaire."
    )

    def clean_amount(self) -> Decimal:
        """Read as every amount of the house."""
        try:
            read = parse_amount(self.cleaned_data["amount"])
        except NumberError as error:
            raise forms.ValidationError(error.message) from error
        if read is None or read <= 0:
            raise forms.ValidationError("Un emploi coûte plus de zéro euro.")
        return read
