"""Codes, clauses, criteria and contradictions of a contract."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from contracts.enums import CodeKind, CriterionCheck, CriterionFamily, ObservationKind
from contracts.fields import EuroField
from contracts.models.contract import Contract

WITH_THRESHOLD = [CriterionCheck.CEILING, CriterionCheck.RETURN]


@pghistory.track()
class NomenclatureCode(models.Model):
    """A budget execution code of the annex, as printed, with the days between which it is used."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="codes", verbose_name="contrat")
    kind = models.CharField("type", max_length=20, choices=CodeKind.choices)
    printed = models.CharField("code imprimé", max_length=60)
    normalised = models.CharField("code normalisé", max_length=60)
    label = models.CharField("libellé", max_length=160, blank=True)
    comment = models.CharField("commentaire", max_length=300, blank=True)
    valid_from = models.DateField("valable à partir du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "code de nomenclature"
        verbose_name_plural = "codes de nomenclature"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="nomenclature_code_dates_ordered",
                violation_error_message="Le code cesse d’être valable avant de l’être.",
            ),
            ExclusionConstraint(
                name="nomenclature_code_no_overlap",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("normalised", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_until"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Ce code figure déjà au contrat pour les mêmes dates.",
            ),
        ]

    def __str__(self) -> str:
        return self.printed


@pghistory.track()
class Provision(models.Model):
    """What an article provides beside its figures, in a sentence of our own."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="provisions", verbose_name="contrat")
    article = models.CharField("article", max_length=20)
    subject = models.CharField("sujet", max_length=160)
    text = models.TextField("texte")
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "disposition"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "article", "subject"],
                name="provision_unique",
                violation_error_message="Cette disposition figure déjà au contrat.",
            )
        ]

    def __str__(self) -> str:
        return f"Article {self.article} : {self.subject}"


@pghistory.track()
class SelectionCriterion(models.Model):
    """A written criterion by which an umbrella contract selects its sub-projects (Lean, article 4.3).

    One with a `computed_check` is answered by the amounts, against the threshold: euros, or euros by euro of the fund.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="criteria", verbose_name="contrat")
    code = models.SlugField("code", max_length=60)
    family = models.CharField("famille", max_length=12, choices=CriterionFamily.choices)
    label = models.CharField("intitulé", max_length=300)
    article = models.CharField("article", max_length=20, blank=True)
    computed_check = models.CharField("contrôle", max_length=14, choices=CriterionCheck.choices, blank=True)
    threshold = EuroField("seuil")
    is_alternative = models.BooleanField("un seul de la famille suffit", default=False)
    may_not_apply = models.BooleanField("peut être sans objet", default=False)
    allows_exception = models.BooleanField("admet une exception motivée", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "critère de sélection"
        verbose_name_plural = "critères de sélection"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "code"],
                name="selection_criterion_unique",
                violation_error_message="Ce critère figure déjà au contrat.",
            ),
            models.CheckConstraint(
                condition=~Q(computed_check__in=WITH_THRESHOLD) | Q(threshold__isnull=False),
                name="selection_criterion_has_threshold",
                violation_error_message="Un critère de plafond ou de retour a un seuil.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def needs_threshold(self) -> bool:
        """Whether its check holds an amount against a threshold."""
        return self.computed_check in WITH_THRESHOLD


@pghistory.track()
class Observation(models.Model):
    """A note of the person who read the act: what no check can find, or why two figures differ. Never an anomaly."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="observations", verbose_name="contrat")
    article = models.CharField("article", max_length=20)
    kind = models.CharField("nature", max_length=14, choices=ObservationKind.choices)
    text = models.TextField("texte")
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "observation"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ObservationKind.values),
                name="observation_kind_known",
                violation_error_message="Cette nature d’observation n’existe pas.",
            )
        ]

    def __str__(self) -> str:
        return self.text
