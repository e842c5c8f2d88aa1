"""What the contract prints, kept apart from what its lines give."""

import pghistory
from django.db import models
from django.db.models import Q

from contracts.enums import ReadingKind, StatedUnit
from contracts.models.contract import ContractVersion


@pghistory.track()
class StatedFigure(models.Model):
    """A total, share or amount that the contract prints; never used in a calculation, only compared with one."""

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="stated_figures", verbose_name="version")
    key = models.SlugField("clé", max_length=120)
    label = models.CharField("libellé", max_length=300)
    article = models.CharField("article", max_length=20, blank=True)
    value = models.DecimalField("valeur imprimée", max_digits=18, decimal_places=6, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField("décimales imprimées", default=0)
    unit = models.CharField("unité", max_length=8, choices=StatedUnit.choices)
    expression = models.JSONField("calcul", default=dict, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "chiffre affiché"
        verbose_name_plural = "chiffres affichés"
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"],
                name="stated_figure_unique",
                violation_error_message="Ce chiffre affiché est déjà enregistré.",
            ),
            models.CheckConstraint(
                condition=Q(unit__in=StatedUnit.values),
                name="stated_figure_unit_known",
                violation_error_message="Cette unité n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class Reading(models.Model):
    """A figure or a label that the scan got wrong or lost: where it stands, what is printed, what is kept and why."""

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="readings", verbose_name="version")
    path = models.CharField("emplacement", max_length=200)
    label = models.CharField("libellé", max_length=300, blank=True)
    kind = models.CharField("nature", max_length=12, choices=ReadingKind.choices)
    printed = models.CharField("valeur imprimée", max_length=300, blank=True)
    retained = models.CharField("valeur retenue", max_length=300, blank=True)
    evidence = models.TextField("preuve", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "lecture"
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "path"],
                name="reading_unique",
                violation_error_message="Cette valeur a déjà une note de lecture.",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReadingKind.UNREADABLE)
                | (Q(kind=ReadingKind.CORRECTED) & ~Q(retained="") & ~Q(evidence="")),
                name="reading_correction_has_evidence",
                violation_error_message="Une valeur corrigée dit la valeur retenue et la preuve qui l’impose.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} : {self.get_kind_display()}"
