"""Words of the ledger of credits."""

from django.db import models


class Titre(models.TextChoices):
    """Titres of the State's budget (LOLF, article 5)."""

    T1 = "1", "Titre 1 – Pouvoirs publics"
    T2 = "2", "Titre 2 – Personnel"
    T3 = "3", "Titre 3 – Fonctionnement"
    T4 = "4", "Titre 4 – Charges de la dette"
    T5 = "5", "Titre 5 – Investissement"
    T6 = "6", "Titre 6 – Intervention"
    T7 = "7", "Titre 7 – Opérations financières"


class Nature(models.TextChoices):
    """Nature of an expense, as contracts name them."""

    STAFF = "personnel", "Personnel"
    SERVICES = "prestations", "Prestations"
    SOFTWARE = "logiciels", "Logiciels"
    EQUIPMENT = "materiel", "Matériel"
    TRAINING = "formation", "Formation"
    PREMISES = "immobilier", "Immobilier et salles"
    COMMUNICATION = "communication", "Communication"
    TRAVEL = "deplacements", "Déplacements"
    GRANT = "subvention", "Subvention"
    OTHER = "autre", "Autre"
    UNSPECIFIED = "non_precisee", "Non précisée"
