"""What the curve of the return reads of many contracts: ten queries, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from budget.models import Consumption, PlannedCredit
from contracts.enums import VersionState
from contracts.models import Contract, ContractVersion
from contracts.selectors import funded_by, versions_in_force
from reports.curve import ContractCurve, Promised
from reports.selectors import counting_on, filings_by_contract, last_of_years
from savings.counting import counted
from savings.models import PlannedSaving, RealisedSaving, SavingsTerms
from savings.selectors import years_after

ByYear = dict[int, Decimal]


def contract_curves(contracts: Iterable[Contract], on: date) -> list[ContractCurve]:
    """One for each contract, as of a day; a contract without any signed version promises nothing."""
    asked = list(contracts)
    now, first = versions_in_force(asked, on), _signatures(asked)
    found = [funded_by(one, now.get(one.pk)) for one in asked]
    promised = _promised({version.pk for one in (now, first) for version in one.values()})
    declared, certified, paid = _realised(found, on)
    return [
        ContractCurve(
            first_year=one.first_year,
            last_year=one.last_year,
            signed=_of(one, promised, first.get(one.pk)),
            in_force=_of(one, promised, now.get(one.pk)),
            declared=declared[one.pk],
            certified=certified[one.pk],
            paid=paid[one.pk],
            title=one.title,
        )
        for one in found
    ]


def _signatures(contracts: Iterable[Contract]) -> dict[int, ContractVersion]:
    rows = ContractVersion.objects.filter(contract__in=list(contracts), number=0, state=VersionState.SIGNED)
    return {version.contract_id: version for version in rows.order_by()}


@dataclass(frozen=True)
class _Promises:
    """By version: savings by year (None: not of lines that recur and count), what recurs after, the fund's CP."""

    savings: Mapping[int, Mapping[int, Decimal | None]]
    recurrent: Mapping[int, Decimal | None]
    money: Mapping[int, ByYear]


def _promised(versions: Iterable[int]) -> _Promises:
    wanted = {"version__in": list(versions)}
    kept = Sum("cp", filter=counted() & Q(line__is_recurrent=True))
    savings: dict[int, dict[int, Decimal | None]] = defaultdict(dict)
    rows = PlannedSaving.objects.filter(**wanted).order_by().values_list("version_id", "year")
    for version, year, amount in rows.annotate(sum_cp=kept):
        savings[version][year] = amount
    terms = SavingsTerms.objects.filter(counted(), **wanted, line__is_recurrent=True)
    recurrent = terms.order_by().values_list("version_id")
    money = PlannedCredit.objects.filter(**wanted, line__co_financer__isnull=True)
    return _Promises(
        savings, dict(recurrent.annotate(sum_cp=Sum("recurrent_cp"))), _by_year(money, "version_id", "year")
    )


def _of(contract: Contract, promises: _Promises, version: ContractVersion | None) -> Promised:
    """What one version promises: printed by year, then what recurs as long as savings are followed."""
    if version is None:
        return Promised()
    table, each_year = promises.savings.get(version.pk, {}), promises.recurrent.get(version.pk)
    printed = {year: amount for year, amount in table.items() if amount is not None}
    after = {} if each_year is None else dict.fromkeys(years_after(contract, version, table), each_year)
    return Promised({**printed, **after}, promises.money.get(version.pk, {}))


def _realised(
    contracts: Iterable[Contract], on: date
) -> tuple[Mapping[int, ByYear], Mapping[int, ByYear], Mapping[int, ByYear]]:
    """By contract and year: recurrent savings declared and certified, and the fund's CP consumed."""
    counting = {pk: counting_on(rows, on) for pk, rows in filings_by_contract(contracts).items()}
    telling = last_of_years(counting, lambda _: True)
    savings = RealisedSaving.objects.filter(filing__in=[one.pk for rows in counting.values() for one in rows])
    with_savings = set(savings.order_by().values_list("filing_id", flat=True).distinct())
    saying = last_of_years(counting, lambda filing: filing.pk in with_savings)
    realised = RealisedSaving.objects.filter(counted(), filing__in=list(saying), line__is_recurrent=True)
    money = Consumption.objects.filter(filing__in=list(telling), line__co_financer__isnull=True)
    place = ("filing__contract_id", "filing__campaign__year")
    return _by_year(realised, *place), _by_year(realised, *place, cp="certification__cp"), _by_year(money, *place)


def _by_year(rows: QuerySet[Any], by: str, year: str, *, cp: str = "cp") -> Mapping[int, ByYear]:
    """Sums of CP by something and by year; a year of which nothing is known is not there."""
    found: dict[int, ByYear] = defaultdict(dict)
    for key, when, amount in rows.order_by().values_list(by, year).annotate(sum_cp=Sum(F(cp))):
        if amount is not None:
            found[key][when] = amount
    return found
