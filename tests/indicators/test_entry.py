"""Measuring: raw values in each indicator's unit, breakdown included, beside baseline, expected value and last one."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from contracts.models import ProjectSheet
from indicators.entry_selectors import entry_rows
from indicators.models import Indicator, Measurement, Target
from indicators.permissions import can_record
from indicators.sections import completeness, prepare, summary
from indicators.services import record_measurement, take_over_last_period
from monitoring.entry.conflicts import NotYourRow, StaleRows
from monitoring.enums import FilingState
from monitoring.models import Filing
from tests.budget.rows import close
from tests.factories import CampaignFactory, FilingFactory

SignedIn = Callable[[User], Client]
NBSP = "\u00a0"


@pytest.fixture
def incubated(filing: Filing) -> Measurement:
    """`5 (3/2)` projects, on sheet 1; 1 at the end of 2020."""
    sheet = ProjectSheet.objects.get(contract=filing.contract)
    Indicator.objects.create(
        contract=filing.contract, key="projets", label="Projets incubés", kind="resultat", orientation="usagers",
        unit="nombre", components=["citoyens", "numériques"], sheet=sheet, position=2,
        baseline=1, baseline_on=date(2020, 12, 31),
    )  # fmt: skip
    return measured(filing, "projets")


def measured(filing: Filing, key: str) -> Measurement:
    prepare(filing)
    return Measurement.objects.select_related("indicator", "filing").get(filing=filing, indicator__key=key)


def test_a_breakdown_is_stored_in_order(filing: Filing, incubated: Measurement, lead: User) -> None:
    record_measurement(row=incubated, revision=0, value=Decimal(5), components=[Decimal(3), Decimal(2)], actor=lead)
    incubated.refresh_from_db()
    assert (incubated.value, incubated.components) == (Decimal(5), [3, 2])
    assert summary(filing)[1].declared == "5 (3/2)"
    assert completeness(filing).done == 1


def test_a_rate_over_100_is_stored_raw(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    row = measured(filing, "satisfaction")
    answer = signed_in(lead).post(
        f"/dossiers/{filing.pk}/indicateurs/lignes/{row.pk}/", {f"r{row.pk}": "0", f"c{row.pk}-value": "104,5 %"}
    )
    row.refresh_from_db()
    assert (answer.status_code, row.value) == (200, Decimal("104.5"))
    assert "sort de l’intervalle" in answer.content.decode()


def test_the_page_has_one_input_for_each_component(
    filing: Filing, incubated: Measurement, lead: User, signed_in: SignedIn
) -> None:
    client, page = signed_in(lead), f"/dossiers/{filing.pk}/indicateurs/"
    pk = incubated.pk
    html = client.get(page).content.decode()
    assert f'aria-labelledby="t{pk} h-components l-c{pk}-components.1"' in html
    sent = {f"r{pk}": "0", f"c{pk}-value": "5", f"c{pk}-components.0": "3", f"c{pk}-components.1": "deux"}
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert 'value="deux"' in refused.content.decode()
    assert client.post(page, sent | {f"c{pk}-components.1": "2"}).status_code == 302
    incubated.refresh_from_db()
    assert incubated.components == [3, 2]


def test_a_stale_breakdown_is_refused(incubated: Measurement, lead: User) -> None:
    record_measurement(row=incubated, revision=0, value=Decimal(5), components=[Decimal(3), Decimal(2)], actor=lead)
    with pytest.raises(StaleRows) as caught:
        record_measurement(row=incubated, revision=0, value=Decimal(5), components=[Decimal(4), Decimal(1)], actor=lead)
    assert caught.value.conflicts[0].theirs["components"] == [3, 2]


def test_a_contributor_measures_their_sheets(filing: Filing, incubated: Measurement, contributor: User) -> None:
    satisfaction = measured(filing, "satisfaction")
    assert [can_record(contributor, row) for row in (incubated, satisfaction)] == [True, False]
    record_measurement(row=incubated, revision=0, value=Decimal(1), actor=contributor)
    with pytest.raises(NotYourRow):
        record_measurement(row=satisfaction, revision=0, value=Decimal(1), actor=contributor)


def test_the_last_measure_stands_beside_and_is_taken_over(
    filing: Filing, incubated: Measurement, lead: User, signed_in: SignedIn
) -> None:
    campaign = CampaignFactory(
        quarter=1,
        starts_on=date(2021, 1, 1),
        ends_on=date(2021, 3, 31),
        opens_on=date(2021, 4, 1),
        due_on=date(2021, 4, 30),
    )
    first = FilingFactory(contract=filing.contract, campaign=campaign)
    past = measured(first, "projets")
    record_measurement(row=past, revision=0, value=Decimal(3), components=[Decimal(2), Decimal(1)], actor=lead)
    close(first, FilingState.LOCKED, lead)
    row = next(row for row in entry_rows(filing) if row.pk == incubated.pk)
    assert row.last is not None
    assert (row.last.value, row.last.on, row.promise.baseline) == (Decimal(3), date(2021, 3, 31), Decimal(1))
    page = signed_in(lead).get(f"/dossiers/{filing.pk}/indicateurs/").content.decode()
    assert "3 (2/1)<br>au\u00a031/03/2021" in page, "the period whose filing says it"
    assert take_over_last_period(filing=filing, actor=lead) == 1
    incubated.refresh_from_db()
    assert (incubated.value, incubated.components) == (Decimal(3), [2, 1])


def test_the_review_says_the_gap_to_the_target(filing: Filing, incubated: Measurement, lead: User) -> None:
    goal = {"version": filing.version, "indicator": incubated.indicator, "operator": ">="}
    Target.objects.create(**goal, on=date(2021, 12, 31), value=5)
    record_measurement(row=incubated, revision=0, value=Decimal(3), components=[Decimal(2), Decimal(1)], actor=lead)
    assert [row.gap for row in summary(filing) if row.label == incubated.indicator.label] == ["\u22122"]


def test_a_comment_instead_of_a_value_counts_as_an_answer(filing: Filing, incubated: Measurement, lead: User) -> None:
    record_measurement(row=incubated, revision=0, value=None, comment="Enquête reportée", actor=lead)
    assert (completeness(filing).done, completeness(filing).total) == (1, 2)


def test_a_rate_is_read_with_its_sign_and_a_breakdown_only_where_there_is_one(
    filing: Filing, lead: User, reader: User, signed_in: SignedIn
) -> None:
    row = measured(filing, "satisfaction")
    record_measurement(row=row, revision=0, value=Decimal("62.5"), comment="", actor=lead)
    close(filing, FilingState.SUBMITTED, lead)
    address = f"/dossiers/{filing.pk}/indicateurs/"
    client = signed_in(reader)
    html = client.get(address).content.decode()
    assert f"62,5{NBSP}%" in html
    assert 'id="h-components"' not in html
    Indicator.objects.filter(contract=filing.contract).update(components=["Agents", "Usagers"])
    assert 'id="h-components"' in client.get(address).content.decode()


def test_two_people_on_a_rate_see_both_with_their_sign(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    row = measured(filing, "satisfaction")
    record_measurement(row=row, revision=0, value=Decimal(62), comment="", actor=lead)
    sent = {f"r{row.pk}": "0", f"c{row.pk}-value": "64"}
    answer = signed_in(lead).post(f"/dossiers/{filing.pk}/indicateurs/lignes/{row.pk}/", sent)
    assert answer.status_code == 409
    assert f'Vous">64{NBSP}%</td><td data-label="Enregistré">62{NBSP}%</td>' in answer.content.decode()


def test_the_gap_of_a_rate_is_told_in_points(filing: Filing, lead: User) -> None:
    row = measured(filing, "satisfaction")
    record_measurement(row=row, revision=0, value=Decimal("62.5"), comment="", actor=lead)
    [shown] = [one for one in summary(filing) if one.label == "Satisfaction des usagers"]
    assert (shown.planned.split("\n")[0], shown.gap) == (f"≥{NBSP}80{NBSP}%", f"\u221217,5{NBSP}points")
