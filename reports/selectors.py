"""Reads across contracts: the portfolio, in a number of queries that does not depend on the number of contracts."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from budget.models import Consumption, PlannedCredit
from budget.planned import fund_plan
from contracts.checks.tallies import Tally, tallies_of
from contracts.funding import Funding
from contracts.models import Contract, ContractVersion, PlannedSheet
from contracts.selectors import funded_by, last_in_force, signed_versions
from contracts.subprojects.selectors import counts_of
from figures.ae_cp import NOTHING, AeCp, minus, share
from monitoring.enums import FilingState
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES, FilingRef, filing_order, filing_ref, last_of_each_year
from reports.facts import Signal
from reports.portfolio_signals import signals_of
from reports.signal import signal_of
from savings.counting import counted
from savings.models import PlannedSaving, RealisedSaving
from savings.planned import recurrent_plan


@dataclass(frozen=True)
class Signed:
    """What the signature promised, in euros: FTAP amount, its credits, recurrent savings by year.

    `lost`, `is_lost`: as in `PortfolioRow`.
    """

    ftap_amount: Decimal | None = None
    planned: AeCp = NOTHING
    recurrent: AeCp = NOTHING
    lost: tuple[str, ...] = ()
    is_lost: bool = False


@dataclass(frozen=True)
class PortfolioRow:
    """A contract in the list, amounts in euros; `open_filing` is the one being entered or reviewed, newest first.

    What is promised is that of `version`, in force; `signed` is what the signature promised.
    `certified_year`, `certified_when_due_year`: the years that the two certified amounts that recur are of.
    `anomalies`: open and accepted, as the checks last found them; None before they first looked. `sub_projects`: how
    many there are and how many are retained, None where there is none. `is_demo`: some of its figures are invented.
    `lost` names what of `planned` is not known because the scan of the contract lost it (`ae`, `cp`), `is_lost` says
    whether it lost amounts of savings.
    """

    contract: Contract
    version: ContractVersion | None
    ftap: Funding
    planned: AeCp
    consumed: AeCp
    savings_recurrent: AeCp
    savings_planned: AeCp
    savings_declared: AeCp
    savings_certified: AeCp
    certified_recurrent: AeCp
    certified_year: int | None
    cost: Funding
    total_consumed: AeCp
    certified_when_due: AeCp
    certified_when_due_year: int | None
    last_filing: FilingRef | None
    open_filing: Filing | None
    weather: str
    weather_label: str
    signal: Signal
    anomalies: Tally | None = None
    sub_projects: tuple[int, int] | None = None
    signed: Signed = Signed()
    is_demo: bool = False
    lost: tuple[str, ...] = ()
    is_lost: bool = False

    @property
    def ftap_amount(self) -> Decimal | None:
        """The contract's FTAP amount in euros (docs/calculs/montant-ftap)."""
        return self.ftap.amount

    @property
    def share(self) -> AeCp:
        """FTAP consumed ÷ FTAP planned."""
        return self.consumed.over(self.planned)

    @property
    def reste_a_payer(self) -> Decimal | None:
        """ΣAE − ΣCP of the FTAP consumed."""
        return minus(self.consumed.ae, self.consumed.cp)

    @property
    def contractual_return(self) -> Decimal | None:
        """R1: contractual recurrent savings ÷ the contract's FTAP amount."""
        return share(self.savings_recurrent.cp, self.ftap_amount)


