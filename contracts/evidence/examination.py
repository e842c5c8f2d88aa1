"""The examination of a file, as it was sent: what it really is, or why it is not taken."""

import hashlib
from dataclasses import dataclass
from typing import Final

from contracts.evidence.archives import office_kind
from contracts.evidence.kinds import PDF, Kind, is_archive, kind_by_signature
from contracts.evidence.names import clean_name
from contracts.evidence.pdf import refuse_active_pdf
from contracts.evidence.refusals import EvidenceRefused

MEGABYTE: Final = 1024 * 1024
MAX_FILE: Final = 10 * MEGABYTE  # bytes


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
