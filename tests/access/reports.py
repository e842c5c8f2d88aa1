"""Portfolio, syntheses, anomalies, reports, deliveries."""

from tests.access.cases import Case, on_contract
from tests.access.people import FOLLOWED, MINE, ON_ALL, SEEN, decided, everybody, only
from tests.access.prepared import on_draft_file, on_sub_project, on_umbrella

ANOMALY = "A33-nomenclature"
"""The contract of the tests has no budget code: a check says so."""


ADDRESSES: dict[str, list[Case]] = {
    "reports:sub_projects": [on_umbrella(SEEN), on_contract(everybody(404))],
    "reports:sub_project": [on_sub_project(SEEN)],
    "reports:home": [Case(everybody(200), outsiders=200)],
    "reports:portfolio": [Case(everybody(200), outsiders=200)],
    "reports:portfolio_export": [Case(everybody(200), arguments=lambda world: ["csv"], outsiders=200)],
    "reports:fund": [Case(only(200, *ON_ALL, others=403), outsiders=403)],
    "reports:fund_performance": [Case(only(200, *ON_ALL, others=403), outsiders=403)],
    "reports:fund_export": [Case(only(200, *ON_ALL, others=403), outsiders=403)],
    "reports:contract": [on_contract()],
    "reports:revisions": [Case(everybody(200), outsiders=200)],
    "reports:returns": [Case(everybody(200), outsiders=200)],
    "reports:returns_export": [Case(everybody(200), outsiders=200)],
    "reports:contract_returns": [on_contract()],
    "reports:impact_file": [on_contract(SEEN, 0, 0, "xlsx"), on_draft_file()],
    "reports:calendar": [on_contract()],
    "reports:anomalies": [on_contract()],
    "reports:anomaly": [on_contract(SEEN, ANOMALY), on_contract(decided(422, *ON_ALL, "lead"), ANOMALY, method="post")],
    "reports:contract_filings": [on_contract()],
    "reports:contract_reports": [on_contract()],
    "reports:history": [on_contract()],
    "reports:reports": [Case(FOLLOWED, outsiders=200)],
    "reports:download": [Case(SEEN, arguments=lambda world: [world.snapshot.pk, "pdf"])],
    "reports:deliveries": [Case(MINE, outsiders=403)],
    "reports:resend": [
        Case(
            only(302, "secretariat", others=404),
            method="post",
            arguments=lambda world: [world.snapshot.deliveries.get().pk],
        )
    ],
    "reports:jobs": [Case(FOLLOWED, outsiders=200)],
    "reports:job": [Case(SEEN, arguments=lambda world: [world.job.pk])],
    "reports:retry": [Case(decided(302, "secretariat"), method="post", arguments=lambda world: [world.job.pk])],
}
