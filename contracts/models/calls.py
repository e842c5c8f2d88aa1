"""Calls for projects (appels à projets) of the fund: when each was open, and how many projects were filed in it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q


@pghistory.track()
class ProjectCall(models.Model):
    """A call, or a session of a permanent one; `applications` is NULL while nobody reported how many were filed."""

    name = models.CharField(
        "intitulé",
        max_length=120,
        unique=True,
        error_messages={"unique": "Un appel à projets porte déjà cet intitulé."},
    )
    opens_on = models.DateField("ouvert le")
    closes_on = models.DateField("clos le")
    applications = models.PositiveIntegerField("dossiers déposés", null=True, blank=True)
    source = models.CharField("source du nombre de dossiers", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )
    updated_at = models.DateTimeField("enregistré le", auto_now=True)

    class Meta:
        verbose_name = "appel à projets"
        verbose_name_plural = "appels à projets"
        ordering = ["-closes_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="call_dates_ordered",
                violation_error_message="Un appel à projets se clôt après son ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(applications__isnull=True) | Q(source__regex=r"\S"),
                name="call_number_has_source",
                violation_error_message="Le nombre de dossiers déposés a une source.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
