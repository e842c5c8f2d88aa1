"""The outbox: a message is a row, written in the transaction that it tells of, before it is an e-mail."""

from django.db import models
from django.db.models import Q

from monitoring.enums import MailState, MailTopic


class OutgoingMail(models.Model):
    """A message to one address; its key says what it tells to whom, so that it leaves once."""

    key = models.CharField("clé", max_length=200, unique=True)
    topic = models.CharField("sujet de la notification", max_length=12, choices=MailTopic.choices)
    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=250)
    body = models.TextField("texte")
    html = models.TextField("texte en HTML", blank=True)
    headers = models.JSONField("en-têtes", default=dict, blank=True)
    attachments = models.JSONField("pièces jointes", default=list, blank=True)
    message_id = models.CharField("Message-ID", max_length=250, unique=True)
    state = models.CharField("état", max_length=8, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveIntegerField("essais", default=0)
    next_attempt_at = models.DateTimeField("prochain essai")
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    error = models.TextField("dernière erreur", blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "message sortant"
        verbose_name_plural = "messages sortants"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="outgoing_mail_due", condition=Q(state__in=["queued", "sending"])
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="outgoing_mail_sent_has_date",
                violation_error_message="Un message envoyé porte sa date d’envoi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} : {self.subject}"
