"""Words of reports, long jobs and deliveries."""

from django.db import models


class ReportKind(models.TextChoices):
    QUARTERLY = "quarterly", "Rapport trimestriel"
    YEARLY = "yearly", "Rapport annuel"


class FileFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"


class JobKind(models.TextChoices):
    REPORT = "report", "Rapport d’un dossier"


class JobState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminée"
    FAILED = "failed", "En échec"
