"""Organisations that sign, hold, co-finance or benefit."""

import pghistory
from django.db import models

from contracts.enums import OrganisationKind


@pghistory.track()
class Organisation(models.Model):
    """A ministry, direction, prefecture, operator… known by a short code shared by all contract files."""

    code = models.SlugField(
        "code", max_length=60, unique=True, error_messages={"unique": "Une organisation porte déjà ce code."}
    )
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("type", max_length=20, choices=OrganisationKind.choices)
    ministry = models.ForeignKey(
        "self", models.PROTECT, related_name="services", null=True, blank=True, verbose_name="ministère"
    )
    region = models.CharField("région", max_length=80, blank=True)

    class Meta:
        verbose_name = "organisation"
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values),
                name="organisation_kind_known",
                violation_error_message="Ce type d’organisation n’existe pas.",
            )
        ]

    def __str__(self) -> str:
        return self.name
