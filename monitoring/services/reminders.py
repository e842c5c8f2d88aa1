"""The calendar of reminders: made with the filing, told when due, moved with the due date."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from monitoring import letters
from monitoring.awaited import standing
from monitoring.enums import FilingState, MailTopic
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import DueDateChange, Filing, Reminder
from monitoring.models.reminders import ESCALATION_STEP, STEPS
from monitoring.notices import tell
from monitoring.permissions import can_change_due_date
from monitoring.selectors import WITH_FRAME, leads_of, people_of


def make_calendars(filings: Sequence[Filing]) -> None:
    """The steps of each filing, from its due date; those that it has already stay as they are. One query."""
    Reminder.objects.bulk_create(
        [Reminder(filing=filing, step=step, day=_day(filing, step)) for filing in filings for step in STEPS],
        ignore_conflicts=True,
    )


def _day(filing: Filing, step: int) -> date:
    return filing.due_on + timedelta(days=step)


def due_reminders(on: date) -> QuerySet[Reminder]:
    """The steps due by this day and not yet told, of filings open for entry."""
    return Reminder.objects.filter(
        day__lte=on, told_at__isnull=True, dropped_at__isnull=True, filing__state__in=FilingState.editable()
    ).order_by("step")


def chase(*, on: date) -> int:
    """Tell the steps that are due and not yet told; give how many people are told something.

    After a pause of the scheduler only the last step due of a filing is told, the earlier ones are dropped. A step that
    finds nobody to tell stays due. A submission stops them, as long as it answers the due date (`monitoring.awaited`).
    Safe to run twice and in several workers: each filing is held by one of them, and one that somebody is submitting at
    that instant waits for the next run.
    """
    filings = due_reminders(on).order_by("filing").values_list("filing", flat=True).distinct()
    return sum(_chase(pk, on) for pk in list(filings))


@transaction.atomic
def _chase(pk: int, on: date) -> int:
    """One filing, unless another worker or a person holds it."""
    held = Filing.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    filing = held.select_related(*WITH_FRAME).filter(pk=pk).first()
    due = list(due_reminders(on).filter(filing=filing)) if filing else []
    if filing is None or not due or standing(filing, on).answered_on is not None:
        return 0
    told = _tell(filing, due[-1], on)
    if told:
        now = timezone.now()
        Reminder.objects.filter(pk=due[-1].pk).update(told_at=now)
        Reminder.objects.filter(pk__in=[row.pk for row in due[:-1]]).update(dropped_at=now)
    return told


def _tell(filing: Filing, row: Reminder, on: date) -> int:
    """The lead, and the secretariat at the last step; gives how many people there were to tell."""
    key, leads = f"reminder-{filing.pk}-{row.step:+d}-{row.day}", leads_of(filing.contract)
    tell(key, MailTopic.REMINDER, leads, letters.reminder(filing, on))
    if row.step < ESCALATION_STEP:
        return len(leads)
    secretariat = people_of(filing.contract, Role.SECRETARIAT)
    tell(f"escalation-{key}", MailTopic.ESCALATION, secretariat, letters.escalation(filing, leads))
    return len(leads) + len(secretariat)


@transaction.atomic
def change_due_date(*, filing: Filing, actor: User, due_on: date, reason: str) -> Filing:
    """The secretariat gives a filing another due date: the steps not yet told move with it, the others stay.

    Effects, in order: the due date, the row that says why, the steps not told (those dropped may come again), a notice
    to the leads. Errors: `NotAllowedError`; `FilingError` (submitted or further on, no reason, same day, before the
    campaign opens).
    """
    if not can_change_due_date(actor, filing):
        raise NotAllowedError("Seul le secrétariat du fonds change une échéance.")
    held = Filing.objects.select_for_update(of=("self",)).select_related(*WITH_FRAME).get(pk=filing.pk)
    _check(held, due_on, reason)
    change = DueDateChange.objects.create(
        filing=held, actor=actor, due_before=held.due_on, due_after=due_on, reason=reason.strip()
    )
    held.due_on = due_on
    held.save(update_fields=["due_on"])
    rows = list(held.reminders.filter(told_at__isnull=True).order_by("step"))
    for row in rows:
        row.day, row.dropped_at = _day(held, row.step), None
    Reminder.objects.bulk_update(rows, ["day", "dropped_at"])
    tell(f"due-{change.pk}", MailTopic.OPENING, leads_of(held.contract), letters.due_date(held, change))
    return held


def _check(filing: Filing, due_on: date, reason: str) -> None:
    if not filing.is_editable:
        raise FilingError("Ce dossier n’est plus attendu\u00a0: il a été soumis.")
    if not reason.strip():
        raise FilingError("Donnez le motif\u00a0: il sera envoyé au chef de projet.")
    if due_on == filing.due_on:
        raise FilingError("La nouvelle échéance est la même que l’ancienne.")
    if due_on < filing.campaign.opens_on:
        raise FilingError("L’échéance ne peut pas précéder l’ouverture de la campagne.")
