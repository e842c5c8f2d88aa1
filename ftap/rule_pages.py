"""Help on checks: the two catalogues on one page, and a page for each check of a contract and rule of a filing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contracts.checks import registry as checks
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
    }
    return render(request, "pages/rule.html", context)


TITLE = "Règles de contrôle"


def _trail() -> list[tuple[str, str]]:
    return [("Accueil", "/"), ("Aide", reverse("help"))]
