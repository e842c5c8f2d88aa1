"""Campaigns: a quarter or a year for which actuals are asked."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from figures.formats import of_period_fr, period_fr
from monitoring.enums import CampaignKind


@pghistory.track()
class Campaign(models.Model):
    """A period to report on, the day it opens and the day filings are due."""

    kind = models.CharField("type", max_length=8, choices=CampaignKind.choices)
    year = models.PositiveSmallIntegerField("exercice")
    quarter = models.PositiveSmallIntegerField("trimestre", null=True, blank=True)
    starts_on = models.DateField("début de la période")
    ends_on = models.DateField("fin de la période")
    opens_on = models.DateField("ouverture le")
    due_on = models.DateField("échéance")
    opened_at = models.DateTimeField("ouverte à", null=True, blank=True)
    is_demo = models.BooleanField("démonstration", default=False)

    class Meta:
        verbose_name = "campagne"
        ordering = ["-ends_on", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CampaignKind.QUARTER, quarter__isnull=False, quarter__gte=1, quarter__lte=4)
                | Q(kind=CampaignKind.YEAR, quarter__isnull=True),
                name="campaign_quarter_matches_kind",
                violation_error_message="Une campagne trimestrielle porte un trimestre de 1 à 4, une annuelle aucun.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")) & Q(due_on__gte=F("opens_on")) & Q(opens_on__gt=F("starts_on")),
                name="campaign_dates_ordered",
                violation_error_message="Les dates de la campagne ne se suivent pas.",
            ),
            ExclusionConstraint(
                name="campaign_no_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Une autre campagne du même type couvre déjà cette période.",
            ),
        ]

    def __str__(self) -> str:
        return period_fr(self.year, self.quarter)

    @property
    def code(self) -> str:
        """`2021-t2`, `2021`: in the names of files."""
        return f"{self.year}-t{self.quarter}" if self.quarter else str(self.year)

    @property
    def of_period(self) -> str:
        """`du 2e trimestre 2021`, `de l’année 2021`: said of a filing."""
        return of_period_fr(self.year, self.quarter)
