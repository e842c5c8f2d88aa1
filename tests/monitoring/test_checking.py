"""What the rules would say of a form, asked before it is saved: the same as after, and nothing is written."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.sections import sections_of

SignedIn = Callable[[User], Client]


@pytest.fixture
def rows(filing: Filing) -> list[MilestoneProgress]:
    """The filing with its empty rows."""
    for section in sections_of(filing):
        section.prepare(filing)
    return list(filing.milestone_progress.order_by("milestone__position"))


def told(response: Any, place: str) -> list[str]:
    """The sentences at a place of the answer, with the code of their rule."""
    assert response.status_code == 200
    html = response.content.decode()
    assert "<html" not in html, "a fragment"
    found = re.search(rf'<div data-checks="{place}">(.*?)</div>\n', html + "\n", re.DOTALL)
    items = re.findall(r"<li.*?</li>", found[1], re.DOTALL) if found else []
    return [" ".join(unescape(re.sub("<[^>]+>", "", one)).split()) for one in items]


def row_form(row: MilestoneProgress, **typed: str) -> dict[str, str]:
    prefix, names = f"j{row.pk}", ("state", "done_on", "expected_on", "comment")
    data = {f"{prefix}-revision": str(row.revision)} | {f"initial-{prefix}-{name}": "" for name in names}
    return data | {f"{prefix}-{name}": typed.get(name, "") for name in names}


def test_the_calendar_is_looked_at_row_by_row_and_left_as_it_was(
    filing: Filing, rows: list[MilestoneProgress], lead: User, signed_in: SignedIn
) -> None:
    """A row late without a date, a row whose date contradicts its state: each is told where it stands."""
    data = row_form(rows[0], state="late") | row_form(rows[1], state="ongoing", done_on="2021-06-01")
    answer = signed_in(lead).post(f"/dossiers/{filing.pk}/calendrier/", data | {"controler": "1"})
    first, second = told(answer, f"jalon-{rows[0].pk}"), told(answer, f"jalon-{rows[1].pk}")
    assert first == [f"Bloquant : « {rows[0].milestone.label} » est en retard : donnez la nouvelle date prévue. (S06)"]
    assert second[0] == "À corriger : Un jalon qui porte une date de fin réelle est à l’état « Terminé »."
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.revision, row.updated_by) == ("", 0, None)
    history = MilestoneProgress.pgh_event_model.objects  # type: ignore[attr-defined]
    assert not history.filter(state="late").exists(), "no trace of it"


def test_what_is_told_before_is_what_is_told_after(
    filing: Filing, rows: list[MilestoneProgress], lead: User, signed_in: SignedIn
) -> None:
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/calendrier/"
    data = row_form(rows[0], state="dropped") | row_form(rows[1], state="done")
    before = client.post(address, data | {"controler": "1"}).content.decode()
    after = client.post(address, data, follow=True).content.decode()

    def codes(html: str) -> list[str]:
        return re.findall(r'<span class="mute">(S\d\d)</span>', html)

    assert codes(before) == codes(after) == ["S10", "S08"]


def test_somebody_elses_save_does_not_silence_the_rules(
    filing: Filing, rows: list[MilestoneProgress], lead: User, contributor: User, signed_in: SignedIn
) -> None:
    """A stale row is looked at as it is typed; the conflict is for the save to tell."""
    address = f"/dossiers/{filing.pk}/calendrier/"
    seen = row_form(rows[0], state="late")
    signed_in(contributor).post(address, row_form(rows[0], state="ongoing"))
    assert "S06" in "".join(told(signed_in(lead).post(address, seen | {"controler": "1"}), f"jalon-{rows[0].pk}"))


def test_the_weather_is_looked_at_before_it_is_saved(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/meteo/"
    words = {"weather": "compromised", "weather_comment": "", "progress_comment": "", "difficulties": ""}
    found = told(client.post(address, words | {"revision": "0", "controler": "1"}), "meteo")
    assert found[0] == "Bloquant : La météo « Objectifs compromis » demande un commentaire. (S02)"
    assert [one[-5:] for one in found] == ["(S02)", "(S04)", "(S13)"]
    words |= {"weather_comment": "Marché infructueux", "progress_comment": "À l’arrêt."}
    found = told(client.post(address, words | {"revision": "0", "controler": "1"}), "meteo")
    assert [one[-5:] for one in found] == ["(S13)"]
    filing.refresh_from_db()
    assert (filing.weather, filing.weather_comment, filing.revision) == ("", "", 0)


RISK = {"title": "Recrutement", "description": "", "probability": "4", "severity": "5", "mitigation": ""}


def test_a_risk_not_yet_declared_is_looked_at(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/risques/ajouter/"
    grave = told(client.post(address, RISK | {"controler": "1"}), "risque")
    assert grave == ["Avertissement : « Recrutement » : aucune mesure n’est indiquée (criticité 20 sur 25). (S11)"]
    assert told(client.post(address, RISK | {"severity": "1", "controler": "1"}), "risque") == []
    assert not FiledRisk.objects.exists()


def test_a_risk_taken_over_is_looked_at_alone(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    """The page of a risk says what the rules say of it, and of no other."""
    known = FiledRisk.objects.create(filing=filing, title="Recrutement", probability=4, severity=5)
    FiledRisk.objects.create(filing=filing, title="Autre", probability=5, severity=5)
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/risques/{known.pk}/"
    page = client.get(address).content.decode()
    assert re.findall(r'<span class="mute">\((S\d\d)\)</span>', page) == ["S11", "S12"]
    answer = client.post(address, RISK | {"state": "open", "revision": "7", "controler": "1"})
    assert [one[-5:] for one in told(answer, "risque")] == ["(S11)"], "saving it confirms it"
    known.refresh_from_db()
    assert (known.revision, known.updated_by) == (0, None)


@pytest.mark.parametrize("page", ["calendrier/", "risques/ajouter/", "meteo/"])
def test_whoever_may_not_write_may_not_ask(filing: Filing, reader: User, signed_in: SignedIn, page: str) -> None:
    Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=reader, submitted_at="2021-07-30T10:00Z")
    answer = signed_in(reader).post(f"/dossiers/{filing.pk}/{page}", RISK | {"revision": "0", "controler": "1"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("page", "status"), [("calendrier/", 409), ("risques/ajouter/", 409), ("meteo/", 409), ("risques/ajouter/?", 422)]
)
def test_a_form_that_would_be_refused_says_nothing(
    filing: Filing, lead: User, signed_in: SignedIn, page: str, status: int
) -> None:
    """A filing submitted meanwhile, a risk without a title: the page keeps what it shows."""
    typed = RISK | {"weather": "", "weather_comment": "", "progress_comment": "", "difficulties": "", "revision": "0"}
    if status == 409:
        when = "2021-07-30T10:00Z"
        Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=lead, submitted_at=when)
    else:
        typed |= {"title": ""}
    answer = signed_in(lead).post(f"/dossiers/{filing.pk}/{page}", typed | {"controler": "1"})
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain; charset=utf-8")


def test_what_is_shut_when_the_texts_alone_are_reopened_says_why(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    risk = FiledRisk.objects.create(filing=filing, title="Recrutement", probability=4, severity=5, updated_by=lead)
    Filing.objects.filter(pk=filing.pk).update(
        state="texts_open", submitted_by=lead, submitted_at="2021-07-30T10:00Z", locked_at=None
    )
    client, why = signed_in(lead), "Ne se modifie plus\u00a0: seuls les textes du dossier sont rouverts."
    assert client.get(f"/dossiers/{filing.pk}/risques/{risk.pk}/").content.decode().count(why) == 4
    assert client.get(f"/dossiers/{filing.pk}/meteo/").content.decode().count(why) == 1
