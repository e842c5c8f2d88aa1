"""What a file must be before anything in it is parsed: an .xlsx of a reasonable size, without macros nor bombs."""

import re
import zlib
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

MAX_BYTES: Final = 4_000_000
MAX_ENTRIES: Final = 300
MAX_UNPACKED: Final = 30_000_000
MAX_RATIO: Final = 120
"""A worksheet of repeated cells shrinks forty times; an archive bomb, a thousand."""
SMALL: Final = 200_000
"""Bytes unpacked under which the ratio says nothing."""

OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
ENCRYPTED: Final = 0x1
MACROS: Final = re.compile(r"vbaproject|macrosheets/|activex/|vbadata", re.IGNORECASE)
MACRO_TYPES: Final = re.compile(rb"macroenabled", re.IGNORECASE)
DOCTYPE: Final = re.compile(rb"<!\s*(doctype|entity)", re.IGNORECASE)
ENCODING: Final = re.compile(rb"""^<\?xml[^>]*encoding=["']([\w-]+)["']""")
CONTENT_TYPES: Final = "[Content_Types].xml"
TOO_LARGE: Final = f"Ce fichier est trop volumineux\u00a0: {MAX_BYTES // 1_000_000}\u00a0Mo au plus."
UNREADABLE: Final = "Ce fichier est illisible\u00a0: ouvrez-le dans votre tableur, puis enregistrez-le au format .xlsx."


class UnsafeWorkbook(Exception):  # noqa: N818 - says what the file is
    """A file that is not opened; the message, in French, says why and what to do."""


def require_safe(name: str, content: bytes) -> None:
    """Refuse, in French, what is not a workbook that can be parsed without harm. Errors: `UnsafeWorkbook`."""
    if len(content) > MAX_BYTES:
        raise UnsafeWorkbook(TOO_LARGE)
    if content.startswith(OLD_OFFICE):
        raise UnsafeWorkbook(
            "Ce fichier est protégé par un mot de passe ou d’un ancien format\u00a0: enregistrez-le sans mot de passe, "
            "au format .xlsx."
        )
    if name.lower().endswith((".xlsm", ".xltm", ".xlsb", ".xlam")):
        _refuse_macros()
    try:
        with ZipFile(BytesIO(content)) as archive:
            _require_bounded(archive.infolist())
            _require_plain(archive)
    # All that `zipfile` raises on a damaged archive; NotImplementedError is a compression that it does not know.
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise UnsafeWorkbook(UNREADABLE) from error


def _require_bounded(entries: list[ZipInfo]) -> None:
    """Sizes are those that the archive states: the reader never unpacks more of an entry than it states."""
    names = [entry.filename for entry in entries]
    bombs = [e for e in entries if e.file_size > SMALL and e.file_size > MAX_RATIO * max(e.compress_size, 1)]
    if len(entries) > MAX_ENTRIES or bombs or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnsafeWorkbook(
            "Ce fichier se déplie en un volume anormal\u00a0: il n’est pas ouvert. Téléchargez de nouveau le classeur."
        )
    if len(set(names)) != len(names) or any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise UnsafeWorkbook(UNREADABLE)


def _require_plain(archive: ZipFile) -> None:
    names = archive.namelist()
    if any(MACROS.search(name) for name in names):
        _refuse_macros()
    if CONTENT_TYPES not in names or "xl/workbook.xml" not in names:
        raise UnsafeWorkbook("Ce fichier n’est pas un classeur .xlsx\u00a0: enregistrez-le à ce format.")
    if MACRO_TYPES.search(archive.read(CONTENT_TYPES)):
        _refuse_macros()
    for name in names:
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _require_plain_xml(archive.read(name))


def _require_plain_xml(part: bytes) -> None:
    """No document type, so no entity that unfolds; no encoding under which one could hide."""
    body = part.removeprefix(b"\xef\xbb\xbf")
    encoding = ENCODING.match(body)
    is_known = encoding is None or encoding[1].lower() in (b"utf-8", b"us-ascii", b"ascii")
    if b"\0" in body[:4] or body.lstrip()[:1] != b"<" or not is_known or DOCTYPE.search(body):
        raise UnsafeWorkbook(UNREADABLE)


def _refuse_macros() -> None:
    raise UnsafeWorkbook(
        "Ce classeur contient des macros\u00a0: il n’est pas ouvert. Enregistrez-le au format .xlsx, sans macro."
    )
