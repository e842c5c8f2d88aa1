"""Campaigns and filings."""

from typing import Any

from accounts.models import User
from monitoring.enums import FilingState
from monitoring.unsubscribe import address
from tests.access.cases import Case, on_filing
from tests.access.people import (
    FOLLOWED,
    MINE,
    ON_ALL,
    ON_CONTRACT,
    REVIEWED,
    SEEN,
    WITHOUT,
    WORKED_ON,
    Statuses,
    decided,
    everybody,
    only,
    typed,
)
from tests.access.world import ROW

LOCKED, SUBMITTED = FilingState.LOCKED, FilingState.SUBMITTED


def on_risk(statuses: Statuses, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.filing.pk, world.risk.pk], **options)


def on_piece(statuses: Statuses, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.filing.pk, world.piece.pk], **options)


def on_thread(statuses: Statuses, **options: Any) -> Case:
    """An act on a thread, which is a post."""
    return Case(statuses, method="post", arguments=lambda world: [world.filing.pk, world.thread.pk], **options)


def signed_token() -> str:
    """What stands in the address that stops a topic for the secretariat."""
    return address(User.objects.get(email="secretariat@ftap.example"), "decision").rstrip("/").rpartition("/")[2]


def led_on(statuses: Statuses) -> Statuses:
    """Led to another page, by whoever sees that one."""
    return {person: 302 if status == 200 else status for person, status in statuses.items()}


ADDRESSES: dict[str, list[Case]] = {
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
    "monitoring:recap": [on_filing(led_on(WORKED_ON)), on_filing(led_on(SEEN), state=SUBMITTED)],
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
}
