"""The ledger of results: indicators for life, targets by version, measurements by filing."""

from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from contracts.models import Axis, Contract, ContractVersion, ProjectSheet
from indicators.enums import Accumulation, Direction, FollowedIn, IndicatorKind, Orientation, TargetOperator
from monitoring.locks import filing_lock
from monitoring.models import Filing
from monitoring.models.progress import EntryRow
from monitoring.tracking import track_by_statement

DIGITS, PLACES = 18, 4
TEXTS = ("comment",)
"""What may still be written of a row when the texts alone of its filing were reopened."""


def _component() -> "models.DecimalField[Any, Any]":
    """One value of a breakdown: `5 (3/2)` has 3 and 2."""
    return models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)


@pghistory.track()
class Indicator(models.Model):
    """What article 5 measures, with unit, direction, accumulation and breakdown."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="indicators", verbose_name="contrat")
    key = models.SlugField("clé", max_length=80)
    label = models.CharField("libellé", max_length=300)
    article = models.CharField("article", max_length=20, blank=True)
    kind = models.CharField("type", max_length=12, choices=IndicatorKind.choices)
    orientation = models.CharField("orientation", max_length=12, choices=Orientation.choices)
    axis = models.ForeignKey(Axis, models.PROTECT, related_name="indicators", null=True, blank=True, verbose_name="axe")
    sheet = models.ForeignKey(
        ProjectSheet, models.PROTECT, related_name="indicators", null=True, blank=True, verbose_name="fiche"
    )
    unit = models.CharField("unité", max_length=40)
    followed_in = models.CharField("suivi ailleurs", max_length=10, choices=FollowedIn.choices, blank=True)
    direction = models.CharField("sens", max_length=8, choices=Direction.choices, default=Direction.RISING)
    accumulation = models.CharField("cumul", max_length=8, choices=Accumulation.choices, default=Accumulation.STOCK)
    components = ArrayField(models.CharField(max_length=120), verbose_name="composantes", default=list, blank=True)
    scope = models.CharField("périmètre", max_length=300, blank=True)
    baseline = models.DecimalField("valeur initiale", max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    baseline_on = models.DateField("date de la valeur initiale", null=True, blank=True)
    baseline_operator = models.CharField(
        "comparaison imprimée", max_length=10, choices=TargetOperator.choices, blank=True
    )
    baseline_components = ArrayField(_component(), verbose_name="composantes initiales", default=list, blank=True)
    baseline_printed = models.CharField("texte imprimé", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "indicateur"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "key"],
                name="indicator_unique",
                violation_error_message="Cet indicateur figure déjà au contrat.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=IndicatorKind.values)
                & Q(orientation__in=Orientation.values)
                & Q(direction__in=Direction.values)
                & Q(accumulation__in=Accumulation.values),
                name="indicator_choices_known",
                violation_error_message="Le type, l’orientation, le sens ou le cumul de l’indicateur est inconnu.",
            ),
            models.CheckConstraint(
                condition=Q(followed_in__in=["", *FollowedIn.values]),
                name="indicator_followed_in_known",
                violation_error_message="Un indicateur se suit aux crédits, au calendrier ou aux économies.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class Target(models.Model):
    """What a version promises of an indicator; a NULL day: the act gives none; a NULL value: the scan lost it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name="indicateur")
    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="targets", verbose_name="version")
    on = models.DateField("à la date du", null=True, blank=True)
    operator = models.CharField("comparaison", max_length=10, choices=TargetOperator.choices)
    value = models.DecimalField("cible", max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    components = ArrayField(_component(), verbose_name="composantes", default=list, blank=True)
    printed = models.CharField("texte imprimé", max_length=160, blank=True)

    class Meta:
        verbose_name = "cible"
        ordering = ["version", "indicator", "on"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "version", "on"],
                nulls_distinct=False,
                name="target_unique",
                violation_error_message="Cet indicateur a déjà une cible à cette date dans cette version.",
            ),
            models.CheckConstraint(
                condition=Q(operator__in=TargetOperator.values),
                name="target_operator_known",
                violation_error_message="Cette comparaison n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} au {self.on:%d/%m/%Y}" if self.on else f"{self.indicator} (sans date)"


@track_by_statement()
class Measurement(EntryRow):
    """What a filing measures: the raw value (rates are not clipped), its breakdown and a comment."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements", verbose_name="indicateur")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="measurements", verbose_name="dossier")
    value = models.DecimalField("valeur", max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    components = ArrayField(_component(), verbose_name="composantes", default=list, blank=True)
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "mesure"
        ordering = ["filing", "indicator__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "filing"],
                name="measurement_unique",
                violation_error_message="Cet indicateur a déjà une mesure dans ce dossier.",
            )
        ]
        triggers = [filing_lock(TEXTS)]

    def __str__(self) -> str:
        return f"{self.indicator} – {self.filing}"
