"""Sub-projects of an umbrella contract, their moves, answers, amounts by year and framing documents."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from contracts.evidence.examination import MAX_FILE
from contracts.evidence.kinds import CONTENT_TYPES
from contracts.evidence.storage import random_name
from contracts.fields import EuroField
from contracts.models.contract import Contract
from contracts.models.provisions import SelectionCriterion
from contracts.subprojects.enums import GridAnswer, SubProjectAction, SubProjectState
from contracts.subprojects.locks import amounts_lock, append_only, open_lock, pipeline_lock
from contracts.subprojects.transitions import TRANSITIONS

_S = SubProjectState
_REASONED = sorted({line.action.value for line in TRANSITIONS if line.needs_reason})


def document_name(document: "FramingDocument", name: str) -> str:
    """Where a framing document is kept; migrations know this function by its name."""
    return random_name()


@pghistory.track()
class SubProject(models.Model):
    """A project chosen within an umbrella contract, whose figures are those of its own framing document.

    They are no part of the contract's promise: the plan of article 2 is not divided by sub-project, and these amounts
    are never added to it. `recurrent` is the saving of a year once deployed (CP). `exception` is why it is retained
    although its return at three years is too low, blank otherwise.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="sub_projects", verbose_name="contrat")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("intitulé", max_length=160)
    holder = models.CharField("administration porteuse", max_length=200)
    purpose = models.TextField("objet du projet de transformation")
    services = models.TextField("prestations financées par le FTAP", blank=True)
    state = models.CharField("état", max_length=12, choices=_S.choices, default=_S.IDENTIFIED)
    recurrent = EuroField("économie pérenne par an")
    basis = models.TextField("calcul de l’économie", blank=True)
    exception = models.TextField("motif de l’exception", blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    is_demo = models.BooleanField("démonstration", default=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="modifié par"
    )
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "sous-projet"
        verbose_name_plural = "sous-projets"
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"],
                name="sub_project_number_unique",
                violation_error_message="Un sous-projet du contrat porte déjà ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["contract", "title"],
                name="sub_project_title_unique",
                violation_error_message="Un sous-projet du contrat porte déjà cet intitulé.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_S.values),
                name="sub_project_state_known",
                violation_error_message="Cet état de sous-projet n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(title__regex=r"\S", holder__regex=r"\S", purpose__regex=r"\S"),
                name="sub_project_described",
                violation_error_message="Un sous-projet a un intitulé, une administration porteuse et un objet.",
            ),
            models.CheckConstraint(
                condition=Q(recurrent__isnull=True) | Q(recurrent__gte=0),
                name="sub_project_recurrent_not_negative",
                violation_error_message="Une économie pérenne n’est pas négative.",
            ),
        ]
        triggers = [pipeline_lock(), pgtrigger.Protect(name="sub_project_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} – {self.title}"

    def get_absolute_url(self) -> str:
        """The sub-project's own page."""
        return reverse("reports:sub_project", args=[self.contract.code, self.number])

    @property
    def is_closed(self) -> bool:
        """Whether nothing is written in it any more."""
        return self.state in _S.closed()


@pghistory.track()
class SubProjectYear(models.Model):
    """A year of a sub-project's own plan, in euros; NULL is not stated. Savings are CP."""

    sub_project = models.ForeignKey(SubProject, models.PROTECT, related_name="years", verbose_name="sous-projet")
    year = models.PositiveSmallIntegerField("exercice")
    ftap_ae = EuroField("AE du FTAP")
    ftap_cp = EuroField("CP du FTAP")
    co_financing_ae = EuroField("AE de cofinancement")
    co_financing_cp = EuroField("CP de cofinancement")
    savings = EuroField("économies")

    class Meta:
        verbose_name = "exercice d’un sous-projet"
        verbose_name_plural = "exercices des sous-projets"
        ordering = ["sub_project", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["sub_project", "year"],
                name="sub_project_year_unique",
                violation_error_message="Ce sous-projet a déjà des montants pour cet exercice.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2017, year__lte=2110),
                name="sub_project_year_plausible",
                violation_error_message="L’exercice est compris entre 2017 et 2110.",
            ),
            models.CheckConstraint(
                condition=(Q(ftap_ae__isnull=True) | Q(ftap_ae__gte=0))
                & (Q(ftap_cp__isnull=True) | Q(ftap_cp__gte=0))
                & (Q(co_financing_ae__isnull=True) | Q(co_financing_ae__gte=0))
                & (Q(co_financing_cp__isnull=True) | Q(co_financing_cp__gte=0))
                & (Q(savings__isnull=True) | Q(savings__gte=0)),
                name="sub_project_amounts_not_negative",
                violation_error_message="Un montant prévu n’est pas négatif.",
            ),
        ]
        triggers = [open_lock(), amounts_lock()]

    def __str__(self) -> str:
        return f"{self.sub_project}, {self.year}"


@pghistory.track()
class CriterionAnswer(models.Model):
    """What a person answered to a criterion of the contract for a sub-project; a blank answer bears a comment alone."""

    sub_project = models.ForeignKey(SubProject, models.PROTECT, related_name="answers", verbose_name="sous-projet")
    criterion = models.ForeignKey(SelectionCriterion, models.PROTECT, related_name="answers", verbose_name="critère")
    answer = models.CharField("réponse", max_length=10, choices=GridAnswer.choices, blank=True)
    comment = models.TextField("commentaire", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="répondu par"
    )
    answered_at = models.DateTimeField("répondu le")

    class Meta:
        verbose_name = "réponse à un critère"
        verbose_name_plural = "réponses aux critères"
        ordering = ["sub_project", "criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sub_project", "criterion"],
                name="criterion_answer_unique",
                violation_error_message="Ce critère a déjà une réponse pour ce sous-projet.",
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answer__in=GridAnswer.values),
                name="criterion_answer_known",
                violation_error_message="On répond oui, non ou sans objet.",
            ),
            models.CheckConstraint(
                condition=~Q(answer=GridAnswer.NO) | Q(comment__regex=r"\S"),
                name="criterion_answer_no_is_explained",
                violation_error_message="Une réponse négative s’explique en commentaire.",
            ),
        ]
        triggers = [open_lock()]

    def __str__(self) -> str:
        return f"{self.criterion} : {self.get_answer_display()}"


