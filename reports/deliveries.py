"""Deliveries: a report to each address of the secretariat, once for each snapshot and address."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from contracts.perimeters import perimeters_of
from figures.formats import date_fr, typeset
from monitoring.enums import MailTopic
from monitoring.letters import DEMO_MARK, Letter
from monitoring.notices import tell
from monitoring.outbox import enqueue
from monitoring.reality import DEMO
from monitoring.selectors import people_of
from monitoring.topics import topic
from reports.models import Delivery, ReportFile, Snapshot

CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def deliver(snapshot: Snapshot) -> list[Delivery]:
    """Writes a message with the PDF and the workbook to each person of the secretariat, and its delivery.

    The others who follow the contract are told that it is ready. Idempotent: who has a delivery of this snapshot gets
    no other.
    """
    files = list(snapshot.files.order_by("file_format"))
    contract = snapshot.filing.contract
    followers = people_of(contract, *topic(MailTopic.PUBLISHED).roles)
    tell(f"published-{snapshot.pk}", MailTopic.PUBLISHED, followers, _published(snapshot))
    return [_deliver_to(snapshot, person, files) for person in secretariat_of(snapshot.filing.contract)]


def secretariat_of(contract: Contract) -> list[User]:
    """Active people who hold the role of secretariat on a perimeter that reaches the contract."""
    people = User.objects.filter(is_active=True, grants__role=Role.SECRETARIAT).distinct().order_by("email")
    places = perimeters_of(contract)
    return [
        person
        for person in people.prefetch_related("grants")
        if any(
            grant.role == Role.SECRETARIAT
            and (grant.perimeter_kind == "all" or (grant.perimeter_kind, grant.perimeter_key) in places)
            for grant in person.grants.all()
        )
    ]


@transaction.atomic
def _deliver_to(snapshot: Snapshot, person: User, files: list[ReportFile]) -> Delivery:
    found = Delivery.objects.filter(snapshot=snapshot, recipient=person.email).first()
    if found is not None:
        return found
    mail = enqueue(
        key=f"report:{snapshot.sha256}:{snapshot.filing_id}:{person.email}",
        topic=MailTopic.REPORT,
        recipient=person.email,
        subject=_subject(snapshot),
        body=_body(snapshot, person),
        attachments=[_attachment(file) for file in files],
    )
    delivery, _ = Delivery.objects.get_or_create(snapshot=snapshot, recipient=person.email, defaults={"mail": mail})
    return delivery


def _published(snapshot: Snapshot) -> Letter:
    """To whoever follows the contract without receiving its reports by mail: one is ready, where to read it."""
    filing = snapshot.filing
    kind = snapshot.get_kind_display().lower()
    words = f"Le {kind} {snapshot.of_period} du contrat « {filing.contract} » est prêt."
    demo = ("Chiffres de démonstration, inventés.",) if filing.is_demo else ()
    address = reverse("reports:contract_reports", args=[filing.contract.code])
    return Letter(_subject(snapshot), (typeset(words), *demo), address)


def _attachment(file: ReportFile) -> dict[str, str]:
    return {"name": file.name, "path": str(file.file.name), "content_type": CONTENT_TYPES[file.file_format]}


def _subject(snapshot: Snapshot) -> str:
    filing = snapshot.filing
    demo = DEMO_MARK if filing.is_demo else ""
    return f"{demo}{snapshot.get_kind_display()} – {filing.contract} – {snapshot.period}"


def _body(snapshot: Snapshot, person: User) -> str:
    filing = snapshot.filing
    day = timezone.localtime(snapshot.taken_at).date()
    address = settings.SITE_URL + reverse("reports:reports")
    demo = [f"{DEMO}.", ""] if filing.is_demo else []
    lines = [
        f"Bonjour {person.first_name},",
        "",
        f"Le dossier {filing.campaign.of_period} du contrat « {filing.contract} » a été validé le {date_fr(day)}.",
        f"Vous trouverez ci-joint le {snapshot.get_kind_display().lower()} en PDF, et le classeur de ses chiffres.",
        "",
        *demo,
        "Tous les rapports :",
        address,
        "",
        f"Empreinte de l’instantané : {snapshot.sha256}",
    ]
    return "\n".join(typeset(line) for line in lines)
