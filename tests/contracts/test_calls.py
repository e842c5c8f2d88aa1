"""Calls for projects: recorded with their source, tied to the selections of contracts, remembered when corrected."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from contracts.calls.selectors import calls_on, untied_selections, wordings_of
from contracts.calls.services import CallFacts, CallRefused, record_call, tie_selection, untie_selection
from contracts.lifecycle.selectors import events_of
from contracts.lifecycle.services import EventRefused, record_event
from contracts.models import Contract, LifeEvent, ProjectCall

pytestmark = pytest.mark.django_db
URL = "/fonds/appels/"
TODAY = date(2022, 1, 1)
SPRING = CallFacts("Printemps 2019", date(2019, 3, 1), date(2019, 6, 1))


@pytest.fixture
def call(secretariat: User) -> ProjectCall:
    return record_call(SPRING, secretariat)


def selected(contract: Contract, actor: User, on: date, call: ProjectCall | None = None) -> LifeEvent:
    return record_event(contract, "selection", on, "Comité du fonds", actor, today=TODAY, call=call)


def test_a_number_not_reported_is_not_a_zero(call: ProjectCall, contract: Contract, secretariat: User) -> None:
    selected(contract, secretariat, date(2019, 9, 1), call)
    (found,) = calls_on(TODAY)
    assert (len(found.selections), found.selectivity) == (1, None)
    record_call(CallFacts("Printemps 2019", SPRING.opens_on, SPRING.closes_on, 0, "RAP 2019"), secretariat, call=call)
    (found,) = calls_on(TODAY)
    assert (found.call.applications, found.selectivity) == (0, None), "no division by zero"
    record_call(CallFacts("Printemps 2019", SPRING.opens_on, SPRING.closes_on, 8, "RAP 2019"), secretariat, call=call)
    (found,) = calls_on(TODAY)
    assert found.selectivity is not None
    assert float(found.selectivity) == 0.125
    assert [one.facts.applications for one in wordings_of(call)] == [8, 0, None]
    assert wordings_of(call)[0].who == str(secretariat)
    assert calls_on(date(2019, 2, 28)) == [], "not open yet"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (CallFacts("A", date(2019, 6, 1), date(2019, 3, 1)), "se clôt après son ouverture"),
        (CallFacts("A", date(2019, 3, 1), date(2019, 6, 1), 40), "a une source"),
        (CallFacts("A", date(2019, 3, 1), date(2019, 6, 1), -1, "RAP"), "supérieure ou égale à 0"),
        (CallFacts("Printemps 2019", date(2019, 3, 1), date(2019, 6, 1)), "porte déjà cet intitulé"),
        (CallFacts(" ", date(2019, 3, 1), date(2019, 6, 1)), "vide"),
    ],
)
def test_what_a_call_may_not_say(call: ProjectCall, secretariat: User, facts: CallFacts, message: str) -> None:
    with pytest.raises(CallRefused, match=message):
        record_call(facts, secretariat)
    assert ProjectCall.objects.count() == 1


def test_a_selection_is_tied_and_untied(call: ProjectCall, contract: Contract, secretariat: User) -> None:
    early = selected(contract, secretariat, date(2019, 2, 1))
    with pytest.raises(CallRefused, match="précède l’ouverture de l’appel, le 1er"):
        tie_selection(call, early, secretariat)
    record_call(CallFacts("Printemps 2019", date(2019, 1, 1), date(2019, 6, 1)), secretariat, call=call)
    call.refresh_from_db()
    tie_selection(call, early, secretariat)
    assert list(untied_selections()) == []
    assert "Printemps 2019\u00a0; Comité du fonds" in [one.detail for one in events_of(contract)]
    with pytest.raises(CallRefused, match="Marine a été sélectionné dans cet appel le 1er"):
        record_call(SPRING, secretariat, call=call)
    untie_selection(early, secretariat)
    assert list(untied_selections()) == [early]


def test_only_a_selection_is_of_a_call(call: ProjectCall, contract: Contract, secretariat: User) -> None:
    with pytest.raises(EventRefused, match="Seule une sélection"):
        record_event(contract, "decision", date(2019, 9, 1), "", secretariat, today=TODAY, call=call)
    with pytest.raises(EventRefused, match="précède l’ouverture"):
        selected(contract, secretariat, date(2019, 2, 1), call)
    decided = record_event(contract, "decision", date(2019, 9, 1), "", secretariat, today=TODAY)
    with pytest.raises(CallRefused, match="Seule une sélection"):
        tie_selection(call, decided, secretariat)


def test_the_secretariat_only(call: ProjectCall, contract: Contract, lead: User, db_reviewer: User) -> None:
    for person in (lead, db_reviewer):
        with pytest.raises(CallRefused, match="secrétariat"):
            record_call(SPRING, person, call=call)


def test_from_the_browser(client: Client, contract: Contract, secretariat: User, db_reviewer: User) -> None:
    client.force_login(secretariat)
    assert "Aucun appel à projets n’est enregistré" in client.get(URL).content.decode()
    sent: dict[str, Any] = {"name": "2019", "opens_on": "2019-03-01", "closes_on": "2019-06-01", "applications": "12"}
    response = client.post(f"{URL}nouveau/", sent)
    assert response.status_code == 422
    assert "a une source" in response.content.decode()
    assert 'value="12"' in response.content.decode(), "what was typed is kept"
    response = client.post(f"{URL}nouveau/", sent | {"source": "RAP 2019"})
    call = ProjectCall.objects.get()
    assert response["Location"] == f"{URL}{call.pk}/"
    event = {"kind": "selection", "on": "2019-09-01", "reason": "Comité"}
    assert client.post("/contrats/marine/vie/", event).status_code == 302
    assert "Sélections rattachées à aucun appel" in client.get(URL).content.decode()
    selection = LifeEvent.objects.get()
    client.post(f"{URL}{call.pk}/selections/", {"selection": selection.pk})
    page = client.get(URL).content.decode()
    assert "8,3\u00a0%" in page
    assert "Sélections rattachées à aucun appel" not in page
    client.post(f"{URL}{call.pk}/", sent | {"applications": "24", "source": "RAP 2020"})
    client.force_login(db_reviewer)
    page = client.get(f"{URL}{call.pk}/").content.decode()
    assert "24 dossiers déposés" in page
    assert "RAP 2019" in page, "what it said before"
    assert "Corriger l’appel" not in page
    page = client.get("/fonds/performance/").content.decode()
    assert "4,2\u00a0%" in page
    client.force_login(secretariat)
    client.post(f"{URL}{call.pk}/selections/{selection.pk}/retirer/")
    selection.refresh_from_db()
    assert selection.call is None
