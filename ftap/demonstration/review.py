"""What reviewers do in the demo: a piece of evidence joined by the lead, savings certified by the DITP."""

import io
from decimal import Decimal

import pikepdf

from accounts.models import User
from ftap.demonstration.figures import EURO
from monitoring.models import Filing
from monitoring.services.evidence import add_attachment
from savings.certification import CertificationEntry
from savings.entry import SavingRow
from savings.entry_selectors import entry_rows
from savings.enums import EvidenceLevel
from savings.services import certify_savings

SHARE = Decimal("0.90")


def join_evidence(filing: Filing, *, actor: User) -> None:
    """Join a one-page PDF to the savings, as the lead would."""
    add_attachment(
        filing=filing,
        actor=actor,
        name="justificatif-de-demonstration.pdf",
        content=one_page_pdf(),
        section="economies",
    )


def certify(filing: Filing, *, actor: User) -> None:
    """Recognise nine tenths of what is declared on each line, as a reviewer would."""
    entries = [_certified(row) for row in entry_rows(filing) if row.declared.ae is not None]
    certify_savings(filing=filing, entries=entries, actor=actor)


def _certified(row: SavingRow) -> CertificationEntry:
    amounts = [
        None if value is None else (value * SHARE).quantize(EURO) for value in (row.declared.ae, row.declared.cp)
    ]
    return CertificationEntry(
        row=row.pk,
        ae=amounts[0],
        cp=amounts[1],
        level=EvidenceLevel.CERTIFIED,
        reason="Chiffre de démonstration, inventé.",
    )


def one_page_pdf() -> bytes:
    """A PDF of one blank page."""
    document, out = pikepdf.Pdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()
