"""What each person is told, and how they want to be told."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from monitoring.enums import MailTopic, Way
from monitoring.models.mail import OutgoingMail
from monitoring.topics import OPTIONAL


@pghistory.track()
class NotificationPreference(models.Model):
    """How a person wants the messages of a topic; without a row, the topic's own default holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notification_preferences", verbose_name="personne"
    )
    topic = models.CharField("sujet", max_length=12, choices=MailTopic.choices)
    way = models.CharField("envoi", max_length=8, choices=Way.choices)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "préférence de notification"
        verbose_name_plural = "préférences de notification"
        ordering = ["user", "topic"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "topic"],
                name="notification_preference_unique",
                violation_error_message="Cette personne a déjà une préférence pour ce sujet.",
            ),
            models.CheckConstraint(
                condition=Q(topic__in=OPTIONAL),
                name="notification_preference_optional",
                violation_error_message="Les messages de ce sujet ne peuvent être ni différés ni arrêtés.",
            ),
            models.CheckConstraint(
                condition=Q(way__in=Way.values),
                name="notification_preference_way_known",
                violation_error_message="Cette façon d’être prévenu n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.get_topic_display()}, {self.get_way_display()}"


class Notice(models.Model):
    """Something to tell one person, once: `mail` is the message that carried it, alone or in a digest.

    `way` is how the person wanted it when it was written; a notice that nobody wants (« jamais ») is kept, unsent.
    """

    key = models.CharField("clé", max_length=200, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="destinataire"
    )
    topic = models.CharField("sujet", max_length=12, choices=MailTopic.choices)
    subject = models.CharField("objet", max_length=250)
    text = models.TextField("texte")
    path = models.CharField("adresse dans le site", max_length=200)
    way = models.CharField("envoi", max_length=8, choices=Way.choices)
    mail = models.ForeignKey(
        OutgoingMail, models.PROTECT, related_name="notices", null=True, blank=True, verbose_name="message"
    )
    created_at = models.DateTimeField("écrite le")

    class Meta:
        verbose_name = "notification"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["user", "created_at"],
                name="notice_for_digest",
                condition=Q(way="digest", mail__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(way=Way.AT_ONCE) | Q(mail__isnull=False),
                name="notice_at_once_has_mail",
                violation_error_message="Une notification immédiate porte son message.",
            ),
            models.CheckConstraint(
                condition=~Q(way=Way.NEVER) | Q(mail__isnull=True),
                name="notice_unwanted_has_no_mail",
                violation_error_message="Une notification refusée ne part pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.subject}"
