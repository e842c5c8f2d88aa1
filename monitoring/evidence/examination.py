"""The examination of a file, as it was sent: what it really is, or why it is not taken."""

import hashlib
from dataclasses import dataclass
from typing import Final

from monitoring.evidence.archives import office_kind
from monitoring.evidence.kinds import PDF, Kind, is_archive, kind_by_signature
from monitoring.evidence.names import clean_name
from monitoring.evidence.pdf import refuse_active_pdf
from monitoring.evidence.refusals import EvidenceRefused

MEGABYTE: Final = 1024 * 1024
MAX_FILE: Final = 10 * MEGABYTE  # bytes
MAX_FILING: Final = 50 * MEGABYTE  # bytes, all the pieces of a filing


@dataclass(frozen=True, slots=True)
class Examined:
    """A file found acceptable: the name to show, what it is, its size in bytes and its fingerprint (hexadecimal)."""

    name: str
    kind: Kind
    size: int
    sha256: str


def examine(name: str, content: bytes) -> Examined:
    """Tells what a file is by its content alone; whatever the sender's header says plays no part.

    Raises `EvidenceRefused`: empty, too large, kind not accepted, name of another kind, password, macros or scripts,
    damaged, archive that would swell.
    """
    refuse_size(len(content))
    kind = office_kind(content) if is_archive(content) else kind_by_signature(content)
    if kind is PDF:
        refuse_active_pdf(content)
    return Examined(clean_name(name, kind), kind, len(content), hashlib.sha256(content).hexdigest())


def refuse_size(size: int) -> None:
    """Raises `EvidenceRefused` for an empty file or one above the limit, before it is read."""
    if not size:
        raise EvidenceRefused("Ce fichier est vide.")
    if size > MAX_FILE:
        raise EvidenceRefused("Ce fichier dépasse 10\u00a0Mo\u00a0: réduisez-le ou divisez-le.")


def refuse_total(already: int, size: int) -> None:
    """Raises `EvidenceRefused` when a filing that holds `already` bytes has no room for `size` more."""
    if already + size > MAX_FILING:
        left = max(MAX_FILING - already, 0) // MEGABYTE
        raise EvidenceRefused(
            f"Les pièces d’un dossier ne dépassent pas 50\u00a0Mo en tout\u00a0: il reste {left}\u00a0Mo."
        )
