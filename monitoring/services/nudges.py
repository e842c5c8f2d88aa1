"""The secretariat's reminder to several late filings at once: one message to a lead and a day at most."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from monitoring import letters
from monitoring.awaited import Standing, chased_filings
from monitoring.enums import MailTopic, Way
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Campaign, Filing, Notice, Nudge
from monitoring.notices import Message, tell_all
from monitoring.permissions import can_open_campaign
from monitoring.selectors import leads_by_contract


@dataclass(frozen=True)
class Nudged:
    """What became of a reminder: who is written to at once, in the digest, not at all, and why."""

    at_once: tuple[User, ...]
    in_digest: tuple[User, ...]
    unwanted: tuple[User, ...]
    already: tuple[User, ...]
    without_lead: tuple[Filing, ...]


@transaction.atomic
def nudge(*, campaign: Campaign, filings: Collection[int], actor: User, on: date) -> Nudged:
    """Remind the leads of these filings of the campaign, late or asked for once more; the others are left out.

    A lead of several gets one message that lists them; a lead who had one today gets no other. What a lead is
    told of keeps the day and who reminded.
    Errors: `NotAllowedError`; `FilingError` when none of them is.
    """
    if not can_open_campaign(actor):
        raise NotAllowedError("Seul le secrétariat du fonds relance les chefs de projet.")
    late = [(filing, stands) for filing, stands in chased_filings(on, campaign) if filing.pk in filings]
    if not late:
        raise FilingError("Choisissez au moins un dossier en retard ou attendu de nouveau.")
    leads = leads_by_contract()
    owed: dict[User, dict[Filing, Standing]] = defaultdict(dict)
    for filing, stands in late:
        for lead in leads.get(filing.contract.code, ()):
            owed[lead][filing] = stands
    page = reverse("monitoring:campaign", args=[campaign.pk])
    messages = [
        Message(f"nudge-{on}", MailTopic.NUDGE, lead, letters.nudge(mine, actor, page)) for lead, mine in owed.items()
    ]
    nudged = _sorted(tell_all(messages), list(owed), [each for each, _ in late if not leads.get(each.contract.code)])
    told = {filing for lead in (*nudged.at_once, *nudged.in_digest) for filing in owed[lead]}
    Nudge.objects.bulk_create(Nudge(filing=filing, actor=actor) for filing, _ in late if filing in told)
    return nudged


def _sorted(told: list[Notice], people: list[User], without_lead: list[Filing]) -> Nudged:
    ways = {notice.user_id: notice.way for notice in told}

    def by(way: Way | None) -> tuple[User, ...]:
        return tuple(person for person in people if ways.get(person.pk) == way)

    return Nudged(by(Way.AT_ONCE), by(Way.DIGEST), by(Way.NEVER), by(None), tuple(without_lead))
