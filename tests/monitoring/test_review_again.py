"""A filing sent back, corrected and submitted again: its review says why, and what was written since."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from budget.models import Consumption
from budget.services import record_consumption
from contracts.models import Contract
from monitoring.models import Filing, FilingTransition
from monitoring.review import review_of
from monitoring.services.filings import act_on_filing, reopen_filing, submit_filing
from monitoring.services.progress import record_texts
from tests.budget.rows import rows_of
from tests.factories import FilingFactory
from tests.reading import words

SignedIn = Callable[[User], Client]
TEXTS = {"weather": "secured", "weather_comment": "", "progress_comment": "Tout avance.", "difficulties": ""}
REASON = "Les études sont à préciser."


@pytest.fixture
def sent_back(filing: Filing, lead: User, ditp_reviewer: User) -> Filing:
    """Two lines of credits and the four texts, submitted, then sent back."""
    for row in rows_of(filing):
        record_consumption(row=row, revision=row.revision, ae=Decimal(100), cp=Decimal(40), actor=lead)
    told = record_texts(filing=filing, actor=lead, revision=filing.revision, values=TEXTS)
    submitted = submit_filing(filing=told, actor=lead)
    return act_on_filing(filing=submitted, action="send_back", actor=ditp_reviewer, reason=REASON)


def test_the_lines_written_since_are_counted_marked_and_kept(
    sent_back: Filing, lead: User, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    study = Consumption.objects.get(filing=sent_back, line__key="etudes")
    record_consumption(row=study, revision=study.revision, ae=Decimal(120), cp=Decimal(40), actor=lead)
    values = TEXTS | {"progress_comment": "Les études sont lancées."}
    told = record_texts(filing=sent_back, actor=lead, revision=sent_back.revision, values=values)
    submit_filing(filing=told, actor=lead)
    filing = Filing.objects.select_related("campaign", "version", "contract").get(pk=sent_back.pk)
    review = review_of(filing, only_changes=True)
    assert [line.label for part in review.sections for line in part.lines if line.retouched] == [
        "Études",
        "Avancement de la période",
    ]
    assert (review.retouched, review.joined) == (2, 0)
    answer = signed_in(ditp_reviewer).get(f"/dossiers/{filing.pk}/revue/")
    page = words(answer)
    assert f"{REASON} Depuis, 2 lignes retouchées." in page
    assert answer.content.decode().count(">retouchée</span>") == 2


def test_nothing_written_since_is_said(sent_back: Filing, lead: User, ditp_reviewer: User, signed_in: SignedIn) -> None:
    submit_filing(filing=sent_back, actor=lead)
    page = words(signed_in(ditp_reviewer).get(f"/dossiers/{sent_back.pk}/revue/"))
    assert f"{REASON} Depuis, rien n’a été retouché." in page
    act_on_filing(filing=Filing.objects.get(pk=sent_back.pk), action="validate", actor=ditp_reviewer)
    assert "rien n’a été retouché" in words(signed_in(ditp_reviewer).get(f"/dossiers/{sent_back.pk}/revue/"))


def test_a_filing_submitted_once_tells_of_no_return(
    sent_back: Filing, lead: User, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    submit_filing(filing=sent_back, actor=lead)
    FilingTransition.objects.filter(filing=sent_back, action="send_back").delete()
    assert "Soumis de nouveau" not in words(signed_in(ditp_reviewer).get(f"/dossiers/{sent_back.pk}/revue/"))


def test_a_filing_whose_figures_are_reopened_says_so(
    contract: Contract, secretariat: User, lead: User, signed_in: SignedIn
) -> None:
    latest = FilingFactory(contract=contract, state="locked")
    reopen_filing(filing=latest, actor=secretariat, reason=REASON)
    client = signed_in(lead)
    head = words(client.get(f"/dossiers/{latest.pk}/"))
    assert "Chiffres rouverts Échéance" in head
    assert "Dossier rouvert par" in head
    assert "Renvoyé" not in words(client.get("/"))
    campaign = words(signed_in(secretariat).get(f"/campagnes/{latest.campaign_id}/"))
    assert "En saisie 1 dont 1 rouvert" in campaign
