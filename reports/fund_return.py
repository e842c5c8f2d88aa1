"""The two terms of each contract's return (R2) as they stood on a day: what one knew then, from dated acts.

A filing counts from the day on which it was submitted, and no longer while it is sent back or reopened; a saving is
certified from the day of the certification, with the amount that it then had. What was submitted, corrected or
certified later, of the same period or of an earlier one, is not told: a past day gives for ever what it gave.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.timezone import localdate

from budget.models import Consumption
from contracts.models import Contract
from figures.ae_cp import total
from monitoring.enums import FilingState
from monitoring.models import Filing, FilingTransition
from monitoring.reality import COUNTING_STATES, last_of_each_year
from reports.performance import Terms
from reports.selectors import filings_by_contract
from savings.counting import counted
from savings.models import RealisedSaving, SavingCertification

Moves = Sequence[tuple[datetime, str]]
Amounts = Mapping[int, Decimal | None]


def terms_by_day(contracts: Sequence[Contract], days: Iterable[date]) -> dict[date, dict[int, Terms]]:
    """On each day, the certified recurrent savings and the FTAP consumed of each of these contracts, CP in euros.

    On the day of today, those that the portfolio adds up. Four queries, and three or four for each day.
    """
    filings = filings_by_contract(contracts)
    moves = _moves([one.pk for rows in filings.values() for one in rows])
    rows = RealisedSaving.objects.filter(filing__contract__in=contracts).order_by()
    with_savings = set(rows.values_list("filing_id", flat=True).distinct())
    found = {}
    for day in days:
        told = {pk: [one for one in rows if _tells(one, moves[one.pk], day)] for pk, rows in filings.items()}
        found[day] = _terms(told, moves, with_savings, day)
    return found


def counted_on(filing: Filing, moves: Moves, day: date) -> bool:
    """Whether a filing counted at the end of a day; `moves` are its changes of state, oldest first."""
    if not moves:
        is_counting = filing.state in COUNTING_STATES
        return is_counting and filing.submitted_at is not None and localdate(filing.submitted_at) <= day
    past = [state for at, state in moves if localdate(at) <= day]
    return bool(past) and past[-1] in COUNTING_STATES


def reopened_at(moves: Moves, day: date) -> datetime | None:
    """When a filing that counted on a day was first opened to entry again; None while its figures are still those."""
    return next((at for at, state in moves if localdate(at) > day and state in FilingState.editable()), None)


def _tells(filing: Filing, moves: Moves, day: date) -> bool:
    return filing.campaign.ends_on <= day and counted_on(filing, moves, day)


def _moves(filings: Collection[int]) -> Mapping[int, Moves]:
    rows = FilingTransition.objects.filter(filing__in=filings).order_by("at", "pk")
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for filing, at, state in rows.values_list("filing_id", "at", "to_state"):
        found[filing].append((at, state))
    return found


def _terms(
    told: Mapping[int, Sequence[Filing]], moves: Mapping[int, Moves], with_savings: Collection[int], day: date
) -> dict[int, Terms]:
    telling = {pk: last_of_each_year(rows).values() for pk, rows in told.items()}
    saying = {pk: last_of_each_year(one for one in rows if one.pk in with_savings) for pk, rows in told.items()}
    consumed = _consumed([one.pk for rows in telling.values() for one in rows], moves, day)
    certified = _certified([one.pk for rows in saying.values() for one in rows.values()], day)
    return {
        pk: (
            _last_certified({year: certified[one.pk] for year, one in saying[pk].items() if one.pk in certified}),
            total(consumed.get(one.pk) for one in rows),
        )
        for pk, rows in telling.items()
    }


def _last_certified(years: Amounts) -> Decimal | None:
    """What recurs of the last year that has a certified amount."""
    return years[max(years)] if years else None


def _consumed(telling: Collection[int], moves: Mapping[int, Moves], day: date) -> Amounts:
    """FTAP CP by filing; of one that was reopened since the day, what it then told is read from the history."""
    since = {pk: at for pk in telling if (at := reopened_at(moves[pk], day)) is not None}
    kept = [pk for pk in telling if pk not in since]
    rows = Consumption.objects.filter(filing__in=kept, line__co_financer__isnull=True).order_by()
    told: dict[int, Decimal | None] = dict(rows.values_list("filing_id").annotate(sum=Sum("cp")))
    return {**told, **_before(since)}


def _before(since: Mapping[int, datetime]) -> Amounts:
    """What these filings told before an instant, each its own. One query, none without filings."""
    if not since:
        return {}
    history = Consumption.pgh_event_model.objects  # type: ignore[attr-defined]
    events = history.filter(filing__in=since, line__co_financer__isnull=True).order_by("pgh_id")
    last: dict[int, tuple[int, str, Decimal | None]] = {}
    for row, filing, at, label, cp in events.values_list("id", "filing_id", "pgh_created_at", "pgh_label", "cp"):
        if at < since[filing]:
            last[row] = filing, label, cp
    by_filing: dict[int, list[Decimal | None]] = defaultdict(list)
    for filing, label, cp in last.values():
        if label != "delete":
            by_filing[filing].append(cp)
    return {filing: total(rows) for filing, rows in by_filing.items()}


def _certified(saying: Collection[int], day: date) -> Amounts:
    """Recurrent CP by filing, from the last certification of each saving made by the day."""
    rows = RealisedSaving.objects.filter(counted(), filing__in=saying, line__is_recurrent=True).order_by()
    filing_of = dict(rows.values_list("pk", "filing_id"))
    by_filing: dict[int, list[Decimal | None]] = defaultdict(list)
    for realised, cp in _certified_by(filing_of, day).items():
        by_filing[filing_of[realised]].append(cp)
    return {filing: total(rows) for filing, rows in by_filing.items()}


def _certified_by(realised: Collection[int], day: date) -> Amounts:
    """The CP certified of each of these savings by a day: the last certification made by then, from the history."""
    history = SavingCertification.pgh_event_model.objects  # type: ignore[attr-defined]
    known = Q(ae__isnull=False) | Q(cp__isnull=False)
    rows = history.filter(known, realised__in=list(realised), certified_at__date__lte=day)
    return dict(rows.order_by("certified_at", "pgh_id").values_list("realised_id", "cp"))