@pghistory.track()
class FramingDocument(models.Model):
    """The framing document (article 4.3); another one replaces it, and each of them is kept."""

    sub_project = models.ForeignKey(SubProject, models.PROTECT, related_name="documents", verbose_name="sous-projet")
    file = models.FileField("fichier", upload_to=document_name, max_length=120)
    name = models.CharField("nom", max_length=160)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="joint par"
    )
    uploaded_at = models.DateTimeField("joint le", auto_now_add=True)

    class Meta:
        verbose_name = "document de cadrage"
        verbose_name_plural = "documents de cadrage"
        ordering = ["sub_project", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=MAX_FILE),
                name="framing_document_size_within_limit",
                violation_error_message="Un document de cadrage fait 10 Mo au plus.",
            ),
            models.CheckConstraint(
                condition=Q(content_type__in=CONTENT_TYPES),
                name="framing_document_type_accepted",
                violation_error_message="Ce type de fichier n’est pas accepté.",
            ),
        ]
        triggers = [open_lock(), pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class SubProjectMove(models.Model):
    """An act on a sub-project: who, what, on which day, why; rows are only added."""

    sub_project = models.ForeignKey(SubProject, models.PROTECT, related_name="moves", verbose_name="sous-projet")
    action = models.CharField("action", max_length=12, choices=SubProjectAction.choices)
    from_state = models.CharField("de", max_length=12, choices=_S.choices)
    to_state = models.CharField("à", max_length=12, choices=_S.choices)
    on = models.DateField("le")
    reason = models.TextField("motif", blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "mouvement d’un sous-projet"
        verbose_name_plural = "mouvements des sous-projets"
        ordering = ["sub_project", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=_REASONED) | Q(reason__regex=r"\S"),
                name="sub_project_move_reason_given",
                violation_error_message="Cet acte demande un motif.",
            )
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.sub_project} : {self.get_action_display()}"
