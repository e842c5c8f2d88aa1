"""Article 3 of a contract: what is to be saved, how it is valued, what was declared and certified."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.pages import contract_page
from figures import formats
from monitoring.reality import counting_filings, filing_ref
from savings.drawings import compensation, conclusion, recurring_note, savings_drawing
from savings.posts_table import posts_tables
from savings.selectors import savings_situation
from savings.side_by_side import savings_side_by_side
from savings.valuations import valuations


@require_safe
@login_required
def article(request: HttpRequest, code: str) -> HttpResponse:
    """Planned, declared and certified are three figures, never mixed."""
    page = contract_page(request, code, "Économies")
    filings = counting_filings(page.contract, on=page.on)
    savings = savings_situation(page.contract, page.version, page.on, filings=filings)
    signed = savings_situation(page.contract, page.signature, page.on, filings=filings) if page.signature else None
    context = page.context | {
        "savings": savings,
        "conclusion": conclusion(savings),
        "chart": savings_drawing(savings, signed=signed),
        "sides": savings_side_by_side(signed, savings) if signed else [],
        "recurring": formats.typeset(recurring_note(savings)),
        "posts": posts_tables(savings),
        "valuations": valuations(page.version),
        "compensation": compensation(savings),
        "told": [line for line in savings.lines if any(cell.reason or cell.evidence for cell in line.years)],
        "reasons": [(line, cell) for line in savings.lines for cell in line.years if cell.reason or cell.evidence],
        "filings": {filing.pk: filing_ref(filing) for filing in filings},
    }
    return render(request, "savings/article.html", context)
