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
from monitoring.permissions import can_edit_sheet, can_edit_whole_filing, can_remove_attachment
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
    A contributor joins to the lines of their sheets; a section and the whole filing are the lead's.
    Errors: `FilingError` (not open, no such line), `NotAllowedError`, `EvidenceRefused` (the file), `ValidationError`
    (already joined there).
    """
    require_entry(filing, actor, whole=False)
    line = _line(filing, actor, section, row)
    examined = examine(name, content)
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


def _line(filing: Filing, actor: User, section: str, row: int | None) -> str:
    """The label of the line that the file proves; empty for a whole section or the whole filing."""
    is_whole = can_edit_whole_filing(actor, filing)
    if row is None and not is_whole:
        raise NotAllowedError(
            "Ce qui prouve une rubrique ou l’ensemble du dossier est joint par le chef de projet\u00a0: "
            "choisissez une ligne de vos fiches."
        )
    if not section and row is None:
        return ""
    if section not in [one.code for one in sections_of(filing)]:
        raise FilingError("Cette rubrique n’est pas de ce dossier.")
    if row is None:
        return ""
    line = next((one for one in lines_of(filing) if (one.section.code, one.row) == (section, row)), None)
    if line is None:
        raise FilingError("Cette ligne n’est pas de ce dossier.")
    if not is_whole and not can_edit_sheet(actor, filing, line.sheet):
        raise NotAllowedError("Cette ligne relève d’une fiche qui ne vous est pas confiée.")
    return line.label


def refuse_total(already: int, size: int) -> None:
    """Raises `EvidenceRefused` when a filing that holds `already` bytes has no room for `size` more."""
    if already + size > MAX_FILING:
        left = max(MAX_FILING - already, 0) // MEGABYTE
        raise EvidenceRefused(
            f"Les pièces d’un dossier ne dépassent pas 50\u00a0Mo en tout\u00a0: il reste {left}\u00a0Mo."
        )
