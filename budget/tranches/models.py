"""Funding tranches and their moves, the fund's envelope by year."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from budget.tranches.enums import TrancheAction, TrancheKind, TrancheState
from budget.tranches.locks import append_only, envelope_lock, tranche_lock
from contracts.fields import EuroField
from contracts.models import Contract
from monitoring.models import Filing

_S, _K = TrancheState, TrancheKind
_WITH_REASON = [TrancheAction.DECIDE, TrancheAction.WITHDRAW, TrancheAction.COMPLETE]
_PLAUSIBLE = Q(year__gte=2017, year__lte=2100)


@pghistory.track()
class FundingTranche(models.Model):
    """What the fund gives a contract in a year (article 6), in euros of the fund's own credits.

    A year without row is provisional: its amounts are those of the plan in force. A row is written by the first act on
    the year. Amounts and `decision` count the complements; `reason`, `filing` and `decided_on` are the decision's, each
    complement's being on its move. `planned_*` and `proposed_*` are what the last of them was taken upon (NULL: could
    not be computed).
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="tranches", verbose_name="contrat")
    year = models.PositiveSmallIntegerField("exercice")
    state = models.CharField("état", max_length=12, choices=_S.choices, default=_S.PROVISIONAL)
    decision = models.CharField("décision", max_length=10, choices=_K.choices, blank=True)
    is_fixed = models.BooleanField("fixée à la signature", default=False)
    ae = EuroField("AE décidées")
    cp = EuroField("CP décidés")
    planned_ae = EuroField("AE prévues lors de la décision")
    planned_cp = EuroField("CP prévus lors de la décision")
    proposed_ae = EuroField("AE proposées lors de la décision")
    proposed_cp = EuroField("CP proposés lors de la décision")
    reason = models.TextField("motif", blank=True)
    filing = models.ForeignKey(
        Filing, models.PROTECT, related_name="tranches", null=True, blank=True, verbose_name="dossier de suivi"
    )
    decided_on = models.DateField("décidée le", null=True, blank=True)
    made_available_on = models.DateField("mise à disposition le", null=True, blank=True)
    closed_on = models.DateField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "tranche de financement"
        verbose_name_plural = "tranches de financement"
        ordering = ["contract", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "year"],
                name="tranche_unique",
                violation_error_message="Ce contrat a déjà une tranche pour cet exercice.",
            ),
            models.CheckConstraint(
                condition=_PLAUSIBLE,
                name="tranche_year_plausible",
                violation_error_message="L’exercice d’une tranche est compris entre 2017 et 2100.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_S.values),
                name="tranche_state_known",
                violation_error_message="Cet état de tranche n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(state=_S.PROVISIONAL, ae__isnull=True, cp__isnull=True, decision="")
                | (
                    ~Q(state=_S.PROVISIONAL)
                    & Q(ae__isnull=False, cp__isnull=False, decision__in=_K.values, reason__regex=r"\S")
                ),
                name="tranche_decided_has_amounts",
                violation_error_message="Une tranche décidée a des AE, des CP et un motif ; une tranche "
                "prévisionnelle n’en a pas.",
            ),
            models.CheckConstraint(
                condition=Q(ae__isnull=True) | Q(ae__gte=0, cp__gte=0),
                name="tranche_not_negative",
                violation_error_message="Une tranche n’est pas négative.",
            ),
            models.CheckConstraint(
                condition=~Q(decision=_K.WITHHELD) | Q(ae=0, cp=0),
                name="tranche_withheld_is_zero",
                violation_error_message="Une tranche retenue est de zéro euro.",
            ),
            models.CheckConstraint(
                condition=Q(made_available_on__isnull=False)
                | Q(state__in=[_S.PROVISIONAL, _S.DECIDED])
                | Q(state=_S.CLOSED, decision=_K.WITHHELD),
                name="tranche_available_has_date",
                violation_error_message="Une tranche mise à disposition dit depuis quand.",
            ),
            models.CheckConstraint(
                condition=Q(made_available_on__isnull=True) | Q(made_available_on__gte=F("decided_on")),
                name="tranche_dates_ordered",
                violation_error_message="Une tranche est décidée avant d’être mise à disposition.",
            ),
        ]
        triggers = [tranche_lock(), envelope_lock()]

    def __str__(self) -> str:
        return f"{self.contract}, tranche {self.year}"


@pghistory.track()
class TrancheMove(models.Model):
    """An act on a tranche: who, what, on which day, why; rows are only added.

    With the amounts that it left, and the filing that the decision then rests on.
    """

    tranche = models.ForeignKey(FundingTranche, models.PROTECT, related_name="moves", verbose_name="tranche")
    action = models.CharField("action", max_length=16, choices=TrancheAction.choices)
    from_state = models.CharField("de", max_length=12, choices=_S.choices)
    to_state = models.CharField("à", max_length=12, choices=_S.choices)
    ae = EuroField("AE")
    cp = EuroField("CP")
    filing = models.ForeignKey(
        Filing, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="dossier de suivi"
    )
    on = models.DateField("le")
    reason = models.TextField("motif", blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "mouvement de tranche"
        verbose_name_plural = "mouvements de tranche"
        ordering = ["tranche", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=_WITH_REASON) | Q(reason__regex=r"\S"),
                name="tranche_move_reason_given",
                violation_error_message="Décider une tranche, la compléter ou revenir sur une décision demande un "
                "motif.",
            )
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.tranche} : {self.get_action_display()}"


@pghistory.track()
class FundEnvelope(models.Model):
    """What the fund may give in a year: credits voted by the finance act, and those carried over, in euros.

    As the last act of `dated_on` left them; `budget.tranches.envelopes` tells those before, from the history.
    """

    year = models.PositiveSmallIntegerField("exercice", unique=True)
    voted_ae = EuroField("AE votées", null=False, blank=False)
    voted_cp = EuroField("CP votés", null=False, blank=False)
    carried_ae = EuroField("AE reportées", null=False, blank=False, default=0)
    carried_cp = EuroField("CP reportés", null=False, blank=False, default=0)
    source = models.CharField("source", max_length=200, help_text="Loi de finances, arrêté de report…")
    dated_on = models.DateField("date de l’acte")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistrée par"
    )
    updated_at = models.DateTimeField("enregistrée le", auto_now=True)

    class Meta:
        verbose_name = "enveloppe du fonds"
        verbose_name_plural = "enveloppes du fonds"
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=_PLAUSIBLE,
                name="envelope_year_plausible",
                violation_error_message="L’exercice d’une enveloppe est compris entre 2017 et 2100.",
            ),
            models.CheckConstraint(
                condition=Q(voted_ae__gte=0, voted_cp__gte=0, carried_ae__gte=0, carried_cp__gte=0),
                name="envelope_not_negative",
                violation_error_message="Une enveloppe n’est pas négative.",
            ),
            models.CheckConstraint(
                condition=Q(dated_on__year__gte=F("year") - 1, dated_on__year__lte=F("year")),
                name="envelope_dated_in_time",
                violation_error_message="L’acte qui ouvre les crédits d’un exercice date de cet exercice ou du "
                "précédent.",
            ),
        ]

    def __str__(self) -> str:
        return f"Enveloppe {self.year}"
