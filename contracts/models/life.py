"""What happens to a contract in time: its dated events, and the changes of its nomenclature annex."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from contracts.enums import ActDate, CodeKind, LifeEventKind
from contracts.models.calls import ProjectCall
from contracts.models.contract import Contract, ContractVersion
from contracts.models.people import Signatory
from contracts.models.provisions import NomenclatureCode


class _Standing(models.Manager["LifeEvent"]):
    """The events that stand: what was cancelled tells nothing of the contract any more."""

    def get_queryset(self) -> models.QuerySet["LifeEvent"]:
        return super().get_queryset().filter(cancelled_at__isnull=True)


def _kept() -> pgtrigger.Trigger:
    """What was cancelled stays as it was."""
    refused = "MESSAGE = 'Un événement annulé ne change plus.', ERRCODE = 'restrict_violation'"
    return pgtrigger.Trigger(
        name="life_event_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__cancelled_at__isnull=False),
        func=f"RAISE EXCEPTION USING {refused}, CONSTRAINT = 'life_event_kept';",
    )


@pghistory.track()
class LifeEvent(models.Model):
    """A dated event of a contract; one that is not known has no row, and counts as « non renseigné ».

    One recorded by error is cancelled with a reason, and stays written: `objects` are those that stand, `every` all of
    them. A corrected event is cancelled, and another stands in its place, which `corrects` it.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="life_events", verbose_name="contrat")
    kind = models.CharField("événement", max_length=12, choices=LifeEventKind.choices)
    on = models.DateField("le")
    reason = models.TextField("motif ou référence", blank=True)
    call = models.ForeignKey(
        ProjectCall, models.PROTECT, related_name="selections", null=True, blank=True, verbose_name="appel à projets"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name="corrige"
    )
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="annulé par"
    )
    cancel_reason = models.TextField("motif de l’annulation", blank=True)

    objects = _Standing()
    every = models.Manager["LifeEvent"]()

    class Meta:
        verbose_name = "événement de la vie du contrat"
        verbose_name_plural = "événements de la vie du contrat"
        ordering = ["contract", "on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=LifeEventKind.values),
                name="life_event_kind_known",
                violation_error_message="Cet événement n’existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[LifeEventKind.SUSPENSION, LifeEventKind.INTERRUPTION]) | ~Q(reason=""),
                name="life_event_has_reason",
                violation_error_message="Une suspension ou une interruption a un motif.",
            ),
            models.CheckConstraint(
                condition=Q(call__isnull=True) | Q(kind=LifeEventKind.SELECTION),
                name="life_event_call_of_a_selection",
                violation_error_message="Seule une sélection se rattache à un appel à projets.",
            ),
            models.UniqueConstraint(
                fields=["contract", "kind"],
                condition=~Q(kind__in=[LifeEventKind.SUSPENSION, LifeEventKind.RESUMPTION])
                & Q(cancelled_at__isnull=True),
                name="life_event_once",
                violation_error_message="Cet événement n’arrive qu’une fois dans la vie d’un contrat.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False, cancel_reason__regex=r"\S"),
                name="life_event_cancelled_with_reason",
                violation_error_message="L’annulation d’un événement dit quand, par qui et pourquoi.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="life_event_not_deleted", operation=pgtrigger.Delete), _kept()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"


@pghistory.track()
class ActDateCorrection(models.Model):
    """A date of a signed act that was written down wrong: what it was (NULL: not known), what it is, why; only added.

    `signatory` is whose signature was dated, without one the date is the act's own.
    """

    version = models.ForeignKey(
        ContractVersion, models.PROTECT, related_name="date_corrections", verbose_name="version"
    )
    kind = models.CharField("date", max_length=10, choices=ActDate.choices)
    signatory = models.ForeignKey(
        Signatory, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="signataire"
    )
    before = models.DateField("avant", null=True, blank=True)
    after = models.DateField("après")
    reason = models.TextField("ce qui était faux")
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="corrigée par"
    )
    corrected_at = models.DateTimeField("corrigée le", auto_now_add=True)

    class Meta:
        verbose_name = "date d’acte corrigée"
        verbose_name_plural = "dates d’actes corrigées"
        ordering = ["version", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="act_date_correction_has_reason",
                violation_error_message="La correction d’une date dit ce qui était faux.",
            ),
            models.CheckConstraint(
                condition=Q(kind=ActDate.PARTY, signatory__isnull=False)
                | Q(kind__in=[ActDate.ACT, ActDate.EFFECT], signatory__isnull=True),
                name="act_date_correction_of_a_date",
                violation_error_message="La date corrigée est celle d’un signataire, de l’acte ou de son effet.",
            ),
            models.CheckConstraint(
                condition=Q(before__isnull=True) | ~Q(before=F("after")),
                name="act_date_correction_moves",
                violation_error_message="Une date corrigée change.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="act_date_correction_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.version}, {self.get_kind_display()} : {self.after:%d/%m/%Y}"

    @property
    def whose(self) -> str:
        """« Signature de Jean PETIT, recteur », « Date de l’acte », « Prise d’effet »."""
        return f"Signature de {self.signatory}" if self.signatory else self.get_kind_display()


@pghistory.track()
class NomenclatureChange(models.Model):
    """A change of the annex of nomenclatures: a code that comes, another that it replaces, from a day, and why.

    Without version: decided alone by whom article 8 allows. With a version: it comes with the amendment; until that is
    signed, `effective_on` is not known and the codes do not move.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="code_changes", verbose_name="contrat")
    version = models.ForeignKey(
        ContractVersion, models.PROTECT, related_name="code_changes", null=True, blank=True, verbose_name="avenant"
    )
    replaces = models.ForeignKey(
        NomenclatureCode, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="remplace"
    )
    kind = models.CharField("type", max_length=20, choices=CodeKind.choices)
    printed = models.CharField("nouveau code", max_length=60)
    label = models.CharField("libellé", max_length=160, blank=True)
    effective_on = models.DateField("à compter du", null=True, blank=True)
    reason = models.TextField("motif")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )
    decided_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "modification de l’annexe des nomenclatures"
        verbose_name_plural = "modifications de l’annexe des nomenclatures"
        ordering = ["contract", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=False) | Q(effective_on__isnull=False),
                name="nomenclature_change_dated",
                violation_error_message="Une modification sans avenant a une date d’effet.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(kind__in=CodeKind.values),
                name="nomenclature_change_has_reason",
                violation_error_message="Une modification de l’annexe porte sur une nomenclature connue et a un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.printed}"
