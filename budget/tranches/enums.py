"""Words of the tranches."""

from django.db import models


class TrancheState(models.TextChoices):
    """Where a year's tranche stands; `budget.tranches.transitions` says how it moves."""

    PROVISIONAL = "provisional", "Prévisionnelle"
    DECIDED = "decided", "Décidée"
    AVAILABLE = "available", "Mise à disposition"
    CLOSED = "closed", "Close"


class TrancheAction(models.TextChoices):
    FIX = "fix", "Fixer à la signature"
    DECIDE = "decide", "Décider"
    WITHDRAW = "withdraw", "Revenir sur la décision"
    MAKE_AVAILABLE = "make_available", "Mettre à disposition"
    COMPLETE = "complete", "Compléter"
    CLOSE = "close", "Clore"


class TrancheKind(models.TextChoices):
    """What a decision gives, against the year's plan; told by the amounts, never chosen beside them."""

    FULL = "full", "Entière"
    REDUCED = "reduced", "Réduite"
    WITHHELD = "withheld", "Retenue"
