"""What cannot be true of a milestone's dates is refused at its field, by form and by the service."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from contracts.models import Contract, ContractVersion, PlannedMilestone
from contracts.selectors import contract_frame
from monitoring.calendar_entry import milestone_rows
from monitoring.enums import FilingState
from monitoring.milestone_dates import first_day, refused
from monitoring.models import Filing, MilestoneProgress
from monitoring.sections import sections_of
from monitoring.selectors import calendar_rows
from monitoring.services.progress import RowChange, record_calendar
from tests.budget.rows import close
from tests.factories import CampaignFactory, FilingFactory
from tests.monitoring.test_views import row_form

SINCE, TODAY = date(2019, 1, 1), date(2022, 7, 20)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"state": "done", "done_on": date(1900, 1, 1)},
            {"done_on": "précède le contrat, qui ne dit rien d’avant 2019"},
        ),
        ({"state": "done", "done_on": date(2018, 12, 31)}, {"done_on": "précède le contrat"}),
        ({"state": "done", "done_on": date(2022, 7, 21)}, {"done_on": "est à venir"}),
        ({"state": "late", "done_on": date(2022, 7, 1)}, {"done_on": "est à l’état"}),
        ({"state": "late", "expected_on": date(2010, 1, 1)}, {"expected_on": "précède le contrat"}),
        ({"state": "late", "expected_on": date(2203, 1, 1)}, {"expected_on": "L’année 2203 n’est pas possible"}),
        ({"state": "done", "done_on": date(2019, 1, 1)}, {}),
        ({"state": "done", "done_on": TODAY}, {}),
        ({"state": "late", "expected_on": date(2021, 1, 1)}, {}),
        ({"state": "late", "done_on": None, "expected_on": None}, {}),
    ],
)
def test_what_cannot_be_true_is_refused(typed: dict[str, Any], said: dict[str, str]) -> None:
    found = refused(typed, since=SINCE, today=TODAY)
    assert found.keys() == said.keys()
    assert all(words in found[name] for name, words in said.items())


def test_a_contract_begins_with_the_first_year_that_it_tells_of() -> None:
    assert first_day([date(2019, 9, 26), None, date(2018, 7, 1)]) == date(2018, 1, 1)
    assert first_day([None]) == date(2017, 1, 1)


@pytest.fixture
def row(filing: Filing) -> MilestoneProgress:
    for section in sections_of(filing):
        section.prepare(filing)
    found = filing.milestone_progress.order_by("milestone__position").first()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "state", "day", "said"),
    [
        ("done_on", "done", "1900-01-01", "précède le contrat"),
        ("done_on", "done", "2099-01-01", "est à venir"),
        ("expected_on", "late", "2010-01-01", "précède le contrat"),
    ],
)
def test_the_page_refuses_at_the_field_and_names_the_row_on_top(
    filing: Filing,
    row: MilestoneProgress,
    lead: User,
    signed_in: Callable[[User], Client],
    field: str,
    state: str,
    day: str,
    said: str,
) -> None:
    data = row_form(row, 0, state=state, **{field: day})
    answer = signed_in(lead).post(f"/dossiers/{filing.pk}/calendrier/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    summary, table = page.split('id="erreurs"')[1].split("<table>", 1)
    assert said in summary
    assert said in table
    assert f'href="#jalon-{row.pk}-{field}"' in summary
    assert "Une erreur est à corriger" in summary
    assert 'aria-invalid="true"' in table
    row.refresh_from_db()
    assert row.state == ""


def test_a_state_just_typed_is_not_told_missing(
    filing: Filing, row: MilestoneProgress, lead: User, signed_in: Callable[[User], Client]
) -> None:
    PlannedMilestone.objects.filter(milestone=row.milestone).update(ends_on=filing.campaign.ends_on)
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/calendrier/"
    place = f'data-checks="jalon-{row.pk}">'
    assert "(S05)" in client.get(address).content.decode().split(place)[1].split("</td>")[0]
    page = client.post(address, row_form(row, state="done", done_on="1900-01-01")).content.decode()
    assert "(S05)" not in page.split(place)[1].split("</td>")[0]


def test_the_service_refuses_too(filing: Filing, row: MilestoneProgress, lead: User) -> None:
    change = RowChange(row.pk, 0, {"state": "done", "done_on": date(1900, 1, 1), "expected_on": None, "comment": ""})
    with pytest.raises(ValidationError, match="précède le contrat"):
        record_calendar(filing=filing, actor=lead, changes=[change])


@pytest.mark.parametrize(
    ("said", "taken", "words"),
    [
        ({"state": "late", "expected_on": "2021-12-31"}, ("late", None, None), "1 date n’est plus possible"),
        ({"state": "late", "expected_on": "2022-01-01"}, ("late", None, "2022-01-01"), ""),
        ({"state": "dropped", "expected_on": "2021-11-30"}, ("dropped", None, "2021-11-30"), ""),
        ({"state": "done", "done_on": "1900-01-01"}, ("done", None, None), "1 date n’est plus possible"),
        ({"state": "done", "done_on": "2021-06-28"}, ("done", "2021-06-28", None), ""),
    ],
)
def test_dates_that_are_no_longer_true_are_not_taken_over(
    contract: Contract, lead: User, signed_in: Callable[[User], Client], said: dict[str, str], taken: Any, words: str
) -> None:
    """The state is; the end of the period of the second filing is 31 December 2021."""
    quarters = CampaignFactory(next_quarter=True), CampaignFactory(fourth_quarter=True)
    last, now = (FilingFactory(contract=contract, campaign=quarter) for quarter in quarters)
    for one in (last, now):
        for section in sections_of(one):
            section.prepare(one)
    old = last.milestone_progress.earliest("milestone__position")
    MilestoneProgress.objects.filter(pk=old.pk).update(**said)
    close(last, FilingState.SUBMITTED, lead)
    address = f"/dossiers/{now.pk}/calendrier/"
    page = signed_in(lead).post(address, {"reprendre": "1"}, follow=True).content.decode()
    assert "1 ligne reprise de la période précédente" in page
    assert words in page
    assert ("à donner." in page) == bool(words)
    row = now.milestone_progress.earliest("milestone__position")
    dates = [day.isoformat() if day else None for day in (row.done_on, row.expected_on)]
    assert (row.state, *dates) == taken


def test_an_end_that_the_scan_lost_is_unreadable_here_as_on_the_page_of_the_contract(
    incub_o: ContractVersion, signed_in: Callable[[User], Client], secretariat: User
) -> None:
    filing = FilingFactory(contract=incub_o.contract, version=incub_o)
    for section in sections_of(filing):
        section.prepare(filing)
    lost = [one.key for one in contract_frame(incub_o.contract, incub_o).milestones if one.is_end_unreadable]
    rows = calendar_rows(filing)
    assert lost
    assert [one.progress.milestone.key for one in rows if one.planned == "illisible"] == lost
    page = signed_in(secretariat).get(f"/dossiers/{filing.pk}/calendrier/").content.decode()
    assert page.count('<td class="nowrap" data-label="Prévu">illisible</td>') == len(lost)
    assert [one.label for one in milestone_rows(filing) if one.promised == "illisible"] == [
        one.progress.milestone.label for one in rows if one.is_end_unreadable
    ]
