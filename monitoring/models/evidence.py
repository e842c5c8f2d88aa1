"""Pieces of evidence joined to a filing."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from contracts.evidence.examination import MAX_FILE
from contracts.evidence.kinds import CONTENT_TYPES
from contracts.evidence.storage import random_name
from monitoring.locks import filing_lock
from monitoring.models.filings import Filing


def storage_name(attachment: "Attachment", name: str) -> str:
    """Where a piece is kept; migrations know this function by its name."""
    return random_name()


@pghistory.track()
class Attachment(models.Model):
    """A file that proves a figure: of a section, or of one line of it (`row`, the number of its entry row).

    `line` is the line's label when the file was joined. A file is never changed nor deleted: it is marked removed.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="attachments", verbose_name="dossier")
    section = models.CharField("rubrique", max_length=40, blank=True)
    row = models.PositiveBigIntegerField("ligne", null=True, blank=True)
    line = models.CharField("libellé de la ligne", max_length=300, blank=True)
    file = models.FileField("fichier", upload_to=storage_name, max_length=120)
    name = models.CharField("nom", max_length=160)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="jointe par"
    )
    uploaded_at = models.DateTimeField("jointe le", auto_now_add=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="retirée par"
    )
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["filing", "section", "line", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "section", "row", "sha256"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
                name="attachment_unique",
                violation_error_message="Ce fichier est déjà joint à cette ligne.",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=MAX_FILE),
                name="attachment_size_within_limit",
                violation_error_message="Une pièce fait 10 Mo au plus.",
            ),
            models.CheckConstraint(
                condition=Q(content_type__in=CONTENT_TYPES),
                name="attachment_type_accepted",
                violation_error_message="Ce type de fichier n’est pas accepté.",
            ),
            models.CheckConstraint(
                condition=Q(row__isnull=True) | ~Q(section=""),
                name="attachment_row_has_section",
                violation_error_message="Une pièce liée à une ligne dit de quelle rubrique.",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_removed_by_somebody",
                violation_error_message="Une pièce retirée dit par qui et quand.",
            ),
        ]
        triggers = [
            filing_lock(),
            pgtrigger.Protect(name="attachment_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="attachment_frozen", exclude=["removed_at", "removed_by"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None
