"""Help on checks: the two catalogues on one page, and a page for each check of a contract and rule of a filing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from contracts.checks import registry as checks
from contracts.checks.tallies import Kept, tallies_of
from contracts.models import Contract
from ftap.rule_words import WORDS
from monitoring import rules as filing_rules


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every check of a contract and every rule of a filing."""
    context = {
        "page_title": TITLE,
        "breadcrumbs": [*_trail(), (TITLE, "")],
        "checks": checks.catalogue(),
        "rules": filing_rules.catalogue(),
    }
    return render(request, "pages/rules.html", context)


@require_safe
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """What one of them looks at, why, its source and an example. Codes are unique over both catalogues."""
    check = checks.check_of(code)
    filing_rule = next((one for one in filing_rules.catalogue() if one.code == code), None)
    known = check or filing_rule
    if known is None:
        raise Http404("no such rule")
    context = {
        "page_title": f"{known.code} – {known.title}",
        "breadcrumbs": [*_trail(), (TITLE, reverse("rules")), (known.code, "")],
        "check": check,
        "rule": filing_rule,
        "words": WORDS.get(code),
        "shown": contracts_with(code, request.user) if check and request.user.is_authenticated else None,
    }
    return render(request, "pages/rule.html", context)


def contracts_with(code: str, user: User) -> list[tuple[Contract, list[Kept], int]]:
    """The contracts that the person may see and in which the check last found something: what is open, or to know, and
    how many are accepted. Three queries and the person's roles.
    """
    visible = list(Contract.objects.visible_to(user).order_by("title"))
    tallies = tallies_of(contract.pk for contract in visible)
    shown = []
    for contract in visible:
        if tally := tallies.get(contract.pk):
            seen = [one for one in (*tally.open, *tally.facts) if one.code == code]
            accepted = sum(one.code == code for one in tally.accepted)
            if seen or accepted:
                shown.append((contract, seen, accepted))
    return shown


TITLE = "Règles de contrôle"


def _trail() -> list[tuple[str, str]]:
    return [("Accueil", "/"), ("Aide", reverse("help"))]
