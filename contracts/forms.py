"""Fields of forms that others share, and the upload of a contract file."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from dsfr.forms import DsfrBaseForm

from contracts.contract_file.document import MAX_BYTES
from figures.numbers import NumberError, parse_amount
from figures.workbook import safety


class EuroInput(forms.CharField):
    """An amount in euros as people write it; blank is refused where it is required, never taken for zero."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("error_messages", {"required": "Donnez un montant\u00a0; 0 s’il n’y a rien."})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Euros as Decimal. Raises `ValidationError` with both readings of an ambiguous writing."""
        text = super().clean(value)
        try:
            found: Decimal | None = parse_amount(text)
        except NumberError as error:
            raise ValidationError(str(error)) from error
        if found is None and self.required:
            raise ValidationError(self.error_messages["required"])
        return found


class ContractFileForm(DsfrBaseForm):  # type: ignore[misc]
    """One TOML file, of a size that a person can have written."""

    file = forms.FileField(
        label="Fichier du contrat",
        help_text="Format TOML (extension .toml), 2\u00a0Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ".toml"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is too large, or is not named as a contract file, before reading it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(".toml"):
            raise forms.ValidationError("Un fichier de contrat porte l’extension .toml.")
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError("Ce fichier est trop volumineux\u00a0: 2\u00a0Mo au plus.")
        return file


class AnnexForm(DsfrBaseForm):  # type: ignore[misc]
    """A filled financial annex; what it holds is judged when it is read."""

    file = forms.FileField(
        label="Annexe remplie",
        help_text=f"Format .xlsx, sans macro ni mot de passe, {safety.MAX_BYTES // 1_000_000}\u00a0Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is too large before reading it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > safety.MAX_BYTES:
            raise forms.ValidationError(safety.TOO_LARGE)
        return file
