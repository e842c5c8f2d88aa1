"""The ledger of savings: lines and posts for life, planned amounts by version, declared and certified apart."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from contracts.fields import EuroField
from contracts.models import Contract, ContractVersion
from monitoring.locks import filing_lock
from monitoring.models import Filing
from monitoring.models.progress import EntryRow
from monitoring.tracking import track_by_statement
from savings.enums import EvidenceLevel, SavingsMethod
from savings.locks import certified_within_declared, certifier_apart, one_off_without_recurrent

TEXTS = ("reason",)
"""What may still be written of a row when the texts alone of its filing were reopened."""


@pghistory.track()
class SavingsLine(models.Model):
    """A saving of article 3: what is saved, on which titre and programme (blank: to be distributed), how."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="savings_lines", verbose_name="contrat")
    key = models.SlugField("clé", max_length=80)
    label = models.CharField("libellé", max_length=300)
    nature = models.CharField("nature", max_length=120, blank=True)
    titre = models.CharField("titre", max_length=1, blank=True)
    programme = models.CharField("programme bénéficiaire", max_length=4, blank=True)
    method = models.CharField("méthode", max_length=16, choices=SavingsMethod.choices)
    is_recurrent = models.BooleanField("récurrente", default=True)
    is_redeployed = models.BooleanField("redéployée", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "ligne d’économies"
        verbose_name_plural = "lignes d’économies"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "key"],
                name="savings_line_unique",
                violation_error_message="Cette ligne d’économies figure déjà au contrat.",
            ),
            models.CheckConstraint(
                condition=Q(titre="") | Q(titre__regex=r"^[1-7]$"),
                name="savings_line_titre_known",
                violation_error_message="Le titre va de 1 à 7 (LOLF, article 5).",
            ),
            models.CheckConstraint(
                condition=Q(method__in=SavingsMethod.values),
                name="savings_line_method_known",
                violation_error_message="Cette méthode de valorisation n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(programme="") | Q(programme__regex=r"^\d{4}$"),
                name="savings_line_programme_four_digits",
                violation_error_message="Le programme s’écrit avec quatre chiffres, par exemple 0354.",
            ),
        ]
        triggers = [one_off_without_recurrent("line")]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class SavingsTerms(models.Model):
    """What a version promises of a line as a whole: parameters of its method, amount a year after deployment (€).

    `override_reason`: why amounts of the line are not those that its method gives.
    """

    line = models.ForeignKey(SavingsLine, models.PROTECT, related_name="terms", verbose_name="ligne")
    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="savings_terms", verbose_name="version")
    parameters = models.JSONField("paramètres de la méthode", default=dict, blank=True)
    recurrent_ae = EuroField("AE annuelles pérennes")
    recurrent_cp = EuroField("CP annuels pérennes")
    override_reason = models.CharField("motif de l’écart à la méthode", max_length=500, blank=True)

    class Meta:
        verbose_name = "modalités d’économie"
        verbose_name_plural = "modalités d’économie"
        ordering = ["version", "line"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "version"],
                name="savings_terms_unique",
                violation_error_message="Cette ligne a déjà ses modalités dans cette version.",
            )
        ]
        triggers = [one_off_without_recurrent("terms")]

    def __str__(self) -> str:
        return f"{self.line} ({self.version})"


@pghistory.track()
class PlannedSaving(models.Model):
    """What a version promises for a line in a year, in euros, as the contract prints it."""

    line = models.ForeignKey(SavingsLine, models.PROTECT, related_name="planned", verbose_name="ligne")
    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="planned_savings", verbose_name="version")
    year = models.PositiveSmallIntegerField("exercice")
    ae = EuroField("AE")
    cp = EuroField("CP")

    class Meta:
        verbose_name = "économie prévue"
        verbose_name_plural = "économies prévues"
        ordering = ["version", "line", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "version", "year"],
                name="planned_saving_unique",
                violation_error_message="Cette ligne a déjà une économie pour cet exercice dans cette version.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2017, year__lte=2100),
                name="planned_saving_year_plausible",
                violation_error_message="L’exercice est compris entre 2017 et 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} – {self.year}"


