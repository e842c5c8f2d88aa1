"""Small files of every kind taken as evidence, made on the spot."""

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pikepdf
from openpyxl import Workbook

OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "xlsx": f"{OOXML}spreadsheetml.sheet.main+xml",
    "docx": f"{OOXML}wordprocessingml.document.main+xml",
    "pptx": f"{OOXML}presentationml.presentation.main+xml",
}


def archive(entries: Mapping[str, bytes], stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """A zip of these entries, in order."""
    content = BytesIO()
    with ZipFile(content, "w") as made:
        for name, data in entries.items():
            made.writestr(name, data, ZIP_STORED if name in stored else ZIP_DEFLATED)
    return content.getvalue()


def office(kind: str, extra: Mapping[str, bytes] | None = None, main: str = "") -> bytes:
    """The skeleton of a Word, Excel or PowerPoint document, with more entries."""
    types = f'<Types><Override PartName="/main.xml" ContentType="{main or MAIN[kind]}"/></Types>'
    return archive({"[Content_Types].xml": types.encode(), "main.xml": b"<a/>", **(extra or {})})


def open_document(kind: str, extra: Mapping[str, bytes] | None = None, manifest: bytes = b"<manifest/>") -> bytes:
    """The skeleton of a LibreOffice document."""
    word = {"ods": "spreadsheet", "odt": "text", "odp": "presentation"}[kind]
    mimetype = f"application/vnd.oasis.opendocument.{word}".encode()
    entries = {"mimetype": mimetype, "content.xml": b"<a/>", "META-INF/manifest.xml": manifest}
    return archive({**entries, **(extra or {})})


def workbook() -> bytes:
    """A workbook as openpyxl writes it."""
    book, content = Workbook(), BytesIO()
    book.worksheets[0]["A1"] = 1
    book.save(content)
    return content.getvalue()


def pdf(
    action: Mapping[str, str] | None = None, password: str = "", joined: str = "", in_object_streams: bool = False
) -> bytes:
    """A page; with an action when it opens, a password, or a file joined inside."""
    document, content = pikepdf.new(), BytesIO()
    document.add_blank_page()
    if action:
        opening = document.make_indirect(pikepdf.Dictionary())
        for key, value in action.items():
            opening[key] = pikepdf.Name(value) if value.startswith("/") else pikepdf.String(value)
        document.Root.OpenAction = opening
    if joined:
        document.attachments[joined] = b"<facture/>"
    document.docinfo["/Title"] = "Un titre qui parle de /JavaScript et de /Launch"
    streams = pikepdf.ObjectStreamMode.generate if in_object_streams else pikepdf.ObjectStreamMode.disable
    locked = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(content, encryption=locked, object_stream_mode=streams)
    return content.getvalue()


def png() -> bytes:
    """One grey point."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    image = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + image + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """The frame of a photograph: its first and last marks."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 40 + b"\xff\xd9"
