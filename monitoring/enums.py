"""Words of the time frame."""

from django.db import models


class CampaignKind(models.TextChoices):
    QUARTER = "quarter", "Trimestre"
    YEAR = "year", "Année"


class FilingState(models.TextChoices):
    """Where a filing stands; the table of transitions says who moves it (monitoring.transitions)."""

    DRAFT = "draft", "En cours de saisie"
    SUBMITTED = "submitted", "Soumis"
    SENT_BACK = "sent_back", "Renvoyé"
    VALIDATED = "validated", "Validé par la DITP"
    LOCKED = "locked", "Validé et verrouillé"
    REOPENED = "reopened", "Chiffres rouverts"
    TEXTS_OPEN = "texts_open", "Textes rouverts"
    TEXTS_SUBMITTED = "texts_filed", "Textes soumis"

    @classmethod
    def editable(cls) -> list["FilingState"]:
        """States in which figures may be written; the database refuses them in all others."""
        return [cls.DRAFT, cls.SENT_BACK, cls.REOPENED]

    @classmethod
    def taking_texts(cls) -> list["FilingState"]:
        """States in which the filing's own comments may be written: those of figures, and texts reopened alone."""
        return [*cls.editable(), cls.TEXTS_OPEN]


class FilingAction(models.TextChoices):
    SUBMIT = "submit", "Soumettre"
    TAKE_BACK = "take_back", "Reprendre"
    SEND_BACK = "send_back", "Renvoyer avec un motif"
    VALIDATE = "validate", "Valider (DITP)"
    COUNTERSIGN = "countersign", "Valider (direction du budget)"
    REOPEN = "reopen", "Rouvrir les chiffres"
    REOPEN_TEXTS = "reopen_texts", "Rouvrir les textes"


class Weather(models.TextChoices):
    """The « météo » words that users know from their other tool."""

    SECURED = "secured", "Objectifs sécurisés"
    REACHABLE = "reachable", "Objectifs atteignables"
    SUPPORT = "support", "Appuis nécessaires"
    COMPROMISED = "compromised", "Objectifs compromis"


class ProgressState(models.TextChoices):
    NOT_STARTED = "not_started", "Non commencé"
    ONGOING = "ongoing", "En cours"
    DONE = "done", "Terminé"
    LATE = "late", "En retard"
    DROPPED = "dropped", "Abandonné"


class RiskState(models.TextChoices):
    OPEN = "open", "Ouvert"
    CLOSED = "closed", "Clos"


class Severity(models.TextChoices):
    """What a finding does: blocking ones stop submission only."""

    BLOCKING = "blocking", "Bloquant"
    WARNING = "warning", "Avertissement"
    INFO = "info", "Information"


class MailState(models.TextChoices):
    QUEUED = "queued", "En attente"
    SENDING = "sending", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Abandonné"


class MailTopic(models.TextChoices):
    """What a message is about; `monitoring.topics` says whom each concerns and how it reaches them."""

    REPORT = "report", "Rapport"
    OPENING = "opening", "Ouverture de campagne"
    REMINDER = "reminder", "Rappel"
    DECISION = "decision", "Décision sur un dossier"
    SENT_BACK = "sent_back", "Dossier renvoyé"
    REMARK = "remark", "Remarque"
    PUBLISHED = "published", "Rapport disponible"
    NUDGE = "nudge", "Relance du secrétariat"
    ESCALATION = "escalation", "Retard signalé au secrétariat"
    DIGEST = "digest", "Récapitulatif quotidien"


class Way(models.TextChoices):
    """How the messages of a topic reach a person."""

    AT_ONCE = "at_once", "Aussitôt"
    DIGEST = "digest", "Dans le récapitulatif"
    NEVER = "never", "Jamais"
