"""Moving a filing through its life: submit, take back, send back, validate, countersign, reopen figures or texts.

Each verb takes the filing and its actor, locks the contract's row and the filing's, asks the table of transitions,
writes the new state with a transition row, and tells those concerned through the outbox: one transaction. Gives the
filing as it now stands.
Errors: `FilingError` (wrong state, missing reason), `NotAllowedError` (wrong person), `BlockedError` (findings).
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring import hooks, letters, rules
from monitoring.enums import FilingAction, FilingState, MailTopic
from monitoring.errors import BlockedError, FilingError, NotAllowedError
from monitoring.models import Filing, FilingTransition
from monitoring.notices import tell
from monitoring.permissions import obstacle, refusal
from monitoring.selectors import WITH_FRAME, leads_of, people_of
from monitoring.transitions import Transition, transition

TOLD: dict[str, tuple[Role, ...]] = {
    FilingAction.SUBMIT: (Role.DITP_REVIEWER,),
    FilingAction.TAKE_BACK: (Role.DITP_REVIEWER,),
    FilingAction.SEND_BACK: (Role.LEAD,),
    FilingAction.VALIDATE: (Role.DB_REVIEWER, Role.LEAD),
    FilingAction.COUNTERSIGN: (Role.LEAD, Role.DITP_REVIEWER),
    FilingAction.REOPEN: (Role.LEAD, Role.DITP_REVIEWER, Role.DB_REVIEWER),
    FilingAction.REOPEN_TEXTS: (Role.LEAD, Role.DITP_REVIEWER, Role.DB_REVIEWER),
}
"""Who hears of each act, on the filing's contract, besides whoever did it."""


@transaction.atomic
def submit_filing(*, filing: Filing, actor: User) -> Filing:
    """The lead declares the filing complete: draft, sent back or reopened → submitted. Blocking findings stop it.

    Texts reopened alone are submitted too; then only rules that words can mend stop them, figures being closed.
    """
    held, line = _hold(filing, actor, FilingAction.SUBMIT)
    blocking = [found for found in rules.blocking(held) if held.is_editable or found.rule.by_text]
    if blocking:
        count = "une anomalie bloquante" if len(blocking) == 1 else f"{len(blocking)} anomalies bloquantes"
        raise BlockedError(f"Le dossier ne peut pas être soumis\u00a0: {count} à corriger.", blocking)
    held.submitted_by, held.submitted_at = actor, timezone.now()
    return _move(held, line, actor)


@transaction.atomic
def take_back_filing(*, filing: Filing, actor: User) -> Filing:
    """The lead corrects before the review has begun: submitted → draft, or texts submitted → texts open."""
    return _move(*_hold(filing, actor, FilingAction.TAKE_BACK), actor)


@transaction.atomic
def send_back_filing(*, filing: Filing, actor: User, reason: str) -> Filing:
    """A reviewer asks for a correction: submitted (DITP, secretariat) or validated (DB) → sent back."""
    return _move(*_hold(filing, actor, FilingAction.SEND_BACK, reason), actor, reason)


@transaction.atomic
def validate_filing(*, filing: Filing, actor: User) -> Filing:
    """A DITP reviewer who declared nothing in it validates: submitted → validated, or texts submitted → locked."""
    return _move(*_hold(filing, actor, FilingAction.VALIDATE), actor)


@transaction.atomic
def countersign_filing(*, filing: Filing, actor: User) -> Filing:
    """A DB reviewer who declared nothing in it validates: validated → locked, and whoever asked is told (hooks)."""
    return _move(*_hold(filing, actor, FilingAction.COUNTERSIGN), actor)


@transaction.atomic
def reopen_filing(*, filing: Filing, actor: User, reason: str) -> Filing:
    """The secretariat reopens the figures of the contract's latest filing: locked → reopened.

    Reports already made stay as they are; locking again makes another. A filing that a later one follows keeps its
    figures, on which those of the later one rest (domain § 7): see `reopen_texts`.
    """
    return _move(*_hold(filing, actor, FilingAction.REOPEN, reason), actor, reason)


