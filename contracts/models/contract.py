"""A contract and its versions: the signature, then each amendment (avenant)."""

from datetime import date

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from contracts.enums import (
    AmendmentType,
    AmountUnit,
    ContractKind,
    Frequency,
    NomenclatureAuthority,
    VersionKind,
    VersionState,
)
from contracts.models.organisations import Organisation
from contracts.querysets import ContractQuerySet

SAVINGS_FOLLOW_UP_YEARS = 3  # savings outlive spending (domain § 5)


@pghistory.track()
class Contract(models.Model):
    """A « contrat de transformation »: a promise in figures by year, between a holder, the DITP and the DB."""

    code = models.SlugField(
        "code", max_length=40, unique=True, error_messages={"unique": "Un contrat porte déjà ce code."}
    )
    title = models.CharField("intitulé", max_length=120)
    long_title = models.CharField("intitulé long", max_length=300, blank=True)
    summary = models.TextField("résumé", blank=True)
    kind = models.CharField("type", max_length=12, choices=ContractKind.choices, default=ContractKind.PROJECT)
    programme = models.CharField(
        "programme", max_length=4, default="0349", validators=[RegexValidator(r"^\d{4}$", "Quatre chiffres attendus.")]
    )
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="held_contracts", verbose_name="porteur")
    first_year = models.PositiveSmallIntegerField("première année de financement")
    last_year = models.PositiveSmallIntegerField("dernière année de financement")
    unit = models.CharField("unité d’impression", max_length=4, choices=AmountUnit.choices, default=AmountUnit.EUR)
    filing_frequency = models.CharField("périodicité du suivi", max_length=14, choices=Frequency.choices)
    filing_frequency_article = models.CharField("article fixant la périodicité", max_length=20, blank=True)
    first_tranche_year = models.PositiveSmallIntegerField("année de la tranche fixée au contrat", null=True, blank=True)
    tranches_decided_from = models.PositiveSmallIntegerField("tranches décidées à partir de", null=True, blank=True)
    nomenclature_authority = models.CharField(
        "qui peut modifier l’annexe des nomenclatures", max_length=12, choices=NomenclatureAuthority.choices
    )
    accompaniment_months = models.PositiveSmallIntegerField(
        "durée d’accompagnement d’un sous-projet, en mois", null=True, blank=True
    )
    sub_projects_a_year = models.PositiveSmallIntegerField("sous-projets par an", null=True, blank=True)
    is_demo = models.BooleanField("données de démonstration", default=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        ordering = ["title", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="contract_years_ordered",
                violation_error_message="La dernière année de financement précède la première.",
            ),
            models.CheckConstraint(
                condition=Q(first_year__gte=2017, last_year__lte=2100),
                name="contract_years_plausible",
                violation_error_message="Les années de financement sont comprises entre 2017 et 2100.",
            ),
            models.CheckConstraint(
                condition=Q(programme__regex=r"^\d{4}$"),
                name="contract_programme_four_digits",
                violation_error_message="Le programme s’écrit avec quatre chiffres, par exemple 0349.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ContractKind.values)
                & Q(unit__in=AmountUnit.values)
                & Q(filing_frequency__in=Frequency.values)
                & Q(nomenclature_authority__in=NomenclatureAuthority.values),
                name="contract_choices_known",
                violation_error_message="Le type, l’unité, la périodicité ou l’article 8 du contrat est inconnu.",
            ),
            models.CheckConstraint(
                condition=Q(kind=ContractKind.UMBRELLA)
                | Q(accompaniment_months__isnull=True, sub_projects_a_year__isnull=True),
                name="contract_sub_projects_of_umbrella",
                violation_error_message="Seul un dispositif fixe le nombre et la durée de ses sous-projets.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The contract's synthesis page."""
        return reverse("reports:contract", args=[self.code])

    @property
    def funding_years(self) -> range:
        """Every year of funding, first and last included."""
        return range(self.first_year, self.last_year + 1)

    @property
    def savings_followed_until(self) -> int:
        """The last year for which savings are followed: three years after the last funding year."""
        return self.last_year + SAVINGS_FOLLOW_UP_YEARS


@pghistory.track()
class ContractVersion(models.Model):
    """The promise at a time: number 0 is the signature, then one for each amendment; figures hang on versions."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions", verbose_name="contrat")
    number = models.PositiveSmallIntegerField("numéro", default=0)
    kind = models.CharField("nature", max_length=12, choices=VersionKind.choices, default=VersionKind.SIGNATURE)
    state = models.CharField("état", max_length=12, choices=VersionState.choices, default=VersionState.SIGNED)
    signed_on = models.DateField("signée le", null=True, blank=True)
    effective_on = models.DateField("prend effet le", null=True, blank=True)
    reason = models.TextField("motif", blank=True)
    table_units = models.JSONField("unités des tables du fichier", default=dict, blank=True)
    source_sha256 = models.CharField("empreinte du fichier chargé", max_length=64, blank=True)
    types = ArrayField(
        models.CharField(max_length=12, choices=AmendmentType.choices),
        verbose_name="objet de l’avenant",
        default=list,
        blank=True,
    )
    based_on = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="modifie la version"
    )
    extends_to = models.PositiveSmallIntegerField("prolonge le financement jusqu’en", null=True, blank=True)
    is_retroactive = models.BooleanField("prend effet dans une période déjà verrouillée", default=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="préparée par"
    )
    prepared_at = models.DateTimeField("préparée le", null=True, blank=True)

    class Meta:
        verbose_name = "version du contrat"
        verbose_name_plural = "versions du contrat"
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"],
                name="contract_version_unique",
                violation_error_message="Cette version du contrat existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state=VersionState.DRAFT),
                name="contract_version_one_draft",
                violation_error_message="Un avenant est déjà en préparation pour ce contrat.",
            ),
            models.CheckConstraint(
                condition=Q(kind=VersionKind.SIGNATURE, number=0) | Q(kind=VersionKind.AMENDMENT, number__gt=0),
                name="contract_version_number_kind",
                violation_error_message="La version 0 est le contrat signé, les suivantes sont des avenants.",
            ),
            models.CheckConstraint(
                condition=Q(types__contained_by=AmendmentType.values),
                name="contract_version_types_known",
                violation_error_message="Cet objet d’avenant n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return "Contrat signé" if self.number == 0 else f"Avenant n° {self.number}"

    @property
    def in_force_from(self) -> date | None:
        """The day from which this version counts; None when the contract bears no date."""
        return self.effective_on or self.signed_on

    @property
    def is_draft(self) -> bool:
        """Whether it is being prepared, and promises nothing yet."""
        return self.state == VersionState.DRAFT

    @property
    def type_labels(self) -> list[str]:
        """What the amendment is about, in French."""
        return [AmendmentType(one).label for one in self.types]
