"""Words of the ledger of savings."""

from django.db import models

from savings.calc import UNVALUED


class SavingsMethod(models.TextChoices):
    """How the contract values a saving (domain § 5)."""

    POSTS = "postes", "Postes × coût unitaire"
    RAMP = "rampe", "Montée en charge"
    SHARE_OF_BASE = "part_base", "Part d’une base"
    AVOIDED = "cout_evite", "Coût évité"
    INTERNALISATION = "internalisation", "Internalisation"
    AMOUNTS = "montants", "Montants explicites"
    UNVALUED = UNVALUED, "Non valorisée, suivie pour information"


class EvidenceLevel(models.TextChoices):
    """How far a saving is established, from a guess to a budget act."""

    ESTIMATED = "estimated", "Estimée"
    DECLARED = "declared", "Déclarée"
    DOCUMENTED = "documented", "Documentée"
    CERTIFIED = "certified", "Certifiée"
    BUDGETED = "budgeted", "Constatée en loi de finances"
