"""Article 3 of a contract: what is to be saved, how it is valued, what was declared and certified."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.pages import contract_page
from monitoring.reality import counting_filings, filing_ref
from savings.drawings import conclusion, savings_drawing
from savings.posts_table import posts_tables
from savings.selectors import savings_situation


@require_safe
@login_required
def article(request: HttpRequest, code: str) -> HttpResponse:
    """Planned, declared and certified are three figures, never mixed."""
    page = contract_page(request, code, "Économies")
    filings = counting_filings(page.contract)
    savings = savings_situation(page.contract, page.version, filings=filings)
    context = page.context | {
        "savings": savings,
        "conclusion": conclusion(savings),
        "chart": savings_drawing(savings),
        "posts": posts_tables(savings),
        "reasons": [(line, cell) for line in savings.lines for cell in line.years if cell.reason or cell.evidence],
        "filings": {filing.pk: filing_ref(filing) for filing in filings},
    }
    return render(request, "savings/article.html", context)
