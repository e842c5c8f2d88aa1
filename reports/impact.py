"""The impact sheet of an amendment as a file: a workbook, or a PDF to annex to the act."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from contracts.amendments.impact import Impact
from contracts.models import ContractVersion
from figures import formats
from monitoring.reality import DEMO
from reports.pdf.chapters import Block
from reports.pdf.document import draw
from reports.pdf.finish import finish
from reports.tables.impact import impact_tables, unmoved_words
from reports.tables.shown import shown_table
from reports.xlsx.sheet import NOTE, STRONG, TITLE, Writer, lay_out
from reports.xlsx.workbook import fixed


def impact_name(found: Impact) -> str:
    """« Impact – CAP2030 – avenant n° 1 »."""
    title = found.after.contract.title
    return formats.typeset(f"Fiche d’impact – {title} – {_lower(found.before)} → {_lower(found.after)}")


def render_impact_xlsx(found: Impact, on: date) -> bytes:
    """The sheet as a workbook of one worksheet; the same versions and day give the same bytes."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one worksheet
    sheet.title = "Fiche d’impact"
    writer, tables = Writer(sheet), impact_tables(found)
    writer.text(impact_name(found), TITLE)
    if is_invented(found):
        writer.text(DEMO, STRONG)
    for words in introduction(found):
        writer.text(words, NOTE)
    writer.line += 1
    for table in tables:
        writer.table(table)
    lay_out(writer, tables)
    book.properties.creator = "Fonds pour la transformation de l’action publique"
    book.properties.title = impact_name(found)
    book.properties.created = book.properties.modified = datetime.combine(on, time())
    out = BytesIO()
    book.save(out)
    return fixed(out.getvalue(), on)


def render_impact_pdf(found: Impact, on: date) -> bytes:
    """The sheet as an accessible PDF."""
    html = render_to_string("reports/pdf/impact.html", impact_context(found, on))
    return finish(draw(html, {}), on, None)


def impact_context(found: Impact, on: date) -> dict[str, Any]:
    """What the template of the PDF shows."""
    return {
        "title": impact_name(found),
        "contract": found.after.contract,
        "is_invented": is_invented(found),
        "introduction": introduction(found),
        "blocks": [*(Block(table=shown_table(one)) for one in impact_tables(found, is_brief=True)), *_unmoved(found)],
        "on": on,
    }


def _unmoved(found: Impact) -> list[Block]:
    told = unmoved_words(found)
    return [Block(paragraphs=(told,))] if told else []


def is_invented(found: Impact) -> bool:
    """Whether some of these figures are invented: those of a contract of the demo, or of an amendment made in it."""
    amended = found.before.number > 0 or found.after.number > 0
    return found.after.contract.is_demo or (settings.FTAP_DEMO and amended)


def introduction(found: Impact) -> list[str]:
    """What the reader has to know first: the act it is annexed to, versions, object, reason, whether totals hold."""
    after = found.after
    told = [f"Annexe à l’{_lower(after)}."] if after.based_on_id == found.before.pk else []
    told.append(f"Avant : {_dated(found)[0]}. Après : {_dated(found)[1]}.")
    if after.types:
        told.append(f"Objet : {', '.join(after.type_labels).lower()}.")
    if after.reason:
        told.append(f"Motif : {after.reason}")
    if not found.changes:
        told.append("Les deux versions promettent exactement la même chose.")
    elif found.adds_up:
        told.append("Contrôle : pour chaque total, l’écart des lignes qu’il compte, des années et du total sont égaux.")
    else:
        told.append("Contrôle : un total ne suit pas ses lignes.")
    return [formats.typeset(words) for words in told]


def _dated(found: Impact) -> tuple[str, str]:
    return _with_effect(found.before), _with_effect(found.after)


def _with_effect(version: ContractVersion) -> str:
    """« contrat signé (effet le 1er mars 2020) »; an act may bear no date."""
    if version.is_draft:
        return f"{_lower(version)} (en préparation)"
    effect = f"effet le {formats.date_fr(version.in_force_from)}" if version.in_force_from else "acte non daté"
    return f"{_lower(version)} ({effect})"


def _lower(version: object) -> str:
    text = str(version)
    return text[:1].lower() + text[1:]