def portfolio(user: User, *, on: date | None = None, contracts: QuerySet[Contract] | None = None) -> list[PortfolioRow]:
    """A row for each contract that the person may see, in the order of the titles, as of a day (today without day).

    Planned and consumed are FTAP credits, as the contract's own page shows them (the same filings count). `contracts`
    narrows the list; what the person may not see is taken away from it all the same. Twenty-six queries at most.
    """
    day = on or timezone.localdate()
    wanted = Contract.objects.visible_to(user) if contracts is None else contracts & Contract.objects.visible_to(user)
    asked = list(wanted.select_related("holder__ministry"))
    signed = signed_versions(asked)
    versions = {pk: one for pk, rows in signed.items() if (one := last_in_force(rows, day)) is not None}
    found = [funded_by(one, versions.get(one.pk)) for one in asked]
    signatures = {pk: rows[0] for pk, rows in signed.items() if rows[0].number == 0}
    promises = _promises({one.pk for one in (*versions.values(), *signatures.values())})
    filings = filings_by_contract(found)
    counting = {pk: counting_on(rows, day) for pk, rows in filings.items()}
    actuals = _actuals(counting, {one.pk: one.savings_followed_until for one in found})
    signals = signals_of(versions, counting, day)
    tallies = tallies_of([one.pk for one in found])
    chosen = counts_of([one.pk for one in found])
    return [
        _row(
            one,
            versions.get(one.pk),
            signatures.get(one.pk),
            promises,
            filings.get(one.pk, ()),
            counting.get(one.pk, ()),
            actuals,
            signals.get(one.pk) or signal_of(None),
            tallies.get(one.pk),
            chosen.get(one.pk),
        )
        for one in found
    ]


def _row(
    contract: Contract,
    version: ContractVersion | None,
    signature: ContractVersion | None,
    promises: "Promises",
    filings: Sequence[Filing],
    counting: Sequence[Filing],
    actuals: "Actuals",
    computed: Signal,
    anomalies: Tally | None,
    sub_projects: tuple[int, int] | None,
) -> PortfolioRow:
    def promised(what: str, by: ContractVersion | None = version) -> AeCp:
        return promises.sums[what].get(by.pk, NOTHING) if by else NOTHING

    def ftap(by: ContractVersion | None) -> Funding:
        return Funding(promised("sheets", by).cp, promised("credits", by).cp)

    last = counting[-1] if counting else None
    lost, is_lost = promises.lost_of(version)
    return PortfolioRow(
        contract=contract,
        version=version,
        ftap=ftap(version),
        planned=promised("credits"),
        consumed=actuals.credits.get(contract.pk, NOTHING),
        savings_recurrent=promised("recurrent"),
        savings_planned=promised("savings"),
        savings_declared=actuals.declared.get(contract.pk, NOTHING),
        savings_certified=actuals.certified.get(contract.pk, NOTHING),
        certified_recurrent=actuals.recurrent.get(contract.pk, NOTHING),
        certified_year=actuals.recurrent_years.get(contract.pk),
        cost=Funding(promised("sheets").ae, promised("all").cp),
        total_consumed=actuals.every_credit.get(contract.pk, NOTHING),
        certified_when_due=actuals.when_due.get(contract.pk, NOTHING),
        certified_when_due_year=actuals.when_due_years.get(contract.pk),
        last_filing=filing_ref(last) if last else None,
        open_filing=next((one for one in reversed(filings) if one.state != FilingState.LOCKED), None),
        weather=last.weather if last else "",
        weather_label=last.get_weather_display() if last and last.weather else "",
        signal=computed,
        anomalies=anomalies,
        sub_projects=sub_projects,
        signed=Signed(
            ftap(signature).amount,
            promised("credits", signature),
            promised("recurrent", signature),
            *promises.lost_of(signature),
        ),
        is_demo=contract.is_demo or any(one.is_demo for one in counting),
        lost=lost,
        is_lost=is_lost,
    )


@dataclass(frozen=True)
class Promises:
    """By version, what it promises, and what of it the scan lost: its credits, and whether amounts of savings."""

    sums: Mapping[str, Mapping[int, AeCp]]
    credits: Mapping[int, tuple[str, ...]]
    savings: Collection[int]

    def lost_of(self, version: ContractVersion | None) -> tuple[tuple[str, ...], bool]:
        """What `PortfolioRow` calls `lost` and `is_lost`."""
        return (self.credits.get(version.pk, ()), version.pk in self.savings) if version else ((), False)


def _promises(versions: Collection[int]) -> Promises:
    (credits_, lost), (recurrent, unread) = fund_plan(versions), recurrent_plan(versions)
    sums: dict[str, Mapping[int, AeCp]] = {
        "sheets": _sums(PlannedSheet.objects.filter(version__in=versions), "version_id", ae="cost", cp="ftap"),
        "credits": credits_,
        "all": _sums(PlannedCredit.objects.filter(version__in=versions), "version_id"),
        "savings": _sums(PlannedSaving.objects.filter(counted(), version__in=versions), "version_id"),
        "recurrent": recurrent,
    }
    return Promises(sums, lost, unread)


