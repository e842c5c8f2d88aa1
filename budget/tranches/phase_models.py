"""Phases of titre 5 operations (tranches fonctionnelles): AE affected to them, and withdrawn from them."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from budget.tranches.locks import affectation_withdrawal_lock, append_only, titre_5_lock
from contracts.fields import EuroField


@pghistory.track()
class TrancheFonctionnelle(models.Model):
    """A phase of an investment on a titre 5 line, whose AE are committed once affected (LOLF art. 8), in euros.

    Not to be taken for a funding tranche: it is a coherent whole that can be put to use without what follows.
    """

    line = models.ForeignKey(
        "budget.BudgetLine", models.PROTECT, related_name="tranches_fonctionnelles", verbose_name="ligne"
    )
    number = models.PositiveSmallIntegerField("numéro")
    label = models.CharField("objet", max_length=200)
    affectation = EuroField("AE affectées", null=False, blank=False)
    affected_on = models.DateField("affectée le")
    reference = models.CharField("référence de l’acte d’affectation", max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistrée par"
    )

    class Meta:
        verbose_name = "tranche fonctionnelle"
        verbose_name_plural = "tranches fonctionnelles"
        ordering = ["line", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "number"],
                name="tranche_fonctionnelle_unique",
                violation_error_message="Cette ligne a déjà une tranche fonctionnelle de ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(affectation__gt=0),
                name="tranche_fonctionnelle_positive",
                violation_error_message="Une affectation est supérieure à zéro.",
            ),
        ]
        triggers = [titre_5_lock()]

    def __str__(self) -> str:
        return f"Tranche fonctionnelle {self.number} – {self.label}"


@pghistory.track()
class AffectationWithdrawal(models.Model):
    """AE taken back from a phase (retrait d’affectation), in euros: who, when, why; rows are only added."""

    phase = models.ForeignKey(
        TrancheFonctionnelle, models.PROTECT, related_name="withdrawals", verbose_name="tranche fonctionnelle"
    )
    ae = EuroField("AE retirées", null=False, blank=False)
    withdrawn_on = models.DateField("retirée le")
    reason = models.TextField("motif")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "retrait d’affectation"
        verbose_name_plural = "retraits d’affectation"
        ordering = ["phase", "withdrawn_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ae__gt=0),
                name="affectation_withdrawal_positive",
                violation_error_message="Un retrait d’affectation est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="affectation_withdrawal_reason_given",
                violation_error_message="Un retrait d’affectation demande un motif.",
            ),
        ]
        triggers = [
            append_only("Un retrait d’affectation ne se modifie pas.", "affectation_withdrawals_kept"),
            affectation_withdrawal_lock(),
        ]

    def __str__(self) -> str:
        return f"{self.phase} : retrait du {self.withdrawn_on}"
