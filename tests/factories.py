"""Small synthetic contracts and filings: a promise that fits on one screen."""

from datetime import date
from typing import Any

import factory
from django.utils import timezone
from djmoney.money import Money
from factory.django import DjangoModelFactory

from accounts.enums import PerimeterKind, Role
from accounts.models import RoleGrant, User
from accounts.roles import forget_roles
from budget.enums import Nature, Titre
from budget.models import BudgetLine, PlannedCredit
from contracts.enums import Frequency, MilestoneKind, NomenclatureAuthority, OrganisationKind
from contracts.models import (
    Axis,
    Contract,
    ContractVersion,
    Milestone,
    Organisation,
    PlannedMilestone,
    PlannedSheet,
    ProjectSheet,
)
from indicators.enums import IndicatorKind, Orientation, TargetOperator
from indicators.models import Indicator, Target
from monitoring.enums import CampaignKind, FilingState
from monitoring.models import Campaign, Filing
from savings.enums import SavingsMethod
from savings.models import PlannedSaving, SavingsLine

PASSWORD = "un mot de passe assez long"


class UserFactory(DjangoModelFactory):  # type: ignore[misc]
    class Meta:
        model = User
        skip_postgeneration_save = True

    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin {n}")
    email = factory.Sequence(lambda n: f"personne{n}@ftap.example")
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(DjangoModelFactory):  # type: ignore[misc]
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Préfecture {n}")
    kind = OrganisationKind.PREFECTURE
    region = "Normandie"


class ContractFactory(DjangoModelFactory):  # type: ignore[misc]
    """A contract of 2020-2022, signed on 1 March 2020, with nothing promised yet (see `promise`)."""

    class Meta:
        model = Contract
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"contrat-{n}")
    title = factory.Sequence(lambda n: f"Contrat {n}")
    holder = factory.SubFactory(OrganisationFactory)
    first_year = 2020
    last_year = 2022
    filing_frequency = Frequency.QUARTERLY
    nomenclature_authority = NomenclatureAuthority.SECRETARIAT
    signature = factory.RelatedFactory("tests.factories.VersionFactory", factory_related_name="contract")


class VersionFactory(DjangoModelFactory):  # type: ignore[misc]
    class Meta:
        model = ContractVersion

    contract = factory.SubFactory(ContractFactory, signature=None)
    number = 0
    signed_on = date(2020, 3, 1)


class CampaignFactory(DjangoModelFactory):  # type: ignore[misc]
    """The second quarter of 2021, opened on 1 July, due on 31 July."""

    class Meta:
        model = Campaign

    kind = CampaignKind.QUARTER
    year = 2021
    quarter: Any = 2
    starts_on = date(2021, 4, 1)
    ends_on = date(2021, 6, 30)
    opens_on = date(2021, 7, 1)
    due_on = date(2021, 7, 31)

    class Params:
        next_quarter = factory.Trait(
            quarter=3,
            starts_on=date(2021, 7, 1),
            ends_on=date(2021, 9, 30),
            opens_on=date(2021, 10, 1),
            due_on=date(2021, 10, 31),
        )
        fourth_quarter = factory.Trait(
            quarter=4,
            starts_on=date(2021, 10, 1),
            ends_on=date(2021, 12, 31),
            opens_on=date(2022, 1, 1),
            due_on=date(2022, 1, 31),
        )
        next_year = factory.Trait(
            year=2022,
            quarter=1,
            starts_on=date(2022, 1, 1),
            ends_on=date(2022, 3, 31),
            opens_on=date(2022, 4, 1),
            due_on=date(2022, 4, 30),
        )
        whole_year = factory.Trait(
            kind=CampaignKind.YEAR,
            quarter=None,
            starts_on=date(2021, 1, 1),
            ends_on=date(2021, 12, 31),
            opens_on=date(2022, 1, 1),
            due_on=date(2022, 1, 31),
        )


UNSUBMITTED = (FilingState.DRAFT, FilingState.SENT_BACK)
"""States that a filing may have without the name of whoever submitted it."""


