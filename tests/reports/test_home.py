"""À faire: what each person owes, by deadline, with one action."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring.duties import todo
from monitoring.enums import FilingState
from monitoring.models import Filing, FilingTransition
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, UserFactory, grant
from tests.reading import words

SignIn = Callable[[User], Client]


def _opened(filing: Filing) -> Filing:
    filing.campaign.opened_at = timezone.now()
    filing.campaign.save()
    return filing


def test_nothing_to_do_says_what_will_appear(signed_in: SignIn, lead: User) -> None:
    page = words(signed_in(lead).get("/"))
    assert "Vous n’avez rien à faire." in page
    assert "Aucun dossier n’a encore changé d’état." in page


def test_the_lead_types_and_submits(signed_in: SignIn, lead: User, filing: Filing) -> None:
    _opened(filing)
    response = signed_in(lead).get("/")
    page = words(response)
    assert "1 dossier vous attend, en retard ." in page
    assert re.search(r"Marine 31/07/2021 .* jours de retard Saisir .* 2e trimestre 2021 En cours de saisie", page)
    assert f'href="/dossiers/{filing.pk}/"' in response.content.decode()


def test_lateness_is_counted_once(signed_in: SignIn, lead: User, filing: Filing) -> None:
    """Both filings late, then one of the two."""
    _opened(filing)
    other = _opened(FilingFactory(contract=filing.contract, campaign=CampaignFactory(next_quarter=True)))
    client = signed_in(lead)
    assert "2 dossiers vous attendent, tous en retard ." in words(client.get("/"))
    Filing.objects.filter(pk=other.pk).update(due_on=timezone.localdate() + timedelta(days=1))
    assert "2 dossiers vous attendent, dont 1 en retard ." in words(client.get("/"))


def test_the_reviewer_is_led_to_the_review(signed_in: SignIn, ditp_reviewer: User, contract: Contract) -> None:
    filing = _opened(FilingFactory(contract=contract, state="submitted"))
    response = signed_in(ditp_reviewer).get("/")
    assert "Relire" in words(response)
    assert f'href="/dossiers/{filing.pk}/revue/"' in response.content.decode()


def test_another_lead_owes_nothing(signed_in: SignIn, other_lead: User, filing: Filing) -> None:
    _opened(filing)
    page = words(signed_in(other_lead).get("/"))
    assert "Vous n’avez rien à faire." in page
    assert "Marine" not in page


def test_deadlines_come_in_order(signed_in: SignIn, lead: User, filing: Filing) -> None:
    _opened(filing)
    _opened(FilingFactory(contract=filing.contract, campaign=CampaignFactory(next_quarter=True)))
    page = words(signed_in(lead).get("/"))
    assert page.index("31/07/2021") < page.index("31/10/2021")


def test_delays_are_in_days_and_moves_read_as_states(signed_in: SignIn, lead: User, filing: Filing) -> None:
    Filing.objects.filter(pk=filing.pk).update(due_on=timezone.localdate() + timedelta(days=20))
    FilingTransition.objects.create(
        filing=filing, action="send_back", from_state="submitted", to_state="sent_back", actor=lead, reason="Motif"
    )
    page = words(signed_in(lead).get("/"))
    assert "dans 20 jours" in page
    assert "Marine – 2e trimestre 2021 Renvoyé" in page


@pytest.mark.parametrize(
    ("action", "to_state", "told"),
    [
        ("submit", "submitted", "Soumis"),
        ("validate", "validated", "Validé par la DITP"),
        ("countersign", "locked", "Validé et verrouillé"),
        ("take_back", "draft", "Repris"),
        ("reopen", "reopened", "Rouvert"),
        ("reopen_texts", "texts_open", "Textes rouverts"),
    ],
)
def test_a_move_is_told_as_what_it_led_to(action: str, to_state: str, told: str) -> None:
    assert FilingTransition(action=action, to_state=to_state).outcome == told


def test_the_secretariat_is_led_to_the_campaigns_with_late_filings(
    signed_in: SignIn, secretariat: User, lead: User, filing: Filing
) -> None:
    _opened(filing)
    FilingFactory(campaign=filing.campaign, due_on=timezone.localdate())  # due today: not late yet
    response = signed_in(secretariat).get("/")
    assert "Dossiers à relancer Campagne du 2e trimestre 2021 : 1 dossier en retard" in words(response)
    assert f'href="/campagnes/{filing.campaign_id}/"' in response.content.decode()
    assert "Vous n’avez rien à faire." not in words(response)
    assert "à relancer" not in words(signed_in(lead).get("/"))


@pytest.mark.parametrize(
    ("role", "awaited", "possible"),
    [
        (Role.LEAD, {"draft", "sent_back", "reopened", "texts_open"}, {"submitted", "texts_filed"}),
        (Role.DITP_REVIEWER, {"submitted", "texts_filed"}, set()),
        (Role.DB_REVIEWER, {"validated"}, set()),
        (Role.SECRETARIAT, {"submitted", "texts_filed"}, {"locked"}),
    ],
)
def test_what_is_awaited_and_what_is_possible_are_all_of_the_duties(
    signed_in: SignIn, filing: Filing, role: Role, awaited: set[str], possible: set[str]
) -> None:
    """One filing in each state, each of a contract of its own: the page links to all of `todo`, each once."""
    _opened(filing)
    person = UserFactory()
    for state in FilingState:
        contract = ContractFactory()
        FilingFactory(contract=contract, campaign=filing.campaign, state=state)
        grant(person, role, contract)
    owed = todo(person, timezone.localdate())
    response = signed_in(person).get("/")
    assert {one.filing.state for one in owed if one.is_awaited} == awaited
    assert {one.filing.state for one in owed if not one.is_awaited} == possible
    links = re.findall(r'href="/dossiers/(\d+)/', response.content.decode())
    assert sorted(map(int, links)) == sorted(one.filing.pk for one in owed)
