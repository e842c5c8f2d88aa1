"""Threads of remarks: who asks, who answers, who resolves, in every state; and where they are seen."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.test import Client

from accounts.models import User
from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing, Remark, Thread
from monitoring.services.threads import answer_thread, open_thread, resolve_thread
from tests.factories import CampaignFactory, FilingFactory

SignedIn = Callable[[User], Client]
ROW = {"section": "meteo", "row": "meteo-avancement"}
LABEL = "Avancement de la période"


@pytest.fixture
def submitted(contract: Contract) -> Filing:
    return FilingFactory(contract=contract, state="submitted", progress_comment="Tout avance.")


@pytest.fixture
def thread(submitted: Filing, ditp_reviewer: User) -> Thread:
    return open_thread(filing=submitted, actor=ditp_reviewer, text="Qu’est-ce qui avance ?", **ROW)


def test_a_question_an_answer_a_settlement(thread: Thread, lead: User, ditp_reviewer: User) -> None:
    assert (thread.label, thread.is_open) == (LABEL, True)
    answer_thread(thread=thread, actor=lead, text=" Le guichet. \n")
    resolved = resolve_thread(thread=thread, actor=ditp_reviewer)
    said = [(remark.author, remark.text) for remark in resolved.remarks.order_by("pk")]
    assert said == [(ditp_reviewer, "Qu’est-ce qui avance ?"), (lead, "Le guichet.")]
    assert (resolved.resolved_by, resolved.is_open) == (ditp_reviewer, False)


def test_a_second_question_joins_the_open_thread_and_begins_another_once_resolved(
    thread: Thread, submitted: Filing, db_reviewer: User
) -> None:
    assert open_thread(filing=submitted, actor=db_reviewer, text="Et les CP ?", **ROW) == thread
    resolve_thread(thread=thread, actor=db_reviewer)
    assert open_thread(filing=submitted, actor=db_reviewer, text="Encore ?", **ROW) != thread
    assert Thread.objects.count() == 2


@pytest.mark.parametrize("state", FilingState.values)
def test_no_lock_stops_the_talk(contract: Contract, state: str, ditp_reviewer: User, lead: User) -> None:
    filing = FilingFactory(contract=contract, state=state)
    thread = open_thread(filing=filing, actor=ditp_reviewer, text="Pourquoi ?", **ROW)
    answer_thread(thread=thread, actor=lead, text="Parce que.")
    assert not resolve_thread(thread=thread, actor=ditp_reviewer).is_open


@pytest.mark.parametrize("who", ["lead", "other_lead", "contributor", "reader", "stranger", "administrator"])
def test_only_reviewers_ask_and_resolve(
    who: str, thread: Thread, submitted: Filing, request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(who)
    with pytest.raises(NotAllowedError):
        open_thread(filing=submitted, actor=person, text="Pourquoi ?", **ROW)
    with pytest.raises(NotAllowedError):
        resolve_thread(thread=thread, actor=person)
    if who != "lead":
        with pytest.raises(NotAllowedError):
            answer_thread(thread=thread, actor=person, text="Parce que.")
    assert Remark.objects.count() == 1


def test_what_is_refused(thread: Thread, submitted: Filing, ditp_reviewer: User, lead: User) -> None:
    for section, row in (("meteo", "meteo-rien"), ("rien", "meteo-avancement"), ("", "")):
        with pytest.raises(FilingError, match="n’existe pas"):
            open_thread(filing=submitted, actor=ditp_reviewer, section=section, row=row, text="?")
    for blank in ("", " \n\t"):
        with pytest.raises(ValidationError):
            answer_thread(thread=thread, actor=lead, text=blank)
    with pytest.raises(FilingError, match="au plus"):
        answer_thread(thread=thread, actor=lead, text="x" * 4001)
    resolve_thread(thread=thread, actor=ditp_reviewer)
    with pytest.raises(FilingError, match="déjà résolue"):
        answer_thread(thread=thread, actor=lead, text="Trop tard.")
    with pytest.raises(FilingError, match="déjà résolue"):
        resolve_thread(thread=thread, actor=ditp_reviewer)


@pytest.mark.parametrize(
    ("write", "refused"),
    [
        ("UPDATE monitoring_remark SET text = 'x'", "Cannot update"),
        ("DELETE FROM monitoring_remark", "Cannot (update or )?delete"),
        ("INSERT INTO monitoring_remark (thread_id, author_id, text, at) SELECT thread_id, author_id, E' \\n', now() FROM monitoring_remark", "remark_says_something"),  # noqa: E501
        ("UPDATE monitoring_thread SET label = 'x'", "Cannot update"),
        ("DELETE FROM monitoring_thread", "Cannot (update or )?delete"),
        ("UPDATE monitoring_thread SET resolved_at = now()", "thread_resolved_by_somebody"),
        ("INSERT INTO monitoring_thread (filing_id, section, row, label, opened_at) SELECT filing_id, section, row, label, now() FROM monitoring_thread", "thread_one_open_by_row"),  # noqa: E501
        ("INSERT INTO monitoring_thread (filing_id, section, row, label, opened_at) SELECT filing_id, section, 'b', '', now() FROM monitoring_thread", "thread_on_a_row"),  # noqa: E501
    ],
)  # fmt: skip
def test_the_database_keeps_what_was_said(thread: Thread, write: str, refused: str) -> None:
    with pytest.raises(Error, match=refused), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(write)


def test_a_resolved_thread_is_not_opened_again(thread: Thread, ditp_reviewer: User) -> None:
    resolve_thread(thread=thread, actor=ditp_reviewer)
    with pytest.raises(Error, match="Cannot update"), transaction.atomic():
        Thread.objects.update(resolved_at=None, resolved_by=None)


def test_from_the_review_to_the_lead_and_back(
    submitted: Filing, ditp_reviewer: User, lead: User, signed_in: SignedIn
) -> None:
    address = f"/dossiers/{submitted.pk}/"
    client = signed_in(ditp_reviewer)
    asked = client.post(f"{address}remarques/ouvrir/", {**ROW, "text": "Qu’est-ce qui avance ?", "vue": "tout"})
    thread = Thread.objects.get()
    assert asked["Location"] == f"{address}revue/?vue=tout#remarque-{thread.pk}"
    review = client.get(f"{address}revue/").content.decode()
    assert "Qu’est-ce qui avance ?" in review
    assert f"Répondez aux remarques ouvertes\u00a0:\n– {LABEL}" in review
    client.post(f"{address}action/send_back/", {"reason": "Voyez la remarque."})

    client = signed_in(lead)
    for page in ("", "meteo/", "calendrier/", "credits/"):
        shown = client.get(address + page).content.decode()
        assert "1 remarque ouverte" in shown, page
        assert f'href="{address}meteo/#meteo">{LABEL}' in shown
    client.post(f"{address}remarques/{thread.pk}/repondre/", {"text": "Le guichet."})
    assert "Le guichet." in client.get(f"{address}remarques/").content.decode()
    assert client.post(f"{address}remarques/{thread.pk}/resoudre/").status_code == 403

    client = signed_in(ditp_reviewer)
    client.post(f"{address}remarques/{thread.pk}/resoudre/", {"vue": "changements"})
    assert "aucune remarque ouverte" in client.get(f"{address}revue/").content.decode()
    assert "remarque ouverte" not in signed_in(lead).get(f"{address}meteo/").content.decode()


LONG = "À préciser. " * 400


def test_a_remark_too_long_comes_back_as_it_was_typed(
    submitted: Filing, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    """4 800 characters, of which the last is a space that no one counts; cut and sent again, it is said of its row."""
    client, address = signed_in(ditp_reviewer), f"/dossiers/{submitted.pk}/remarques/ouvrir/"
    answer = client.post(address, {**ROW, "text": LONG, "vue": "tout"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert LONG.strip() in page
    assert "vous en avez écrit 4\u202f799" in page
    assert "Une remarque fait 4\u202f000 caractères au plus." in page
    kept = dict(re.findall(r'type="hidden" name="(section|row|vue)" value="([^"]*)"', page))
    assert kept == {**ROW, "vue": "tout"}
    again = client.post(address, {**kept, "text": LONG[:3000]})
    thread = Thread.objects.get()
    assert again["Location"] == f"/dossiers/{submitted.pk}/revue/?vue=tout#remarque-{thread.pk}"


def test_an_answer_to_a_thread_settled_meanwhile_is_not_lost(
    thread: Thread, lead: User, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    resolve_thread(thread=thread, actor=ditp_reviewer)
    address = f"/dossiers/{thread.filing_id}/remarques/{thread.pk}/repondre/"
    answer = signed_in(lead).post(address, {"text": "Le guichet avance."})
    page = answer.content.decode()
    assert (answer.status_code, Remark.objects.count()) == (422, 1)
    assert "Le guichet avance.</textarea>" in page
    assert f"Votre remarque sur {LABEL}" in page


def test_what_people_say_is_escaped(thread: Thread, lead: User, ditp_reviewer: User, signed_in: SignedIn) -> None:
    answer_thread(thread=thread, actor=lead, text="<script>alert(1)</script>")
    page = signed_in(ditp_reviewer).get(f"/dossiers/{thread.filing_id}/revue/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_thread_of_another_filing_is_not_reached(
    thread: Thread, contract: Contract, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    other = FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True))
    client = signed_in(ditp_reviewer)
    for act in ("repondre", "resoudre"):
        response = client.post(f"/dossiers/{other.pk}/remarques/{thread.pk}/{act}/", {"text": "x"})
        assert response.status_code == 404
    assert Thread.objects.get().is_open
