"""The two terms of the fund's return (R2) as they stood on a day: what one knew then, from dated events.

A filing counts from the day on which it was submitted, and no longer while it is sent back or reopened; a saving is
certified from the day of the certification, with the amount that it then had. What was submitted or certified later,
of the same period or of an earlier one, is not told.
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
from monitoring.models import Filing, FilingTransition
from monitoring.reality import COUNTING_STATES
from reports.selectors import counting_on, filings_by_contract, last_of_years
from savings.counting import counted
from savings.models import RealisedSaving, SavingCertification

Moves = Mapping[int, Sequence[tuple[datetime, str]]]
Terms = tuple[Decimal | None, Decimal | None]


def certified_and_consumed(contracts: Sequence[Contract], days: Iterable[date]) -> dict[date, Terms]:
    """On each day, the certified recurrent savings and the FTAP consumed of all these contracts, CP in euros.

    On the day of today, those that the portfolio adds up. Three queries, and three for each day.
    """
    filings = filings_by_contract(contracts)
    every = [one.pk for rows in filings.values() for one in rows]
    moves = _moves(every)
    rows = RealisedSaving.objects.filter(filing__in=every).order_by()
    with_savings = set(rows.values_list("filing_id", flat=True).distinct())
    found = {}
    for day in days:
        counting = {
            pk: [one for one in counting_on(rows, day) if counted_on(one, moves.get(one.pk, ()), day)]
            for pk, rows in filings.items()
        }
        telling = last_of_years(counting, lambda _: True)
        saying = last_of_years(counting, lambda filing: filing.pk in with_savings)
        found[day] = (_certified(saying, day), _consumed(telling))
    return found


def counted_on(filing: Filing, moves: Sequence[tuple[datetime, str]], day: date) -> bool:
    """Whether a filing that counts now did so at the end of a day; `moves` are its changes of state, oldest first."""
    if not moves:
        return filing.submitted_at is not None and localdate(filing.submitted_at) <= day
    past = [state for at, state in moves if localdate(at) <= day]
    return bool(past) and past[-1] in COUNTING_STATES


def _moves(filings: Collection[int]) -> Moves:
    rows = FilingTransition.objects.filter(filing__in=filings).order_by("at", "pk")
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for filing, at, state in rows.values_list("filing_id", "at", "to_state"):
        found[filing].append((at, state))
    return found


def _consumed(telling: Collection[int]) -> Decimal | None:
    rows = Consumption.objects.filter(filing__in=list(telling), line__co_financer__isnull=True)
    found: Decimal | None = rows.aggregate(sum=Sum("cp"))["sum"]
    return found


def _certified(saying: Collection[int], day: date) -> Decimal | None:
    """What recurs of the last year of each contract that has a certified amount by the day."""
    rows = RealisedSaving.objects.filter(counted(), filing__in=list(saying), line__is_recurrent=True).order_by()
    places = {pk: (contract, year) for pk, contract, year in rows.values_list("pk", *_PLACE)}
    by_contract: dict[int, dict[int, list[Decimal | None]]] = defaultdict(lambda: defaultdict(list))
    for realised, cp in _certified_by(places, day).items():
        contract, year = places[realised]
        by_contract[contract][year].append(cp)
    return total(total(years[max(years)]) for years in by_contract.values())


_PLACE = ("filing__contract_id", "filing__campaign__year")


def _certified_by(realised: Collection[int], day: date) -> dict[int, Decimal | None]:
    """The CP certified of each of these savings by a day: the last certification made by then, from the history."""
    history = SavingCertification.pgh_event_model.objects  # type: ignore[attr-defined]
    known = Q(ae__isnull=False) | Q(cp__isnull=False)
    rows = history.filter(known, realised__in=list(realised), certified_at__date__lte=day)
    return dict(rows.order_by("certified_at", "pgh_id").values_list("realised_id", "cp"))
