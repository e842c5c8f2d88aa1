"""The upload of a contract file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from dsfr.forms import DsfrBaseForm

from contracts.contract_file.document import MAX_BYTES


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
