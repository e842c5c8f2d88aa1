"""What every page of a contract starts with: the contract, if it may be seen, its version in force, its menu."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from contracts.models import Contract, ContractVersion
from contracts.selectors import version_in_force

# Title and name of the address of each page, in the order of the articles.
MENU = (
    ("Synthèse", "reports:contract"),
    ("Projets", "contracts:projects"),
    ("Financement", "budget:article"),
    ("Tranches", "budget:tranches"),
    ("Économies", "savings:article"),
    ("Calendrier", "reports:calendar"),
    ("Gouvernance", "contracts:governance"),
    ("Indicateurs", "indicators:article"),
    ("Anomalies", "reports:anomalies"),
    ("Dossiers de suivi", "reports:contract_filings"),
    ("Rapports", "reports:contract_reports"),
    ("Historique", "reports:history"),
)


@dataclass(frozen=True)
class ContractPage:
    """A contract that the person may see, with what its pages share; `version` is None when none was ever signed."""

    contract: Contract
    version: ContractVersion | None
    context: dict[str, Any] = field(repr=False)


def contract_page(request: HttpRequest, code: str, title: str) -> ContractPage:
    """Fetch and authorise: 404 for a contract that does not exist as for one that the person may not see.

    `title` is the page's own in `MENU`. Two queries, and the person's roles.
    """
    visible = Contract.objects.visible_to(request.user).select_related("holder__ministry")  # type: ignore[arg-type]
    contract = visible.filter(code=code).first()
    if contract is None:
        raise Http404("no such contract for this person")
    trail = [
        ("Accueil", "/"),
        ("Portefeuille", reverse("reports:portfolio")),
        (contract.title, contract.get_absolute_url()),
    ]
    context = {
        "contract": contract,
        "version": _version(contract),
        "page_title": title,
        "menu": [(label, reverse(name, args=[code])) for label, name in MENU],
        "breadcrumbs": trail if title == MENU[0][0] else [*trail, (title, "")],
    }
    return ContractPage(contract, context["version"], context)


def _version(contract: Contract) -> ContractVersion | None:
    try:
        return version_in_force(contract)
    except ContractVersion.DoesNotExist:
        return None
