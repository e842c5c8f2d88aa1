"""Roles and perimeters: who may do what, on which contracts."""

from django.db import models


class Role(models.TextChoices):
    """What a person does for the fund (domain: people)."""

    SECRETARIAT = "secretariat", "Secrétariat du fonds"
    DITP_REVIEWER = "ditp_reviewer", "Instructeur DITP"
    DB_REVIEWER = "db_reviewer", "Instructeur direction du budget"
    LEAD = "lead", "Chef de projet"
    CONTRIBUTOR = "contributor", "Contributeur"
    READER = "reader", "Lecteur"
    ADMINISTRATOR = "administrator", "Administrateur"


class PerimeterKind(models.TextChoices):
    """On what a role is held; the key of a perimeter is the slug of the thing."""

    ALL = "all", "Tous les contrats"
    CONTRACT = "contract", "Un contrat"
    SHEETS = "sheets", "Des fiches d’un contrat"
    MINISTRY = "ministry", "Les contrats d’un ministère"
    REGION = "region", "Les contrats d’une région"
