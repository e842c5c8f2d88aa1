"""What a filing says of the calendar and of risks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from contracts.models import Milestone
from monitoring.enums import ProgressState, RiskState
from monitoring.locks import filing_lock
from monitoring.models.filings import Filing
from monitoring.tracking import track_by_statement

MILESTONE_TEXTS = ("comment",)
"""What may still be written of a milestone when the texts alone were reopened."""
RISK_TEXTS = ("description", "mitigation")
"""The same of a risk: what it is and what is done, not how it was judged."""


class EntryRow(models.Model):
    """A row typed by people: who changed it last, when, and a revision that refuses stale writes."""

    revision = models.PositiveIntegerField("révision", default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="modifié par"
    )
    updated_at = models.DateTimeField("modifié le", null=True, blank=True)

    class Meta:
        abstract = True


@track_by_statement()
class MilestoneProgress(EntryRow):
    """Where a phase or milestone stands at the end of the period."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="progress", verbose_name="jalon")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="milestone_progress", verbose_name="dossier")
    state = models.CharField("état", max_length=12, choices=ProgressState.choices, blank=True)
    done_on = models.DateField("terminé le", null=True, blank=True)
    expected_on = models.DateField("nouvelle date prévue", null=True, blank=True)
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "avancement de jalon"
        verbose_name_plural = "avancements de jalon"
        ordering = ["filing", "milestone__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "filing"],
                name="milestone_progress_unique",
                violation_error_message="Ce jalon a déjà un avancement dans ce dossier.",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(state=ProgressState.DONE),
                name="milestone_progress_done_has_state",
                violation_error_message="Un jalon qui porte une date de fin réelle est terminé.",
            ),
        ]
        triggers = [filing_lock(MILESTONE_TEXTS)]

    def __str__(self) -> str:
        return f"{self.milestone} – {self.filing}"


@track_by_statement()
class FiledRisk(EntryRow):
    """A risk or difficulty declared in a filing, with probability and severity from 1 to 5."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="risks", verbose_name="dossier")
    title = models.CharField("risque ou difficulté", max_length=200)
    description = models.TextField("description", blank=True)
    probability = models.PositiveSmallIntegerField("probabilité")
    severity = models.PositiveSmallIntegerField("gravité")
    mitigation = models.TextField("mesures prises", blank=True)
    state = models.CharField("état", max_length=8, choices=RiskState.choices, default=RiskState.OPEN)

    class Meta:
        verbose_name = "risque"
        ordering = ["filing", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=1, probability__lte=5, severity__gte=1, severity__lte=5),
                name="filed_risk_scale",
                violation_error_message="La probabilité et la gravité vont de 1 à 5.",
            ),
            models.UniqueConstraint(
                fields=["filing", "title"],
                name="filed_risk_unique",
                violation_error_message="Ce risque figure déjà dans le dossier.",
            ),
        ]
        triggers = [filing_lock(RISK_TEXTS)]

    def __str__(self) -> str:
        return self.title
