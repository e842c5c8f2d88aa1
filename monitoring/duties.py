"""« À faire »: what each person may do next, read from the table of transitions and from who may type; nothing else.

Chasing late filings moves no filing, so the table has no line for it and it is not among these duties: the home page
tells the secretariat of them apart (`reminder_selectors.campaigns_to_chase`), and one reminds on the campaign's page.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Max, Min

from accounts.enums import Role
from accounts.models import User
from accounts.roles import roles_on
from contracts.models import Contract
from monitoring.awaited import Standing, standings
from monitoring.enums import FilingAction, FilingState
from monitoring.models import Filing
from monitoring.permissions import can_see_filing, declarants_of, refusal, writable_sheets
from monitoring.reality import COUNTING_STATES, opened_again
from monitoring.selectors import WITH_FRAME
from monitoring.transitions import states_where, transitions_from
from monitoring.work import sheets_to_fill

OPEN_TO_ALL: Final = frozenset({FilingAction.TAKE_BACK, FilingAction.REOPEN, FilingAction.REOPEN_TEXTS})
"""What one may do to a filing that waits for nothing: nobody is late for it."""


@dataclass(frozen=True)
class Todo:
    """A filing on which a person has something to do: the acts that the table lets them do, and whether they type."""

    filing: Filing
    actions: tuple[FilingAction, ...]
    owes_entry: bool
    standing: Standing

    @property
    def days_late(self) -> int:
        return self.standing.days_late

    @property
    def is_awaited(self) -> bool:
        """Whether the filing waits for this person; otherwise they may act, and nobody expects it."""
        return self.owes_entry or not OPEN_TO_ALL.issuperset(self.actions)


def todo(user: User, on: date) -> list[Todo]:
    """Everything that this person may do next on what they see, by due date: the acts of the table, and entry.

    A constant number of queries.
    """
    rows = Filing.objects.filter(contract__in=Contract.objects.visible_to(user).values("pk"), state__in=_states(user))
    rows = rows.select_related(*WITH_FRAME).order_by("due_on", "pk")
    filings = [filing for filing in rows if can_see_filing(user, filing)]
    declared, followed, owing = _declared_by(user, filings), _followed(filings), _owing_entry(user, filings)
    stands, held_up = standings(filings, on), _held_up(filings)
    found = (
        Todo(
            filing,
            _actions(
                user,
                filing,
                is_declarant=filing.pk in declared,
                is_followed=filing.pk in followed,
                is_held_up=filing.pk in held_up,
            ),
            filing.pk in owing,
            stands[filing.pk],
        )
        for filing in filings
    )
    return [one for one in found if one.actions or one.owes_entry]


def _owing_entry(user: User, filings: Sequence[Filing]) -> set[int]:
    """The filings open for entry, or for texts alone, of which the whole or some row is this person's to write.

    A contributor whose sheets have no row in the filing owes nothing. One query a section, for contributors only.
    """
    sheets = {one.pk: writable_sheets(user, one) for one in filings}
    given = [one for one in filings if sheets[one.pk]]
    filled = sheets_to_fill(given)
    mine = {one.pk for one in given if (sheets[one.pk] or frozenset()) & filled[one.pk]}
    return mine | {pk for pk, numbers in sheets.items() if numbers is None}


def _states(user: User) -> frozenset[FilingState]:
    """The states in which somebody with these roles may have something to do."""
    roles = {held.role for held in roles_on(user)}
    typing = FilingState.taking_texts() if roles & {Role.LEAD, Role.CONTRIBUTOR} else []
    return states_where(*roles) | frozenset(typing)


def _actions(
    user: User, filing: Filing, *, is_declarant: bool, is_followed: bool, is_held_up: bool
) -> tuple[FilingAction, ...]:
    known: Collection[int] = (user.pk,) if is_declarant else ()
    return tuple(
        line.action
        for line in transitions_from(filing.state)
        if line.followed in (None, is_followed)
        and not (line.in_order and is_held_up)
        and not refusal(user, filing, line, known)
    )


def _declared_by(user: User, filings: Sequence[Filing]) -> set[int]:
    """Among the filings where it matters, those in which the person declared something: one query."""
    asked = [one for one in filings if any(line.not_declarant for line in transitions_from(one.state))]
    return {pk for pk, people in declarants_of(asked).items() if user.pk in people} if asked else set()


def _followed(filings: Sequence[Filing]) -> set[int]:
    """Among the filings where it matters, those that a later one of the contract follows: one query."""
    asked = [one for one in filings if any(line.followed is not None for line in transitions_from(one.state))]
    counting = Filing.objects.filter(contract__in={one.contract_id for one in asked}, state__in=COUNTING_STATES)
    last = dict(counting.order_by().values_list("contract").annotate(last=Max("campaign__ends_on")))
    return {one.pk for one in asked if last[one.contract_id] > one.campaign.ends_on}


def _held_up(filings: Sequence[Filing]) -> set[int]:
    """Among the filings where it matters, those that an earlier one, open again, holds up: one query."""
    asked = [one for one in filings if any(line.in_order for line in transitions_from(one.state))]
    open_again = Filing.objects.filter(opened_again(), contract__in={one.contract_id for one in asked})
    first = dict(open_again.order_by().values_list("contract").annotate(first=Min("campaign__ends_on")))
    return {one.pk for one in asked if first.get(one.contract_id, date.max) < one.campaign.ends_on}
