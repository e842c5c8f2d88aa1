"""What the performance indicators read: the dated events of every contract, and the fund's certified return."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from accounts.models import User
from contracts.models import Contract, ContractVersion, LifeEvent
from figures.ae_cp import total
from reports.performance import ContractDates, Measure, measures
from reports.selectors import portfolio

EVENTS = {
    "selection": "selected_on",
    "decision": "decided_on",
    "fin": "ended_on",
    "bilan": "reviewed_on",
    "interruption": "interrupted_on",
}


def performance(user: User, on: date) -> tuple[Measure, ...]:
    """The six indicators over the contracts that the person may read, as of a day."""
    rows = portfolio(user, on=on)
    return measures(
        dates_of([row.contract for row in rows]),
        on,
        applications=None,
        certified=total(row.certified_recurrent.cp for row in rows),
        consumed=total(row.consumed.cp for row in rows),
    )


def dates_of(contracts: Sequence[Contract]) -> list[ContractDates]:
    """The dates of each contract, in the order given; the contract's own date is its signature. Two queries."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    events = LifeEvent.objects.filter(contract__in=contracts, kind__in=EVENTS).order_by("on", "pk")
    for contract, kind, on in events.values_list("contract_id", "kind", "on"):
        found[contract][EVENTS[kind]] = on
    signed = dict(
        ContractVersion.objects.filter(contract__in=contracts, number=0)
        .order_by()
        .values_list("contract_id", "signed_on")
    )
    return [
        ContractDates(code=one.code, title=one.title, signed_on=signed.get(one.pk), **found[one.pk])
        for one in contracts
    ]
