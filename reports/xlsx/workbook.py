"""The workbook of a report: a sheet a subject, the tables of the PDF and those too long for it; fixed bytes."""

import re
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from figures import formats
from monitoring.reality import DEMO
from reports.drawings import KeyFigure, key_amounts
from reports.enums import ReportKind
from reports.facts import Situation
from reports.names import period_label
from reports.tables import credits as credit_tables
from reports.tables import frame as frame_tables
from reports.tables import results as result_tables
from reports.tables import savings as savings_tables
from reports.tables import series as series_tables
from reports.tables import subprojects as subproject_tables
from reports.tables import tranches as tranche_tables
from reports.tables.model import Kind, Table
from reports.xlsx.printing import repeated, set_print
from reports.xlsx.sheet import (
    BODY,
    FORMATS,
    LINE_HEIGHT,
    NOTE,
    NOTE_BESIDE,
    RIGHT,
    STRONG,
    TITLE,
    TOP,
    Places,
    Writer,
    lay_out,
    wrapped_lines,
)

SUMMARY: Final = "Synthèse"
SUMMARY_WIDTHS: Final = (34, 22, 72)
KEY_EUROS: Final = '#,##0.00 "€"'
ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the format's first instant: archives bear no clock


def render_xlsx(situation: Situation, sha256: str, kind: ReportKind) -> bytes:
    """The workbook of a situation; the same situation always gives the same bytes."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has one worksheet
    first.title = SUMMARY
    places: Places = {}
    for title, tables in sheets(situation).items():
        places |= _sheet(book.create_sheet(title), tables, situation.frame.title)
    _summary(first, situation, sha256, kind, places)
    for sheet in book.worksheets:
        _sign(sheet, situation)
    _properties(book, situation, kind)
    out = BytesIO()
    book.save(out)
    return fixed(out.getvalue(), situation.on)


def sheets(situation: Situation) -> dict[str, list[Table]]:
    """The tables of each sheet after the summary, in order; a table that may be long has its sheet to itself.

    Printed, a sheet repeats its first rows: of one table alone they are its header (see `printing`).
    """
    umbrella = subproject_tables.all_tables(situation)
    return {
        "Crédits": [
            credit_tables.by_year(situation),
            credit_tables.by_source(situation),
            credit_tables.by_titre(situation),
            credit_tables.by_nature(situation),
            credit_tables.by_axis(situation),
        ],
        "Tranches": [tranche_tables.by_year(situation)],
        "Crédits par ligne": [credit_tables.by_line(situation)],
        "Crédits de la période": [credit_tables.by_period(situation)],
        "Crédits prévus": [credit_tables.planned_by_line(situation)],
        "Crédits consommés": [credit_tables.consumed_by_line(situation)],
        "Économies": [savings_tables.by_line(situation)],
        "Économies par exercice": [savings_tables.by_year(situation)],
        "Emplois et retours": [savings_tables.posts(situation), savings_tables.returns(situation)],
        "Indicateurs": [result_tables.indicators_sheet(situation)],
        "Cibles": [result_tables.targets(situation)],
        "Calendrier": [result_tables.calendar(situation)],
        **({"Sous-projets": umbrella} if umbrella else {}),
        **(_three_series(situation) if situation.is_amended else {}),
        "Risques": [result_tables.risks(situation)],
        "Chiffres contredits": [frame_tables.contradicted(situation)],
        "Anomalies": [frame_tables.anomalies(situation)],
        "Lectures": [frame_tables.readings(situation)],
        **_known("Libellés", frame_tables.wordings(situation)),
        **_known("Notes de lecture", frame_tables.notes(situation)),
        "Chiffres affichés": [frame_tables.stated(situation)],
        "Non renseigné": [frame_tables.missing(situation)],
        "Sources": [frame_tables.sources(situation)],
        "Identité": [frame_tables.identity(situation)],
        **_known("Fiches projet", frame_tables.sheets(situation)),
    }


def _known(title: str, table: Table) -> dict[str, list[Table]]:
    """No sheet for what not every contract has; the report has no table of it either."""
    return {title: [table]} if table.rows else {}


def _three_series(situation: Situation) -> dict[str, list[Table]]:
    """What was promised at signature, what is in force, what was done: by year, by line, and without euros."""
    credits_, lines, savings, saved, indicators, milestones = series_tables.all_series(situation)
    return {
        "Séries par exercice": [credits_, savings, saved],
        "Séries par ligne": [lines],
        "Séries des indicateurs": [indicators],
        "Séries du calendrier": [milestones],
    }


def _summary(sheet: Worksheet, situation: Situation, sha256: str, kind: ReportKind, places: Places) -> None:
    writer = Writer(sheet)
    writer.text(f"{kind.label} – {situation.frame.title} – {period_label(situation, kind)}", TITLE)
    if situation.is_demo:
        writer.text(DEMO, STRONG)
    writer.text(situation.frame.long_title or situation.frame.title)
    writer.line += 1
    for figure in key_amounts(situation):
        _key_figure(sheet, writer.line, figure, places)
        writer.line += 1
    writer.line += 1
    weather = situation.weather
    for label, text in (
        ("Promesse", series_tables.promise_words(situation)),
        ("Météo déclarée", weather.declared_label or formats.NOT_REPORTED),
        ("Météo calculée", weather.signal.label),
        ("Ce qui la fonde", formats.typeset(" ; ".join(weather.signal.reasons))),
        ("Avancement", weather.progress or formats.NOT_REPORTED),
        ("Difficultés", weather.difficulties or formats.NOT_REPORTED),
        ("Commentaire de la météo", weather.comment or formats.NOT_REPORTED),
    ):
        sheet.cell(writer.line, 1, label).font = BODY
        sheet.cell(writer.line, 1).alignment = TOP
        _told(sheet, writer.line, text)
        writer.line += 1
    writer.line += 1
    writer.text(formats.typeset(f"Empreinte SHA-256 de l’instantané : {sha256}"), NOTE)
    for letter, width in zip("ABC", SUMMARY_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    set_print(sheet)


def _told(sheet: Worksheet, line: int, text: str) -> None:
    """Words over the two columns beside their label, on as many lines as they take."""
    cell = sheet.cell(line, 2, text)
    cell.font, cell.data_type, cell.alignment = BODY, "s", TOP
    sheet.merge_cells(start_row=line, end_row=line, start_column=2, end_column=3)
    sheet.row_dimensions[line].height = LINE_HEIGHT * wrapped_lines(text, sum(SUMMARY_WIDTHS[1:])) + 2


def _key_figure(sheet: Worksheet, line: int, figure: KeyFigure, places: Places) -> None:
    """Label, the figure as the tables bear it, note; « n. r. » or « n. c. » where there is none."""
    source = places.get(figure.place) if figure.place else None
    known = figure.amount if source is None else f"={source}"
    values = (figure.label, figure.shown if figure.amount is None else known, figure.note)
    for place, value in enumerate(values, start=1):
        sheet.cell(line, place, value).font = STRONG if place == 2 else BODY
    sheet.cell(line, 1).alignment = TOP
    cell = sheet.cell(line, 2)
    cell.number_format = FORMATS[Kind.RATIO] if figure.is_ratio else KEY_EUROS
    cell.alignment = RIGHT
    sheet.cell(line, 3).alignment = NOTE_BESIDE


def _sheet(sheet: Worksheet, tables: list[Table], contract: str) -> Places:
    """Fills the sheet under the heading that each printed page repeats; gives where its figures stand."""
    writer = Writer(sheet)
    writer.text(f"{contract} – {sheet.title}", NOTE)
    for table in tables:
        writer.table(table)
    lay_out(writer, tables)
    # What names a row stays in sight, and what names its columns where there is one table.
    sheet.freeze_panes = f"B{repeated(writer.spans) + 1}"
    return writer.places


def _sign(sheet: Worksheet, situation: Situation) -> None:
    """Contract and page at the foot."""
    sheet.sheet_view.showGridLines = False
    notice = f" – {DEMO}" if situation.is_demo else ""
    sheet.HeaderFooter.scaleWithDoc = False  # as large on every sheet, however much its columns are reduced
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = f"{situation.frame.title}{notice}", "&A – page &P / &N"
    footer.left.size = footer.right.size = 8


def _properties(book: Workbook, situation: Situation, kind: ReportKind) -> None:
    day = datetime.combine(situation.on, time())
    book.properties.creator = "Fonds pour la transformation de l’action publique"
    book.properties.title = f"{kind.label} – {situation.frame.title} – {period_label(situation, kind)}"
    book.properties.created = book.properties.modified = day
    book.properties.language = "fr"


def fixed(content: bytes, on: date) -> bytes:
    """The same archive without the hour at which it was made."""
    out = BytesIO()
    day = datetime.combine(on, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _stamped(body, day)
            new.writestr(ZipInfo(name, ZIP_TIME), body, ZIP_DEFLATED)
    return out.getvalue()


def _stamped(core: bytes, day: bytes) -> bytes:
    """openpyxl writes the hour of saving over the one that it was given."""
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + day, core)
