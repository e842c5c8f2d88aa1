"""The three ledgers: articles, tranches, entry grids, certification."""

from collections.abc import Callable
from typing import Any

from monitoring.enums import FilingState
from tests.access.cases import Case, on_contract, on_filing
from tests.access.people import (
    BY_SECRETARIAT,
    FUND,
    MINE,
    POSTED,
    REVIEWED,
    SEEN,
    WITHOUT,
    WORKED_ON,
    Statuses,
    decided,
    only,
    typed,
)
from tests.access.prepared import phase_of
from tests.access.world import World

LOCKED, SUBMITTED = FilingState.LOCKED, FilingState.SUBMITTED


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


ADDRESSES: dict[str, list[Case]] = {
    "savings:unit_costs": [Case(FUND, outsiders=403), Case(POSTED, method="post", outsiders=403)],
    "budget:article": [on_contract()],
    "budget:tranches": [on_contract()],
    "budget:tranche_decide": [
        on_contract(SEEN | BY_SECRETARIAT, 2021),
        on_contract(SEEN | BY_SECRETARIAT | {"secretariat": 422}, 2021, method="post"),
    ],
    "budget:tranche_act": [on_contract(SEEN | BY_SECRETARIAT | {"secretariat": 422}, 2021, "clore", method="post")],
    "budget:tranche_affectation": [on_contract(SEEN | BY_SECRETARIAT | {"secretariat": 422}, method="post")],
    "budget:tranche_withdrawal": [
        Case(
            SEEN | BY_SECRETARIAT | {"secretariat": 422},
            method="post",
            arguments=lambda world: [world.contract.code, phase_of(world.contract)],
        )
    ],
    "budget:tranche_list": [Case(MINE, outsiders=403)],
    "budget:fund_envelope": [
        Case(MINE, arguments=lambda world: [2021], outsiders=403),
        Case(only(422, "secretariat", others=403), method="post", arguments=lambda world: [2021], outsiders=403),
    ],
    "savings:article": [on_contract()],
    "indicators:article": [on_contract()],
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