@pghistory.track()
class PlannedPost(models.Model):
    """Posts (ETPT) of one category that a version removes in a year, with the yearly cost of one (€).

    `month`: that of their removal, when the contract gives it; a half of the year is saved otherwise.
    """

    line = models.ForeignKey(SavingsLine, models.PROTECT, related_name="posts", verbose_name="ligne")
    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="planned_posts", verbose_name="version")
    category = models.CharField("catégorie", max_length=20)
    year = models.PositiveSmallIntegerField("exercice")
    unit_cost = EuroField("coût annuel d’un emploi")
    removed_etpt = models.DecimalField("emplois économisés", max_digits=9, decimal_places=3, null=True, blank=True)
    redeployed_etpt = models.DecimalField("dont redéployés", max_digits=9, decimal_places=3, null=True, blank=True)
    month = models.PositiveSmallIntegerField("mois de départ (1 à 12)", null=True, blank=True)

    class Meta:
        verbose_name = "emplois économisés"
        verbose_name_plural = "emplois économisés"
        ordering = ["version", "line", "category", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "version", "category", "year"],
                name="planned_post_unique",
                violation_error_message="Cette catégorie a déjà des emplois pour cet exercice.",
            ),
            models.CheckConstraint(
                condition=Q(removed_etpt__isnull=True) | Q(removed_etpt__gte=0),
                name="planned_post_not_negative",
                violation_error_message="Un nombre d’emplois économisés n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="planned_post_month_known",
                violation_error_message="Le mois de départ va de 1 à 12.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2017, year__lte=2100),
                name="planned_post_year_plausible",
                violation_error_message="L’exercice est compris entre 2017 et 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} – {self.category} {self.year}"


@track_by_statement()
class RealisedSaving(EntryRow):
    """What the holder declares to have saved on a line in the filing's year, in euros, with its reason and evidence."""

    line = models.ForeignKey(SavingsLine, models.PROTECT, related_name="realised", verbose_name="ligne")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="realised_savings", verbose_name="dossier")
    ae = EuroField("AE économisées")
    cp = EuroField("CP économisés")
    reason = models.TextField("motif de l’écart", blank=True)
    evidence_level = models.CharField("niveau de preuve", max_length=12, choices=EvidenceLevel.choices, blank=True)
    evidence = models.TextField("pièces et sources", blank=True)

    class Meta:
        verbose_name = "économie déclarée"
        verbose_name_plural = "économies déclarées"
        ordering = ["filing", "line__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "filing"],
                name="realised_saving_unique",
                violation_error_message="Cette ligne a déjà une économie dans ce dossier.",
            ),
            models.CheckConstraint(
                condition=Q(evidence_level__in=["", "estimated", "declared", "documented"]),
                name="realised_saving_declared_levels",
                violation_error_message="Le porteur déclare et documente ; la certification revient à un instructeur.",
            ),
        ]
        triggers = [filing_lock(TEXTS)]

    def __str__(self) -> str:
        return f"{self.line} – {self.filing}"


@pghistory.track()
class SavingCertification(models.Model):
    """What a reviewer who did not declare it recognises of a declared saving, in euros; changed with a reason.

    `declared_ae`, `declared_cp`: what was declared when it was certified, to tell a declaration changed since.
    """

    realised = models.OneToOneField(
        RealisedSaving, models.PROTECT, related_name="certification", verbose_name="économie déclarée"
    )
    ae = EuroField("AE certifiées")
    cp = EuroField("CP certifiés")
    level = models.CharField("niveau", max_length=12, choices=EvidenceLevel.choices, default=EvidenceLevel.CERTIFIED)
    reason = models.TextField("motif", blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="certifiée par"
    )
    certified_at = models.DateTimeField("certifiée le")
    declared_ae = EuroField("AE alors déclarées")
    declared_cp = EuroField("CP alors déclarés")
    revision = models.PositiveIntegerField("révision", default=0)

    class Meta:
        verbose_name = "certification"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ae__isnull=False) | Q(cp__isnull=False),
                name="saving_certification_amount_given",
                violation_error_message="Une certification porte un montant, en AE ou en CP ; zéro en est un.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["certified", "budgeted"]),
                name="saving_certification_level",
                violation_error_message=(
                    "Une certification porte le niveau « certifiée » ou « constatée en loi de finances »."
                ),
            ),
        ]
        triggers = [
            certifier_apart(),
            certified_within_declared(),
            pgtrigger.Protect(name="certification_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.realised} : {self.get_level_display()}"


@pghistory.track()
class UnitCostReference(models.Model):
    """What one post of a category costs in a year (€), from that year until a later one, with its source."""

    category = models.CharField("catégorie", max_length=20)
    year = models.PositiveSmallIntegerField("à partir de l’exercice")
    amount = EuroField("coût annuel d’un emploi", null=False, blank=False)
    source = models.CharField("source", max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )
    updated_at = models.DateTimeField("enregistré le", auto_now=True)

    class Meta:
        verbose_name = "coût unitaire de référence"
        verbose_name_plural = "coûts unitaires de référence"
        ordering = ["category", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "year"],
                name="unit_cost_reference_unique",
                violation_error_message="Cette catégorie a déjà un coût de référence pour cet exercice.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2017, year__lte=2100),
                name="unit_cost_reference_year_plausible",
                violation_error_message="L’exercice est compris entre 2017 et 2100.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="unit_cost_reference_above_zero",
                violation_error_message="Un emploi coûte plus de zéro euro.",
            ),
            models.CheckConstraint(
                condition=Q(category__regex=r"\S") & Q(source__regex=r"\S"),
                name="unit_cost_reference_has_source",
                violation_error_message="Un coût de référence a une catégorie et une source.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.year}"
