"""The deposit of a filled workbook."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from dsfr.forms import DsfrBaseForm

from figures.workbook.safety import MAX_BYTES, TOO_LARGE


class WorkbookForm(DsfrBaseForm):  # type: ignore[misc]
    """One file, of a size that a filled workbook can have."""

    file = forms.FileField(
        label="Classeur rempli",
        help_text=f"Format .xlsx, sans macro ni mot de passe, {MAX_BYTES // 1_000_000}\u00a0Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is too large before reading it; the rest is told by what the file holds."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file
