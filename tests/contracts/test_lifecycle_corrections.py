"""An event recorded by error: corrected or cancelled with a reason, kept written, and what rests on it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from budget.tranches.checks import read_tranches
from contracts.lifecycle.calc import Phase
from contracts.lifecycle.selectors import cancelled_events, events_of, over, phase_of, stop_of
from contracts.lifecycle.services import EventRefused, cancel_event, correct_event, record_event
from contracts.models import Contract, ContractVersion, LifeEvent
from contracts.subprojects.services import Answered
from tests.budget.tranches.acting import decide, fund
from tests.contracts.subprojects.rows import answered, framed, identified, make_umbrella, moved
from tests.factories import UserFactory, grant
from tests.reading import words

pytestmark = pytest.mark.django_db
TODAY = date(2024, 1, 31)
STOPPED, AGAIN = date(2021, 2, 1), date(2021, 2, 20)


@pytest.fixture
def record(contract: Contract, secretariat: User) -> Callable[[str, date], LifeEvent]:
    return lambda kind, on: record_event(contract, kind, on, "Comité", secretariat, today=TODAY)


def correct(event: LifeEvent, on: date, actor: User, why: str = "Date mal lue.", **given: Any) -> LifeEvent:
    return correct_event(event, on, "Comité", why, actor, today=TODAY, **given)


def test_a_suspension_cancelled_did_not_happen_and_stays_written(
    contract: Contract, record: Callable[[str, date], LifeEvent], secretariat: User
) -> None:
    event = record("suspension", STOPPED)
    assert stop_of(contract, STOPPED)
    cancel_event(event, "Autre contrat.", secretariat, today=TODAY)
    assert stop_of(contract, STOPPED) is None
    assert [one for one in events_of(contract) if one.row] == []
    (kept,) = cancelled_events(contract)
    assert (kept.on, kept.reason, kept.cancel_reason, kept.cancelled_by) == (
        STOPPED,
        "Comité",
        "Autre contrat.",
        secretariat,
    )
    assert cancelled_events(contract, date(2021, 1, 31)) == []
    record("suspension", STOPPED)
    with pytest.raises(EventRefused, match="déjà annulé ou corrigé"):
        cancel_event(event, "Encore.", secretariat, today=TODAY)


def test_an_end_corrected_moves_what_is_finished(
    contract: Contract, record: Callable[[str, date], LifeEvent], secretariat: User
) -> None:
    end = record("fin", date(2022, 12, 31))
    review = record("bilan", date(2023, 6, 1))
    new = correct(end, date(2022, 6, 30), secretariat)
    assert (new.corrects, new.recorded_by) == (LifeEvent.every.get(pk=end.pk), secretariat)
    assert phase_of(contract, date(2022, 7, 1)) == Phase.ENDED
    assert phase_of(contract, TODAY) == Phase.FINISHED
    assert over([contract], date(2022, 7, 1)) == {contract.pk}
    told = r"« Bilan final » du 1er\s*juin\s*2023 repose sur cet événement \(le bilan final suit la fin d’exécution"
    told = told.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    with pytest.raises(EventRefused, match=told):
        correct(new, date(2023, 6, 2), secretariat)
    with pytest.raises(EventRefused, match=told):
        cancel_event(new, "Erreur.", secretariat, today=TODAY)
    assert LifeEvent.objects.get(kind="fin").on == date(2022, 6, 30), "nothing was written"
    cancel_event(review, "Bilan d’étape.", secretariat, today=TODAY)
    cancel_event(new, "Erreur.", secretariat, today=TODAY)
    assert phase_of(contract, TODAY) == Phase.OVERDUE


def test_what_cannot_have_happened_is_refused_to_a_correction_too(
    contract: Contract, record: Callable[[str, date], LifeEvent], secretariat: User
) -> None:
    record("selection", date(2019, 11, 5))
    decision = record("decision", date(2019, 12, 1))
    with pytest.raises(EventRefused, match="La décision suit la sélection"):
        correct(decision, date(2019, 11, 4), secretariat)
    with pytest.raises(EventRefused, match="à venir"):
        correct(decision, date(2025, 1, 1), secretariat)
    with pytest.raises(EventRefused, match="Dites ce qui était faux"):
        correct(decision, date(2019, 12, 2), secretariat, why=" ")
    assert [(one.kind, one.on) for one in LifeEvent.every.all()] == [
        ("selection", date(2019, 11, 5)),
        ("decision", date(2019, 12, 1)),
    ]


def test_a_resumption_on_which_a_tranche_rests_is_not_cancelled(
    contract: Contract, record: Callable[[str, date], LifeEvent], secretariat: User
) -> None:
    """The tranche of 2021 is decided on 1 March, after funding resumed: put later, A66 tells it; cancelled, refused."""
    suspension, resumption = record("suspension", STOPPED), record("reprise", AGAIN)
    fund(secretariat)
    decide(contract, secretariat, 100_000)
    told = "La décision de la tranche 2021, le 1er\u00a0mars\u00a02021, repose sur cet événement"
    with pytest.raises(EventRefused, match=told):
        cancel_event(resumption, "Erreur.", secretariat, today=TODAY)
    with pytest.raises(EventRefused, match="«\u00a0Reprise des financements\u00a0» du"):
        cancel_event(suspension, "Erreur.", secretariat, today=TODAY)
    correct(resumption, date(2021, 3, 2), secretariat)
    facts = read_tranches(contract.versions.get(number=0), TODAY)
    assert facts is not None
    assert [word for word, _, _ in facts.tranches[0].stopped] == ["décision"]
    assert facts.tranches[0].given.ae == Decimal(100_000)


def test_a_resumption_on_which_a_sub_project_rests_is_not_cancelled(
    lean_management: ContractVersion, secretariat: User
) -> None:
    """Funding stopped on 10 January 2024 and resumed on the 20th; a sub-project is retained and framed on the 31st."""
    contract = lean_management.contract
    team = grant(UserFactory(), Role.LEAD, contract)
    record_event(contract, "suspension", date(2024, 1, 10), "Comité", secretariat, today=TODAY)
    resumption = record_event(contract, "reprise", date(2024, 1, 20), "", secretariat, today=TODAY)
    framed(contract, team, secretariat, "Accueil simplifié", (200_000, 150_000, 260_000))
    told = "Le cadrage du sous-projet «\u00a0Accueil simplifié\u00a0», le 31\u00a0janvier\u00a02024, repose sur"
    with pytest.raises(EventRefused, match=told):
        cancel_event(resumption, "Erreur.", secretariat, today=TODAY)
    assert LifeEvent.objects.filter(kind="reprise").exists(), "nothing was written"


def test_a_resumption_on_which_nothing_rests_is_cancelled(
    contract: Contract, record: Callable[[str, date], LifeEvent], secretariat: User, lead: User
) -> None:
    """A preselection gives nothing yet: it may happen while the funding is stopped."""
    record("suspension", STOPPED)
    resumption = record("reprise", AGAIN)
    chosen = identified(make_umbrella(contract), lead)
    answered(chosen, lead, [Answered("porteur-etat", "oui", "")])
    moved(chosen, lead, "preselect", on=date(2021, 2, 25))
    cancel_event(resumption, "Erreur.", secretariat, today=TODAY)
    assert stop_of(contract, date(2021, 2, 25))


def test_nothing_new_stops_a_finished_contract(
    contract: Contract, record: Callable[[str, date], LifeEvent], secretariat: User
) -> None:
    record("fin", date(2022, 12, 31))
    record("bilan", date(2023, 6, 1))
    with pytest.raises(EventRefused, match="L’exécution du contrat est finie"):
        record("suspension", date(2023, 7, 1))


def test_the_database_keeps_what_was_recorded(record: Callable[[str, date], LifeEvent], secretariat: User) -> None:
    event = record("selection", date(2019, 11, 5))
    with pytest.raises(DatabaseError, match="Cannot delete rows"), transaction.atomic():
        LifeEvent.every.filter(pk=event.pk).delete()
    cancel_event(event, "Erreur.", secretariat, today=TODAY)
    with pytest.raises(DatabaseError, match="Un événement annulé ne change plus"), transaction.atomic():
        LifeEvent.every.filter(pk=event.pk).update(cancelled_at=None, cancelled_by=None, cancel_reason="")


def test_the_pages(
    contract: Contract,
    record: Callable[[str, date], LifeEvent],
    secretariat: User,
    lead: User,
    signed_in: Callable[[User], Client],
) -> None:
    event = record("suspension", STOPPED)
    client, url = signed_in(secretariat), f"/contrats/marine/vie/{event.pk}/"
    assert f'href="{url}"' in client.get("/contrats/marine/vie/").content.decode()
    assert "Corriger l’événement" in words(client.get(url))
    assert f'href="{url}"' not in signed_in(lead).get("/contrats/marine/vie/").content.decode()
    signed_in(secretariat)
    refused = client.post(url, {"on": "2021-02-03", "reason": "", "why": "Date mal lue."})
    assert refused.status_code == 422
    assert "Une suspension ou une interruption a un motif." in refused.content.decode()
    assert client.post(url, {"on": "2021-02-03", "reason": "Comité", "why": "Date mal lue."}).status_code == 302
    page = words(client.get("/contrats/marine/vie/"))
    assert "01/02/2021 Suspension des financements Comité Corrigé le" in page
    assert ", au 03/02/2021 : Date mal lue." in page
    new = LifeEvent.objects.get()
    assert client.get(url).status_code == 404, "what was corrected is not corrected again"
    assert client.post(f"/contrats/marine/vie/{new.pk}/", {"annuler": "1", "why": ""}).status_code == 422
    assert client.post(f"/contrats/marine/vie/{new.pk}/", {"annuler": "1", "why": "Erreur."}).status_code == 302
    assert "Au 31 janvier 2021 : en vigueur" in words(client.get("/contrats/marine/vie/?au=2021-01-31"))
    assert not LifeEvent.objects.exists()
