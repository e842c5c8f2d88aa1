"""Filings of a contract go in the order of their periods: while an earlier one is open again, no later one goes on."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from contracts.models import Contract
from monitoring.errors import BlockedError, FilingError
from monitoring.models import Filing
from monitoring.services.filings import (
    act_on_filing,
    countersign_filing,
    reopen_filing,
    send_back_filing,
    submit_filing,
    take_back_filing,
    validate_filing,
)
from tests.factories import CampaignFactory, FilingFactory
from tests.monitoring.at_once import meanwhile
from tests.reading import words

WHY = "Les CP sont à corriger."
READY = {"weather": "secured", "progress_comment": "Tout avance."}


@pytest.fixture
def first(contract: Contract) -> Filing:
    """The second quarter, ready to submit."""
    made: Filing = FilingFactory(contract=contract, **READY)
    return made


@pytest.fixture
def later(contract: Contract) -> Filing:
    """The third quarter, ready to submit."""
    made: Filing = FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True), **READY)
    return made


def lock(filing: Filing, lead: User, ditp_reviewer: User, db_reviewer: User) -> None:
    submit_filing(filing=filing, actor=lead)
    validate_filing(filing=filing, actor=ditp_reviewer)
    countersign_filing(filing=filing, actor=db_reviewer)


def refused(filing: Filing, lead: User) -> list[str]:
    """The codes of what stops the submission."""
    with pytest.raises(BlockedError) as blocked:
        submit_filing(filing=filing, actor=lead)
    return [found.rule.code for found in blocked.value.findings]


def test_an_earlier_filing_sent_back_stops_the_next(
    first: Filing, later: Filing, lead: User, ditp_reviewer: User
) -> None:
    submit_filing(filing=first, actor=lead)
    send_back_filing(filing=first, actor=ditp_reviewer, reason=WHY)
    assert refused(later, lead) == ["S15"]
    submit_filing(filing=first, actor=lead)
    assert submit_filing(filing=later, actor=lead).state == "submitted"


def test_an_earlier_filing_reopened_submitted_and_taken_back_stops_the_next(
    first: Filing, later: Filing, lead: User, ditp_reviewer: User, db_reviewer: User, secretariat: User
) -> None:
    lock(first, lead, ditp_reviewer, db_reviewer)
    reopen_filing(filing=first, actor=secretariat, reason=WHY)
    submit_filing(filing=first, actor=lead)
    assert take_back_filing(filing=first, actor=lead).state == "draft"
    assert refused(later, lead) == ["S15"]


def test_an_earlier_filing_never_submitted_stops_nothing(first: Filing, later: Filing, lead: User) -> None:
    """Nothing rests on it; figures are cumulated since 1 January."""
    assert submit_filing(filing=later, actor=lead).state == "submitted"
    assert submit_filing(filing=first, actor=lead).state == "submitted"


def test_the_later_one_is_taken_back_first(first: Filing, later: Filing, lead: User) -> None:
    submit_filing(filing=first, actor=lead)
    submit_filing(filing=later, actor=lead)
    with pytest.raises(FilingError, match=r"3e\s*trimestre\s*2021.*reprenez-le d’abord"):
        take_back_filing(filing=first, actor=lead)
    take_back_filing(filing=later, actor=lead)
    assert take_back_filing(filing=first, actor=lead).state == "draft"


def test_a_later_filing_is_not_locked_while_an_earlier_one_is_open_again(
    first: Filing,
    later: Filing,
    lead: User,
    ditp_reviewer: User,
    db_reviewer: User,
    signed_in: Callable[[User], Client],
) -> None:
    for filing in (first, later):
        submit_filing(filing=filing, actor=lead)
    validate_filing(filing=later, actor=ditp_reviewer)
    send_back_filing(filing=first, actor=ditp_reviewer, reason=WHY)
    with pytest.raises(FilingError, match="antérieur, est ouvert de nouveau"):
        act_on_filing(filing=later, action="countersign", actor=db_reviewer)
    page = words(signed_in(db_reviewer).get(f"/dossiers/{later.pk}/revue/"))
    assert "antérieur, est ouvert de nouveau : il doit d’abord être soumis." in page
    submit_filing(filing=first, actor=lead)
    assert countersign_filing(filing=later, actor=db_reviewer).state == "locked"


# --- At the same instant ---


@pytest.mark.django_db(transaction=True)
def test_the_next_submitted_while_the_earlier_one_is_being_reopened(
    first: Filing, later: Filing, lead: User, ditp_reviewer: User, db_reviewer: User, secretariat: User
) -> None:
    lock(first, lead, ditp_reviewer, db_reviewer)
    with transaction.atomic():
        reopen_filing(filing=first, actor=secretariat, reason=WHY)
        thread, outcome = meanwhile(lambda: submit_filing(filing=later, actor=lead))
    thread.join()
    assert isinstance(outcome[0], BlockedError)
    assert list(Filing.objects.order_by("pk").values_list("state", flat=True)) == ["reopened", "draft"]


@pytest.mark.django_db(transaction=True)
def test_the_earlier_one_reopened_while_the_next_is_being_submitted(
    first: Filing, later: Filing, lead: User, ditp_reviewer: User, db_reviewer: User, secretariat: User
) -> None:
    lock(first, lead, ditp_reviewer, db_reviewer)
    with transaction.atomic():
        submit_filing(filing=later, actor=lead)
        thread, outcome = meanwhile(lambda: reopen_filing(filing=first, actor=secretariat, reason=WHY))
    thread.join()
    assert "seuls les textes" in str(outcome[0])
    assert list(Filing.objects.order_by("pk").values_list("state", flat=True)) == ["locked", "submitted"]
