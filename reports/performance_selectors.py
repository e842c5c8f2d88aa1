"""What the performance indicators read: dated events of contracts, calls for projects, the fund's certified return."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from contracts.calls.selectors import calls_on
from contracts.models import Contract, ContractVersion, LifeEvent
from reports.fund_return import terms_by_day
from reports.performance import CallCount, ContractDates, Measure, measures

EVENTS = {
    "selection": "selected_on",
    "decision": "decided_on",
    "fin": "ended_on",
    "bilan": "reviewed_on",
    "interruption": "interrupted_on",
}


@dataclass(frozen=True)
class Trend:
    """An indicator at the end of each year and on the day: its measures, in the order of `Performance.days`."""

    code: str
    title: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Performance:
    """The indicators on a day, and what they were on the last day of each year before."""

    on: date
    measures: tuple[Measure, ...]
    days: tuple[date, ...]
    trends: tuple[Trend, ...]


def performance(user: User, on: date) -> Performance:
    """The six indicators over the contracts that the person may read, as of a day and at each year's end before it.

    The number of queries grows with the years, not with the contracts.
    """
    contracts = list(Contract.objects.visible_to(user).select_related("holder__ministry"))
    rows, calls = dates_of(contracts), call_counts(on)
    days = (*_year_ends(rows, calls, on), on)
    returns = terms_by_day(contracts, days)
    codes = {one.pk: one.code for one in contracts}
    by_day = [measures(rows, calls, day, {codes[pk]: each for pk, each in returns[day].items()}) for day in days]
    trends = tuple(Trend(each[0].code, each[0].title, each) for each in zip(*by_day, strict=True))
    return Performance(on, by_day[-1], days, trends)


def dates_of(contracts: Sequence[Contract]) -> list[ContractDates]:
    """The dates of each contract, in the order given; the contract's own date is its signature. Two queries."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    events = LifeEvent.objects.filter(contract__in=contracts, kind__in=EVENTS).order_by("on", "pk")
    for contract, kind, on, call in events.values_list("contract_id", "kind", "on", "call_id"):
        found[contract][EVENTS[kind]] = on
        if call is not None:
            found[contract]["is_tied"] = True
    signed = dict(
        ContractVersion.objects.filter(contract__in=contracts, number=0)
        .order_by()
        .values_list("contract_id", "signed_on")
    )
    return [
        ContractDates(
            code=one.code,
            title=one.title,
            signed_on=signed.get(one.pk),
            first_year=one.first_year,
            **found[one.pk],
        )
        for one in contracts
    ]


def call_counts(on: date) -> list[CallCount]:
    """Every call open by a day, with the days on which contracts were selected in it. Two queries."""
    return [
        CallCount(
            title=one.call.name,
            closed_on=one.call.closes_on,
            applications=one.call.applications,
            selected_on=tuple(each.on for each in one.selections),
        )
        for one in calls_on(on)
    ]


def _year_ends(rows: Sequence[ContractDates], calls: Sequence[CallCount], on: date) -> list[date]:
    """The last day of each year from the beginning of the first contract or call on, the years before `on` only."""
    known = [*(one.begins_on for one in rows if one.begins_on), *(one.closed_on for one in calls)]
    return [date(year, 12, 31) for year in range(min(known, default=on).year, on.year)]