@transaction.atomic
def reopen_texts(*, filing: Filing, actor: User, reason: str) -> Filing:
    """The secretariat reopens the texts alone of a filing that a later one follows: locked → texts open.

    The database goes on refusing every figure, date and weather of it; the comments of the whole may be written.
    """
    return _move(*_hold(filing, actor, FilingAction.REOPEN_TEXTS, reason), actor, reason)


@transaction.atomic
def act_on_filing(
    *, filing: Filing, action: str, actor: User, reason: str = "", submission: str | None = None
) -> Filing:
    """Does the named action; unknown ones are refused as `FilingError`.

    With `submission`, the one that the person had before their eyes (`Filing.submission`): refused when the filing was
    taken back and submitted again meanwhile, for nobody validates figures that they did not see.
    """
    if submission is not None and _lock(filing).submission != submission:
        raise FilingError(RESUBMITTED)
    if action in _PLAIN:
        return _PLAIN[action](filing=filing, actor=actor)
    if action in _REASONED:
        return _REASONED[action](filing=filing, actor=actor, reason=reason)
    raise FilingError("Cette action n’existe pas.")


RESUBMITTED = (
    "Ce dossier a été repris et soumis de nouveau depuis que vous l’avez ouvert\u00a0: rien n’est fait. "
    "Relisez-le d’abord."
)
_PLAIN: dict[str, Callable[..., Filing]] = {
    FilingAction.SUBMIT: submit_filing,
    FilingAction.TAKE_BACK: take_back_filing,
    FilingAction.VALIDATE: validate_filing,
    FilingAction.COUNTERSIGN: countersign_filing,
}
_REASONED: dict[str, Callable[..., Filing]] = {
    FilingAction.SEND_BACK: send_back_filing,
    FilingAction.REOPEN: reopen_filing,
    FilingAction.REOPEN_TEXTS: reopen_texts,
}


def _hold(filing: Filing, actor: User, action: FilingAction, reason: str = "") -> tuple[Filing, Transition]:
    """The filing as it stands, locked until the end of the transaction, and the line of the table that applies."""
    held = _lock(filing)
    line = transition(action, held.state)
    if line is None:
        state = held.get_state_display()
        raise FilingError(f"«\u00a0{action.label}\u00a0» n’est pas possible dans l’état «\u00a0{state}\u00a0».")
    if refused := refusal(actor, held, line):
        raise NotAllowedError(refused)
    if blocked := obstacle(held, line):
        raise FilingError(blocked)
    if line.needs_reason and not reason.strip():
        raise FilingError("Donnez le motif\u00a0: il sera affiché en tête du dossier du chef de projet.")
    return held, line


def _lock(filing: Filing) -> Filing:
    """The filing as it stands, held after its contract: what one may do to a filing rests on the contract's others."""
    Contract.objects.select_for_update(no_key=True).get(pk=filing.contract_id)
    return Filing.objects.select_for_update(of=("self",)).select_related(*WITH_FRAME).get(pk=filing.pk)


def _move(filing: Filing, line: Transition, actor: User, reason: str = "") -> Filing:
    """Writes the new state, the transition row and the messages; whoever asked hears of a filing that is locked."""
    filing.state = line.to_state
    filing.locked_at = timezone.now() if line.to_state == FilingState.LOCKED else None
    filing.save(update_fields=["state", "submitted_by", "submitted_at", "locked_at"])
    done = FilingTransition.objects.create(
        filing=filing,
        action=line.action,
        from_state=line.from_state,
        to_state=line.to_state,
        actor=actor,
        reason=reason.strip(),
    )
    _tell(filing, done)
    if line.to_state == FilingState.LOCKED:
        hooks.filing_locked(filing, actor)
    return filing


def _tell(filing: Filing, done: FilingTransition) -> None:
    """One notice to each person concerned; the lead who has something to correct hears at once."""
    letter, key = letters.decision(filing, done), f"transition-{done.pk}"
    people = [person for person in people_of(filing.contract, *TOLD[done.action]) if person.pk != done.actor_id]
    urgent = leads_of(filing.contract) if done.reason else []
    tell(key, MailTopic.SENT_BACK, [person for person in people if person in urgent], letter)
    tell(key, MailTopic.DECISION, [person for person in people if person not in urgent], letter)
