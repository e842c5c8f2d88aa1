"""A workbook that was brought back and waits for its person to confirm what it changes."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from monitoring.models.filings import Filing


class WorkbookImport(models.Model):
    """The file as it was received, one at most for each person and filing; gone once confirmed, or after a day.

    The file is kept in the database: it is small, short-lived, and has to go in the same transaction as what it writes.
    It bears no figure of ours before it is confirmed, so nothing of it stays in the history.
    """

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="workbook_imports", verbose_name="dossier")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="déposé par"
    )
    uploaded_at = models.DateTimeField("déposé le", default=timezone.now)
    expires_at = models.DateTimeField("expire le", db_index=True)
    file_name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("fichier")

    class Meta:
        verbose_name = "classeur déposé"
        verbose_name_plural = "classeurs déposés"
        ordering = ["filing", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "uploaded_by"],
                name="workbook_import_unique",
                violation_error_message="Cette personne a déjà déposé un classeur pour ce dossier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} – {self.filing}"
