"""Render a situation as a tagged PDF: the same situation always gives the same bytes."""

import gc
from functools import cache
from typing import Final

from django.template.loader import render_to_string
from weasyprint import HTML

from figures import formats
from reports.enums import ReportKind
from reports.facts import Situation
from reports.names import period_label
from reports.pdf.assets import SCHEME, OwnFiles, fonts, style
from reports.pdf.chapters import Report, report
from reports.pdf.finish import finish

TEMPLATE: Final = "reports/pdf/report.html"


def render_pdf(situation: Situation, sha256: str, kind: ReportKind, workbook: tuple[str, bytes] | None = None) -> bytes:
    """The report of a situation as a PDF, with its workbook attached when given (name and content).

    `sha256` is the fingerprint of the snapshot: it names the document and is printed on its cover.
    """
    made = report(situation, kind)
    html = render_html(situation, made, sha256, kind)
    _set_aside()
    gc.disable()  # a fifth faster; what the document leaves is collected at once, below
    try:
        document = HTML(string=html, base_url=SCHEME, url_fetcher=OwnFiles(made.drawings))
        content: bytes = document.write_pdf(
            stylesheets=[style()],
            font_config=fonts(),
            pdf_variant="pdf/ua-1",
            pdf_identifier=bytes.fromhex(sha256)[:16],
            cache={},
            uncompressed_pdf=True,  # the finisher compresses, once and faster
        )
        del document
    finally:
        gc.enable()
        gc.collect()
    return finish(content, situation.on, workbook)


@cache
def _set_aside() -> None:
    """Once in a process: what is loaded stays, so that collecting after each document does not walk it again."""
    style()
    gc.collect()
    gc.freeze()


def render_html(situation: Situation, made: Report, sha256: str, kind: ReportKind) -> str:
    """The page that the PDF is made from."""
    context = {
        "situation": situation,
        "chapters": made.chapters,
        "kind": kind.label,
        "period": period_label(situation),
        "sha256": sha256,
        "title": f"{kind.label} – {situation.frame.title} – {period_label(situation)}",
        "as_of": formats.date_fr(situation.on),
    }
    return render_to_string(TEMPLATE, context)
