"""Moving a filing through its life: submit, take back, send back, validate, countersign, reopen.

Each verb takes the filing and its actor, locks the filing's row, asks the table of transitions, writes the new state
with a transition row, and tells those concerned through the outbox: one transaction. Gives the filing as it now stands.
Errors: `FilingError` (wrong state, missing reason), `NotAllowedError` (wrong person), `BlockedError` (findings).
"""

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from monitoring import hooks, letters, outbox, rules
from monitoring.enums import FilingAction, MailTopic
from monitoring.errors import BlockedError, FilingError, NotAllowedError
from monitoring.models import Filing, FilingTransition
from monitoring.permissions import refusal
from monitoring.selectors import WITH_FRAME, later_filing, people_of
from monitoring.transitions import Transition, transition

TOLD: dict[str, tuple[Role, ...]] = {
    FilingAction.SUBMIT: (Role.DITP_REVIEWER,),
    FilingAction.TAKE_BACK: (Role.DITP_REVIEWER,),
    FilingAction.SEND_BACK: (Role.LEAD,),
    FilingAction.VALIDATE: (Role.DB_REVIEWER, Role.LEAD),
    FilingAction.COUNTERSIGN: (Role.LEAD, Role.DITP_REVIEWER),
    FilingAction.REOPEN: (Role.LEAD, Role.DITP_REVIEWER, Role.DB_REVIEWER),
}
"""Who hears of each act, on the filing's contract, besides whoever did it."""


@transaction.atomic
def submit_filing(*, filing: Filing, actor: User) -> Filing:
    """The lead declares the filing complete: draft or sent back → submitted. Blocking findings stop it."""
    held, line = _hold(filing, actor, FilingAction.SUBMIT)
    blocking = [found for found in rules.findings(held) if found.is_blocking]
    if blocking:
        count = "une anomalie bloquante" if len(blocking) == 1 else f"{len(blocking)} anomalies bloquantes"
        raise BlockedError(f"Le dossier ne peut pas être soumis\u00a0: {count} à corriger.", blocking)
    held.submitted_by, held.submitted_at = actor, timezone.now()
    return _move(held, line, actor)


@transaction.atomic
def take_back_filing(*, filing: Filing, actor: User) -> Filing:
    """The lead corrects before the review has begun: submitted → draft."""
    return _move(*_hold(filing, actor, FilingAction.TAKE_BACK), actor)


@transaction.atomic
def send_back_filing(*, filing: Filing, actor: User, reason: str) -> Filing:
    """A reviewer asks for a correction: submitted (DITP, secretariat) or validated (DB) → sent back."""
    return _move(*_hold(filing, actor, FilingAction.SEND_BACK, reason), actor, reason)


@transaction.atomic
def validate_filing(*, filing: Filing, actor: User) -> Filing:
    """A DITP reviewer who declared nothing in it validates: submitted → validated."""
    return _move(*_hold(filing, actor, FilingAction.VALIDATE), actor)


@transaction.atomic
def countersign_filing(*, filing: Filing, actor: User) -> Filing:
    """A DB reviewer who declared nothing in it validates: validated → locked, and whoever asked is told (hooks)."""
    held, line = _hold(filing, actor, FilingAction.COUNTERSIGN)
    held.locked_at = timezone.now()
    locked = _move(held, line, actor)
    hooks.filing_locked(locked, actor)
    return locked


@transaction.atomic
def reopen_filing(*, filing: Filing, actor: User, reason: str) -> Filing:
    """The secretariat reopens the contract's latest filing: locked → sent back. Reports already made stay as they are.

    A filing that a later one follows keeps its figures, cumulated figures of the later one rest on them (domain § 7).
    """
    held, line = _hold(filing, actor, FilingAction.REOPEN, reason)
    later = later_filing(held)
    if later is not None:
        raise FilingError(
            f"Un dossier plus récent existe ({later.campaign})\u00a0: les chiffres de celui-ci ne changent plus."
        )
    held.locked_at = None
    return _move(held, line, actor, reason)


def act_on_filing(*, filing: Filing, action: str, actor: User, reason: str = "") -> Filing:
    """Does the named action; unknown ones are refused as `FilingError`."""
    match action:
        case FilingAction.SUBMIT:
            return submit_filing(filing=filing, actor=actor)
        case FilingAction.TAKE_BACK:
            return take_back_filing(filing=filing, actor=actor)
        case FilingAction.SEND_BACK:
            return send_back_filing(filing=filing, actor=actor, reason=reason)
        case FilingAction.VALIDATE:
            return validate_filing(filing=filing, actor=actor)
        case FilingAction.COUNTERSIGN:
            return countersign_filing(filing=filing, actor=actor)
        case FilingAction.REOPEN:
            return reopen_filing(filing=filing, actor=actor, reason=reason)
    raise FilingError("Cette action n’existe pas.")


def _hold(filing: Filing, actor: User, action: FilingAction, reason: str = "") -> tuple[Filing, Transition]:
    """The filing as it stands, locked until the end of the transaction, and the line of the table that applies."""
    held = Filing.objects.select_for_update(of=("self",)).select_related(*WITH_FRAME).get(pk=filing.pk)
    line = transition(action, held.state)
    if line is None:
        state = held.get_state_display()
        raise FilingError(f"«\u00a0{action.label}\u00a0» n’est pas possible dans l’état «\u00a0{state}\u00a0».")
    if refused := refusal(actor, held, line):
        raise NotAllowedError(refused)
    if line.needs_reason and not reason.strip():
        raise FilingError("Donnez le motif\u00a0: il sera affiché en tête du dossier du chef de projet.")
    return held, line


def _move(filing: Filing, line: Transition, actor: User, reason: str = "") -> Filing:
    """Writes the new state, the transition row and the messages."""
    filing.state = line.to_state
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
    return filing


def _tell(filing: Filing, done: FilingTransition) -> None:
    """One message to each person concerned, by transition."""
    subject, body = letters.decision(filing, done)
    for person in people_of(filing.contract, *TOLD[done.action]):
        if person.pk != done.actor_id:
            outbox.enqueue(
                key=f"transition-{done.pk}-{person.pk}",
                topic=MailTopic.DECISION,
                recipient=person.email,
                subject=subject,
                body=body,
            )
