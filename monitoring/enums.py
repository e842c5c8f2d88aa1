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

    @classmethod
    def editable(cls) -> list["FilingState"]:
        """States in which figures may be written; the database refuses them in all others."""
        return [cls.DRAFT, cls.SENT_BACK]


class FilingAction(models.TextChoices):
    SUBMIT = "submit", "Soumettre"
    TAKE_BACK = "take_back", "Reprendre"
    SEND_BACK = "send_back", "Renvoyer avec un motif"
    VALIDATE = "validate", "Valider (DITP)"
    COUNTERSIGN = "countersign", "Valider (direction du budget)"
    REOPEN = "reopen", "Rouvrir avec un motif"


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
    REPORT = "report", "Rapport"
    OPENING = "opening", "Ouverture de campagne"
    REMINDER = "reminder", "Rappel"
    DECISION = "decision", "Décision sur un dossier"