class FilingFactory(DjangoModelFactory):  # type: ignore[misc]
    """A filing in any state; `state="locked"` gives it the author and the dates that the state asks for."""

    class Meta:
        model = Filing

    campaign = factory.SubFactory(CampaignFactory)
    contract = factory.SubFactory(ContractFactory)
    version = factory.LazyAttribute(lambda filing: filing.contract.versions.get(number=0))
    due_on = factory.SelfAttribute("campaign.due_on")
    state = FilingState.DRAFT
    submitted_by = factory.LazyAttribute(
        lambda filing: None if filing.state in UNSUBMITTED else UserFactory(last_name="Déclarant")
    )
    submitted_at = factory.LazyAttribute(lambda filing: timezone.now() if filing.submitted_by else None)
    locked_at = factory.LazyAttribute(lambda filing: timezone.now() if filing.state == FilingState.LOCKED else None)


def grant(user: User, role: Role, contract: Contract | None = None, *, sheets: list[str] | None = None) -> User:
    """Gives a role, on a contract (on sheets of it for a contributor) or on everything."""
    kind = PerimeterKind.ALL
    if contract is not None:
        kind = PerimeterKind.SHEETS if role == Role.CONTRIBUTOR else PerimeterKind.CONTRACT
    key = contract.code if contract else ""
    RoleGrant.objects.create(user=user, role=role, perimeter_kind=kind, perimeter_key=key, sheets=sheets or [])
    forget_roles(user)
    return user


def promise(contract: Contract) -> ContractVersion:
    """Gives the signed version of a contract one of each thing, and returns it.

    Two credits of 100 000 € and 50 000 € a year (AE = CP), the second on sheet 1; a saving of 30 000 € a year;
    an indicator with a target of 80 at the end of 2022; two milestones, at mid 2021 and at the end of 2022.
    """
    version = contract.versions.get(number=0)
    axis = Axis.objects.create(contract=contract, code="1", title="Simplifier")
    sheet = ProjectSheet.objects.create(contract=contract, axis=axis, number="1", title="Guichet unique")
    PlannedSheet.objects.create(sheet=sheet, version=version)
    study = BudgetLine.objects.create(
        contract=contract, key="etudes", label="Études", nature=Nature.SERVICES, titre=Titre.T3, position=1
    )
    tool = BudgetLine.objects.create(
        contract=contract,
        key="outil",
        label="Outil",
        nature=Nature.SERVICES,
        titre=Titre.T3,
        sheet=sheet,
        position=2,
    )
    saving = SavingsLine.objects.create(
        contract=contract, key="loyers", label="Loyers", titre="3", method=SavingsMethod.AMOUNTS, position=1
    )
    for year in contract.funding_years:
        for line, amount in ((study, 100_000), (tool, 50_000)):
            euros = _euros(amount)
            PlannedCredit.objects.create(line=line, version=version, year=year, ae=euros, cp=euros)
        PlannedSaving.objects.create(line=saving, version=version, year=year, ae=_euros(30_000), cp=_euros(30_000))
    _indicator(contract, version)
    for rank, end in enumerate((date(2021, 6, 30), date(2022, 12, 31)), start=1):
        milestone = Milestone.objects.create(
            contract=contract,
            key=f"jalon-{rank}",
            kind=MilestoneKind.MILESTONE,
            label=f"Jalon {rank}",
            axis=axis,
            sheet=sheet if rank == 1 else None,
            position=rank,
        )
        PlannedMilestone.objects.create(milestone=milestone, version=version, ends_on=end)
    return version


def _euros(amount: int) -> Any:
    """The column's type, which its library does not state."""
    return Money(amount, "EUR")


def _indicator(contract: Contract, version: ContractVersion) -> Indicator:
    indicator = Indicator.objects.create(
        contract=contract,
        key="satisfaction",
        label="Satisfaction des usagers",
        kind=IndicatorKind.RESULT,
        orientation=Orientation.USERS,
        unit="%",
    )
    Target.objects.create(
        indicator=indicator, version=version, on=date(2022, 12, 31), operator=TargetOperator.AT_LEAST, value=80
    )
    return indicator
