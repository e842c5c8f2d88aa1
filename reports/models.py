"""Snapshots, the files rendered from them, the jobs that make them, the deliveries that carry them."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from figures.formats import of_period_fr
from monitoring.models import Filing, OutgoingMail
from reports.enums import FileFormat, JobKind, JobState, ReportKind
from reports.names import file_name, period_of


@pghistory.track()
class Snapshot(models.Model):
    """A situation frozen when its filing was locked: versioned JSON with its SHA-256; never changed afterwards."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="snapshots", verbose_name="dossier")
    kind = models.CharField("type de rapport", max_length=10, choices=ReportKind.choices)
    format_version = models.PositiveSmallIntegerField("version du format")
    content = models.TextField("contenu (JSON canonique)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    taken_at = models.DateTimeField("pris le")

    class Meta:
        verbose_name = "instantané"
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "sha256"],
                name="snapshot_unique",
                violation_error_message="Cet instantané existe déjà.",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.filing.contract} – {self.period}"

    @property
    def period(self) -> str:
        """`2e trimestre 2021`, or `Année 2021` for an annual report: what it is of, wherever it is named."""
        return period_of(ReportKind(self.kind), self.filing.campaign.year, self.filing.campaign.quarter)

    @property
    def of_period(self) -> str:
        """`du 2e trimestre 2021`, `de l’année 2021`: said of the report."""
        quarter = None if self.kind == ReportKind.YEARLY else self.filing.campaign.quarter
        return of_period_fr(self.filing.campaign.year, quarter)


@pghistory.track()
class ReportFile(models.Model):
    """A PDF or workbook rendered from a snapshot."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files", verbose_name="instantané")
    file_format = models.CharField("format", max_length=4, choices=FileFormat.choices)
    file = models.FileField("fichier", upload_to="rapports/%Y/", max_length=200)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    size = models.PositiveIntegerField("taille en octets")
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "fichier de rapport"
        verbose_name_plural = "fichiers de rapport"
        ordering = ["snapshot", "file_format"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "file_format"],
                name="report_file_unique",
                violation_error_message="Ce rapport a déjà un fichier de ce format.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} ({self.get_file_format_display()})"

    @property
    def name(self) -> str:
        """What people see, whatever the storage calls a file that has the name of an earlier one."""
        filing = self.snapshot.filing
        campaign, kind = filing.campaign, self.snapshot.get_kind_display()
        quarter = None if self.snapshot.kind == ReportKind.YEARLY else campaign.quarter
        return file_name(filing.contract.code, campaign.year, quarter, kind, self.file_format)


class Job(models.Model):
    """A long task; this row is the truth that pages show, whatever the broker delivers twice or loses."""

    kind = models.CharField("type", max_length=10, choices=JobKind.choices, default=JobKind.REPORT)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="jobs", verbose_name="dossier")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="demandée par"
    )
    state = models.CharField("état", max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    step = models.CharField("étape", max_length=120, blank=True)
    done = models.PositiveSmallIntegerField("étapes faites", default=0)
    total = models.PositiveSmallIntegerField("étapes", default=1)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    error = models.TextField("erreur", blank=True)
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="jobs", null=True, blank=True, verbose_name="instantané"
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    finished_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        verbose_name = "tâche"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="job_progress_within_total",
                violation_error_message="Une tâche ne fait pas plus d’étapes qu’elle n’en a.",
            ),
            models.UniqueConstraint(
                fields=["filing", "kind"],
                condition=Q(state__in=["queued", "running"]),
                name="job_one_active_per_filing",
                violation_error_message="Une tâche est déjà en cours pour ce dossier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.filing}"


@pghistory.track()
class Delivery(models.Model):
    """A report sent to one recipient: once for each snapshot and address."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="deliveries", verbose_name="instantané")
    recipient = models.EmailField("destinataire")
    mail = models.OneToOneField(OutgoingMail, models.PROTECT, related_name="delivery", verbose_name="message")
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "envoi"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "recipient"],
                name="delivery_unique",
                violation_error_message="Ce rapport est déjà parti à cette adresse.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} → {self.recipient}"
