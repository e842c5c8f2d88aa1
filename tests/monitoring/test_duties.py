"""« À faire » is what the table of transitions allows on what one sees, and entry: recomputed here from bare rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.enums import PerimeterKind, Role
from accounts.models import RoleGrant, User
from budget.models import BudgetLine, Consumption
from contracts.enums import OrganisationKind
from contracts.models import Contract, Milestone, Organisation, ProjectSheet
from indicators.models import Indicator, Measurement
from monitoring.duties import todo
from monitoring.enums import FilingState
from monitoring.models import Campaign, FiledRisk, Filing, MilestoneProgress
from monitoring.permissions import allowed_actions
from monitoring.sections import sections_of
from monitoring.transitions import TRANSITIONS
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, OrganisationFactory, UserFactory, grant
from tests.reading import words

DAY = date(2021, 8, 3)
TYPING = {"draft", "sent_back", "reopened", "texts_open"}
NOT_SUBMITTED = {"draft", "sent_back", "reopened"}


@contextmanager
def undone() -> Iterator[None]:
    """Each example of the database is forgotten before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- A small world: two ministries, three contracts, two periods ---

CONTRACTS = ("terre", "mer", "ciel")

grants = st.one_of(
    st.tuples(
        st.sampled_from([role for role in Role if role not in (Role.LEAD, Role.CONTRIBUTOR)]),
        st.sampled_from(
            [("all", ""), *(("contract", code) for code in CONTRACTS), ("ministry", "armees"), ("region", "Bretagne")]
        ),
        st.just(()),
    ),
    st.tuples(st.just(Role.LEAD), st.sampled_from([("contract", code) for code in CONTRACTS]), st.just(())),
    st.tuples(
        st.just(Role.CONTRIBUTOR),
        st.sampled_from([("sheets", code) for code in CONTRACTS]),
        st.sampled_from([(), ("1",), ("1", "2")]),
    ),
)
filings = st.dictionaries(
    st.tuples(st.sampled_from(CONTRACTS), st.sampled_from([2, 3])),
    st.tuples(st.sampled_from(FilingState), st.booleans()),
    max_size=6,
)


def world() -> dict[str, Contract]:
    """`terre` is held by a service of the Armées, `mer` by the Armées themselves, `ciel` by nobody's service.

    Each has two sheets: the rows of `terre` are credits of sheet 1, those of `mer` a milestone of sheet 1 and a measure
    of sheet 2; `ciel` has a line of credits of no sheet, so that a contributor has nothing to write in it.
    """
    armees = OrganisationFactory(code="armees", kind=OrganisationKind.MINISTRY, region="")
    service = OrganisationFactory(code="service", ministry=armees, region="Bretagne")
    holders: dict[str, Organisation] = {"terre": service, "mer": armees, "ciel": OrganisationFactory(region="Bretagne")}
    contracts: dict[str, Contract] = {
        code: ContractFactory(code=code, title=code, holder=holder) for code, holder in holders.items()
    }
    sheets = {
        (code, number): ProjectSheet.objects.create(contract=contract, number=number, title=f"Fiche {number}")
        for code, contract in contracts.items()
        for number in ("1", "2")
    }
    line = {"nature": "autre", "position": 1, "key": "ligne", "label": "Ligne"}
    BudgetLine.objects.create(contract=contracts["terre"], sheet=sheets["terre", "1"], **line)
    BudgetLine.objects.create(contract=contracts["ciel"], **line)
    Milestone.objects.create(
        contract=contracts["mer"], sheet=sheets["mer", "1"], key="jalon", label="Jalon", kind="jalon", position=1
    )
    measured = {
        "key": "taux",
        "label": "Taux",
        "kind": "resultat",
        "orientation": "usagers",
        "unit": "%",
        "position": 1,
    }
    Indicator.objects.create(contract=contracts["mer"], sheet=sheets["mer", "2"], **measured)
    return contracts


