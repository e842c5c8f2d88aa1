"""Joining evidence to a filing, and marking it removed."""

from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from contracts.evidence.examination import MEGABYTE, examine
from contracts.evidence.refusals import EvidenceRefused
from contracts.evidence.storage import stored_or_nothing
from monitoring.errors import FilingError, NotAllowedError
from monitoring.evidence_selectors import lines_of
from monitoring.models import Attachment, Filing
from monitoring.permissions import can_remove_attachment
from monitoring.sections import sections_of
from monitoring.services.progress import require_entry
from monitoring.services.rows import refused_in_french

MAX_FILING: Final = 50 * MEGABYTE  # bytes, all the pieces of a filing


@transaction.atomic
def add_attachment(
    *, filing: Filing, actor: User, name: str, content: bytes, section: str = "", row: int | None = None
) -> Attachment:
    """Join a file to the filing, to one of its sections, or to a line of it (`row`: the number of the entry row).

    The file is examined before anything is stored; what it is comes from its content. Gives the piece.
    Errors: `FilingError` (not open, no such line), `NotAllowedError`, `EvidenceRefused` (the file), `ValidationError`
    (already joined there).
    """
    require_entry(filing, actor, whole=False)
    examined = examine(name, content)
    line = _line(filing, section, row)
    held = Filing.objects.select_for_update(of=("self",)).get(pk=filing.pk)
    kept = Attachment.objects.filter(filing=held, removed_at__isnull=True)
    refuse_total(kept.aggregate(total=Sum("size"))["total"] or 0, examined.size)
    attachment = Attachment(
        filing=held,
        section=section,
        row=row,
        line=line[:300],
        name=examined.name,
        content_type=examined.kind.content_type,
        size=examined.size,
        sha256=examined.sha256,
        uploaded_by=actor,
    )
    attachment.validate_constraints(exclude=["file"])
    attachment.file = ContentFile(content, name="piece")
    with stored_or_nothing(attachment), refused_in_french():
        attachment.save(force_insert=True)
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment, actor: User) -> Attachment:
    """Mark a piece removed while its filing is open; the file and its history are kept.

    Errors: `FilingError` (not open, already removed), `NotAllowedError` (neither the lead nor who joined it).
    """
    require_entry(attachment.filing, actor, whole=False)
    if not can_remove_attachment(actor, attachment):
        raise NotAllowedError("Une pièce est retirée par qui l’a jointe ou par le chef de projet.")
    with refused_in_french():
        removed = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(
            removed_by=actor, removed_at=timezone.now()
        )
    if not removed:
        raise FilingError("Cette pièce est déjà retirée.")
    attachment.refresh_from_db()
    return attachment


def _line(filing: Filing, section: str, row: int | None) -> str:
    """The label of the line that the file proves; empty for a whole section or the whole filing."""
    if not section and row is None:
        return ""
    if section not in [one.code for one in sections_of(filing)]:
        raise FilingError("Cette rubrique n’est pas de ce dossier.")
    labels = {line.row: line.label for line in lines_of(filing) if line.section.code == section}
    if row is not None and row not in labels:
        raise FilingError("Cette ligne n’est pas de ce dossier.")
    return labels[row] if row is not None else ""


def refuse_total(already: int, size: int) -> None:
    """Raises `EvidenceRefused` when a filing that holds `already` bytes has no room for `size` more."""
    if already + size > MAX_FILING:
        left = max(MAX_FILING - already, 0) // MEGABYTE
        raise EvidenceRefused(
            f"Les pièces d’un dossier ne dépassent pas 50\u00a0Mo en tout\u00a0: il reste {left}\u00a0Mo."
        )
