"""Making a report: once, whatever is delivered twice, killed or failing; and the mail that leaves after it."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.signals import post_save
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring import hooks
from monitoring.models import Filing, Notice, OutgoingMail
from monitoring.outbox import send_due
from reports import jobs
from reports.enums import JobState
from reports.models import Delivery, Job, ReportFile, Snapshot
from tests.conftest import Mailbox, Worker
from tests.factories import UserFactory, grant
from tests.reports.filed import file, move

FIGURES: dict[str, Any] = {"etudes": ("60000", "40000"), "outil": ("30000.50", None)}


def made(contract: Contract) -> Job:
    """A job for a locked filing, done here and now."""
    job = jobs.request_report(file(contract, **FIGURES), None)
    jobs.make_report(job.pk)
    job.refresh_from_db()
    return job


def test_a_locked_filing_asks_for_its_report(
    contract: Contract, secretariat: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    filing = file(contract)
    with django_capture_on_commit_callbacks() as callbacks:
        hooks.filing_locked(filing, secretariat)
    assert Job.objects.get().filing == filing
    assert len(callbacks) == 1


def test_a_report_is_two_files_and_a_delivery(contract: Contract, secretariat: User) -> None:
    job = made(contract)
    assert (job.state, job.done, job.total, job.error) == (JobState.DONE, 4, 4, "")
    assert list(ReportFile.objects.values_list("file_format", flat=True)) == ["pdf", "xlsx"]
    delivery = Delivery.objects.get()
    assert delivery.recipient == secretariat.email
    names = [each["name"] for each in delivery.mail.attachments]
    assert names == ["marine-2021-T2-rapport-trimestriel.pdf", "marine-2021-T2-rapport-trimestriel.xlsx"]


def test_those_who_follow_the_contract_are_told_once(
    contract: Contract, secretariat: User, lead: User, reader: User, other_lead: User
) -> None:
    job = made(contract)
    jobs.make_report(jobs.request_report(job.filing, None).pk)
    notices = Notice.objects.filter(topic="published").order_by("user__email")
    assert [(one.user, one.way, one.path) for one in notices] == [
        (lead, "digest", "/contrats/marine/rapports/"),
        (reader, "digest", "/contrats/marine/rapports/"),
    ]


def test_made_twice_it_is_the_same_report(contract: Contract, secretariat: User) -> None:
    job = made(contract)
    assert jobs.make_report(job.pk) is False
    again = jobs.request_report(job.filing, None)
    assert jobs.make_report(again.pk) is True
    assert (Snapshot.objects.count(), ReportFile.objects.count(), OutgoingMail.objects.count()) == (1, 2, 1)


def test_a_later_report_bears_the_same_name(contract: Contract, secretariat: User) -> None:
    """The storage sets a file apart from an earlier one of that name; nobody sees it."""
    earlier = default_storage.save(
        f"rapports/{timezone.localdate().year}/marine-2021-T2-rapport-trimestriel.xlsx", ContentFile(b"")
    )
    made(contract)
    workbook = ReportFile.objects.get(file_format="xlsx")
    assert workbook.file.name != earlier
    assert workbook.name == "marine-2021-T2-rapport-trimestriel.xlsx"
    assert workbook.name in [each["name"] for each in OutgoingMail.objects.get().attachments]
    with (
        ReportFile.objects.get(file_format="pdf").file.open("rb") as stored,
        pikepdf.open(BytesIO(stored.read())) as pdf,
    ):
        assert list(pdf.attachments) == [workbook.name]


def test_asked_twice_there_is_one_job(contract: Contract) -> None:
    filing = file(contract)
    assert jobs.request_report(filing, None) == jobs.request_report(filing, None)


def test_a_filing_locked_anew_while_its_job_runs_has_another(contract: Contract, secretariat: User) -> None:
    """Reopened, corrected and locked again once the workbook is drawn from the figures of before."""
    filing = file(contract, **FIGURES)
    job = jobs.request_report(filing, None)

    def meanwhile(**_: object) -> None:
        post_save.disconnect(meanwhile, sender=ReportFile)
        Filing.objects.filter(pk=filing.pk).update(locked_at=timezone.now())
        assert jobs.request_report(filing, None) == job, "the one that runs is found"

    post_save.connect(meanwhile, sender=ReportFile)
    assert jobs.make_report(job.pk)
    (again,) = Job.objects.exclude(pk=job.pk)
    assert again.state == JobState.QUEUED
    assert jobs.make_report(again.pk)
    assert Job.objects.count() == 2


def test_only_the_secretariat_that_reaches_the_contract_is_written_to(
    contract: Contract, other_contract: Contract, lead: User
) -> None:
    near = grant(UserFactory(email="pres@ftap.example"), Role.SECRETARIAT, contract)
    grant(UserFactory(email="loin@ftap.example"), Role.SECRETARIAT, other_contract)
    grant(UserFactory(email="parti@ftap.example", is_active=False), Role.SECRETARIAT)
    made(contract)
    assert [each.recipient for each in Delivery.objects.all()] == [near.email]


def test_a_reopened_filing_makes_no_report_and_says_why(contract: Contract) -> None:
    filing = file(contract, **FIGURES)
    job = jobs.request_report(filing, None)
    move(filing, "sent_back")
    jobs.make_report(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error.startswith("Figer la situation\u00a0: Le dossier a été rouvert")
    assert not Snapshot.objects.exists()


def test_a_job_that_fails_three_times_says_why(
    contract: Contract, secretariat: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.request_report(file(contract, **FIGURES), None)

    def full_disk(*_: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(ReportFile, "save", full_disk)
    for expected in (JobState.QUEUED, JobState.QUEUED, JobState.FAILED):
        jobs.make_report(job.pk)
        job.refresh_from_db()
        assert job.state == expected
    assert (job.attempts, job.error) == (3, "Composer le classeur\u00a0: disque plein")
    monkeypatch.undo()
    again = jobs.retry(job, secretariat)
    assert again != job
    assert jobs.make_report(again.pk)


def test_a_dead_workers_job_is_taken_up_again(contract: Contract, secretariat: User) -> None:
    job = jobs.request_report(file(contract, **FIGURES), None)
    long_ago = timezone.now() - timedelta(minutes=2)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, heartbeat_at=long_ago)
    assert jobs.sweep() == 1
    assert jobs.make_report(job.pk)


def test_a_living_workers_job_is_left_alone(contract: Contract) -> None:
    job = jobs.request_report(file(contract, **FIGURES), None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())
    assert jobs.sweep() == 0
    assert jobs.make_report(job.pk) is False


def test_a_job_whose_workers_died_three_times_is_failed(contract: Contract) -> None:
    job = jobs.request_report(file(contract), None)
    long_ago = timezone.now() - timedelta(minutes=2)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=3, heartbeat_at=long_ago)
    jobs.sweep()
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "Le traitement s’est interrompu 3 fois.")


def test_the_mail_carries_the_report(contract: Contract, secretariat: User, mailbox: list[EmailMessage]) -> None:
    made(contract)
    assert send_due() == 1
    (message,) = mailbox
    assert message["Subject"].strip() == "[démonstration] Rapport trimestriel – Marine – 2e\u00a0trimestre\u00a02021"
    pdf, xlsx = message.iter_attachments()
    assert (pdf.get_content_type(), xlsx.get_filename()) == (
        "application/pdf",
        "marine-2021-T2-rapport-trimestriel.xlsx",
    )
    with pikepdf.open(BytesIO(pdf.get_content())) as opened:
        assert len(opened.pages) > 3


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(contract: Contract, secretariat: User, worker: Worker, smtp: Mailbox) -> None:
    """The worker is killed while it makes the report; another finishes it, and one mail leaves."""
    job = jobs.request_report(file(contract, **FIGURES), None)
    wait_for(lambda: state(job) == JobState.RUNNING)
    worker.kill9()
    assert state(job) == JobState.RUNNING
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    worker.start()
    jobs.sweep()
    wait_for(lambda: state(job) == JobState.DONE)
    wait_for(lambda: len(smtp.messages) == 1)
    assert (Snapshot.objects.count(), ReportFile.objects.count(), Delivery.objects.count()) == (1, 2, 1)


def state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


# --- Pages ---


def test_the_job_page_polls_until_the_job_is_over(
    contract: Contract, reader: User, signed_in: Callable[[User], Client]
) -> None:
    job = jobs.request_report(file(contract, **FIGURES), None)
    client, address = signed_in(reader), f"/taches/{job.pk}/"
    assert "every 2s" in client.get(address).content.decode()
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 200
    jobs.make_report(job.pk)
    over = client.get(address, headers={"HX-Request": "true"})
    assert over.status_code == 286
    assert "Télécharger le PDF" in over.content.decode()


def test_only_the_secretariat_asks_again(
    contract: Contract, reader: User, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    job = jobs.request_report(file(contract), None)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="disque plein")
    address = f"/taches/{job.pk}/"
    assert "Relancer" not in signed_in(reader).get(address).content.decode()
    assert signed_in(reader).post(f"{address}relancer/").status_code == 403
    assert "disque plein" in signed_in(secretariat).get(address).content.decode()
    assert signed_in(secretariat).post(f"{address}relancer/").status_code == 302
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1


@pytest.mark.parametrize(("name", "status"), [("reader", 200), ("secretariat", 200), ("other_lead", 404)])
def test_a_report_is_downloaded_by_who_may_read_it(
    name: str, status: int, contract: Contract, signed_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    snapshot = made(contract).snapshot
    assert snapshot is not None
    client = signed_in(request.getfixturevalue(name))
    for kind in ("pdf", "xlsx"):
        answer = client.get(f"/rapports/{snapshot.pk}/{kind}/")
        assert answer.status_code == status
        if status == 200:
            content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            assert content[:4] in (b"%PDF", b"PK\x03\x04")


def test_a_link_to_a_file_says_of_which_report(
    contract: Contract, reader: User, signed_in: Callable[[User], Client]
) -> None:
    made(contract)
    for address in ("/rapports/", "/contrats/marine/rapports/"):
        html = signed_in(reader).get(address).content.decode()
        names = [
            re.sub(r"<[^>]+>", "", link) for link in re.findall(r'<a href="/rapports/[^>]*>(.*?)</a>', html, re.DOTALL)
        ]
        assert len(names) == 2
        assert all("Rapport" in name and "Marine" in name for name in names), names


def test_lists(
    contract: Contract, reader: User, secretariat: User, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    made(contract)
    for address in ("/rapports/", "/taches/"):
        assert "Marine" in signed_in(reader).get(address).content.decode()
        assert signed_in(stranger).get(address).status_code == 403
    assert "secretariat@ftap.example" in signed_in(secretariat).get("/envois/").content.decode()
    assert signed_in(reader).get("/envois/").status_code == 403
