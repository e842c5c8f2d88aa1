"""Filings (dossiers de suivi): what one contract declares for one campaign."""

from datetime import date

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from contracts.models import Contract, ContractVersion
from monitoring.enums import FilingAction, FilingState, Weather
from monitoring.locks import texts_lock
from monitoring.models.campaigns import Campaign

COMMENTS = ("weather_comment", "progress_comment", "difficulties")
"""What is written of the filing as a whole, besides the weather: open alone when the texts are reopened."""


@pghistory.track()
class Filing(models.Model):
    """One contract's actuals for one campaign, bound to the version in force when it was opened."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="filings", verbose_name="campagne")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="filings", verbose_name="contrat")
    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="filings", verbose_name="version")
    state = models.CharField("état", max_length=12, choices=FilingState.choices, default=FilingState.DRAFT)
    due_on = models.DateField("échéance")
    weather = models.CharField("météo déclarée", max_length=12, choices=Weather.choices, blank=True)
    weather_comment = models.TextField("commentaire de la météo", blank=True)
    progress_comment = models.TextField("avancement de la période", blank=True)
    difficulties = models.TextField("difficultés rencontrées", blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="textes de"
    )
    updated_at = models.DateTimeField("textes modifiés le", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="soumis par"
    )
    submitted_at = models.DateTimeField("soumis le", null=True, blank=True)
    locked_at = models.DateTimeField("verrouillé le", null=True, blank=True)
    is_demo = models.BooleanField("chiffres de démonstration", default=False)
    created_at = models.DateTimeField("ouvert le", auto_now_add=True)

    class Meta:
        verbose_name = "dossier de suivi"
        verbose_name_plural = "dossiers de suivi"
        ordering = ["due_on", "contract__title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "contract"],
                name="filing_unique",
                violation_error_message="Ce contrat a déjà un dossier pour cette campagne.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FilingState.values),
                name="filing_state_known",
                violation_error_message="Cet état de dossier n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent_back"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="filing_submitted_has_author",
                violation_error_message="Un dossier soumis dit par qui et quand.",
            ),
            models.CheckConstraint(
                condition=~Q(state=FilingState.LOCKED) | Q(locked_at__isnull=False),
                name="filing_locked_has_date",
                violation_error_message="Un dossier verrouillé dit depuis quand.",
            ),
        ]
        triggers = [texts_lock([*COMMENTS], ["weather", "version_id"])]

    def __str__(self) -> str:
        return f"{self.contract} – {self.campaign}"

    def get_absolute_url(self) -> str:
        """The filing's recap page."""
        return reverse("monitoring:filing", args=[self.pk])

    @cached_property
    def contract_signed_on(self) -> date | None:
        """The day on which the contract was signed, whatever the amendment that the filing follows.

        No query for a filing that follows the signature; one for a filing that follows an amendment.
        """
        if self.version.number == 0:
            return self.version.signed_on
        return self.contract.versions.filter(number=0).values_list("signed_on", flat=True).first()

    @property
    def submission(self) -> str:
        """Which submission this is, by its instant; blank before the first. What a reviewer decides upon names it."""
        return self.submitted_at.isoformat() if self.submitted_at else ""

    @property
    def is_editable(self) -> bool:
        """Whether figures may be written; the database answers the same by trigger."""
        return self.state in FilingState.editable()

    @property
    def takes_texts(self) -> bool:
        """Whether its comments may be written, figures or not; the database answers the same by trigger."""
        return self.state in FilingState.taking_texts()

    @property
    def takes_texts_only(self) -> bool:
        """Whether its comments may be written, and its figures not."""
        return self.takes_texts and not self.is_editable


@pghistory.track()
class FilingTransition(models.Model):
    """A change of state: who, when, why; rows are only added."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="transitions", verbose_name="dossier")
    action = models.CharField("action", max_length=12, choices=FilingAction.choices)
    from_state = models.CharField("de", max_length=12, choices=FilingState.choices)
    to_state = models.CharField("à", max_length=12, choices=FilingState.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    reason = models.TextField("motif", blank=True)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "changement d’état"
        verbose_name_plural = "changements d’état"
        ordering = ["filing", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["send_back", "reopen", "reopen_texts"]) | Q(reason__regex=r"\S"),
                name="filing_transition_reason_given",
                violation_error_message="Renvoyer ou rouvrir un dossier demande un motif.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.filing} : {self.outcome}"

    @property
    def outcome(self) -> str:
        """What was done, as a state reads: « Soumis », « Validé par la DITP », « Renvoyé », « Rouvert »."""
        told = {FilingAction.TAKE_BACK: "Repris", FilingAction.SEND_BACK: "Renvoyé", FilingAction.REOPEN: "Rouvert"}
        return told.get(FilingAction(self.action)) or self.get_to_state_display()
