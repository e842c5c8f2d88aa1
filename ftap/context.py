"""What every template knows."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from budget.tranches.permissions import can_run_tranches, can_see_fund
from contracts.permissions import can_import_contract
from monitoring.permissions import can_see_campaigns
from reports.permissions import can_see_deliveries, can_see_reports

SITE = {
    "site_title": "Suivi des contrats FTAP",
    "site_tagline": "Fonds pour la transformation de l’action publique",
    "header_brand": "République française",
    "header_brand_html": "République<br>française",
    "footer_brand": "République française",
    "footer_brand_html": "République<br>française",
    "notice": "",
    "mourning": False,
    "beta_tag": False,
}


def site(request: HttpRequest) -> dict[str, object]:
    """Gives `SITE_CONFIG`, under the names that django-dsfr reads, `is_demo`, whom to write to, who hosts, and what the
    navigation leaves out.

    Constants and not django-dsfr's own row, which would cost every page two queries.
    """
    user = getattr(request, "user", AnonymousUser())
    return {
        "SITE_CONFIG": SITE,
        "is_demo": settings.FTAP_DEMO,
        "contact": settings.REPLY_TO_EMAIL,
        "hosted_by": settings.HOSTED_BY,
        "sees_campaigns": can_see_campaigns(user),
        "sees_reports": can_see_reports(user),
        "sees_deliveries": can_see_deliveries(user),
        "adds_contracts": can_import_contract(user),
        "sees_fund": can_see_fund(user),
        "runs_tranches": can_run_tranches(user),
    }
