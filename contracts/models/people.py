"""Who is named by a contract: parties, signatories, recipients, committees."""

import pghistory
from django.db import models
from django.db.models import F, Q

from contracts.enums import PartyRole
from contracts.models.contract import Contract, ContractVersion
from contracts.models.organisations import Organisation


@pghistory.track()
class Party(models.Model):
    """An organisation that is party to the contract, and in what quality."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="parties", verbose_name="contrat")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="organisation")
    role = models.CharField("rôle", max_length=10, choices=PartyRole.choices)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "partie"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation", "role"],
                name="party_unique",
                violation_error_message="Cette organisation est déjà partie au contrat.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


@pghistory.track()
class Signatory(models.Model):
    """A person who signed a version; the date is NULL when the act bears none."""

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="signatories", verbose_name="version")
    name = models.CharField("nom", max_length=120)
    function = models.CharField("qualité", max_length=200)
    role = models.CharField("partie", max_length=10, choices=PartyRole.choices)
    signed_on = models.DateField("date de signature", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "signataire"
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "name", "function"],
                name="signatory_unique",
                violation_error_message="Ce signataire figure déjà au contrat.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"


@pghistory.track()
class Recipient(models.Model):
    """A person of the contract's copy list."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="recipients", verbose_name="contrat")
    name = models.CharField("nom", max_length=120)
    function = models.CharField("qualité", max_length=250, blank=True)
    group = models.CharField("groupe", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "destinataire en copie"
        verbose_name_plural = "destinataires en copie"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "name", "function"],
                name="recipient_unique",
                violation_error_message="Cette personne figure déjà dans la liste des destinataires.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Committee(models.Model):
    """A governance body and its rhythm, in meetings a year (article 4.2)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="committees", verbose_name="contrat")
    name = models.CharField("nom", max_length=160)
    chair = models.CharField("présidence", max_length=200, blank=True)
    meetings_min = models.PositiveSmallIntegerField("réunions par an, au moins", null=True, blank=True)
    meetings_max = models.PositiveSmallIntegerField("réunions par an, au plus", null=True, blank=True)
    rhythm = models.CharField("rythme", max_length=200, blank=True)
    missions = models.TextField("missions", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "comité"
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "name"],
                name="committee_unique",
                violation_error_message="Ce comité figure déjà au contrat.",
            ),
            models.CheckConstraint(
                condition=Q(meetings_min__isnull=True)
                | Q(meetings_max__isnull=True)
                | Q(meetings_max__gte=F("meetings_min")),
                name="committee_meetings_ordered",
                violation_error_message="Le nombre maximal de réunions est inférieur au nombre minimal.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
