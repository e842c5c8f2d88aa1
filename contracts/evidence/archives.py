"""Office documents are zip archives: told apart by what is inside, refused when they hide something or would swell.

Nothing is written on disk; each entry is read once, by blocks, after the sizes that the archive declares are found
reasonable. An archive that lies about its sizes fails its own checksums.
"""

import html
import re
import zlib
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from contracts.evidence.kinds import DOCX, ODS, ODT, OFFICE, PPTX, XLSX, Kind
from contracts.evidence.refusals import EvidenceRefused

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 100 * 1024 * 1024  # bytes
MAX_RATIO: Final = 100
# A sheet of identical cells may be packed more than a hundred times without harm while it is small.
RATIO_FREE: Final = 2 * 1024 * 1024  # bytes
MAX_DEPTH: Final = 1  # a document within a document: a chart's workbook

_MAIN: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": PPTX,
}
_ODF: Final = {kind.content_type: kind for kind in (ODS, ODT)}
_TYPES: Final = "[Content_Types].xml"
_MACROS: Final = re.compile(
    r"vbaproject|vbadata|(^|/)(macrosheets|activex|dialogsheets)/|^scripts/|^basic/.+/(?!script-l[bc]\.xml)[^/]+$",
    re.IGNORECASE,
)
_PROGRAMS: Final = re.compile(
    r"(^|/)oleobject[^/]*$|\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs?|js|jse|wsf|hta|html?|svgz?|jar|lnk|reg|sh|zip|rar|7z"
    r"|xls[mb]|xlam?|xltm|doc[m]|dotm|pp[ts]m|ppam|potm|xls|doc|ppt)$",
    re.IGNORECASE,
)
_NESTED: Final = tuple(f".{extension}" for kind in OFFICE for extension in kind.extensions)

_DAMAGED: Final = "Ce document est abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau et recommencez l’envoi."
_BOMB: Final = "Ce document, une fois ouvert, dépasse les limites\u00a0: joignez-le en PDF ou divisez-le."
_LOCKED: Final = "Ce document est protégé par un mot de passe\u00a0: enregistrez-le sans protection."
_ACTIVE: Final = "Ce document contient des macros ou un programme\u00a0: enregistrez-le sans eux ou en PDF."


def office_kind(content: bytes, depth: int = 0) -> Kind:
    """The kind of an office document, once its archive is found sound. Raises `EvidenceRefused`."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse_swelling(entries, len(content))
            _refuse_hidden(entries)
            if archive.testzip() is not None:
                raise EvidenceRefused(_DAMAGED)
            kind = _kind(archive)
            _look_inside(archive, entries, depth)
    # All that `zipfile` raises on a damaged archive; NotImplementedError is a compression that it does not know.
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, zlib.error) as error:
        raise EvidenceRefused(_DAMAGED) from error
    return kind


def _refuse_swelling(entries: list[ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise EvidenceRefused(_BOMB)
    if unpacked > RATIO_FREE and unpacked > MAX_RATIO * packed:
        raise EvidenceRefused(_BOMB)


def _refuse_hidden(entries: list[ZipInfo]) -> None:
    """Passwords, unknown packing, paths that leave the folder, two entries of one name, macros, programs."""
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise EvidenceRefused(_LOCKED)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise EvidenceRefused(_DAMAGED)
    if len({name.lower() for name in names}) != len(names) or any(_leaves(name) for name in names):
        raise EvidenceRefused(_DAMAGED)
    if any(_MACROS.search(name) or _PROGRAMS.search(name) for name in names):
        raise EvidenceRefused(_ACTIVE)


def _leaves(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _kind(archive: ZipFile) -> Kind:
    names = archive.namelist()
    kind = _open_document(archive) if names[:1] == ["mimetype"] else _open_xml(archive) if _TYPES in names else None
    if kind is None:
        raise EvidenceRefused(
            "Cette archive n’est pas un document de bureautique accepté\u00a0: joignez ses fichiers un par un."
        )
    return kind


def _open_document(archive: ZipFile) -> Kind | None:
    manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    if b"encryption-data" in manifest:
        raise EvidenceRefused(_LOCKED)
    return _ODF.get(archive.read("mimetype").decode("ascii"))


def _open_xml(archive: ZipFile) -> Kind | None:
    """By the type of the main part; a document made to hold macros says so here even without any."""
    types = html.unescape(archive.read(_TYPES).decode("utf-8"))
    if re.search("macroenabled|vbaproject", types, re.IGNORECASE):
        raise EvidenceRefused(_ACTIVE)
    declared = re.findall(r"""ContentType\s*=\s*["']([^"']+)["']""", types)
    found = {_MAIN[one] for one in declared if one in _MAIN}
    return found.pop() if len(found) == 1 else None


def _look_inside(archive: ZipFile, entries: list[ZipInfo], depth: int) -> None:
    """A document within the document follows the same rules."""
    for entry in entries:
        if entry.filename.lower().endswith(_NESTED):
            if depth >= MAX_DEPTH:
                raise EvidenceRefused(_BOMB)
            office_kind(archive.read(entry), depth + 1)
