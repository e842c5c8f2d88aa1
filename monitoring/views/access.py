"""Fetch and authorise in one call: who may not see gets 404 as if nothing were there, who may not act gets 403."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role_on
from contracts.perimeters import perimeters_of
from monitoring.models import Campaign, FiledRisk, Filing
from monitoring.permissions import (
    can_open_campaign,
    can_review_filing,
    can_see_campaign,
    can_see_campaigns,
    can_see_threads,
)
from monitoring.selectors import filing_visible_to

Trail = list[tuple[str, str]]


def viewer(request: HttpRequest) -> User:
    """The person signed in; the views are behind `login_required`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def seen_filing(request: HttpRequest, pk: int, *, whole: bool = True) -> Filing:
    """The filing, if this person may see it; 404 otherwise. `whole`: as `filing_visible_to`."""
    filing = filing_visible_to(viewer(request), pk, whole=whole)
    if filing is None:
        raise Http404
    return filing


def typed_filing(request: HttpRequest, pk: int, *, whole: bool) -> Filing:
    """The filing, to write in it: 403 to whoever is neither its lead nor, unless `whole`, a contributor."""
    filing = seen_filing(request, pk)
    roles = (Role.LEAD,) if whole else (Role.LEAD, Role.CONTRIBUTOR)
    if not has_role_on(viewer(request), perimeters_of(filing.contract), *roles):
        raise PermissionDenied
    return filing


def reviewed_filing(request: HttpRequest, pk: int) -> Filing:
    """The filing, to review it: 403 to whoever sees it without being a reviewer."""
    filing = seen_filing(request, pk)
    if not can_review_filing(viewer(request), filing):
        raise PermissionDenied
    return filing


def discussed_filing(request: HttpRequest, pk: int) -> Filing:
    """The filing, to read what was said of it: 403 to a reader, who sees what was declared only."""
    filing = seen_filing(request, pk)
    if not can_see_threads(viewer(request), filing):
        raise PermissionDenied
    return filing


def risk_of(filing: Filing, pk: int) -> FiledRisk:
    """A risk of this filing; 404 for another's."""
    return get_object_or_404(filing.risks, pk=pk)


def seen_campaign(request: HttpRequest, pk: int) -> Campaign:
    """The campaign, if this person may see it; 404 otherwise."""
    campaign = get_object_or_404(Campaign, pk=pk)
    if not can_see_campaign(viewer(request), campaign):
        raise Http404
    return campaign


def may_see_campaigns(request: HttpRequest) -> User:
    """The person, if some contract is theirs to follow; 403 otherwise."""
    person = viewer(request)
    if not can_see_campaigns(person):
        raise PermissionDenied
    return person


def may_open_campaigns(request: HttpRequest) -> User:
    """The person, if of the secretariat; 403 otherwise."""
    person = viewer(request)
    if not can_open_campaign(person):
        raise PermissionDenied
    return person


def trail(filing: Filing, *steps: tuple[str, str]) -> dict[str, Any]:
    """The breadcrumbs of a page of a filing."""
    contract = filing.contract
    return {
        "breadcrumbs": [
            ("Accueil", "/"),
            (contract.title, contract.get_absolute_url()),
            (f"Dossier {filing.campaign.of_period}", filing.get_absolute_url()),
            *steps,
        ]
    }
