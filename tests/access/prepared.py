"""Addresses of what is prepared for a test when it is asked for: an amendment, a call, a sub-project."""

from datetime import date
from decimal import Decimal
from typing import Any

from budget.models import BudgetLine, TrancheFonctionnelle
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract, ProjectCall, SubProject
from tests.access.cases import Case
from tests.access.people import DRAFT_SEEN, SEEN, Statuses
from tests.access.world import World
from tests.contracts.subprojects.rows import make_sub_project, make_umbrella
from tests.factories import UserFactory


def on_draft(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    """An address of the amendment in preparation, prepared by somebody who is in no test."""
    return Case(statuses, arguments=lambda world: [world.contract.code, draft_of(world.contract), *rest], **options)


def on_draft_file() -> Case:
    """The impact sheet of the amendment in preparation."""
    return Case(DRAFT_SEEN, arguments=lambda world: [world.contract.code, 0, draft_of(world.contract), "xlsx"])


def draft_of(contract: Contract) -> int:
    """The number of the contract's amendment in preparation, on its credits."""
    draft = contract.versions.filter(state="draft").first()
    return (draft or prepare_amendment(contract, ["budget"], UserFactory())).number


def phase_of(contract: Contract) -> int:
    """The number of a phase of a titre 5 line of the contract, affected by somebody who is in no test."""
    facts = {"label": "Murs", "nature": "immobilier", "titre": "5", "position": 9}
    line, _ = BudgetLine.objects.get_or_create(contract=contract, key="murs", defaults=facts)
    row = line.tranches_fonctionnelles.first()
    if row is None:
        row = TrancheFonctionnelle.objects.create(
            line=line,
            number=1,
            label="Toit",
            affectation=Decimal(1),
            affected_on=date(2021, 3, 1),
            recorded_by=UserFactory(),
        )
    return row.pk


def on_life_event(statuses: Statuses, **options: Any) -> Case:
    """An event of the contract's life, recorded by somebody who is in no test."""
    return Case(statuses, arguments=lambda world: [world.contract.code, selection_of(world.contract)], **options)


def selection_of(contract: Contract) -> int:
    """The pk of the contract's selection."""
    row = contract.life_events.first()
    facts = {"kind": "selection", "on": date(2019, 11, 5), "recorded_by": UserFactory()}
    return (row or contract.life_events.create(**facts)).pk


def on_call(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    """An address of a call for projects."""
    return Case(statuses, arguments=lambda _: [call_for_projects().pk, *rest], outsiders=403, **options)


def call_for_projects() -> ProjectCall:
    """The one of the tests, recorded by somebody who is in none."""
    facts = {"opens_on": date(2020, 1, 1), "closes_on": date(2020, 3, 1)}
    known = ProjectCall.objects.filter(name="2020").first()
    return known or ProjectCall.objects.create(name="2020", recorded_by=UserFactory(), **facts)


def on_sub_project(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    """An address of a sub-project, identified, of the contract turned into an umbrella."""
    return Case(
        statuses, arguments=lambda world: [world.contract.code, sub_project(world.contract).number, *rest], **options
    )


def on_framing_document() -> Case:
    """The framing document, for whoever sees the contract."""

    def arguments(world: World) -> list[Any]:
        row = sub_project(world.contract)
        return [world.contract.code, row.number, row.documents.get().pk]

    return Case(SEEN, arguments=arguments)


def on_umbrella(statuses: Statuses, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [make_umbrella(world.contract).code], **options)


def sub_project(contract: Contract) -> SubProject:
    """The contract's sub-project."""
    known = SubProject.objects.filter(contract=contract).first()
    return known or make_sub_project(contract, UserFactory())
