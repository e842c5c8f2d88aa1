"""What every page of a contract starts with: the contract, if it may be seen, its version in force, its menu."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from contracts.checks.tallies import Kept, Tally, fresh_tally
from contracts.enums import ContractKind
from contracts.models import Contract, ContractVersion
from contracts.selectors import funded_by, version_in_force

SUB_PROJECTS = "Sous-projets"
# Title and name of the address of each page, in the order of the articles.
MENU = (
    ("Synthèse", "reports:contract"),
    ("Projets", "contracts:projects"),
    (SUB_PROJECTS, "reports:sub_projects"),
    ("Financement", "budget:article"),
    ("Tranches", "budget:tranches"),
    ("Économies", "savings:article"),
    ("Retours", "reports:contract_returns"),
    ("Calendrier", "reports:calendar"),
    ("Gouvernance", "contracts:governance"),
    ("Indicateurs", "indicators:article"),
    ("Avenants", "contracts:amendments"),
    ("Vie du contrat", "contracts:lifecycle"),
    ("Anomalies", "reports:anomalies"),
    ("Dossiers de suivi", "reports:contract_filings"),
    ("Rapports", "reports:contract_reports"),
    ("Historique", "reports:history"),
)
# The articles whose anomalies a page shows, as checks name them. Those of the annex are on the page of the plan.
ARTICLES: Final[Mapping[str, Collection[str]]] = {
    "Projets": ("1", "annexe III"),
    "Financement": ("2", "annexe"),
    "Tranches": ("6",),
    "Économies": ("3",),
    "Calendrier": ("4.1",),
    "Gouvernance": ("4", "4.2", "4.3"),
    "Indicateurs": ("5", "5.1", "5.2"),
    "Vie du contrat": ("7", "8", "9", "signatures"),
}

LOST: Final = "A81"
"""The check that tells what the scan lost."""


@dataclass(frozen=True)
class ContractPage:
    """A contract that the person may see, with what its pages share; `version` is None when none was ever signed.

    `on` is the day asked for by `?au=2022-12-31`: the pages then show the promise in force on it; None without.
    """

    contract: Contract
    version: ContractVersion | None
    on: date | None
    context: dict[str, Any] = field(repr=False)

    @cached_property
    def signature(self) -> ContractVersion | None:
        """The signed contract when an amendment is in force: pages then show what was promised at first beside. None
        when the version shown is the signature itself. One query."""
        if self.version is None or self.version.number == 0:
            return None
        return self.contract.versions.filter(number=0).first()


def contract_page(request: HttpRequest, code: str, title: str) -> ContractPage:
    """Fetch and authorise: 404 for a contract that does not exist as for one that the person may not see.

    `title` is the page's own in `MENU`. A day that is none is 404 too: nothing else is shown in its place.
    Two queries, and the person's roles; two more on the page of an article, for its anomalies.
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
    on = _day(request)
    version = _version(contract, on)
    contract = funded_by(contract, version)
    kept = f"?au={on.isoformat()}" if on else ""
    tally = _tally(version, title) if on is None else None
    context = {
        "contract": contract,
        "version": version,
        "on": on,
        "page_title": title,
        "anomalies": _of_article(tally.open, title) if tally else (),
        "lost": [one for one in _of_article(tally.facts, title) if one.code == LOST] if tally else [],
        "menu": [(label, reverse(name, args=[code]) + kept) for label, name in _menu(contract)],
        "breadcrumbs": trail if title == MENU[0][0] else [*trail, (title, "")],
    }
    return ContractPage(contract, version, on, context)


def _tally(version: ContractVersion | None, title: str) -> Tally | None:
    """What the checks last found, for the page of an article; None while they have not looked."""
    return fresh_tally(version, timezone.now()) if version is not None and title in ARTICLES else None


def _of_article(found: Iterable[Kept], title: str) -> tuple[Kept, ...]:
    return tuple(one for one in found if one.article in ARTICLES[title])


def _menu(contract: Contract) -> list[tuple[str, str]]:
    """The pages of the contract: only an umbrella has sub-projects."""
    return [one for one in MENU if one[0] != SUB_PROJECTS or contract.kind == ContractKind.UMBRELLA]


def _day(request: HttpRequest) -> date | None:
    text = request.GET.get("au", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Http404("no such day") from error


def _version(contract: Contract, on: date | None) -> ContractVersion | None:
    try:
        return version_in_force(contract, on)
    except ContractVersion.DoesNotExist:
        return None
