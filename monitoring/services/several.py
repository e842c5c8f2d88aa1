"""Validating several filings of a campaign: each in a transaction of its own, each checked again just before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from accounts.models import User
from monitoring.errors import FilingError
from monitoring.models import Campaign, Filing
from monitoring.preflight import preflight
from monitoring.services.filings import act_on_filing

BROKEN = "Une erreur est survenue\u00a0: rien n’a changé pour ce dossier."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one filing: done, or why not, in French."""

    filing: Filing
    is_done: bool
    words: str


def validate_several(
    *, campaign: Campaign, actor: User, filings: Sequence[int], submissions: Mapping[int, str] | None = None
) -> list[Outcome]:
    """Validate (DITP) or countersign (DB) these filings of the campaign, in this order; one that fails stops no other.

    `submissions`: by number, the one that the person saw, as in `act_on_filing`.

    Gives an outcome for each filing that the person reviews; numbers of others are ignored as if they did not exist.
    """
    seen = submissions or {}
    outcomes = (_validate_one(campaign, actor, number, seen.get(number)) for number in dict.fromkeys(filings))
    return [outcome for outcome in outcomes if outcome is not None]


def _validate_one(campaign: Campaign, actor: User, number: int, submission: str | None) -> Outcome | None:
    rows = preflight(actor, campaign, only=[number]).rows
    if not rows:
        return None
    (row,) = rows
    if row.line is None or row.reasons:
        return Outcome(row.filing, is_done=False, words=" ".join(row.reasons))
    try:
        moved = act_on_filing(filing=row.filing, action=row.line.action, actor=actor, submission=submission)
    except FilingError as error:
        return Outcome(row.filing, is_done=False, words=str(error))
    except Exception:  # logged, and told on the page
        # The others are already done or still to be done: the page must say so.
        log.exception("validation_failed", filing=number)
        return Outcome(row.filing, is_done=False, words=BROKEN)
    return Outcome(moved, is_done=True, words=str(moved.get_state_display()))
