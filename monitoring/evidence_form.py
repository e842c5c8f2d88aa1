"""The form by which a file is joined to a filing."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from dsfr.forms import DsfrBaseForm

from contracts.evidence.examination import refuse_size
from contracts.evidence.kinds import ACCEPTED, EXTENSIONS
from contracts.evidence.refusals import EvidenceRefused
from monitoring.evidence_selectors import EvidenceLine
from monitoring.sections import Section

WHOLE_FILING: Final = ":"  # a section and a line, both left out


class EvidenceForm(DsfrBaseForm):  # type: ignore[misc]
    """One file, and what it proves: one of these lines or, for the lead (`whole`), a section or the whole filing."""

    file = forms.FileField(
        label="Fichier",
        help_text=f"{ACCEPTED}\u00a0; 10\u00a0Mo au plus, sans mot de passe ni macro.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{one}" for one in EXTENSIONS)}),
    )
    proves = forms.ChoiceField(
        label="Ce qu’il prouve",
        error_messages={
            "required": "Choisissez une ligne de vos fiches.",
            "invalid_choice": "Choisissez une ligne de ce dossier qui vous est confiée.",
        },
    )

    def __init__(self, lines: Sequence[EvidenceLine], *args: Any, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proves"].choices = _choices(lines) if whole else _own_choices(lines)
        self.has_choices = whole or bool(lines)

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is too large before reading it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            refuse_size(file.size or 0)
        except EvidenceRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file

    @property
    def section(self) -> str:
        """Code of the section chosen; empty for the whole filing."""
        return str(self.cleaned_data["proves"]).partition(":")[0]

    @property
    def row(self) -> int | None:
        """Number of the line chosen; None for a whole section."""
        number = str(self.cleaned_data["proves"]).partition(":")[2]
        return int(number) if number else None


def _choices(lines: Sequence[EvidenceLine]) -> list[tuple[str, Any]]:
    choices: list[tuple[str, Any]] = [(WHOLE_FILING, "L’ensemble du dossier")]
    for section, members in _by_section(lines):
        whole = (f"{section.code}:", f"Toute la rubrique «\u00a0{section.title}\u00a0»")
        choices.append((section.title, [whole, *members]))
    return choices


def _own_choices(lines: Sequence[EvidenceLine]) -> list[tuple[str, Any]]:
    """A contributor's: nothing is chosen beforehand, since no choice holds for all their lines."""
    mine = [(section.title, members) for section, members in _by_section(lines)]
    return [("", "Une ligne de vos fiches, à choisir"), *mine]


def _by_section(lines: Sequence[EvidenceLine]) -> list[tuple[Section, list[tuple[str, str]]]]:
    return [
        (section, [(f"{section.code}:{line.row}", line.label) for line in members])
        for section, members in groupby(lines, key=lambda line: line.section)
    ]
