"""What a PDF gets last: its workbook, attached once, and its compression."""

from datetime import date
from io import BytesIO

import pikepdf
from pikepdf import AttachedFileSpec, Name, Pdf

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def finish(content: bytes, on: date, workbook: tuple[str, bytes] | None) -> bytes:
    """The PDF with its workbook, compressed; no clock is read, so the same input gives the same bytes."""
    with pikepdf.open(BytesIO(content)) as pdf:
        if workbook is not None:
            _attach(pdf, *workbook, on)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _attach(pdf: Pdf, name: str, content: bytes, on: date) -> None:
    day = f"D:{on:%Y%m%d}000000Z"
    spec = AttachedFileSpec(
        pdf,
        content,
        filename=name,
        description="Les chiffres du rapport, en classeur",
        mime_type=XLSX_TYPE,
        creation_date=day,
        mod_date=day,
    )
    spec.relationship = Name.Data
    pdf.attachments[name] = spec
    pdf.Root.AF = pikepdf.Array([pdf.attachments[name].obj])
