"""Talking about a figure: a reviewer asks, the lead answers, the reviewer resolves.

No lock applies: what is said of a filing is not in it. Errors: `FilingError`, `NotAllowedError`, `ValidationError`.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from monitoring import letters, sections
from monitoring.enums import MailTopic
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing, Remark, Thread
from monitoring.notices import tell
from monitoring.permissions import can_answer_thread, can_open_thread, can_resolve_thread
from monitoring.sections import SummaryRow
from monitoring.selectors import leads_of

LONGEST = 4000
"""Characters of a remark."""


@transaction.atomic
def open_thread(*, filing: Filing, actor: User, section: str, row: str, text: str) -> Thread:
    """A reviewer asks about a row of the review; on a row already under discussion, the question joins the thread."""
    if not can_open_thread(actor, filing):
        raise NotAllowedError("Seuls le secrétariat et les instructeurs ouvrent une remarque.")
    found = _row(filing, section, row)
    held = Filing.objects.select_for_update().get(pk=filing.pk)  # two reviewers on one row: one thread
    thread, _ = Thread.objects.get_or_create(
        filing=held, section=section, row=row, resolved_at=None, defaults={"label": found.full_label[:400]}
    )
    _say(thread, actor, text)
    return thread


@transaction.atomic
def answer_thread(*, thread: Thread, actor: User, text: str) -> Remark:
    """The lead, or a reviewer, adds to an open thread, in whatever state the filing is."""
    held = _open(thread)
    if not can_answer_thread(actor, held.filing):
        raise NotAllowedError("La réponse revient au chef de projet ou aux instructeurs.")
    return _say(held, actor, text)


@transaction.atomic
def resolve_thread(*, thread: Thread, actor: User) -> Thread:
    """A reviewer says that the question is settled; the thread stays as it is from then on."""
    held = _open(thread)
    if not can_resolve_thread(actor, held.filing):
        raise NotAllowedError("Seuls le secrétariat et les instructeurs résolvent une remarque.")
    held.resolved_by, held.resolved_at = actor, timezone.now()
    held.save(update_fields=["resolved_by", "resolved_at"])
    return held


def _row(filing: Filing, code: str, key: str) -> SummaryRow:
    """The row of the filing's review that a thread hangs on."""
    found = next((one for one in sections.sections_of(filing) if one.code == code), None)
    rows = found.summary(filing) if found and found.summary else ()
    for row in rows:
        if row.row_key == key:
            return row
    raise FilingError("Cette ligne n’existe pas dans le dossier.")


def _open(thread: Thread) -> Thread:
    """The thread as it stands, held until the end of the transaction."""
    held = (
        Thread.objects.select_for_update(of=("self",))
        .select_related("filing__contract__holder__ministry", "filing__campaign")
        .get(pk=thread.pk)
    )
    if not held.is_open:
        raise FilingError("Cette remarque est déjà résolue.")
    return held


def _say(thread: Thread, actor: User, text: str) -> Remark:
    kept = text.replace("\x00", "").strip()
    if len(kept) > LONGEST:
        raise FilingError("Une remarque fait 4\u202f000 caractères au plus.")
    remark = Remark(thread=thread, author=actor, text=kept)
    remark.full_clean()
    remark.save()
    tell(f"remark-{remark.pk}", MailTopic.REMARK, _concerned(thread, actor), letters.remark(thread, remark))
    return remark


def _concerned(thread: Thread, author: User) -> list[User]:
    """The leads of the contract, and whoever spoke in the thread, but for the author."""
    spoke = User.objects.filter(is_active=True, pk__in=thread.remarks.order_by().values("author"))
    people = {person.pk: person for person in (*leads_of(thread.filing.contract), *spoke)}
    return [person for pk, person in people.items() if pk != author.pk]
