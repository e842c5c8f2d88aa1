"""Who gets what at each address: URL × person × relation to the contract. An address that is not here fails.

A person to whom a contract is not given gets 404, as if it did not exist; whoever sees it without being allowed to act
gets 403; a visitor is sent to sign in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract, ProjectCall, SubProject
from monitoring.enums import FilingState
from monitoring.unsubscribe import address
from tests.access_world import ROW, World
from tests.contracts.subprojects.rows import make_sub_project, make_umbrella
from tests.factories import UserFactory

ON_ALL = ["secretariat", "ditp_reviewer", "db_reviewer"]
ON_CONTRACT = ["lead", "contributor", "reader"]
WITHOUT = ["stranger", "administrator"]
PEOPLE = [*ON_ALL, *ON_CONTRACT, *WITHOUT]
TO_LOGIN = 302


Statuses = dict[str, int]


def everybody(status: int) -> Statuses:
    return dict.fromkeys(PEOPLE, status)


def only(status: int, *people: str, others: int) -> Statuses:
    """This status for these people, the other one for the others."""
    return {person: status if person in people else others for person in PEOPLE}


SEEN = only(200, *ON_ALL, *ON_CONTRACT, others=404)
WORKED_ON = only(200, *ON_ALL, "lead", "contributor", others=404)
"""A draft: readers do not see it yet."""


def typed(status: int, *people: str) -> Statuses:
    """Writing in a draft: those who see it and may not write get 403."""
    return WORKED_ON | dict.fromkeys([*ON_ALL, "lead", "contributor"], 403) | dict.fromkeys(people, status)


def decided(status: int, *people: str) -> Statuses:
    """An act on a filing that everybody with a role sees: 403 to those who may not do it."""
    return only(status, *people, others=403) | dict.fromkeys(WITHOUT, 404)


@dataclass(frozen=True)
class Case:
    """One way to ask an address. `arguments(world)` and `data(world)` are what the address and the form are made of.

    `statuses` by person, on the contract given to them; on another contract, those of the second list get 404.
    """

    statuses: Statuses
    method: str = "get"
    arguments: Callable[[World], list[Any]] = lambda world: []
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    state: FilingState = FilingState.DRAFT
    anonymous: int = TO_LOGIN
    outsiders: int = 404


def on_contract(statuses: Statuses = SEEN, *rest: Any, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.contract.code, *rest], **options)


def on_filing(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.filing.pk, *rest], **options)


def on_risk(statuses: Statuses, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.filing.pk, world.risk.pk], **options)


def on_piece(statuses: Statuses, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.filing.pk, world.piece.pk], **options)


def on_thread(statuses: Statuses, **options: Any) -> Case:
    """An act on a thread, which is a post."""
    return Case(statuses, method="post", arguments=lambda world: [world.filing.pk, world.thread.pk], **options)


def on_draft(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    """An address of the amendment in preparation, prepared by somebody who is in no test."""
    return Case(statuses, arguments=lambda world: [world.contract.code, draft_of(world.contract), *rest], **options)


def on_draft_file() -> Case:
    """The impact sheet of the amendment in preparation."""
    return Case(DRAFT_SEEN, arguments=lambda world: [world.contract.code, 0, draft_of(world.contract), "xlsx"])


def draft_of(contract: Contract) -> int:
    """The number of the contract's amendment in preparation, on its credits."""
    draft = contract.versions.filter(state="draft").first()
    return (draft or prepare_amendment(contract, ["budget"], UserFactory())).number


