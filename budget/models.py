"""The ledger of credits: lines for life, planned AE/CP by version and year, consumption by filing."""

import pghistory
from django.db import models
from django.db.models import Q

from budget.enums import Nature, Titre
from contracts.fields import EuroField
from contracts.models import Axis, Contract, ContractVersion, Organisation, ProjectSheet
from monitoring.locks import filing_lock
from monitoring.models import Filing
from monitoring.models.progress import EntryRow
from monitoring.tracking import track_by_statement

TEXTS = ("comment",)
"""What may still be written of a row when the texts alone of its filing were reopened."""


@pghistory.track()
class BudgetLine(models.Model):
    """An expense of article 2 with its source of money; the fund's own lines have no co-financer."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="budget_lines", verbose_name="contrat")
    key = models.SlugField("clé", max_length=80)
    label = models.CharField("libellé", max_length=300)
    group = models.CharField("poste détaillé", max_length=300, blank=True)
    nature = models.CharField("nature", max_length=14, choices=Nature.choices)
    titre = models.CharField("titre", max_length=1, choices=Titre.choices, blank=True)
    programme = models.CharField("programme", max_length=4, blank=True)
    co_financer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="cofinanceur"
    )
    axis = models.ForeignKey(
        Axis, models.PROTECT, related_name="budget_lines", null=True, blank=True, verbose_name="axe"
    )
    sheet = models.ForeignKey(
        ProjectSheet, models.PROTECT, related_name="budget_lines", null=True, blank=True, verbose_name="fiche"
    )
    lot = models.CharField("lot", max_length=120, blank=True)
    etp = models.DecimalField("ETP imprimés", max_digits=7, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "ligne de crédits"
        verbose_name_plural = "lignes de crédits"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "key"],
                name="budget_line_unique",
                violation_error_message="Cette ligne de crédits figure déjà au contrat.",
            ),
            models.CheckConstraint(
                condition=Q(titre="") | Q(titre__in=Titre.values),
                name="budget_line_titre_known",
                violation_error_message="Le titre va de 1 à 7 (LOLF, article 5).",
            ),
            models.CheckConstraint(
                condition=Q(nature__in=Nature.values),
                name="budget_line_nature_known",
                violation_error_message="Cette nature de dépense n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(programme="") | Q(programme__regex=r"^\d{4}$"),
                name="budget_line_programme_four_digits",
                violation_error_message="Le programme s’écrit avec quatre chiffres, par exemple 0349.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_ftap(self) -> bool:
        """Whether the fund pays this line."""
        return self.co_financer_id is None

    @property
    def source_label(self) -> str:
        """« FTAP » or the name of the co-financer."""
        return "FTAP" if self.co_financer is None else self.co_financer.name

    @property
    def place(self) -> str:
        """Under which heading the contract has the line: its lot, else its axis; blank when it has neither."""
        axis = self.axis or (self.sheet.axis if self.sheet else None)
        return self.lot or (str(axis) if axis else "")

    @property
    def note(self) -> str:
        """What tells apart two lines of the same label at one place: heading, titre, programme, source, sheet."""
        parts = [
            self.group if self.group != self.label else "",
            f"titre {self.titre}" if self.titre else "",
            f"programme {self.programme}" if self.programme else "",
            self.source_label,
            f"fiche {self.sheet.number}" if self.sheet else "",
        ]
        return ", ".join(part for part in parts if part)


@pghistory.track()
class PlannedCredit(models.Model):
    """What a version promises for a line in a year, in euros; NULL where the contract prints nothing."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="planned", verbose_name="ligne")
    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="planned_credits", verbose_name="version")
    year = models.PositiveSmallIntegerField("exercice")
    ae = EuroField("AE")
    cp = EuroField("CP")

    class Meta:
        verbose_name = "crédits prévus"
        verbose_name_plural = "crédits prévus"
        ordering = ["version", "line", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "version", "year"],
                name="planned_credit_unique",
                violation_error_message="Cette ligne a déjà des crédits pour cet exercice dans cette version.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2017, year__lte=2100),
                name="planned_credit_year_plausible",
                violation_error_message="L’exercice est compris entre 2017 et 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} – {self.year}"


@track_by_statement()
class Consumption(EntryRow):
    """What was really consumed on a line, cumulated since 1 January of the filing's financial year, in euros."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="consumptions", verbose_name="ligne")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="consumptions", verbose_name="dossier")
    ae = EuroField("AE consommées")
    cp = EuroField("CP consommés")
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "consommation"
        ordering = ["filing", "line__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "filing"],
                name="consumption_unique",
                violation_error_message="Cette ligne a déjà une consommation dans ce dossier.",
            )
        ]
        triggers = [filing_lock(TEXTS)]

    def __str__(self) -> str:
        return f"{self.line} – {self.filing}"


from budget.tranches.models import (  # noqa: E402 - Django finds an app's models here; those name `budget.BudgetLine`
    FundEnvelope,
    FundingTranche,
    TrancheMove,
)
from budget.tranches.phase_models import AffectationWithdrawal, TrancheFonctionnelle  # noqa: E402

__all__ = [
    "AffectationWithdrawal",
    "BudgetLine",
    "Consumption",
    "FundEnvelope",
    "FundingTranche",
    "PlannedCredit",
    "TrancheFonctionnelle",
    "TrancheMove",
]
