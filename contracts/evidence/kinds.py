"""The kinds of files taken as evidence, told by their first bytes; what is not in this table is refused.

A table of four signatures, and not libmagic: a whitelist needs to know what it takes, not to name all that exists, and
libmagic is a C library to install that calls every workbook « Zip archive ». Office documents are told apart by what is
inside the archive (`contracts.evidence.archives`).
"""

from dataclasses import dataclass
from typing import Final

from contracts.evidence.refusals import EvidenceRefused


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its word in French, the type told to browsers, the extensions that a name may bear."""

    label: str
    content_type: str
    extensions: tuple[str, ...]

    @property
    def extension(self) -> str:
        """The one given to a name that has none."""
        return self.extensions[0]


_OOXML, _ODF = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."

PDF: Final = Kind("document PDF", "application/pdf", ("pdf",))
PNG: Final = Kind("image PNG", "image/png", ("png",))
JPEG: Final = Kind("image JPEG", "image/jpeg", ("jpg", "jpeg"))
XLSX: Final = Kind("classeur Excel", f"{_OOXML}spreadsheetml.sheet", ("xlsx",))
DOCX: Final = Kind("document Word", f"{_OOXML}wordprocessingml.document", ("docx",))
PPTX: Final = Kind("présentation PowerPoint", f"{_OOXML}presentationml.presentation", ("pptx",))
ODS: Final = Kind("classeur LibreOffice", f"{_ODF}spreadsheet", ("ods",))
ODT: Final = Kind("document LibreOffice", f"{_ODF}text", ("odt",))

KINDS: Final = (PDF, PNG, JPEG, XLSX, DOCX, PPTX, ODS, ODT)
OFFICE: Final = (XLSX, DOCX, PPTX, ODS, ODT)
CONTENT_TYPES: Final = [kind.content_type for kind in KINDS]
EXTENSIONS: Final = [extension for kind in KINDS for extension in kind.extensions]
ACCEPTED: Final = "PDF, PNG, JPEG, XLSX, DOCX, PPTX, ODS ou ODT"

ZIP: Final = b"PK\x03\x04"
_PNG, _JPEG, _PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_archive(content: bytes) -> bool:
    """Whether the file is a zip from its first byte on, as office documents are."""
    return content.startswith(ZIP)


def kind_by_signature(content: bytes) -> Kind:
    """The kind of a PDF or an image, by its first and last bytes. Raises `EvidenceRefused` for all others."""
    if content.startswith(_PDF):
        return PDF
    if content.startswith(_PNG):
        return _whole(PNG, b"IHDR" in content[:16] and b"IEND" in content[-64:])
    if content.startswith(_JPEG):
        return _whole(JPEG, b"\xff\xd9" in content[-65536:])
    if content.startswith(_OLD_OFFICE):
        raise EvidenceRefused(
            "Ce document est protégé par un mot de passe ou d’un ancien format (.doc, .xls, .ppt)\u00a0: "
            "enregistrez-le sans mot de passe en DOCX, XLSX, PPTX ou PDF."
        )
    raise EvidenceRefused(f"Ce type de fichier n’est pas accepté\u00a0: joignez un fichier {ACCEPTED}.")


def _whole(kind: Kind, is_whole: bool) -> Kind:
    if not is_whole:
        raise EvidenceRefused(f"Cette {kind.label} est incomplète\u00a0: recommencez l’envoi.")
    return kind
