"""What is validated is what was read: a decision bears on the submission that the reviewer had before their eyes."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from monitoring.models import Filing
from monitoring.services.filings import submit_filing, take_back_filing
from monitoring.services.progress import record_texts
from monitoring.services.several import Outcome, validate_several

SignedIn = Callable[[User], Client]
TEXTS = {"weather": "secured", "weather_comment": "", "progress_comment": "Tout avance.", "difficulties": ""}


@pytest.fixture
def submitted(filing: Filing, lead: User) -> Filing:
    return submit_filing(filing=record_texts(filing=filing, actor=lead, revision=0, values=TEXTS), actor=lead)


def submitted_again(filing: Filing, lead: User) -> Filing:
    """Taken back, other words written, sent again."""
    back = take_back_filing(filing=filing, actor=lead)
    values = TEXTS | {"progress_comment": "Rien n’avance."}
    return submit_filing(filing=record_texts(filing=back, actor=lead, revision=1, values=values), actor=lead)


def read(client: Client, filing: Filing) -> str:
    """The submission that the page of the review holds."""
    page = client.get(f"/dossiers/{filing.pk}/revue/").content.decode()
    (found,) = set(re.findall(r'name="soumission" value="([^"]+)"', page))
    return str(found)


@pytest.mark.parametrize(("action", "after"), [("validate", "validated"), ("send_back", "sent_back")])
def test_a_decision_upon_figures_that_changed_meanwhile_is_refused(
    submitted: Filing, lead: User, ditp_reviewer: User, signed_in: SignedIn, action: str, after: str
) -> None:
    client = signed_in(ditp_reviewer)
    seen = {"soumission": read(client, submitted), "reason": "À préciser"}
    submitted_again(submitted, lead)
    address = f"/dossiers/{submitted.pk}/action/{action}/"
    answer = client.post(address, seen, follow=True)
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\u00a0", " ")
    assert "repris et soumis de nouveau depuis que vous l’avez ouvert" in page
    assert Filing.objects.get(pk=submitted.pk).state == "submitted"
    client.post(address, seen | {"soumission": read(client, submitted)})
    assert Filing.objects.get(pk=submitted.pk).state == after


def test_the_reason_of_a_decision_that_is_refused_is_not_lost(
    submitted: Filing, lead: User, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    """Submitted again, the filing may still be sent back, with the reason at its place; taken back, it may not."""
    client = signed_in(ditp_reviewer)
    seen = {"soumission": read(client, submitted), "reason": "Précisez le guichet."}
    again = submitted_again(submitted, lead)
    address = f"/dossiers/{submitted.pk}/action/send_back/"
    answer = client.post(address, seen)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "repris et soumis de nouveau" in page
    assert re.search(r'<textarea name="reason"[^>]*>\s*Précisez le guichet.</textarea>', page)
    current = {"soumission": again.submission, "reason": seen["reason"]}
    take_back_filing(filing=again, actor=lead)
    answer = client.post(address, current)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Votre motif, qui n’est pas enregistré" in page
    assert "Précisez le guichet.</textarea>" in page


def test_several_at_once_leave_out_the_one_that_changed_meanwhile(
    submitted: Filing, lead: User, ditp_reviewer: User
) -> None:
    seen = {submitted.pk: submitted.submission}
    again = submitted_again(submitted, lead)

    def validated(submissions: dict[int, str]) -> Outcome:
        (outcome,) = validate_several(
            campaign=submitted.campaign, actor=ditp_reviewer, filings=[submitted.pk], submissions=submissions
        )
        return outcome

    refused = validated(seen)
    assert (refused.is_done, "soumis de nouveau" in refused.words) == (False, True)
    assert validated({again.pk: again.submission}).is_done
