"""What the rules say of the calendar, the risks and the weather, told on the page where each is typed."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from budget.models import Consumption
from contracts.models import Milestone
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.sections import sections_of

SignedIn = Callable[[User], Client]


@pytest.fixture
def rows(filing: Filing) -> list[MilestoneProgress]:
    """The filing with its empty rows."""
    for section in sections_of(filing):
        section.prepare(filing)
    return list(filing.milestone_progress.order_by("milestone__position"))


def told(html: str) -> list[tuple[str, str]]:
    """The code of each rule that the page names, with the address it links to."""
    return re.findall(r'<span class="mute">(S\d\d)</span>.*?<a class="nowrap" href="([^"]*)"', html, re.DOTALL)


def beside(html: str) -> list[tuple[str, str]]:
    """The same for what is said beside a form: the cell linked to, if any, and the code."""
    items = re.findall(r'<li class="grid-warning.*?</li>', html, re.DOTALL)
    return [("".join(re.findall('href="([^"]*)"', one)), re.findall(r"\((S\d\d)\)", one)[0]) for one in items]


def test_a_milestone_saved_late_without_a_date_is_told_on_the_calendar(
    filing: Filing, rows: list[MilestoneProgress], lead: User, signed_in: SignedIn
) -> None:
    client, address, prefix = signed_in(lead), f"/dossiers/{filing.pk}/calendrier/", f"j{rows[0].pk}"
    late = {f"{prefix}-revision": "0", f"{prefix}-state": "late"}
    html = client.post(address, late, follow=True).content.decode()
    assert ("S06", f"{address}#jalon-{rows[0].pk}-expected_on") in told(html)
    assert "est en retard\u00a0: donnez la nouvelle date prévue." in html
    assert re.search(
        rf'<tr id="jalon-{rows[0].pk}">.*?<input [^>]*id="jalon-{rows[0].pk}-expected_on"', html, re.DOTALL
    )
    html = client.post(
        address, {**late, f"{prefix}-revision": "1", f"{prefix}-expected_on": "2021-12-31"}, follow=True
    ).content.decode()
    assert "S06" not in dict(told(html))


def test_a_grave_risk_without_measure_is_told_on_the_risks(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/risques/"
    assert told(client.get(address).content.decode()) == []
    typed = {"title": "Recrutement", "probability": 4, "severity": 5, "description": "", "mitigation": ""}
    html = client.post(f"{address}ajouter/", typed, follow=True).content.decode()
    risk = FiledRisk.objects.get()
    assert told(html) == [("S11", f"{address}#risque-{risk.pk}-mitigation")]


def test_the_weather_missing_and_the_filing_late_are_told_on_the_weather(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    Filing.objects.filter(pk=filing.pk).update(due_on=date(2021, 8, 1))
    address = f"/dossiers/{filing.pk}/meteo/"
    html = signed_in(lead).get(address).content.decode()
    assert beside(html) == [("#meteo-weather", "S01"), ("#meteo-progress_comment", "S04"), ("", "S13")]
    assert '<select name="weather"' in html
    assert 'id="meteo-weather"' in html


@pytest.mark.usefixtures("rows")
def test_a_weather_two_levels_from_the_figures_is_told_on_the_weather(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    Consumption.objects.filter(filing=filing).update(ae=20_000, cp=20_000)  # 40 000 € on 75 000 € due by June
    MilestoneProgress.objects.filter(filing=filing).update(state="late", expected_on=date(2022, 1, 1))
    said = {"revision": 0, "weather": "secured", "progress_comment": "Tout avance."}
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/meteo/"
    assert ("#meteo-weather_comment", "S14") in beside(client.post(address, said, follow=True).content.decode())
    said |= {"revision": 1, "weather_comment": "Le marché est signé."}
    assert "(S14)" not in client.post(address, said, follow=True).content.decode()


@pytest.mark.parametrize("section", ["calendrier", "risques", "meteo"])
@pytest.mark.usefixtures("rows")
def test_a_page_costs_the_same_with_many_milestones_and_risks(
    filing: Filing, lead: User, signed_in: SignedIn, section: str
) -> None:
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/{section}/"
    FiledRisk.objects.create(filing=filing, title="Recrutement", probability=4, severity=5)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for rank in range(12):
        known = {"contract": filing.contract, "kind": "jalon", "position": 20 + rank}
        added = Milestone.objects.create(key=f"m{rank}", label=f"Jalon {rank}", **known)
        MilestoneProgress.objects.create(filing=filing, milestone=added, state="late")
        FiledRisk.objects.create(filing=filing, title=f"Risque {rank}", probability=5, severity=5)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
