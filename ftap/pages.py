"""Pages that are about the service itself: help generated from the tables of the code, and the mandatory ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.enums import Role
from contracts.checks.decisions import ACTIONS as ANOMALY_ACTIONS
from contracts.subprojects.transitions import TRANSITIONS as SUB_PROJECT_TRANSITIONS
from ftap import rule_pages
from ftap.components import SAMPLES
from ftap.documents import FOLDERS, GUIDE, Folder, document, documents
from ftap.glossary import GLOSSARY
from monitoring.transitions import TRANSITIONS


@dataclass(frozen=True)
class StaticPage:
    """A page of text: its address, name, title and template."""

    route: str
    name: str
    title: str
    template: str

    def view(self, request: HttpRequest) -> HttpResponse:
        """Renders the page with its place in the site."""
        return _page(request, self.title, self.template)


LEGAL = (
    StaticPage("accessibilite/", "accessibility", "Déclaration d’accessibilité", "pages/accessibility.html"),
    StaticPage("mentions-legales/", "legal", "Mentions légales", "pages/legal.html"),
    StaticPage("donnees-personnelles/", "personal-data", "Données personnelles", "pages/personal_data.html"),
    StaticPage("cookies/", "cookies", "Gestion des cookies", "pages/cookies.html"),
    StaticPage("plan-du-site/", "sitemap", "Plan du site", "pages/sitemap.html"),
)


def _page(
    request: HttpRequest,
    title: str,
    template: str,
    *,
    under_help: bool = False,
    above: Sequence[tuple[str, str]] = (),
    **context: Any,
) -> HttpResponse:
    trail = [("Accueil", "/"), *([("Aide", reverse("help"))] if under_help else []), *above, (title, "")]
    return render(request, template, {"page_title": title, "breadcrumbs": trail, **context})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to start, by what one wants to do."""
    return _page(request, "Aide", "pages/help.html", guides=documents(GUIDE))


@require_safe
def document_list(request: HttpRequest, folder: Folder) -> HttpResponse:
    """The pages of the guide, or of the formulas."""
    found = documents(folder)
    return _page(request, folder.title, "pages/documents.html", under_help=True, folder=folder, documents=found)


@require_safe
def document_page(request: HttpRequest, slug: str, folder: Folder) -> HttpResponse:
    """One page of the guide, or of the formulas; 404 when there is none of this name."""
    found = document(folder, slug)
    if found is None:
        raise Http404
    index = (folder.title, reverse(folder.name))
    return _page(request, found.title, "pages/document.html", under_help=True, above=[index], document=found)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of the fund, in alphabetical order."""
    return _page(request, "Glossaire", "pages/glossary.html", under_help=True, entries=GLOSSARY)


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Who may move a filing or a sub-project, or settle an anomaly, read from the tables that decide it."""
    roles = [(role.label, _DOES[role]) for role in Role]
    return _page(
        request,
        "Rôles et droits",
        "pages/rights.html",
        under_help=True,
        roles=roles,
        anomaly_actions=[
            (action.label, ", ".join(role.label for role in held)) for action, held in ANOMALY_ACTIONS.items()
        ],
        lives=[
            (
                "La vie d’un dossier de suivi",
                "Qui fait passer un dossier d’un état à l’autre",
                _transitions(TRANSITIONS),
            ),
            (
                "Le parcours d’un sous-projet de dispositif",
                "Qui fait passer un sous-projet d’une étape à l’autre",
                _transitions(SUB_PROJECT_TRANSITIONS),
            ),
        ],
    )


@require_safe
@login_required
def components(request: HttpRequest) -> HttpResponse:
    """Each component with sample data; 403 to whoever does not look after the site."""
    if not request.user.is_staff:
        raise PermissionDenied
    return _page(request, "Composants", "pages/components.html", **SAMPLES)


_DOES = {
    Role.SECRETARIAT: (
        "Ouvre les campagnes, reçoit et archive les rapports, conduit le portefeuille, renvoie ou rouvre un dossier."
    ),
    Role.DITP_REVIEWER: (
        "Relit les dossiers, les renvoie avec un motif ou les valide ; certifie les économies ; "
        "enregistre les décisions sur les sous-projets."
    ),
    Role.DB_REVIEWER: (
        "Valide les dossiers en second, ce qui les verrouille et produit le rapport ; certifie les économies."
    ),
    Role.LEAD: (
        "Saisit les réalisations de ses contrats et soumet les dossiers ; propose les sous-projets d’un dispositif."
    ),
    Role.CONTRIBUTOR: "Saisit, pour les fiches projet qui lui sont confiées.",
    Role.READER: "Lit les contrats de son périmètre et télécharge les rapports.",
    Role.ADMINISTRATOR: (
        "Tient les comptes, les rôles et les référentiels ; ne voit pas plus de chiffres que ses autres rôles "
        "n’en donnent."
    ),
}


def _transitions(table: Iterable[Any]) -> list[dict[str, Any]]:
    """A table of transitions in words."""
    return [
        {
            "action": line.action.label,
            "from_state": line.from_state.label,
            "to_state": line.to_state.label,
            "roles": ", ".join(role.label for role in line.roles),
            "conditions": line.conditions,
        }
        for line in table
    ]


urlpatterns: list[URLPattern] = [
    path("aide/", help_page, name="help"),
    path("aide/glossaire/", glossary, name="glossary"),
    path("aide/droits/", rights, name="rights"),
    path("aide/regles/", rule_pages.rules, name="rules"),
    path("aide/regles/<slug:code>/", rule_pages.rule, name="rule"),
    *(
        path(f"aide/{one.name}/{slug}", view, {"folder": one}, name=f"{one.name}{suffix}")
        for one in FOLDERS
        for slug, view, suffix in (("", document_list, ""), ("<slug:slug>/", document_page, "-page"))
    ),
    path("composants/", components, name="components"),
    *(path(page.route, require_safe(page.view), name=page.name) for page in LEGAL),
]
