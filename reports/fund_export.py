"""The fund as a workbook: one sheet for each table of the page."""

from io import BytesIO

from django.conf import settings
from openpyxl import Workbook

from figures.formats import date_fr
from monitoring.reality import DEMO
from reports.fund import Fund, tables
from reports.xlsx.sheet import NOTE, STRONG, Writer, lay_out

SHEETS = ("Enveloppe", "Reports", "Contrats dormants", "Non renseignés")


def workbook(facts: Fund) -> bytes:
    """An XLSX file; totals and differences are formulas over the rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, table in zip(SHEETS, tables(facts), strict=True):
        sheet = book.create_sheet(title)
        writer = Writer(sheet)
        writer.text(f"Fonds pour la transformation de l’action publique, au {date_fr(facts.on)}", NOTE)
        if settings.FTAP_DEMO:  # the whole fund: its envelopes and decisions are invented, not its contracts alone
            writer.text(DEMO, STRONG)
        writer.table(table)
        lay_out(writer, [table])
    written = BytesIO()
    book.save(written)
    return written.getvalue()