def filings_by_contract(contracts: Iterable[Contract]) -> dict[int, list[Filing]]:
    """By contract, oldest period first."""
    rows = Filing.objects.filter(contract__in=list(contracts)).select_related("campaign")
    found: dict[int, list[Filing]] = defaultdict(list)
    for row in sorted(rows, key=filing_order):
        found[row.contract_id].append(row)
    return found


def counting_on(filings: Iterable[Filing], on: date) -> list[Filing]:
    return [one for one in filings if one.state in COUNTING_STATES and one.campaign.ends_on <= on]


@dataclass(frozen=True)
class Actuals:
    """By contract, what was consumed and saved, in euros; the last two say of which year what recurs was certified."""

    credits: Mapping[int, AeCp]
    every_credit: Mapping[int, AeCp]
    declared: Mapping[int, AeCp]
    certified: Mapping[int, AeCp]
    recurrent: Mapping[int, AeCp]
    when_due: Mapping[int, AeCp]
    recurrent_years: Mapping[int, int]
    when_due_years: Mapping[int, int]


def _actuals(counting: Mapping[int, Sequence[Filing]], followed: Mapping[int, int]) -> Actuals:
    """By contract, what was consumed and saved, from the last filing of each year (that speaks of it).

    `followed`: the last year for which savings are followed, by contract.
    """
    telling = last_of_years(counting, lambda _: True)
    savings = RealisedSaving.objects.filter(filing__in=[one.pk for rows in counting.values() for one in rows])
    with_savings = set(savings.order_by().values_list("filing_id", flat=True).distinct())
    saying = last_of_years(counting, lambda filing: filing.pk in with_savings)
    whole = Consumption.objects.filter(filing__in=list(telling))
    realised = RealisedSaving.objects.filter(counted(), filing__in=list(saying))
    certified = _certified_recurrent(realised)
    due = [one for one in certified if one[1] <= followed[one[0]]]
    return Actuals(
        credits=_sums(whole.filter(line__co_financer__isnull=True), "filing__contract_id"),
        every_credit=_sums(whole, "filing__contract_id"),
        declared=_sums(realised, "filing__contract_id"),
        certified=_sums(realised, "filing__contract_id", ae="certification__ae", cp="certification__cp"),
        recurrent=_last_of(certified),
        when_due=_last_of(due),
        recurrent_years={contract: year for contract, year, _ in certified},
        when_due_years={contract: year for contract, year, _ in due},
    )


def _certified_recurrent(realised: QuerySet[RealisedSaving]) -> list[tuple[int, int, AeCp]]:
    """By contract and year, oldest first, what recurs and was certified."""
    known = Q(certification__ae__isnull=False) | Q(certification__cp__isnull=False)
    rows = realised.filter(known, line__is_recurrent=True).order_by("filing__campaign__year")
    by_year = rows.values_list("filing__contract_id", "filing__campaign__year")
    sums = by_year.annotate(sum_ae=Sum("certification__ae"), sum_cp=Sum("certification__cp"))
    return [(contract, year, AeCp(ae, cp)) for contract, year, ae, cp in sums]


def _last_of(certified: Iterable[tuple[int, int, AeCp]]) -> dict[int, AeCp]:
    """By contract, that of the last year that has a certified amount, as `SavingsSituation` has it."""
    return {contract: amounts for contract, _, amounts in certified}


def last_of_years(counting: Mapping[int, Sequence[Filing]], keep: Callable[[Filing], bool]) -> set[int]:
    return {one.pk for rows in counting.values() for one in last_of_each_year(filter(keep, rows)).values()}


def _sums(rows: QuerySet[Any], by: str, *, ae: str = "ae", cp: str = "cp") -> dict[int, AeCp]:
    """Sums of two columns by a third, in SQL; a sum of nothing known is None, as in `figures.ae_cp.total_ae_cp`."""
    grouped = rows.order_by().values_list(by).annotate(sum_ae=Sum(F(ae)), sum_cp=Sum(F(cp)))
    return {key: AeCp(sum_ae, sum_cp) for key, sum_ae, sum_cp in grouped}
