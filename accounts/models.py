"""People, and the roles they hold on perimeters."""

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.enums import PerimeterKind, Role
from accounts.people import People

TAKEN = "Cette adresse électronique est déjà celle d’un compte."


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address; never deleted, only made inactive."""

    email = models.EmailField("adresse électronique", unique=True, error_messages={"unique": TAKEN})
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    service = models.CharField("service", max_length=160, blank=True)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accès à l’administration", default=False)
    is_demo = models.BooleanField("personne de démonstration", default=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "personne"
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_case_insensitive",
                violation_error_message=TAKEN,
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """First and last name as they are shown beside a figure."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        """The first name, for greetings."""
        return self.first_name


@pghistory.track()
class RoleGrant(models.Model):
    """A role held by a person on a perimeter: « chef de projet » on the contract `cap2030`."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="personne")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    perimeter_kind = models.CharField("périmètre", max_length=12, choices=PerimeterKind.choices)
    perimeter_key = models.CharField("identifiant du périmètre", max_length=120, blank=True)
    sheets = ArrayField(models.CharField(max_length=20), verbose_name="fiches projet", default=list, blank=True)

    class Meta:
        verbose_name = "rôle attribué"
        verbose_name_plural = "rôles attribués"
        ordering = ["user", "role", "perimeter_kind", "perimeter_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "perimeter_kind", "perimeter_key"],
                name="role_grant_unique",
                violation_error_message="Cette personne a déjà ce rôle sur ce périmètre.",
            ),
            models.CheckConstraint(
                condition=Q(perimeter_kind=PerimeterKind.ALL, perimeter_key="")
                | (~Q(perimeter_kind=PerimeterKind.ALL) & ~Q(perimeter_key="")),
                name="role_grant_perimeter_key",
                violation_error_message="Un périmètre limité désigne un contrat, un ministère ou une région.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.LEAD]) | Q(perimeter_kind=PerimeterKind.CONTRACT),
                name="role_grant_lead_on_contract",
                violation_error_message="Un chef de projet l’est d’un contrat désigné.",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.CONTRIBUTOR) | Q(perimeter_kind=PerimeterKind.SHEETS),
                name="role_grant_contributor_on_sheets",
                violation_error_message="Un contributeur l’est de fiches désignées d’un contrat.",
            ),
        ]

    def __str__(self) -> str:
        where = self.perimeter_key or self.get_perimeter_kind_display()
        return f"{self.get_role_display()} ({where})"