def on_call(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    """An address of a call for projects."""
    return Case(statuses, arguments=lambda _: [call_for_projects().pk, *rest], outsiders=403, **options)


def call_for_projects() -> ProjectCall:
    """The one of the tests, recorded by somebody who is in none."""
    facts = {"opens_on": date(2020, 1, 1), "closes_on": date(2020, 3, 1)}
    known = ProjectCall.objects.filter(name="2020").first()
    return known or ProjectCall.objects.create(name="2020", recorded_by=UserFactory(), **facts)


def on_sub_project(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    """An address of a sub-project, identified, of the contract turned into an umbrella."""
    return Case(
        statuses, arguments=lambda world: [world.contract.code, sub_project(world.contract).number, *rest], **options
    )


def on_framing_document() -> Case:
    """The framing document, for whoever sees the contract."""

    def arguments(world: World) -> list[Any]:
        row = sub_project(world.contract)
        return [world.contract.code, row.number, row.documents.get().pk]

    return Case(SEEN, arguments=arguments)


def on_umbrella(statuses: Statuses, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [make_umbrella(world.contract).code], **options)


def sub_project(contract: Contract) -> SubProject:
    """The contract's sub-project."""
    known = SubProject.objects.filter(contract=contract).first()
    return known or make_sub_project(contract, UserFactory())


def on_row(relation: str, statuses: Statuses, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.filing.pk, world.rows[relation]], **options)


def row_data(relation: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {f"r{world.rows[relation]}": "0"}


def entry(relation: str, *people: str) -> dict[str, list[Case]]:
    """The three addresses of an entry grid: the page, a block of rows, one row; `people` may write the rows sent."""
    return {
        "entry": [
            on_filing(WORKED_ON),
            on_filing(SEEN, state=FilingState.SUBMITTED),
            on_filing(typed(302, "lead", "contributor"), method="post"),
        ],
        "entry_rows": [on_filing(typed(200, *people), method="post", data=row_data(relation))],
        "entry_row": [
            on_row(relation, WORKED_ON),
            on_row(relation, typed(200, *people), method="post", data=row_data(relation)),
        ],
    }


def public(**options: Any) -> list[Case]:
    return [Case(everybody(200), anonymous=200, outsiders=200, **options)]


def signed_token() -> str:
    """What stands in the address that stops a topic for the secretariat."""
    return address(User.objects.get(email="secretariat@ftap.example"), "decision").rstrip("/").rpartition("/")[2]


MINE = only(200, "secretariat", others=403)
POSTED = only(422, "secretariat", others=403)
FUND = only(200, *ON_ALL, others=403)
"""Figures of the whole fund."""
FOLLOWED = only(200, *ON_ALL, *ON_CONTRACT, others=403)
BY_SECRETARIAT = dict.fromkeys(["ditp_reviewer", "db_reviewer", *ON_CONTRACT], 403)
"""Joined to `SEEN`: an act of the secretariat on a contract that the others see."""
REVIEWED = only(200, *ON_ALL, others=403) | dict.fromkeys(WITHOUT, 404)
DRAFT_SEEN = only(200, *ON_ALL, "lead", others=404)
"""An amendment in preparation: those who prepare it or will sign it."""
DRAFT_WRITTEN = DRAFT_SEEN | dict.fromkeys(["ditp_reviewer", "db_reviewer"], 403)
PROPOSED_200, PROPOSED_422 = (decided(status, "secretariat", "ditp_reviewer", "lead") for status in (200, 422))
"""A sub-project: the lead proposes, the secretariat and the DITP too."""
ANOMALY = "A33-nomenclature"
"""The contract of the tests has no budget code: a check says so."""
LOCKED = FilingState.LOCKED
SUBMITTED = FilingState.SUBMITTED

MATRIX: dict[str, list[Case]] = {
    "health": public(),
    "help": public(),
    "glossary": public(),
    "rights": public(),
    "rules": public(),
    "rule": [Case(everybody(200), arguments=lambda world: ["A01"], anonymous=200, outsiders=200)],
    "guide": public(),
    "guide-page": public(arguments=lambda _: ["classeur"]),
    "calculs": public(),
    "calculs-page": public(arguments=lambda _: ["postes"]),
    "components": [Case(only(200, "administrator", others=403), outsiders=403)],
    "accessibility": public(),
    "legal": public(),
    "personal-data": public(),
    "cookies": public(),
    "sitemap": public(),
    "accounts:login": [Case(everybody(302), anonymous=200, outsiders=302)],
    "accounts:logout": [Case(everybody(302), method="post", anonymous=302, outsiders=302)],
    "accounts:profile": [Case(everybody(200), outsiders=200)],
    "accounts:password": [Case(everybody(200), outsiders=200)],
    "contracts:upload": [Case(MINE, outsiders=403), Case(MINE, method="post", outsiders=403)],
    "contracts:export": [on_contract()],
    "contracts:projects": [on_contract()],
    "contracts:governance": [on_contract()],
    "contracts:amendments": [on_contract()],
    "contracts:amendment_prepare": [
        on_contract(decided(200, "secretariat", "lead")),
        on_contract(decided(422, "secretariat", "lead"), method="post"),
    ],
    "contracts:amendment": [on_contract(SEEN, 0), on_draft(DRAFT_SEEN)],
    "contracts:amendment_edit": [
        on_draft(DRAFT_WRITTEN, "budget"),
        on_draft(DRAFT_WRITTEN | {"secretariat": 302, "lead": 302}, "budget", method="post"),
        on_draft(DRAFT_WRITTEN | {"secretariat": 404, "lead": 404}, "savings"),
    ],
    "contracts:amendment_add": [
        on_draft(DRAFT_WRITTEN, "budget", "ligne"),
        on_draft(DRAFT_WRITTEN | {"secretariat": 422, "lead": 422}, "budget", "ligne", method="post"),
    ],
    "contracts:amendment_remove": [
        on_draft(DRAFT_WRITTEN | {"secretariat": 302, "lead": 302}, "budget", method="post"),
    ],
    "contracts:amendment_file": [on_contract(SEEN, 0), on_draft(DRAFT_SEEN)],
    "contracts:amendment_import": [on_draft(DRAFT_WRITTEN)],
    "contracts:amendment_signature": [on_draft(only(302, *ON_ALL, "lead", others=404), method="post")],
    "contracts:amendment_sign": [
        on_draft(DRAFT_WRITTEN | {"lead": 403}),
        on_draft(DRAFT_WRITTEN | {"secretariat": 422, "lead": 403}, method="post"),
    ],
    "contracts:amendment_abandon": [on_draft(DRAFT_WRITTEN | {"secretariat": 302, "lead": 302}, method="post")],
    "contracts:annex": [on_contract(SEEN, 0), on_draft(DRAFT_SEEN)],
    "contracts:annex_import": [
        on_draft(DRAFT_WRITTEN),
        on_draft(DRAFT_WRITTEN | {"secretariat": 422, "lead": 422}, method="post"),
        on_contract(decided(200, "secretariat"), 0),
    ],
    "contracts:annex_confirm": [on_draft(DRAFT_WRITTEN | {"secretariat": 302, "lead": 302}, method="post")],
    "contracts:compare": [on_contract()],
    "contracts:nomenclature": [on_contract(), on_contract(decided(422, "secretariat"), method="post")],
    "contracts:lifecycle": [on_contract(), on_contract(decided(422, "secretariat"), method="post")],
    "savings:unit_costs": [Case(FUND, outsiders=403), Case(POSTED, method="post", outsiders=403)],
    "contracts:calls": [Case(FUND, outsiders=403)],
    "contracts:call_new": [Case(MINE, outsiders=403), Case(POSTED, method="post", outsiders=403)],
    "contracts:call": [on_call(FUND), on_call(POSTED, method="post")],
    "contracts:call_tie": [on_call(only(302, "secretariat", others=403), method="post")],
    "contracts:call_untie": [on_call(only(404, "secretariat", others=403), 0, method="post")],
    "contracts:sub_project_add": [
        on_umbrella(PROPOSED_200),
        on_umbrella(PROPOSED_422, method="post"),
        on_contract(everybody(404)),
    ],
    "contracts:sub_project_edit": [on_sub_project(PROPOSED_200), on_sub_project(PROPOSED_422, method="post")],
    "contracts:sub_project_figures": [on_sub_project(PROPOSED_200), on_sub_project(PROPOSED_422, method="post")],
    "contracts:sub_project_grid": [on_sub_project(PROPOSED_200), on_sub_project(PROPOSED_422, method="post")],
    "contracts:sub_project_document": [on_sub_project(PROPOSED_200), on_sub_project(PROPOSED_422, method="post")],
    "contracts:sub_project_file": [on_framing_document()],
    "contracts:sub_project_exception": [
        on_sub_project(decided(200, "secretariat", "ditp_reviewer")),
        on_sub_project(decided(422, "secretariat", "ditp_reviewer"), method="post"),
    ],
    "contracts:sub_project_move": [
        on_sub_project(PROPOSED_200, "preselect"),
        on_sub_project(PROPOSED_422, "abandon", method="post"),
        on_sub_project(decided(422, "secretariat", "ditp_reviewer"), "refuse", method="post"),
        on_sub_project(only(302, *ON_ALL, *ON_CONTRACT, others=404), "launch", method="post"),
        on_sub_project(everybody(404), "danser"),
    ],
    "reports:sub_projects": [on_umbrella(SEEN), on_contract(everybody(404))],
    "reports:sub_project": [on_sub_project(SEEN)],
    "budget:article": [on_contract()],
    "budget:tranches": [on_contract()],
    "budget:tranche_decide": [
        on_contract(SEEN | BY_SECRETARIAT, 2021),
        on_contract(SEEN | BY_SECRETARIAT | {"secretariat": 422}, 2021, method="post"),
    ],
    "budget:tranche_act": [on_contract(SEEN | BY_SECRETARIAT | {"secretariat": 302}, 2021, "clore", method="post")],
    "budget:tranche_affectation": [on_contract(SEEN | BY_SECRETARIAT | {"secretariat": 422}, method="post")],
    "budget:tranche_list": [Case(MINE, outsiders=403)],
    "budget:fund_envelope": [
        Case(MINE, arguments=lambda world: [2021], outsiders=403),
        Case(only(422, "secretariat", others=403), method="post", arguments=lambda world: [2021], outsiders=403),
    ],
    "savings:article": [on_contract()],
    "indicators:article": [on_contract()],
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
    "monitoring:campaigns": [Case(FOLLOWED, outsiders=200)],
    "monitoring:campaign_create": [Case(MINE, outsiders=403), Case(MINE, method="post", outsiders=403)],
    "monitoring:campaign": [
        Case(
            only(200, *ON_ALL, *ON_CONTRACT, others=404),
            arguments=lambda world: [world.filing.campaign_id],
            outsiders=200,
        )
    ],
    "monitoring:campaign_open": [
        Case(
            only(302, "secretariat", others=403),
            method="post",
            arguments=lambda world: [world.filing.campaign_id],
            outsiders=403,
        )
    ],
    "monitoring:campaign_nudge": [
        Case(
            only(302, "secretariat", others=403),
            method="post",
            arguments=lambda world: [world.filing.campaign_id],
            outsiders=403,
        )
    ],
    "monitoring:campaign_export": [
        Case(
            only(200, *ON_ALL, *ON_CONTRACT, others=404),
            arguments=lambda world: [world.filing.campaign_id, "csv"],
            outsiders=200,
        )
    ],
    "monitoring:due_date": [
        on_filing(typed(200, "secretariat")),
        on_filing(typed(422, "secretariat"), method="post", data=lambda world: {"due_on": "2022-02-28"}),
        on_filing(decided(200, "secretariat"), state=LOCKED),
    ],
    "monitoring:preferences": [Case(everybody(200), outsiders=200)],
    "monitoring:unsubscribe": [
        Case(everybody(200), arguments=lambda world: [signed_token()], anonymous=200, outsiders=200),
        Case(everybody(200), method="post", arguments=lambda world: [signed_token()], anonymous=200, outsiders=200),
        Case(everybody(404), method="post", arguments=lambda world: ["forge"], anonymous=404, outsiders=404),
    ],
    "monitoring:filing": [on_filing(WORKED_ON), on_filing(SEEN, state=SUBMITTED), on_filing(SEEN, state=LOCKED)],
    "monitoring:review": [
        on_filing(REVIEWED | {"reader": 404}),
        on_filing(REVIEWED, state=SUBMITTED),
    ],
    "monitoring:threads": [
        on_filing(WORKED_ON),
        on_filing(WORKED_ON | {"reader": 403}, state=SUBMITTED),
    ],
    "monitoring:thread_open": [
        on_filing(typed(302, *ON_ALL), method="post", data=lambda world: {**ROW, "text": "Pourquoi ?"}),
        on_filing(decided(302, *ON_ALL), method="post", state=LOCKED, data=lambda world: {**ROW, "text": "Pourquoi ?"}),
    ],
    "monitoring:thread_answer": [
        on_thread(typed(302, *ON_ALL, "lead"), data=lambda world: {"text": "Parce que."}),
        on_thread(decided(302, *ON_ALL, "lead"), state=LOCKED, data=lambda world: {"text": "Parce que."}),
    ],
    "monitoring:thread_resolve": [on_thread(typed(302, *ON_ALL)), on_thread(decided(302, *ON_ALL), state=LOCKED)],
    "monitoring:several": [
        Case(
            only(200, "ditp_reviewer", "db_reviewer", others=403) | dict.fromkeys(WITHOUT, 404),
            method=method,
            arguments=lambda world: [world.filing.campaign_id],
            outsiders=403,
        )
        for method in ("get", "post")
    ],
    "monitoring:act": [
        on_filing(typed(302, "lead"), "submit", method="post"),
        on_filing(
            only(302, "lead", others=403) | dict.fromkeys(WITHOUT, 404), "take_back", method="post", state=SUBMITTED
        ),
        on_filing(
            decided(302, "ditp_reviewer"),
            "validate",
            method="post",
            state=SUBMITTED,
        ),
        on_filing(
            decided(302, "ditp_reviewer", "secretariat"),
            "send_back",
            method="post",
            state=SUBMITTED,
            data=lambda world: {"reason": "Précisez les CP."},
        ),
        on_filing(decided(422, "secretariat"), "reopen", method="post", state=LOCKED),
        on_filing(only(302, *ON_ALL, *ON_CONTRACT, others=404), "countersign", method="post", state=SUBMITTED),
    ],
    "monitoring:calendar": [
        on_filing(WORKED_ON),
        on_filing(SEEN, state=SUBMITTED),
        on_filing(typed(302, "lead", "contributor"), method="post"),
    ],
    "monitoring:evidence": [
        on_filing(WORKED_ON),
        on_filing(SEEN, state=SUBMITTED),
        on_filing(typed(422, "lead", "contributor"), method="post"),
    ],
    "monitoring:evidence_file": [on_piece(WORKED_ON), on_piece(SEEN, state=SUBMITTED)],
    "monitoring:evidence_remove": [on_piece(typed(302, "lead"), method="post")],
    "monitoring:risks": [on_filing(WORKED_ON), on_filing(SEEN, state=SUBMITTED)],
    "monitoring:risk_add": [on_filing(typed(200, "lead")), on_filing(typed(200, "lead"), method="post")],
    "monitoring:risk": [
        on_risk(typed(200, "lead")),
        on_risk(typed(422, "lead"), method="post", data=lambda world: {"title": ""}),
    ],
    "monitoring:risk_close": [on_risk(typed(302, "lead"), method="post")],
    "monitoring:weather": [
        on_filing(WORKED_ON),
        on_filing(SEEN, state=SUBMITTED),
        on_filing(typed(302, "lead"), method="post", data=lambda world: {"revision": "0"}),
    ],
    "monitoring:workbook": [on_filing(WORKED_ON), on_filing(SEEN, state=SUBMITTED), on_filing(SEEN, state=LOCKED)],
    "monitoring:workbook_upload": [
        on_filing(typed(200, "lead", "contributor")),
        on_filing(typed(422, "lead", "contributor"), method="post"),
    ],
    "monitoring:workbook_confirm": [
        on_filing(typed(409, "lead", "contributor"), method="post"),
        on_filing(typed(302, "lead", "contributor"), method="post", data=lambda world: {"abandonner": "1"}),
    ],
    "monitoring:workbook_marked": [on_filing(typed(404, "lead", "contributor"))],
    **{f"budget:{name}": cases for name, cases in entry("consumptions", "lead").items()},
    **{f"savings:{name}": cases for name, cases in entry("realised_savings", "lead").items()},
    "savings:certification": [
        on_filing(REVIEWED | {"reader": 404}),
        on_filing(REVIEWED, state=LOCKED),
        on_filing(decided(302, "ditp_reviewer", "db_reviewer"), method="post", state=SUBMITTED),
        on_filing(
            only(409, "ditp_reviewer", "db_reviewer", others=403) | dict.fromkeys([*WITHOUT, "reader"], 404),
            method="post",
        ),
    ],
    **{f"indicators:{name}": cases for name, cases in entry("measurements", "lead").items()},
}


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every named address of the site but those of Django's own administration."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name"
            yield namespace + pattern.name
        elif pattern.namespace != "admin":
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def test_every_address_is_in_the_matrix() -> None:
    assert set(names(get_resolver())) == set(MATRIX)
