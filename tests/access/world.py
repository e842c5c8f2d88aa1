"""What the matrix of access asks about: a contract, a filing and one of each thing that has an address."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.models import Attachment, FiledRisk, Filing, Thread
from monitoring.outbox import enqueue
from monitoring.sections import sections_of
from reports.models import Delivery, Job, ReportFile, Snapshot
from tests.factories import UNSUBMITTED, FilingFactory, UserFactory

ROW = {"section": "meteo", "row": "meteo-declaree"}


@dataclass
class World:
    """Two contracts, each with a filing; the people of the tests belong to the first."""

    contract: Contract
    filing: Filing
    risk: FiledRisk
    snapshot: Snapshot
    job: Job
    piece: Attachment
    thread: Thread
    rows: dict[str, int] = field(default_factory=dict)


def world(contract: Contract, campaign: Any) -> World:
    """A filing with its rows and a risk."""
    made = FilingFactory(contract=contract, campaign=campaign)
    filing = Filing.objects.select_related("campaign", "version").get(pk=made.pk)
    for section in sections_of(filing):
        section.prepare(filing)
    risk = FiledRisk.objects.create(filing=filing, title="Recrutement", probability=3, severity=4)
    rows = {
        relation: getattr(filing, relation).order_by("pk").values_list("pk", flat=True)[0]
        for relation in ("consumptions", "realised_savings", "measurements")
    }
    snapshot, job = reported(filing)
    thread = Thread.objects.create(filing=filing, label="Météo déclarée", **ROW)
    return World(contract, filing, risk, snapshot, job, piece(filing), thread, rows)


def reported(filing: Filing) -> tuple[Snapshot, Job]:
    """A report with its PDF, a message that waits, and a task that failed."""
    now = timezone.now()
    snapshot = Snapshot.objects.create(
        filing=filing, kind="quarterly", format_version=1, content="{}", sha256=f"{filing.pk:064}", taken_at=now
    )
    pdf = ContentFile(b"%PDF-1.7", name="rapport.pdf")
    ReportFile.objects.create(snapshot=snapshot, file_format="pdf", file=pdf, sha256="0" * 64, size=8)
    mail = enqueue(f"report-{filing.pk}", "report", "secretariat@ftap.example", "Rapport", "Texte")
    Delivery.objects.create(snapshot=snapshot, recipient=mail.recipient, mail=mail)
    job = Job.objects.create(filing=filing, state="failed", error="Panne", finished_at=now)
    return snapshot, job


def piece(filing: Filing) -> Attachment:
    """A piece of evidence, joined by somebody who is in no test."""
    file = ContentFile(b"%PDF-1.7", name="piece")
    return Attachment.objects.create(
        filing=filing,
        file=file,
        name="facture.pdf",
        content_type="application/pdf",
        size=8,
        sha256="0" * 64,
        uploaded_by=UserFactory(),
    )


def set_state(filing: Filing, state: FilingState) -> None:
    """Puts the filing in a state, declared by somebody who is in no test."""
    author = None if state in UNSUBMITTED else UserFactory()
    Filing.objects.filter(pk=filing.pk).update(
        state=state,
        submitted_by=author,
        submitted_at=timezone.now() if author else None,
        locked_at=timezone.now() if state == FilingState.LOCKED else None,
    )
