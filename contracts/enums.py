"""Words of the contract's frame."""

from django.db import models


class OrganisationKind(models.TextChoices):
    MINISTRY = "ministere", "Ministère"
    DIRECTION = "direction", "Direction"
    PREFECTURE = "prefecture", "Préfecture"
    OPERATOR = "operateur", "Opérateur"
    ASSOCIATION = "association", "Association"
    LOCAL_AUTHORITY = "collectivite", "Collectivité"
    OTHER = "autre", "Autre"


class ContractKind(models.TextChoices):
    PROJECT = "projet", "Projet"
    UMBRELLA = "dispositif", "Dispositif"


class Frequency(models.TextChoices):
    """How often a contract files its actuals (article 5)."""

    QUARTERLY = "trimestrielle", "Trimestrielle"
    YEARLY = "annuelle", "Annuelle"


class AmountUnit(models.TextChoices):
    EUR = "eur", "€"
    KEUR = "keur", "k€"


class PartyRole(models.TextChoices):
    HOLDER = "porteur", "Porteur"
    DITP = "ditp", "Direction interministérielle de la transformation publique"
    DB = "db", "Direction du budget"


class NomenclatureAuthority(models.TextChoices):
    """Who may change the annex of nomenclatures without an amendment (article 8)."""

    SECRETARIAT = "secretariat", "Secrétariat du fonds"
    DB = "db", "Direction du budget"
    AMENDMENT = "avenant", "Par avenant seulement"


class CodeKind(models.TextChoices):
    CENTRE_FINANCIER = "centre_financier", "Cadre de gestion (BOP-UO)"
    DOMAINE_FONCTIONNEL = "domaine_fonctionnel", "Domaine fonctionnel"
    ACTIVITE = "activite", "Référentiel de programmation (activité Chorus)"


class VersionKind(models.TextChoices):
    SIGNATURE = "signature", "Contrat signé"
    AMENDMENT = "avenant", "Avenant"


class VersionState(models.TextChoices):
    DRAFT = "draft", "En préparation"
    SIGNED = "signed", "Signée"


class AmendmentType(models.TextChoices):
    """What an amendment is about: it decides which figures it may touch (`contracts.amendments.calc.THEMES`)."""

    BUDGET = "budget", "Plan de financement"
    CALENDAR = "calendrier", "Calendrier"
    SAVINGS = "economies", "Économies"
    TARGETS = "cibles", "Cibles des indicateurs"
    ERROR = "erreur", "Erreur matérielle"
    NOMENCLATURE = "nomenclature", "Annexe des nomenclatures"


class LifeEventKind(models.TextChoices):
    """What happens to a contract beside its versions: signatures and effects are read from the versions."""

    SELECTION = "selection", "Sélection"
    DECISION = "decision", "Décision de financement"
    SUSPENSION = "suspension", "Suspension des financements"
    RESUMPTION = "reprise", "Reprise des financements"
    INTERRUPTION = "interruption", "Interruption des financements"
    END = "fin", "Fin d’exécution"
    FINAL_REVIEW = "bilan", "Bilan final"


class ActDate(models.TextChoices):
    """A date that a signed act bears."""

    PARTY = "partie", "Signature"
    ACT = "acte", "Date de l’acte"
    EFFECT = "effet", "Prise d’effet"


class MilestoneKind(models.TextChoices):
    PHASE = "phase", "Phase"
    MILESTONE = "jalon", "Jalon"


class StatedUnit(models.TextChoices):
    EUR = "eur", "€"
    KEUR = "keur", "k€"
    MEUR = "meur", "M€"
    PERCENT = "%", "%"
    ETP = "etp", "ETP"
    NUMBER = "nombre", "nombre"


class ReadingKind(models.TextChoices):
    """What happened to a figure between the scanned page and the database."""

    CORRECTED = "corrected", "Valeur corrigée"
    UNREADABLE = "unreadable", "Illisible"


class ObservationKind(models.TextChoices):
    """Notes of the person who read the act; what a rule can find is an anomaly, never a note."""

    CONTRADICTION = "contradiction", "Contradiction relevée à la lecture"
    EXPLANATION = "explication", "Explication d’un écart"
    TEMPLATE = "modele", "Reste de modèle"
    SCAN = "numerisation", "Numérisation"


class CriterionFamily(models.TextChoices):
    HOLDER = "porteur", "Statut du porteur"
    FINANCING = "financement", "Financement"
    CONTENT = "contenu", "Contenu"


class CriterionCheck(models.TextChoices):
    """A criterion that the amounts of a sub-project answer by themselves."""

    CO_FINANCING = "cofinancement", "Cofinancement présent"
    CEILING = "plafond", "Montant total inférieur au seuil"
    RETURN = "retour", "Économie pérenne à trois ans par euro du FTAP"


class AnomalyAction(models.TextChoices):
    """What somebody says of an anomaly."""

    EXPLAIN = "explained", "Expliquée"
    ACCEPT = "accepted", "Acceptée"
    REOPEN = "reopened", "Rouverte"
