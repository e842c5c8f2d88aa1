"""Jobs: making a report is a row first and a Celery task second; the row is what pages show.

Safe to run twice: a job is claimed by one conditional UPDATE, each step finds what an earlier attempt left, and a job
whose worker died (no sign of life for 45 seconds) is taken up again, three times at most.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from figures.formats import typeset
from monitoring.enums import FilingState
from monitoring.models import Filing
from reports.deliveries import deliver
from reports.enums import FileFormat, JobState, ReportKind
from reports.models import Job, ReportFile, Snapshot
from reports.snapshots import fingerprint_of_bytes, freeze, situation_of

MAKE_TASK: Final = "reports.make_report"
MOST_ATTEMPTS: Final = 3
SIGN_OF_LIFE: Final = timedelta(seconds=45)
STEPS: Final = ("Figer la situation", "Composer le classeur", "Mettre en page le PDF", "Préparer les envois")

log = structlog.get_logger(__name__)


class ReportRefused(Exception):  # noqa: N818 - a refusal, not a failure
    """A report that no other attempt would make; the message is French and shown on the job's page."""


def request_report(filing: Filing, actor: User | None) -> Job:
    """The job that makes this filing's report: the one already waiting or running, else a new one.

    In the transaction of the caller; the task leaves after its commit, and beat finds the row if the broker is down.
    """
    job, _ = Job.objects.get_or_create(
        filing=filing,
        kind="report",
        state__in=[JobState.QUEUED, JobState.RUNNING],
        defaults={"requested_by": actor, "state": JobState.QUEUED, "total": len(STEPS)},
    )
    transaction.on_commit(lambda: _send(job.pk), robust=True)
    return job


def report_locked(filing: Filing, actor: User) -> None:
    """What happens when a filing is locked: its report is asked for, in the same transaction."""
    request_report(filing, actor)


def retry(job: Job, actor: User) -> Job:
    """A new job for a failed one's filing; a job that did not fail is given back as it is."""
    return request_report(job.filing, actor) if job.state == JobState.FAILED else job


def make_report(job_id: int) -> bool:
    """Freezes, renders, stores and queues the deliveries of a job; False when another worker has it or it is over.

    An error ends the attempt: the job is queued again, or failed with the error in words after the third.
    """
    job = _claim(job_id)
    if job is None:
        return False
    try:
        _make(job)
    except Exception as error:
        log.exception("report_failed", job=job.pk, attempt=job.attempts)
        _end_of_attempt(job, error)
        _ask_again(job)
        return False
    _over(job, JobState.DONE, "Terminé", done=job.total)
    _ask_again(job)
    return True


def sweep() -> int:
    """Sends again the jobs that wait, and takes up those whose worker died; gives their number. Run by beat."""
    dead = Q(state=JobState.RUNNING, heartbeat_at__lt=timezone.now() - SIGN_OF_LIFE)
    for job in Job.objects.filter(dead, attempts__gte=MOST_ATTEMPTS).order_by("pk"):
        _over(job, JobState.FAILED, job.step, error=f"Le traitement s’est interrompu {MOST_ATTEMPTS} fois.")
    now = timezone.now()
    waiting = Q(state=JobState.QUEUED, created_at__lt=now - SIGN_OF_LIFE) & (
        Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - SIGN_OF_LIFE)
    )
    found = list(Job.objects.filter(dead | waiting).order_by("pk").values_list("pk", flat=True))
    Job.objects.filter(pk__in=found, state=JobState.QUEUED).update(heartbeat_at=now)  # not again before a while
    for pk in found:
        _send(pk)
    return len(found)


def _send(job_id: int) -> None:
    current_app.send_task(MAKE_TASK, args=[job_id])


def _claim(job_id: int) -> Job | None:
    """One conditional UPDATE: the job is ours when it waits, or when its worker gave no sign of life."""
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=timezone.now() - SIGN_OF_LIFE)
    taken = Job.objects.filter(free, pk=job_id, attempts__lt=MOST_ATTEMPTS).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, heartbeat_at=timezone.now(), error="", done=0
    )
    rows = Job.objects.select_related("filing__contract__holder__ministry", "filing__campaign", "filing__version")
    return rows.get(pk=job_id) if taken else None


def _make(job: Job) -> None:
    from reports.pdf.render import render_pdf
    from reports.xlsx.workbook import render_xlsx

    _step(job, 0)
    if job.filing.state != FilingState.LOCKED:
        raise ReportRefused("Le dossier a été rouvert : un rapport sera fait quand il sera de nouveau validé.")
    snapshot = freeze(job.filing)
    job.snapshot = snapshot
    job.save(update_fields=["snapshot"])
    situation, kind = situation_of(snapshot), ReportKind(snapshot.kind)
    _step(job, 1)
    workbook = _stored(snapshot, FileFormat.XLSX, lambda: render_xlsx(situation, snapshot.sha256, kind))
    _step(job, 2)
    attached = _content(workbook)
    _stored(snapshot, FileFormat.PDF, lambda: render_pdf(situation, snapshot.sha256, kind, attached))
    _step(job, 3)
    deliver(snapshot)


def _content(file: ReportFile) -> tuple[str, bytes]:
    with file.file.open("rb") as stored:
        return file.name, stored.read()


def _stored(snapshot: Snapshot, kind: FileFormat, render: Callable[[], bytes]) -> ReportFile:
    """The file of this format: the one that an earlier attempt stored, else a new one."""
    found = ReportFile.objects.filter(snapshot=snapshot, file_format=kind).first()
    if found is not None and default_storage.exists(str(found.file.name)):
        return found
    content = render()
    report = found or ReportFile(snapshot=snapshot, file_format=kind)
    report.sha256, report.size = fingerprint_of_bytes(content), len(content)
    report.file.save(report.name, ContentFile(content), save=False)
    report.save()
    return report


def _step(job: Job, done: int) -> None:
    """Progress and a sign of life, in one statement."""
    _ours(job).update(step=STEPS[done], done=done, heartbeat_at=timezone.now())
    job.step, job.done = STEPS[done], done


@transaction.atomic
def _ask_again(job: Job) -> None:
    """A filing locked anew while its job ran has another: the one that ran may have frozen the figures of before.

    Whoever locks holds the filing's row, so that one of the two sees the other.
    """
    held = Filing.objects.select_for_update(of=("self",)).get(pk=job.filing_id)
    if held.state == FilingState.LOCKED and held.locked_at != job.filing.locked_at:
        request_report(held, None)


def _end_of_attempt(job: Job, error: Exception) -> None:
    words = typeset(f"{job.step} : {str(error) or type(error).__name__}")
    if job.attempts >= MOST_ATTEMPTS or isinstance(error, ReportRefused):
        _over(job, JobState.FAILED, job.step, error=words, done=job.done)
    else:
        _ours(job).update(state=JobState.QUEUED, error=words)


def _over(job: Job, state: JobState, step: str, *, error: str = "", done: int = 0) -> None:
    now = timezone.now()
    _ours(job).update(state=state, step=step, error=error, done=done, finished_at=now, heartbeat_at=now)


def _ours(job: Job) -> QuerySet[Job]:
    """The job's row while this attempt is the one that holds it: a worker thought dead cannot write over another."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts)
