"""Words of the ledger of results."""

from django.db import models


class IndicatorKind(models.TextChoices):
    PROGRESS = "avancement", "Avancement"
    RESULT = "resultat", "Résultat"
    IMPACT = "impact", "Impact"


class Orientation(models.TextChoices):
    USERS = "usagers", "Service aux usagers"
    STAFF = "agents", "Conditions de travail des agents"
    PROGRESS = "avancement", "Avancement"
    SAVINGS = "economies", "Économies"


class FollowedIn(models.TextChoices):
    """Where the figures of an indicator already are: nobody measures it again (articles 5.1 and 5.2)."""

    CREDITS = "credits", "suivi aux crédits"
    CALENDAR = "calendrier", "suivi au calendrier"
    SAVINGS = "economies", "suivi aux économies"


class Direction(models.TextChoices):
    RISING = "hausse", "À la hausse"
    FALLING = "baisse", "À la baisse"


class Accumulation(models.TextChoices):
    STOCK = "stock", "À une date"
    FLOW = "flux", "Dans l’année"
    CUMULATED = "cumul", "Depuis l’origine"


class TargetOperator(models.TextChoices):
    AT_LEAST = ">=", "au moins"
    MORE_THAN = ">", "plus de"
    AT_MOST = "<=", "au plus"
    LESS_THAN = "<", "moins de"
    EQUAL = "=", "égal à"
    REDUCTION = "reduction", "baisse d’au moins"
