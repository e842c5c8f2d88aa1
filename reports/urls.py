"""Addresses of what looks across the ledgers."""

from django.urls import path

from reports.views import (
    anomaly,
    contract,
    deliveries,
    files,
    fund,
    history,
    home,
    impact,
    jobs,
    portfolio,
    returns,
    revisions,
    subprojects,
)

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("portefeuille/", portfolio.portfolio, name="portfolio"),
    path("portefeuille/export.<slug:file_format>", portfolio.export, name="portfolio_export"),
    path("portefeuille/revisions/", revisions.revisions, name="revisions"),
    path(
        "contrats/<slug:code>/versions/<int:before>-<int:after>.<slug:file_format>",
        impact.impact_file,
        name="impact_file",
    ),
    path("portefeuille/retours/", returns.returns, name="returns"),
    path("portefeuille/retours/export.xlsx", returns.export, name="returns_export"),
    path("contrats/<slug:code>/retours/", returns.contract_returns, name="contract_returns"),
    path("contrats/<slug:code>/", contract.contract, name="contract"),
    path("contrats/<slug:code>/sous-projets/", subprojects.sub_projects, name="sub_projects"),
    path("contrats/<slug:code>/sous-projets/<int:number>/", subprojects.sub_project, name="sub_project"),
    path("contrats/<slug:code>/calendrier/", contract.calendar, name="calendar"),
    path("contrats/<slug:code>/anomalies/", history.anomalies, name="anomalies"),
    path("contrats/<slug:code>/anomalies/<slug:key>/", anomaly.anomaly, name="anomaly"),
    path("contrats/<slug:code>/dossiers/", contract.filings, name="contract_filings"),
    path("contrats/<slug:code>/rapports/", contract.contract_reports, name="contract_reports"),
    path("contrats/<slug:code>/historique/", history.changes, name="history"),
    path("fonds/", fund.fund, name="fund"),
    path("fonds/performance/", fund.performance, name="fund_performance"),
    path("fonds/export.xlsx", fund.export, name="fund_export"),
    path("rapports/", files.reports, name="reports"),
    path("rapports/<int:pk>/<slug:file_format>/", files.download, name="download"),
    path("envois/", deliveries.deliveries, name="deliveries"),
    path("envois/<int:pk>/renvoyer/", deliveries.resend, name="resend"),
    path("taches/", jobs.jobs, name="jobs"),
    path("taches/<int:pk>/", jobs.job, name="job"),
    path("taches/<int:pk>/relancer/", jobs.retry, name="retry"),
]
