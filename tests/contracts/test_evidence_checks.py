"""What is taken as evidence, by content alone; every way of lying about a file, and of making it swell."""

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from contracts.evidence import archives
from contracts.evidence.examination import MAX_FILE, MEGABYTE, examine
from contracts.evidence.kinds import DOCX, JPEG, ODS, ODT, PDF, PNG, PPTX, XLSX, Kind
from contracts.evidence.refusals import EvidenceRefused
from tests.contracts.evidence_files import archive, jpeg, office, open_document, pdf, png, workbook

GIF, SVG, HTML = b"GIF89a" + b"\x00" * 20, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html><p>Bonjour"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("facture.pdf", pdf(), PDF),
        ("factur-x.PDF", pdf(joined="factur-x.xml"), PDF),
        ("photo.png", png(), PNG),
        ("photo.jpg", jpeg(), JPEG),
        ("photo.jpeg", jpeg(), JPEG),
        ("paie.xlsx", workbook(), XLSX),
        ("note.docx", office("docx"), DOCX),
        ("note avec classeur.docx", office("docx", {"word/embeddings/Classeur.xlsx": workbook()}), DOCX),
        ("comité.pptx", office("pptx"), PPTX),
        ("paie.ods", open_document("ods", {"Basic/Standard/script-lb.xml": b"<a/>"}), ODS),
        ("note.odt", open_document("odt"), ODT),
    ],
)
def test_takes(name: str, content: bytes, kind: Kind) -> None:
    examined = examine(name, content)
    assert (examined.kind, examined.size, len(examined.sha256)) == (kind, len(content), 64)


def encrypted_archive() -> bytes:
    """The flag of a password on the first entry, in both places where a zip says it."""
    content = bytearray(office("xlsx"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying_archive() -> bytes:
    """Says that its main part has ten bytes once unpacked, and has a million."""
    content = bytearray(office("xlsx", {"xl/sheet.xml": b"0" * 1_000_000}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


BOMB = office("xlsx", {"xl/sheet.xml": b"0" * (3 * MEGABYTE)})
MACROS, LOCKED, DAMAGED, SWELLS = "macros ou un programme", "mot de passe", "abîmé", "dépasse les limites"
OTHER_KIND, NOT_TAKEN, NOT_OFFICE = "mais son contenu est celui", "n’est pas accepté", "n’est pas un document"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("facture.pdf", b"", "est vide"),
        ("facture.pdf", b"%PDF-" + b"0" * MAX_FILE, r"dépasse 10\u00a0Mo"),
        # lies about the type
        ("facture.pdf", png(), OTHER_KIND),
        ("facture.pdf", workbook(), OTHER_KIND),
        ("photo.png", jpeg(), OTHER_KIND),
        ("classeur.xlsx", office("docx"), OTHER_KIND),
        ("facture.exe", pdf(), OTHER_KIND),
        ("facture.pdf.html", pdf(), OTHER_KIND),
        ("facture.pdf", b"MZ\x90\x00" + pdf(), NOT_TAKEN),
        ("facture.pdf", HTML, NOT_TAKEN),
        ("photo.png", SVG, NOT_TAKEN),
        ("photo.svg", SVG, NOT_TAKEN),
        ("photo.gif", GIF, NOT_TAKEN),
        ("photo.png", png()[:40], "incomplète"),
        ("photo.jpg", jpeg()[:-2], "incomplète"),
        # PDF
        ("facture.pdf", pdf(password="secret"), LOCKED),
        ("facture.pdf", b"%PDF-1.7\nrien", "abîmé|aucune page"),
        ("facture.pdf", pdf({"/S": "/JavaScript", "/JS": "app.alert(1)"}), "un script"),
        ("facture.pdf", pdf({"/S": "/JavaScript", "/JS": "app.alert(1)"}, in_object_streams=True), "un script"),
        ("facture.pdf", pdf({"/S": "/Launch", "/F": "cmd.exe"}), "une action"),
        ("facture.pdf", pdf(joined="programme.exe"), "un autre fichier"),
        # office documents
        ("vieux.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "ancien format"),
        ("paie.xlsx", office("xlsx", {"xl/vbaProject.bin": b"x"}), MACROS),
        ("paie.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": b"x"}), MACROS),
        ("paie.xlsx", office("xlsx", {"xl/embeddings/oleObject1.bin": b"x"}), MACROS),
        ("paie.xlsx", office("xlsx", main="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), MACROS),
        ("paie.xlsx", office("xlsx", main="application/vnd.ms-excel.sheet.macro&#69;nabled.main+xml"), MACROS),
        ("paie.xlsx", office("xlsx", {"lisez-moi.html": HTML}), MACROS),
        ("note.odt", open_document("odt", {"Basic/Standard/Module1.xml": b"x"}), MACROS),
        ("note.odt", open_document("odt", {"Scripts/python/a.py": b"x"}), MACROS),
        ("note.odt", open_document("odt", manifest=b"<encryption-data/>"), LOCKED),
        ("paie.xlsx", encrypted_archive(), LOCKED),
        ("note.odp", open_document("odp"), NOT_OFFICE),
        ("pieces.zip", archive({"facture.pdf": pdf()}), NOT_OFFICE),
        ("paie.xlsx", office("xlsx", {"../dehors.xml": b"x"}), DAMAGED),
        ("paie.xlsx", office("xlsx", {"MAIN.xml": b"x"}), DAMAGED),
        ("paie.xlsx", workbook()[:-200], DAMAGED),
        ("paie.xlsx", lying_archive(), DAMAGED),
        # archive bombs
        ("paie.xlsx", BOMB, SWELLS),
        ("paie.xlsx", office("xlsx", {f"{rank}.xml": b"" for rank in range(2_001)}), SWELLS),
        ("note.docx", office("docx", {"a.xlsx": BOMB}), SWELLS),
        ("note.docx", office("docx", {"a.docx": office("docx", {"b.docx": office("docx")})}), SWELLS),
    ],
)
def test_refuses_in_french(name: str, content: bytes, message: str) -> None:
    with pytest.raises(EvidenceRefused, match=message):
        examine(name, content)


def test_the_whole_unpacked_size_is_limited_whatever_the_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1000)
    with pytest.raises(EvidenceRefused, match=SWELLS):
        examine("paie.xlsx", office("xlsx", {"xl/sheet.xml": bytes(range(256)) * 4}))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A gigabyte of zeros in one megabyte: the declared sizes are enough."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as made, made.open("zeros.xml", "w") as entry:
        for _ in range(101):
            entry.write(bytes(MEGABYTE))
    with pytest.raises(EvidenceRefused, match=SWELLS):
        examine("paie.xlsx", content.getvalue())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("facture.pdf", "facture.pdf"),
        ("FACTURE 2021.PDF", "FACTURE 2021.pdf"),
        ("facture", "facture.pdf"),
        ("../../etc/facture.pdf", "facture.pdf"),
        ("C:\\Users\\x\\facture.pdf", "facture.pdf"),
        ("fac\u202eture\x00\r\n.pdf", "facture.pdf"),
        ('a<b>"c|d?.pdf', "a_b__c_d_.pdf"),
        (".pdf", "pdf.pdf"),
        ("é" * 300 + ".pdf", "é" * 120 + ".pdf"),
    ],
)
def test_names_are_cleaned(sent: str, kept: str) -> None:
    assert examine(sent, pdf()).name == kept