def naive(person: User, where: dict[str, set[tuple[str, str]]]) -> dict[int, tuple[set[str], bool]]:
    """By filing: the acts allowed and whether entry is owed, straight from the table, the grants and the filings."""
    held = list(person.grants.values_list("role", "perimeter_kind", "perimeter_key", "sheets"))
    found = {}
    for filing in Filing.objects.select_related("contract", "campaign"):
        places = where[filing.contract.code]
        roles = {role for role, kind, key, _ in held if kind == "all" or (kind, key) in places}
        later = Filing.objects.filter(contract=filing.contract, campaign__ends_on__gt=filing.campaign.ends_on)
        is_followed = later.exclude(state__in=NOT_SUBMITTED).exists()
        earlier = Filing.objects.filter(contract=filing.contract, campaign__ends_on__lt=filing.campaign.ends_on)
        is_held_up = earlier.filter(state__in=NOT_SUBMITTED).exclude(submitted_at=None).exists()
        declared = filing.submitted_by_id == person.pk or filing.risks.filter(updated_by=person).exists()
        actions = {
            line.action
            for line in TRANSITIONS
            if line.from_state == filing.state
            and roles & set(line.roles)
            and not (line.not_declarant and declared)
            and line.followed in (None, is_followed)
            and not (line.in_order and is_held_up)
        }
        given = {
            number
            for role, kind, key, sheets in held
            if role == "contributor" and (kind, key) in places
            for number in sheets
        }
        contributes = bool(given & with_rows(filing))
        types = filing.state in TYPING and ("lead" in roles or contributes)
        if actions or types:
            found[filing.pk] = ({str(action) for action in actions}, types)
    return found


def with_rows(filing: Filing) -> set[str]:
    """The project sheets that have a row in the filing, whatever its table."""
    lines = Consumption.objects.filter(filing=filing).values_list("line__sheet__number", flat=True)
    measures = Measurement.objects.filter(filing=filing).values_list("indicator__sheet__number", flat=True)
    milestones = MilestoneProgress.objects.filter(filing=filing).values_list("milestone__sheet__number", flat=True)
    return {number for number in (*lines, *measures, *milestones) if number}


WHERE: dict[str, set[tuple[str, str]]] = {
    "terre": {("contract", "terre"), ("sheets", "terre"), ("ministry", "armees"), ("region", "Bretagne")},
    "mer": {("contract", "mer"), ("sheets", "mer"), ("ministry", "armees")},
    "ciel": {("contract", "ciel"), ("sheets", "ciel"), ("region", "Bretagne")},
}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(grants, max_size=4, unique_by=lambda one: one[:2]), states=filings)
def test_todo_is_the_union_of_the_table_and_of_entry(
    held: list[tuple[Role, tuple[str, str], tuple[str, ...]]],
    states: dict[tuple[str, int], tuple[FilingState, bool]],
) -> None:
    with undone():
        contracts, person = world(), UserFactory()
        campaigns = {2: CampaignFactory(), 3: CampaignFactory(next_quarter=True)}
        for role, (kind, key), sheets in held:
            RoleGrant.objects.create(
                user=person, role=role, perimeter_kind=PerimeterKind(kind), perimeter_key=key, sheets=list(sheets)
            )
        for (code, quarter), (state, declares) in states.items():
            file(contracts[code], campaigns[quarter], state, person if declares else None)
        lines = todo(person, DAY)
        assert {one.filing.pk: ({str(act) for act in one.actions}, one.owes_entry) for one in lines} == naive(
            person, WHERE
        )
        for one in lines:
            assert list(one.actions) == allowed_actions(person, one.filing)
        assert [one.filing.due_on for one in lines] == sorted(one.filing.due_on for one in lines)


def file(contract: Contract, campaign: Campaign, state: FilingState, declarant: User | None) -> Filing:
    """A filing in this state; its declarant typed a risk in it, with whatever roles they have now."""
    filing: Filing = FilingFactory(contract=contract, campaign=campaign)
    Consumption.objects.bulk_create(Consumption(filing=filing, line=line) for line in contract.budget_lines.all())
    Measurement.objects.bulk_create(Measurement(filing=filing, indicator=one) for one in contract.indicators.all())
    MilestoneProgress.objects.bulk_create(
        MilestoneProgress(filing=filing, milestone=one) for one in contract.milestones.all()
    )
    FiledRisk.objects.create(filing=filing, title="Recrutement", probability=3, severity=4, updated_by=declarant)
    author = None if state == FilingState.DRAFT else UserFactory()
    Filing.objects.filter(pk=filing.pk).update(
        state=state,
        submitted_by=author,
        submitted_at=timezone.now() if author else None,
        locked_at=timezone.now() if state == FilingState.LOCKED else None,
    )
    return filing


