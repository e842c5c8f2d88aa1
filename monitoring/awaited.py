"""How a filing stands against its due date: one rule for pages, reminders, the list of a campaign and the rules.

A due date is answered by a submission, even one sent back later; but a filing opened again (taken back, sent back,
reopened) while its due date was still ahead is awaited for it again. Opened again later, it is asked for once more
without a date: the pages say since when, and it is late only by a due date that the secretariat gives it from then on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from figures.formats import short_date_fr
from monitoring.enums import FilingAction, FilingState
from monitoring.models import Campaign, Filing, FilingTransition


@dataclass(frozen=True, slots=True)
class Move:
    """A submission, or an act that opened the filing again: the day, and the word for it (« Renvoyé »)."""

    on: date
    is_submission: bool
    word: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`delay`: days from the due date to the submission that answers it, or to the day asked while none does.

    `answered_on` is the day of that submission; `again` the last move of a filing open although it was answered.
    """

    delay: int
    answered_on: date | None
    again: Move | None = None

    @property
    def days_late(self) -> int:
        """Days late of a filing still awaited; 0 for one that was answered, however late."""
        return self.delay if self.answered_on is None else 0

    @property
    def can_be_chased(self) -> bool:
        """Whether its lead may be reminded of it by hand: late, or asked for once more."""
        return self.days_late > 0 or self.again is not None

    @property
    def again_words(self) -> str:
        """« renvoyé le 12/07/2021 »; blank when the filing is not asked for once more."""
        return f"{self.again.word.lower()} le {short_date_fr(self.again.on)}" if self.again else ""


def answered_on(due_on: date, moves: Iterable[Move]) -> date | None:
    """The day of the submission that answers the due date, None while it is awaited; `moves` in their order. Pure."""
    answer: date | None = None
    for move in moves:
        if move.is_submission:
            answer = answer or move.on
        elif move.on <= due_on:
            answer = None
    return answer


def standings(filings: Sequence[Filing], on: date) -> dict[int, Standing]:
    """How each of these filings stands on a day, by number: one query, none when nothing was ever submitted."""
    moves = _moves([filing.pk for filing in filings if filing.submitted_at])
    return {filing.pk: _standing(filing, moves[filing.pk], on) for filing in filings}


def standing(filing: Filing, on: date) -> Standing:
    """The same of one filing."""
    return standings([filing], on)[filing.pk]


def late_filings(on: date, campaign: Campaign | None = None) -> list[tuple[Filing, Standing]]:
    """The filings late on a day, of one campaign or of all, the oldest due date first, each with its standing."""
    return [(filing, stands) for filing, stands in _open_filings(on, campaign) if stands.days_late]


def chased_filings(on: date, campaign: Campaign) -> list[tuple[Filing, Standing]]:
    """The filings of a campaign whose lead may be reminded by hand, in the same order."""
    return [(filing, stands) for filing, stands in _open_filings(on, campaign) if stands.can_be_chased]


def _open_filings(on: date, campaign: Campaign | None) -> list[tuple[Filing, Standing]]:
    rows = Filing.objects.filter(state__in=FilingState.editable()).select_related("campaign", "contract")
    if campaign is not None:
        rows = rows.filter(campaign=campaign)
    filings = list(rows.order_by("due_on", "contract__title", "pk"))
    found = standings(filings, on)
    return [(filing, found[filing.pk]) for filing in filings]


def _standing(filing: Filing, moves: Sequence[Move], on: date) -> Standing:
    answer = answered_on(filing.due_on, moves)
    if answer is None and not filing.is_editable and filing.submitted_at:
        answer = localdate(filing.submitted_at)
    again = moves[-1] if filing.is_editable and answer and moves and not moves[-1].is_submission else None
    return Standing(max(((answer or on) - filing.due_on).days, 0), answer, again)


def _moves(numbers: Sequence[int]) -> dict[int, list[Move]]:
    """Submissions and what opened the figures again, oldest first, by number of filing."""
    found: dict[int, list[Move]] = defaultdict(list)
    rows = FilingTransition.objects.filter(filing__in=numbers) if numbers else FilingTransition.objects.none()
    for row in rows.order_by("at", "pk"):
        is_submission = row.action == FilingAction.SUBMIT
        if is_submission or row.to_state in FilingState.editable():
            found[row.filing_id].append(Move(localdate(row.at), is_submission, row.outcome))
    return found
