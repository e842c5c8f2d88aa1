"""What people say of the anomalies that the checks find, and how many of them were last found."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from contracts.enums import AnomalyAction
from contracts.models.contract import Contract, ContractVersion


@pghistory.track()
class AnomalyDecision(models.Model):
    """An explanation, an acceptance or a reopening; the last one of an anomaly says where it stands.

    It is of the anomaly's place (`key`) with the figures that it then had (`fingerprint`): when a figure changes, what
    was accepted is open again.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="anomaly_decisions", verbose_name="contrat")
    key = models.CharField("anomalie", max_length=140)
    fingerprint = models.CharField("empreinte des chiffres", max_length=64)
    action = models.CharField("suite", max_length=12, choices=AnomalyAction.choices)
    text = models.TextField("motif")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "suite donnée à une anomalie"
        verbose_name_plural = "suites données aux anomalies"
        ordering = ["contract", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="anomaly_decision_has_text",
                violation_error_message="Une suite donnée à une anomalie a un motif.",
            ),
            models.CheckConstraint(
                condition=Q(action__in=AnomalyAction.values),
                name="anomaly_decision_action_known",
                violation_error_message="Cette suite n’existe pas.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_action_display()} : {self.key}"


class AnomalyTally(models.Model):
    """What the checks last found in a contract (`contracts.checks.tallies.Kept`). Computed again, never typed.

    `failed_at` and `failure`: the last attempt failed; what is kept is then older, or nothing (`computed_at` empty).
    """

    contract = models.OneToOneField(Contract, models.CASCADE, related_name="anomaly_tally", verbose_name="contrat")
    version = models.ForeignKey(
        ContractVersion, models.CASCADE, related_name="+", null=True, verbose_name="version contrôlée"
    )
    found = models.JSONField("anomalies trouvées", default=list)
    computed_at = models.DateTimeField("calculé le", null=True)
    failed_at = models.DateTimeField("en échec le", null=True)
    failure = models.CharField("échec", max_length=500, blank=True)

    class Meta:
        verbose_name = "relevé d’anomalies"
        verbose_name_plural = "relevés d’anomalies"
        ordering = ["contract"]

    def __str__(self) -> str:
        return f"{self.contract} : {len(self.found)}"
