"""A filing through its life: what each act writes, refuses and tells."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring import hooks
from monitoring.errors import BlockedError, FilingError, NotAllowedError
from monitoring.filing_sections import risks_summary
from monitoring.models import FiledRisk, Filing, FilingTransition, MilestoneProgress, Notice, OutgoingMail
from monitoring.permissions import declarants
from monitoring.selectors import reason_to_show, worst_first
from monitoring.services.filings import (
    countersign_filing,
    reopen_filing,
    send_back_filing,
    submit_filing,
    take_back_filing,
    validate_filing,
)
from monitoring.services.progress import record_texts
from reports.situation import contract_situation
from tests.factories import CampaignFactory, FilingFactory, grant


@pytest.fixture
def ready(filing: Filing, lead: User) -> Filing:
    """A draft that nothing blocks."""
    words = {"weather": "secured", "weather_comment": "", "progress_comment": "Tout avance.", "difficulties": ""}
    return record_texts(filing=filing, actor=lead, revision=0, values=words)


def test_from_draft_to_locked(ready: Filing, lead: User, ditp_reviewer: User, db_reviewer: User) -> None:
    submitted = submit_filing(filing=ready, actor=lead)
    assert (submitted.state, submitted.submitted_by) == ("submitted", lead)
    assert validate_filing(filing=ready, actor=ditp_reviewer).state == "validated"
    locked = countersign_filing(filing=ready, actor=db_reviewer)
    assert locked.state == "locked"
    assert locked.locked_at is not None
    rows = FilingTransition.objects.filter(filing=ready).order_by("pk").values_list("from_state", "to_state", "actor")
    assert list(rows) == [
        ("draft", "submitted", lead.pk),
        ("submitted", "validated", ditp_reviewer.pk),
        ("validated", "locked", db_reviewer.pk),
    ]


def test_submitting_twice_is_refused(ready: Filing, lead: User) -> None:
    submit_filing(filing=ready, actor=lead)
    with pytest.raises(FilingError, match="n’est pas possible dans l’état «\u00a0Soumis\u00a0»"):
        submit_filing(filing=ready, actor=lead)
    assert FilingTransition.objects.filter(filing=ready).count() == 1


def test_submitting_after_lock_is_refused(contract: Contract, lead: User) -> None:
    with pytest.raises(FilingError, match="Validé et verrouillé"):
        submit_filing(filing=FilingFactory(contract=contract, state="locked"), actor=lead)


def test_another_contract_s_lead_does_not_submit(ready: Filing, other_lead: User) -> None:
    with pytest.raises(NotAllowedError, match="Chef de projet"):
        submit_filing(filing=ready, actor=other_lead)


def test_blocking_findings_stop_submission(filing: Filing, lead: User) -> None:
    with pytest.raises(BlockedError, match="une anomalie bloquante à corriger") as blocked:
        submit_filing(filing=filing, actor=lead)
    assert [found.rule.code for found in blocked.value.findings] == ["S01"]
    assert Filing.objects.get(pk=filing.pk).state == "draft"


def test_sending_back_asks_for_a_reason(contract: Contract, ditp_reviewer: User) -> None:
    filing = FilingFactory(contract=contract, state="submitted")
    with pytest.raises(FilingError, match="Donnez le motif"):
        send_back_filing(filing=filing, actor=ditp_reviewer, reason="  ")
    assert Filing.objects.get(pk=filing.pk).state == "submitted"


def test_the_reason_is_shown_until_the_filing_is_submitted_again(ready: Filing, lead: User, secretariat: User) -> None:
    submit_filing(filing=ready, actor=lead)
    sent_back = send_back_filing(filing=ready, actor=secretariat, reason="Précisez les CP.")
    shown = reason_to_show(sent_back)
    assert shown is not None
    assert (shown.reason, shown.actor) == ("Précisez les CP.", secretariat)
    assert reason_to_show(submit_filing(filing=ready, actor=lead)) is None


def test_taking_back_before_the_review(ready: Filing, lead: User, ditp_reviewer: User) -> None:
    submit_filing(filing=ready, actor=lead)
    assert take_back_filing(filing=ready, actor=lead).state == "draft"
    submit_filing(filing=ready, actor=lead)
    validate_filing(filing=ready, actor=ditp_reviewer)
    with pytest.raises(FilingError, match="n’est pas possible"):
        take_back_filing(filing=ready, actor=lead)


def test_nobody_validates_what_they_submitted(ready: Filing, contract: Contract, lead: User) -> None:
    grant(lead, Role.DITP_REVIEWER)
    submit_filing(filing=ready, actor=lead)
    with pytest.raises(NotAllowedError, match="revient à une autre personne"):
        validate_filing(filing=ready, actor=lead)


def test_nobody_validates_a_row_that_they_typed_even_if_overwritten(
    contract: Contract, lead: User, db_reviewer: User
) -> None:
    filing = FilingFactory(contract=contract)
    row = MilestoneProgress.objects.create(
        filing=filing, milestone=contract.milestones.get(position=1), state="ongoing", updated_by=db_reviewer
    )
    MilestoneProgress.objects.filter(pk=row.pk).update(updated_by=lead)
    Filing.objects.filter(pk=filing.pk).update(state="validated", submitted_by=lead, submitted_at=timezone.now())
    assert declarants(filing) == {lead.pk, db_reviewer.pk}
    with pytest.raises(NotAllowedError):
        countersign_filing(filing=filing, actor=db_reviewer)


def test_a_reviewer_of_another_perimeter_does_not_validate(
    contract: Contract, other_contract: Contract, stranger: User
) -> None:
    grant(stranger, Role.DITP_REVIEWER, other_contract)
    with pytest.raises(NotAllowedError):
        validate_filing(filing=FilingFactory(contract=contract, state="submitted"), actor=stranger)


def test_only_the_latest_filing_is_reopened(contract: Contract, secretariat: User) -> None:
    first = FilingFactory(contract=contract, state="locked")
    assert reopen_filing(filing=first, actor=secretariat, reason="Erreur sur les CP").state == "reopened"
    Filing.objects.filter(pk=first.pk).update(state="locked", locked_at=timezone.now())
    later = CampaignFactory(next_quarter=True)
    FilingFactory(contract=contract, campaign=later, state="submitted")
    with pytest.raises(FilingError, match=r"3e\s*trimestre\s*2021"):
        reopen_filing(filing=first, actor=secretariat, reason="Erreur sur les CP")


def test_those_concerned_are_told_once(ready: Filing, lead: User, ditp_reviewer: User, secretariat: User) -> None:
    submit_filing(filing=ready, actor=lead)
    assert [(one.user, one.topic, one.way) for one in Notice.objects.all()] == [(ditp_reviewer, "decision", "digest")]
    assert not OutgoingMail.objects.exists()


def test_the_lead_of_a_filing_sent_back_hears_at_once(ready: Filing, lead: User, ditp_reviewer: User) -> None:
    submit_filing(filing=ready, actor=lead)
    send_back_filing(filing=ready, actor=ditp_reviewer, reason="Précisez les CP.")
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.topic, mail.headers) == (lead.email, "sent_back", {})
    assert "Précisez les CP." in mail.body
    assert f"/dossiers/{ready.pk}/" in mail.body


def test_locking_tells_who_asked_and_a_failure_undoes_the_lock(
    contract: Contract, db_reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, User]] = []
    monkeypatch.setattr(hooks, "_when_locked", [])
    hooks.on_filing_locked(lambda filing, actor: told.append((filing.pk, actor)))
    filing = FilingFactory(contract=contract, state="validated")
    countersign_filing(filing=filing, actor=db_reviewer)
    assert told == [(filing.pk, db_reviewer)]

    def fail(filing: Filing, actor: User) -> None:
        raise RuntimeError("no report")

    hooks.on_filing_locked(fail)
    other = FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True), state="validated")
    with pytest.raises(RuntimeError):
        countersign_filing(filing=other, actor=db_reviewer)
    assert Filing.objects.get(pk=other.pk).state == "validated"


def test_risks_stand_in_one_order_everywhere(filing: Filing, lead: User) -> None:
    """Open first, the most critical first: 4 × 3 before 2 × 5, whatever the order in which they were typed."""
    for title, probability, severity, state in (
        ("Recrutement", 5, 5, "closed"),
        ("Marché infructueux", 2, 5, "open"),
        ("Retard du fournisseur", 4, 3, "open"),
    ):
        FiledRisk.objects.create(filing=filing, title=title, probability=probability, severity=severity, state=state)
    order = ["Retard du fournisseur", "Marché infructueux", "Recrutement"]
    assert [one.title for one in worst_first(filing)] == order
    assert [one.label for one in risks_summary(filing)] == order
    assert [one.title for one in contract_situation(filing.contract, filing=filing).risks] == order
