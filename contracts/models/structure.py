"""How a contract is divided: axes, project sheets, calendar; and what each version promises of them."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from contracts.enums import MilestoneKind
from contracts.fields import EuroField
from contracts.models.contract import Contract, ContractVersion


@pghistory.track()
class Axis(models.Model):
    """A part of the project, as article 1 divides it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="axes", verbose_name="contrat")
    code = models.CharField("code", max_length=20)
    title = models.CharField("intitulé", max_length=200)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "axe"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "code"],
                name="axis_unique",
                violation_error_message="Cet axe figure déjà au contrat.",
            )
        ]

    def __str__(self) -> str:
        return f"Axe {self.code} – {self.title}"


@pghistory.track()
class ProjectSheet(models.Model):
    """A « fiche projet »; its identity lasts as long as the contract, its figures belong to a version."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="sheets", verbose_name="contrat")
    axis = models.ForeignKey(Axis, models.PROTECT, related_name="sheets", null=True, blank=True, verbose_name="axe")
    number = models.CharField("numéro", max_length=20)
    title = models.CharField("intitulé", max_length=300)
    theme = models.CharField("thématique", max_length=200, blank=True)
    item = models.CharField("item", max_length=300, blank=True)
    actions = ArrayField(models.CharField(max_length=300), verbose_name="actions", default=list, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "fiche projet"
        verbose_name_plural = "fiches projet"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"],
                name="project_sheet_unique",
                violation_error_message="Cette fiche figure déjà au contrat.",
            )
        ]

    def __str__(self) -> str:
        return f"Fiche {self.number} – {self.title}"


@pghistory.track()
class PlannedSheet(models.Model):
    """What a version promises for a sheet: total cost and the fund's share, in euros."""

    sheet = models.ForeignKey(ProjectSheet, models.PROTECT, related_name="planned", verbose_name="fiche")
    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="planned_sheets", verbose_name="version")
    cost = EuroField("coût total")
    ftap = EuroField("financement FTAP")
    printed_share = models.DecimalField(
        "part du FTAP imprimée, en %", max_digits=7, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = "montant de fiche"
        verbose_name_plural = "montants de fiche"
        ordering = ["version", "sheet"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "version"],
                name="planned_sheet_unique",
                violation_error_message="Cette fiche a déjà un montant dans cette version.",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(ftap__isnull=True) | Q(ftap__lte=F("cost")),
                name="planned_sheet_ftap_within_cost",
                violation_error_message="La part du FTAP dépasse le coût total de la fiche.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} ({self.version})"


@pghistory.track()
class Milestone(models.Model):
    """A phase or milestone of the calendar (article 4.1)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="milestones", verbose_name="contrat")
    axis = models.ForeignKey(Axis, models.PROTECT, related_name="milestones", null=True, blank=True, verbose_name="axe")
    sheet = models.ForeignKey(
        ProjectSheet, models.PROTECT, related_name="milestones", null=True, blank=True, verbose_name="fiche"
    )
    key = models.SlugField("clé", max_length=80)
    kind = models.CharField("type", max_length=8, choices=MilestoneKind.choices)
    label = models.CharField("libellé", max_length=400)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "key"],
                name="milestone_unique",
                violation_error_message="Ce jalon figure déjà au contrat.",
            )
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class PlannedMilestone(models.Model):
    """When a version promises a phase or milestone; a NULL day is one that the scan lost or the act does not give."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="planned", verbose_name="jalon")
    version = models.ForeignKey(
        ContractVersion, models.PROTECT, related_name="planned_milestones", verbose_name="version"
    )
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)

    class Meta:
        verbose_name = "date de jalon"
        verbose_name_plural = "dates de jalon"
        ordering = ["version", "milestone"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "version"],
                name="planned_milestone_unique",
                violation_error_message="Ce jalon a déjà des dates dans cette version.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="planned_milestone_dates_ordered",
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} ({self.version})"
