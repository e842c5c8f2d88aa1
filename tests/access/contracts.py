"""Contracts: articles, versions, calls for projects, sub-projects."""

from tests.access.cases import Case, on_contract
from tests.access.people import (
    DRAFT_SEEN,
    DRAFT_WRITTEN,
    FUND,
    MINE,
    ON_ALL,
    ON_CONTRACT,
    POSTED,
    PROPOSED_200,
    PROPOSED_422,
    SEEN,
    decided,
    everybody,
    only,
)
from tests.access.prepared import on_call, on_draft, on_framing_document, on_life_event, on_sub_project, on_umbrella

ADDRESSES: dict[str, list[Case]] = {
    "contracts:upload": [Case(MINE, outsiders=403), Case(POSTED, method="post", outsiders=403)],
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
    "contracts:amendment_signature": [on_draft(only(422, *ON_ALL, "lead", others=404), method="post")],
    "contracts:amendment_sign": [
        on_draft(DRAFT_WRITTEN | {"lead": 403}),
        on_draft(DRAFT_WRITTEN | {"secretariat": 422, "lead": 403}, method="post"),
    ],
    "contracts:amendment_prolong": [
        on_draft(DRAFT_WRITTEN),
        on_draft(DRAFT_WRITTEN | {"secretariat": 422, "lead": 422}, method="post"),
    ],
    "contracts:amendment_withdraw_signatures": [
        on_draft(DRAFT_WRITTEN | {"secretariat": 302, "lead": 302}, method="post")
    ],
    "contracts:amendment_abandon": [on_draft(DRAFT_WRITTEN | {"secretariat": 302, "lead": 302}, method="post")],
    "contracts:annex": [on_contract(SEEN, 0), on_draft(DRAFT_SEEN)],
    "contracts:annex_import": [
        on_draft(DRAFT_WRITTEN),
        on_draft(DRAFT_WRITTEN | {"secretariat": 422, "lead": 422}, method="post"),
        on_contract(decided(200, "secretariat"), 0),
    ],
    "contracts:annex_confirm": [on_draft(DRAFT_WRITTEN | {"secretariat": 302, "lead": 302}, method="post")],
    "contracts:act_dates": [
        on_contract(decided(200, "secretariat"), 0),
        on_contract(decided(422, "secretariat"), 0, method="post"),
    ],
    "contracts:compare": [on_contract()],
    "contracts:nomenclature": [on_contract(), on_contract(decided(422, "secretariat"), method="post")],
    "contracts:lifecycle": [on_contract(), on_contract(decided(422, "secretariat"), method="post")],
    "contracts:life_event": [
        on_life_event(decided(200, "secretariat")),
        on_life_event(decided(422, "secretariat"), method="post"),
    ],
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
}
