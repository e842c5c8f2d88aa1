"""What WeasyPrint 70 leaves out: the scope of table headers for screen readers, the workbook attached once."""

from datetime import date
from io import BytesIO

import pikepdf
from pikepdf import AttachedFileSpec, Dictionary, Name, Object, Pdf

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def finish(content: bytes, on: date, workbook: tuple[str, bytes] | None) -> bytes:
    """The PDF with header scopes and its workbook; no clock is read, so the same input gives the same bytes."""
    with pikepdf.open(BytesIO(content)) as pdf:
        for cell in _header_cells(pdf):
            _set_scope(cell)
        if workbook is not None:
            _attach(pdf, *workbook, on)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _header_cells(pdf: Pdf) -> list[Dictionary]:
    return [
        each
        for each in pdf.objects
        if isinstance(each, Dictionary) and each.get(Name.Type) == Name.StructElem and each.get(Name.S) == Name.TH
    ]


def _set_scope(cell: Dictionary) -> None:
    """A header of the head of a table is its column's, any other its row's."""
    row: Object = cell.P
    in_head = row.get(Name.P, Dictionary()).get(Name.S) == Name.THead
    attributes = cell.get(Name.A)
    if not isinstance(attributes, Dictionary):
        attributes = Dictionary(O=Name.Table)
    attributes.Scope = Name.Column if in_head else Name.Row
    cell.A = attributes


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