@pytest.mark.django_db
@pytest.mark.parametrize("declares", [False, True])
@pytest.mark.parametrize("is_followed", [False, True])
@pytest.mark.parametrize("state", FilingState)
def test_each_role_in_each_state(state: FilingState, *, is_followed: bool, declares: bool) -> None:
    """The corners that random states may miss: every role before one filing, followed by a later one or not."""
    contract, campaign, later = world()["terre"], CampaignFactory(), CampaignFactory(next_quarter=True)
    people = {role: grant(UserFactory(), role, contract, sheets=["1"]) for role in Role}
    for person in people.values():
        with undone():
            file(contract, campaign, state, person if declares else None)
            if is_followed:
                FilingFactory(contract=contract, campaign=later, state="submitted")
            found = {one.filing.pk: ({str(act) for act in one.actions}, one.owes_entry) for one in todo(person, DAY)}
            assert found == naive(person, WHERE)


# --- In clear ---


def test_what_each_person_owes(
    contract: Contract, lead: User, contributor: User, ditp_reviewer: User, reader: User, secretariat: User
) -> None:
    campaign = CampaignFactory(opened_at=timezone.now())
    draft = FilingFactory(contract=contract, campaign=campaign)
    for section in sections_of(draft):
        section.prepare(draft)
    submitted = FilingFactory(campaign=campaign, state="submitted")

    def owed(person: User) -> list[tuple[Filing, tuple[str, ...], bool, int]]:
        return [(one.filing, one.actions, one.owes_entry, one.days_late) for one in todo(person, DAY)]

    assert owed(lead) == [(draft, ("submit",), True, 3)]
    assert owed(contributor) == [(draft, (), True, 3)]
    assert owed(ditp_reviewer) == [(submitted, ("send_back", "validate"), False, 0)]
    assert owed(secretariat) == [(submitted, ("send_back",), False, 0)]
    assert owed(reader) == []


def test_a_contributor_whose_sheets_have_no_row_has_nothing_to_enter(
    contract: Contract, contributor: User, signed_in: Callable[[User], Client]
) -> None:
    """« Saisir » would open a filing in which every row is somebody else's; it comes back with the first row."""
    filing = FilingFactory(contract=contract, campaign=CampaignFactory(opened_at=timezone.now()))
    assert [one.filing for one in todo(contributor, DAY)] == []
    assert "Vous n’avez rien à faire." in words(signed_in(contributor).get("/"))
    milestone = contract.milestones.get(sheet__number="1")
    MilestoneProgress.objects.create(filing=filing, milestone=milestone)
    assert [one.filing for one in todo(contributor, DAY)] == [filing]


def test_what_one_may_undo_is_not_awaited(contract: Contract, lead: User, secretariat: User) -> None:
    FilingFactory(contract=contract, state="locked")
    FilingFactory(contract=contract, state="submitted", campaign=CampaignFactory(next_quarter=True))
    assert [(one.actions, one.is_awaited) for one in todo(lead, DAY)] == [(("take_back",), False)]
    assert [(one.actions, one.is_awaited) for one in todo(secretariat, DAY)] == [
        (("reopen_texts",), False),
        (("send_back",), True),
    ]


@pytest.mark.parametrize("count", [1, 8])
def test_the_number_of_queries_does_not_depend_on_that_of_filings(
    count: int, ditp_reviewer: User, secretariat: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        campaign = CampaignFactory() if rank == 0 else Campaign.objects.get()
        FilingFactory(campaign=campaign, state="submitted")
        FilingFactory(campaign=campaign, state="locked")
    with django_assert_num_queries(6):
        assert len(todo(ditp_reviewer, DAY)) == count
    with django_assert_num_queries(6):
        assert len(todo(secretariat, DAY)) == 2 * count
