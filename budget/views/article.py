"""Article 2 of a contract: what is financed, by whom, when, and what was consumed."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from budget.calc import CreditGroup, CreditLine, CreditSituation, ftap_funding
from budget.drawings import ftap_drawing
from budget.flow import LineFlow
from budget.selectors import credit_situation
from budget.side_by_side import credits_side_by_side
from contracts.pages import contract_page
from contracts.selectors import sheets_ftap
from figures.charts import credits_conclusion
from monitoring.models import Filing
from monitoring.reality import counting_filings, filing_ref, last_of_each_year


@dataclass(frozen=True)
class Division:
    """One way of dividing the credits: the word in the address, its name, the attribute of a line that divides."""

    word: str
    label: str
    attribute: str


DIVISIONS = (
    Division("source", "Source", "source"),
    Division("nature", "Nature", "nature"),
    Division("titre", "Titre", "titre"),
    Division("axe", "Axe", "axis"),
    Division("fiche", "Fiche", "sheet"),
    Division("lot", "Lot", "lot"),
)


@require_safe
@login_required
def article(request: HttpRequest, code: str) -> HttpResponse:
    """`?par=nature` divides the same lines otherwise; the totals do not change."""
    page = contract_page(request, code, "Financement")
    filings = counting_filings(page.contract, on=page.on)
    credits_ = credit_situation(page.contract, page.version, page.on, filings=filings)
    signed = credit_situation(page.contract, page.signature, page.on, filings=filings) if page.signature else None
    division = next((one for one in DIVISIONS if one.word == request.GET.get("par")), DIVISIONS[0])
    context = page.context | {
        "credits": credits_,
        "ftap": ftap_funding(sheets_ftap(page.version), credits_),
        "conclusion": _conclusion(credits_, filings),
        "chart": ftap_drawing(credits_, signed=signed),
        "sides": credits_side_by_side(signed, credits_) if signed else [],
        "divisions": [one for one in DIVISIONS if groups_of(credits_, one)],
        "division": division,
        "groups": [(group, members(credits_, division, group)) for group in groups_of(credits_, division)],
        "totals": [
            group for group in (credits_.ftap, credits_.co_financing, credits_.total) if group.planned.is_reported
        ],
        "sources": [filing_ref(filing) for filing in last_of_each_year(filings).values()],
        "flows": _flows(credits_),
        "this_year": timezone.localdate().year,
    }
    return render(request, "budget/article.html", context)


def _flows(credits_: CreditSituation) -> list[tuple[CreditLine, LineFlow]]:
    """What the last period consumed, line by line, in the contract's order."""
    period = credits_.period
    return [(line, flow) for line in credits_.lines if period and (flow := period.of(line.key))]


def groups_of(credits_: CreditSituation, division: Division) -> tuple[CreditGroup, ...]:
    """The totals of one division of the credits."""
    groups: tuple[CreditGroup, ...] = getattr(credits_, f"by_{division.attribute}")
    return groups


def members(credits_: CreditSituation, division: Division, group: CreditGroup) -> list[CreditLine]:
    """The lines whose sum is the group's total."""
    return [line for line in credits_.lines if getattr(line, division.attribute) == group.code]


def _conclusion(credits_: CreditSituation, filings: list[Filing]) -> str:
    on = filings[-1].campaign.ends_on if filings else None
    return credits_conclusion(credits_.ftap.planned.cp, credits_.ftap.consumed.cp, kind="CP du FTAP", on=on)
