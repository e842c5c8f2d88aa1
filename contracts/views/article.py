"""Articles 1 and 4 of a contract, its codes and its copy list: projects and governance."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.frame import ContractFrame, RecipientFacts
from contracts.pages import contract_page
from contracts.selectors import contract_frame
from figures import formats


@require_safe
@login_required
def projects(request: HttpRequest, code: str) -> HttpResponse:
    """Axes and project sheets, with their cost, the fund's part, and the share computed beside the printed one."""
    page = contract_page(request, code, "Projets")
    frame = contract_frame(page.contract, page.version) if page.version else None
    context = page.context | {"frame": frame, "conclusion": projects_conclusion(frame) if frame else ""}
    return render(request, "contracts/projects.html", context)


@require_safe
@login_required
def governance(request: HttpRequest, code: str) -> HttpResponse:
    """Who signed, who steers, which codes and provisions."""
    page = contract_page(request, code, "Gouvernance")
    frame = contract_frame(page.contract, page.version) if page.version else None
    context = page.context | {
        "frame": frame,
        "recipients": _by_group(frame) if frame else [],
        "conclusion": governance_conclusion(frame) if frame else "",
    }
    return render(request, "contracts/governance.html", context)


def projects_conclusion(frame: ContractFrame) -> str:
    """How many axes and sheets, their cost and the fund's part: « 17 fiches sur 3 axes… »"""
    sheets, axes = len(frame.sheets), len(frame.axes)
    if not sheets:
        divided = f"Le contrat se divise en {axes} axe{'s' if axes > 1 else ''}, sans fiche projet."
        return divided if axes else "Le contrat ne se divise pas en axes."
    opening = f"Le contrat réunit {sheets} fiches projet sur {axes} axes"
    if frame.sheets_cost is None:
        return f"{opening}\u00a0; il n’en imprime pas le coût."
    share = formats.percent(frame.sheets_share)
    return (
        f"{opening}, pour un coût total de {formats.exact_euros(frame.sheets_cost)} "
        f"dont {formats.exact_euros(frame.sheets_ftap)} du FTAP, soit {share}."
    )


def governance_conclusion(frame: ContractFrame) -> str:
    """Who signed what, when, and how often the contract is filed; an act without a date says so."""
    day = frame.version.signed_on
    signed = f"{frame.version.act}{f' le {formats.date_fr(day)}' if day else ', sans date au contrat,'}"
    names = list(dict.fromkeys(party.name for party in frame.parties))
    between = f"entre {', '.join(names[:-1])} et {names[-1]}" if len(names) > 1 else f"par {''.join(names)}"
    article = f" (article {frame.frequency_article})" if frame.frequency_article else ""
    rhythm = f"Suivi de périodicité {frame.frequency_label.lower()}{article}."
    return f"{signed} {between}. {rhythm}" if names else f"{signed.rstrip(',')}. {rhythm}"


def _by_group(frame: ContractFrame) -> list[tuple[str, list[RecipientFacts]]]:
    """The copy list by group, in the contract's order."""
    return [(group, list(members)) for group, members in groupby(frame.recipients, key=lambda one: one.group)]
