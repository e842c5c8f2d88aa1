"""The fund as a workbook: one sheet for each table of the page."""

from io import BytesIO

from openpyxl import Workbook

from figures.formats import date_fr
from reports.fund import Fund, tables
from reports.xlsx.sheet import NOTE, Writer, set_widths

SHEETS = ("Enveloppe", "Reports", "Contrats dormants")


def workbook(facts: Fund) -> bytes:
    """An XLSX file; totals and differences are formulas over the rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, table in zip(SHEETS, tables(facts), strict=True):
        sheet = book.create_sheet(title)
        writer = Writer(sheet)
        writer.text(f"Fonds pour la transformation de l’action publique, au {date_fr(facts.on)}", NOTE)
        writer.table(table)
        set_widths(sheet, [table])
    written = BytesIO()
    book.save(written)
    return written.getvalue()
