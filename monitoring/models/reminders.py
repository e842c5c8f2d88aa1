"""The calendar of reminders of each filing: rows made when the campaign opens, told once each."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from monitoring.models.filings import Filing
from monitoring.tracking import track_by_statement

STEPS = (-15, -5, 1, 8)
"""Days around the due date when the lead is reminded; at the last one the secretariat is told too."""

ESCALATION_STEP = STEPS[-1]


@track_by_statement()
class Reminder(models.Model):
    """One step of a filing's calendar: the day it falls on, and when it was told.

    `dropped_at`: overtaken by a later step before it could be told (the scheduler was down, the campaign opened late).
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="reminders", verbose_name="dossier")
    step = models.SmallIntegerField("jours après l’échéance")
    day = models.DateField("jour")
    told_at = models.DateTimeField("envoyé le", null=True, blank=True)
    dropped_at = models.DateTimeField("dépassé le", null=True, blank=True)

    class Meta:
        verbose_name = "rappel"
        ordering = ["filing", "step"]
        indexes = [
            models.Index(
                fields=["day"], name="reminder_due", condition=Q(told_at__isnull=True, dropped_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "step"],
                name="reminder_unique",
                violation_error_message="Ce dossier a déjà ce rappel.",
            ),
            models.CheckConstraint(
                condition=Q(step__in=STEPS),
                name="reminder_step_known",
                violation_error_message="Ce rappel n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(dropped_at__isnull=True),
                name="reminder_told_or_dropped",
                violation_error_message="Un rappel envoyé n’est pas dépassé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing} : {self.label}"

    @property
    def label(self) -> str:
        """« J−15 », « J+8 »."""
        return f"J{'+' if self.step > 0 else '−'}{abs(self.step)}"


@pghistory.track()
class Nudge(models.Model):
    """A late filing that the secretariat reminded its lead of, by hand and with others; rows are only added."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="nudges", verbose_name="dossier")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "relance"
        ordering = ["filing", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.filing} : {self.at}"


@pghistory.track()
class DueDateChange(models.Model):
    """A due date put off or brought forward: by whom, from when to when, why; rows are only added."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="due_date_changes", verbose_name="dossier")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    due_before = models.DateField("échéance précédente")
    due_after = models.DateField("nouvelle échéance")
    reason = models.TextField("motif")
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "changement d’échéance"
        verbose_name_plural = "changements d’échéance"
        ordering = ["filing", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="due_date_change_reason_given",
                violation_error_message="Changer une échéance demande un motif.",
            ),
            models.CheckConstraint(
                condition=~Q(due_before=F("due_after")),
                name="due_date_change_changes",
                violation_error_message="La nouvelle échéance est la même que l’ancienne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing} : {self.due_before} → {self.due_after}"
