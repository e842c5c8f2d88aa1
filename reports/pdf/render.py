"""Render a situation as a tagged PDF: the same situation always gives the same bytes."""

from typing import Final

from django.template.loader import render_to_string

from figures import formats
from reports.enums import ReportKind
from reports.facts import Situation
from reports.names import period_label
from reports.pdf.chapters import Report, report
from reports.pdf.document import draw
from reports.pdf.finish import finish

TEMPLATE: Final = "reports/pdf/report.html"


def render_pdf(situation: Situation, sha256: str, kind: ReportKind, workbook: tuple[str, bytes] | None = None) -> bytes:
    """The report of a situation as a PDF, with its workbook attached when given (name and content).

    `sha256` is the fingerprint of the snapshot: it names the document and is printed on its cover.
    """
    made = report(situation, kind)
    html = render_html(situation, made, sha256, kind)
    content = draw(html, made.drawings, bytes.fromhex(sha256)[:16])
    return finish(content, situation.on, workbook)


def render_html(situation: Situation, made: Report, sha256: str, kind: ReportKind) -> str:
    """The page that the PDF is made from."""
    context = {
        "situation": situation,
        "chapters": made.chapters,
        "kind": kind.label,
        "period": period_label(situation, kind),
        "sha256": sha256,
        "title": f"{kind.label} – {situation.frame.title} – {period_label(situation, kind)}",
        "as_of": formats.date_fr(situation.on),
    }
    return render_to_string(TEMPLATE, context)
