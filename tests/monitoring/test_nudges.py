"""The secretariat reminds several late filings at once, and is told who was written to."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring.enums import MailTopic, Way
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Campaign, Filing, Notice, Nudge, OutgoingMail
from monitoring.reminder_selectors import last_reminders
from monitoring.services.nudges import nudge
from monitoring.services.preferences import record_preferences
from monitoring.services.reminders import chase, make_calendars
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, grant
from tests.reading import words

SignIn = Callable[[User], Client]
LATE = date(2021, 8, 10)


@pytest.fixture
def campaign(db: None) -> Campaign:
    made: Campaign = CampaignFactory(opened_at=timezone.now())
    return made


@pytest.fixture
def late(campaign: Campaign, contract: Contract, other_contract: Contract, lead: User) -> list[Filing]:
    """Two late filings of the same lead."""
    grant(lead, Role.LEAD, other_contract)
    return [FilingFactory(campaign=campaign, contract=each) for each in (contract, other_contract)]


def pks(filings: list[Filing]) -> list[int]:
    return [filing.pk for filing in filings]


def test_one_message_to_a_lead_for_all_that_is_owed(
    campaign: Campaign, late: list[Filing], lead: User, secretariat: User
) -> None:
    nudged = nudge(campaign=campaign, filings=pks(late), actor=secretariat, on=LATE)
    assert (nudged.at_once, nudged.already) == ((lead,), ())
    mail = OutgoingMail.objects.get()
    assert mail.subject == "2 dossiers de suivi sont attendus"
    assert "– Marine, 2e\u00a0trimestre\u00a02021, attendu le 31\u00a0juillet\u00a02021" in mail.body
    assert "– Terre, 2e\u00a0trimestre\u00a02021" in mail.body
    assert mail.headers["List-Unsubscribe"]


def test_one_message_a_day_at_most(campaign: Campaign, late: list[Filing], lead: User, secretariat: User) -> None:
    nudge(campaign=campaign, filings=pks(late[:1]), actor=secretariat, on=LATE)
    again = nudge(campaign=campaign, filings=pks(late), actor=secretariat, on=LATE)
    assert (again.at_once, again.already) == ((), (lead,))
    assert OutgoingMail.objects.count() == 1
    tomorrow = nudge(campaign=campaign, filings=pks(late), actor=secretariat, on=LATE + timedelta(days=1))
    assert tomorrow.at_once == (lead,)


def test_who_wants_it_otherwise_is_told_of(
    campaign: Campaign, late: list[Filing], lead: User, other_lead: User, secretariat: User
) -> None:
    record_preferences(user=lead, ways={MailTopic.NUDGE: Way.DIGEST})
    record_preferences(user=other_lead, ways={MailTopic.NUDGE: Way.NEVER})
    nudged = nudge(campaign=campaign, filings=pks(late), actor=secretariat, on=LATE)
    assert (nudged.at_once, nudged.in_digest, nudged.unwanted) == ((), (lead,), (other_lead,))
    assert not OutgoingMail.objects.exists()


def test_only_late_filings_of_the_campaign(
    campaign: Campaign, contract: Contract, lead: User, secretariat: User
) -> None:
    elsewhere = FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True))
    done = FilingFactory(campaign=campaign, contract=contract, state="submitted")
    with pytest.raises(FilingError, match="au moins un dossier en retard"):
        nudge(campaign=campaign, filings=pks([elsewhere, done]), actor=secretariat, on=date(2021, 12, 31))
    assert not Notice.objects.exists()


def test_only_the_secretariat(campaign: Campaign, late: list[Filing], ditp_reviewer: User) -> None:
    with pytest.raises(NotAllowedError):
        nudge(campaign=campaign, filings=pks(late), actor=ditp_reviewer, on=LATE)


def test_the_page_says_what_was_sent(
    signed_in: SignIn, campaign: Campaign, late: list[Filing], lead: User, secretariat: User
) -> None:
    orphan: Filing = FilingFactory(campaign=campaign, contract=ContractFactory(title="Lune"))
    client = signed_in(secretariat)
    address = f"/campagnes/{campaign.pk}/"
    page = client.get(address).content.decode()
    assert all(f'name="dossier" value="{filing.pk}"' in page for filing in (*late, orphan))
    data = {"dossier": [*pks(late), orphan.pk, "x", "9" * 30]}
    page = words(client.post(f"{address}relancer/", data, follow=True))
    assert "Message envoyé à : Camille Chef." in page
    assert "Aucun chef de projet à qui écrire pour : Lune." in page
    page = words(client.post(f"{address}relancer/", data, follow=True))
    assert "Déjà un message aujourd’hui, donc rien de plus pour : Camille Chef." in page
    assert "au moins un dossier en retard" in words(client.post(f"{address}relancer/", follow=True))


def test_all_those_awaited_are_reminded_without_a_box(
    signed_in: SignIn, campaign: Campaign, late: list[Filing], secretariat: User
) -> None:
    done = FilingFactory(campaign=campaign, contract=ContractFactory(title="Lune"), state="submitted")
    client = signed_in(secretariat)
    assert "Relancer les 2 dossiers en attente" in words(client.get(f"/campagnes/{campaign.pk}/"))
    page = words(client.post(f"/campagnes/{campaign.pk}/relancer/", {"tous": "1"}, follow=True))
    assert "Message envoyé à : Camille Chef." in page
    assert set(Nudge.objects.values_list("filing", flat=True)) == set(pks(late))
    assert done.pk not in pks(late)


def test_a_reviewer_sees_no_box(signed_in: SignIn, campaign: Campaign, late: list[Filing], ditp_reviewer: User) -> None:
    assert 'name="dossier"' not in signed_in(ditp_reviewer).get(f"/campagnes/{campaign.pk}/").content.decode()


def test_the_last_reminder_is_shown(
    signed_in: SignIn, campaign: Campaign, late: list[Filing], secretariat: User
) -> None:
    make_calendars(late)
    chase(on=LATE)
    page = words(signed_in(secretariat).get(f"/campagnes/{campaign.pk}/"))
    assert f"Camille Chef {timezone.localdate():%d/%m/%Y}" in page


def test_a_reminder_by_hand_is_the_last_one(
    signed_in: SignIn, campaign: Campaign, late: list[Filing], lead: User, secretariat: User
) -> None:
    orphan = FilingFactory(campaign=campaign, contract=ContractFactory(title="Lune"))
    nudge(campaign=campaign, filings=[late[0].pk, orphan.pk], actor=secretariat, on=LATE)
    assert last_reminders([*late, orphan]) == {late[0].pk: timezone.localdate()}
    page = words(signed_in(secretariat).get(f"/campagnes/{campaign.pk}/"))
    assert f"Camille Chef {timezone.localdate():%d/%m/%Y}" in page


def test_a_reminder_that_the_lead_does_not_want_is_none(
    campaign: Campaign, late: list[Filing], lead: User, secretariat: User
) -> None:
    record_preferences(user=lead, ways={MailTopic.NUDGE: Way.NEVER})
    nudge(campaign=campaign, filings=pks(late), actor=secretariat, on=LATE)
    assert last_reminders(late) == {}


def test_the_list_is_taken_away(
    signed_in: SignIn, campaign: Campaign, late: list[Filing], secretariat: User, reader: User
) -> None:
    address = f"/campagnes/{campaign.pk}/export/"
    response = signed_in(secretariat).get(f"{address}xlsx/")
    assert response["Content-Disposition"] == 'attachment; filename="campagne-2021-t2.xlsx"'
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Contrat", "Marine", "Terre"]
    assert rows[1][-2:] == ("Camille Chef", "chef@ftap.example")
    text = signed_in(reader).get(f"{address}csv/").content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in text] == ["Contrat", "Marine"]
    assert "@" not in text[1]
    assert signed_in(reader).get(f"{address}pdf/").status_code == 404


def test_another_due_date_from_the_page(signed_in: SignIn, late: list[Filing], secretariat: User) -> None:
    client, address = signed_in(secretariat), f"/dossiers/{late[0].pk}/echeance/"
    make_calendars(late)
    refused = client.post(address, {"due_on": "2021-09-15", "reason": ""})
    assert refused.status_code == 422
    page = words(client.post(address, {"due_on": "2021-09-15", "reason": "Clôture décalée"}, follow=True))
    assert "L’échéance est changée" in page
    assert "J+8 23/09/2021 –" in page
    assert "31/07/2021 15/09/2021 Clôture décalée" in page
