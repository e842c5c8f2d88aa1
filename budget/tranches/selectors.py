"""Reads of tranches: constant in queries, whatever the number of contracts, years and filings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from budget.models import Consumption
from budget.planned import Cells, Lost, fund_plan_by_year
from budget.tranches.calc import EnvelopeYear, TrancheSituation, TrancheYear
from budget.tranches.decided import Decided, contracts_of, decided_tranches
from budget.tranches.dormancy import Activity
from budget.tranches.envelopes import EnvelopeAct, envelopes_on
from budget.tranches.proposal import Proposal, complement_proposed, propose
from contracts.lifecycle.calc import Step
from contracts.lifecycle.selectors import stop_of
from contracts.models import Contract, ContractVersion
from contracts.selectors import funded_by, last_in_force, signed_versions
from figures.ae_cp import NOTHING, AeCp, total, total_ae_cp
from figures.formats import date_fr
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES, filing_order, last_of_each_year
from monitoring.signal import Computed, computed_weather, signal_facts


@dataclass(frozen=True)
class Standing:
    """A contract with its tranches on a day, and its filings that count, oldest first."""

    contract: Contract
    version: ContractVersion | None
    signed_on: date | None
    situation: TrancheSituation
    filings: Sequence[Filing]
    moved_on: date | None = None
    told_on: date | None = None

    @property
    def last_filing(self) -> Filing | None:
        """The one that the newest figures come from."""
        return self.filings[-1] if self.filings else None

    @property
    def activity(self) -> Activity:
        """What tells whether the contract sleeps, from its signature to the end of its last year."""
        facts, until = self.situation, self.told_on.year if self.told_on else 0
        told = [one for one in facts.years if one.consumed.ae is not None]
        return Activity(
            starts_on=self.signed_on or date(self.contract.first_year, 1, 1),
            ends_on=date(self.contract.last_year, 12, 31),
            moved_on=self.moved_on,
            told_on=self.told_on,
            planned_ae=facts.planned.ae,
            consumed_ae=facts.consumed.ae,
            granted_ae=total(one.decided.ae for one in told),
            blank_years=tuple(
                one.year
                for one in facts.years
                if one.year <= until and one not in told and (one.planned.ae or one.decided.ae)
            ),
        )


def standings(contracts: Iterable[Contract], on: date, *, with_later: bool = False) -> list[Standing]:
    """The tranches of these contracts as of a day, in the order given. Five queries.

    What was decided, made available or closed after the day is told `with_later` only.
    """
    given = list(contracts)
    versions = signed_versions(given)
    in_force = {pk: one for pk, rows in versions.items() if (one := last_in_force(rows, on)) is not None}
    asked = [funded_by(one, in_force.get(one.pk)) for one in given]
    planned, lost = fund_plan_by_year([one for rows in versions.values() for one in rows])
    filings = _filings(asked, on)
    consumed = _consumed(filings)
    decided = decided_tranches(asked, versions, planned, on, with_later=with_later)
    return [
        Standing(
            contract=one,
            version=in_force.get(one.pk),
            signed_on=versions[one.pk][0].signed_on if one.pk in versions else None,
            situation=_situation(one, in_force.get(one.pk), (planned, lost), filings[one.pk], consumed, decided),
            filings=filings[one.pk],
            **_last_days(filings[one.pk], consumed),
        )
        for one in asked
    ]


def standing(contract: Contract, on: date, *, with_later: bool = False) -> Standing:
    """The same for one contract."""
    return standings([contract], on, with_later=with_later)[0]


def weather_of(one: Standing) -> Computed | None:
    """The computed weather at the end of the last filing that counts; None without one."""
    last = one.last_filing
    return computed_weather(signal_facts(last, one.filings)) if last is not None else None


def proposal_of(
    one: Standing, year: int, stop: "Stop | None", envelope: EnvelopeYear | None
) -> tuple[Proposal, Computed | None]:
    """What the written rule proposes for a year, with the weather that it rests on.

    `stop` is `funding_stop`'s, `envelope` the fund's in that year, None while nobody recorded it.
    """
    weather = weather_of(one)
    told, left = stop.told if stop else "", envelope.left if envelope else NOTHING
    return propose(one.situation, year, weather.weather.value if weather else "", told, left), weather


def complement_of(
    one: Standing, year: int, stop: "Stop | None", envelope: EnvelopeYear | None
) -> tuple[Proposal, Computed | None]:
    """What the written rule proposes to add to a tranche already given, with the weather told beside it."""
    told, left = stop.told if stop else "", envelope.left if envelope else NOTHING
    return complement_proposed(one.situation, year, told, left), weather_of(one)


def envelope_years(rows: Iterable[Standing], on: date) -> list[EnvelopeYear]:
    """The fund by year: its envelope on a day, and what these contracts were given and consumed. One query."""
    by_year: dict[int, list[TrancheYear]] = defaultdict(list)
    for one in rows:
        for year in one.situation.years:
            by_year[year.year].append(year)
    known = envelopes_on(on)
    return [_envelope(year, known.get(year), by_year[year]) for year in sorted({*by_year, *known})]


def envelope_of(year: int, on: date, *, with_later: bool = False) -> EnvelopeYear | None:
    """The fund in a year, over every contract, as of a day; None when no envelope was open for it by then."""
    if year not in envelopes_on(on, [year]):
        return None
    every = standings(contracts_of([year]), on, with_later=with_later)
    return next(one for one in envelope_years(every, on) if one.year == year)


def open_credits(years: Collection[int], on: date) -> dict[int, AeCp]:
    """Voted and carried over in each of these years by a day, in euros; one without is not there. One query."""
    return {year: one.open for year, one in envelopes_on(on, years).items()}


@dataclass(frozen=True)
class Stop:
    """Why nothing new may be given to a contract, in French: a sentence, and a word. `is_over`: nothing ever will."""

    told: str
    word: str
    is_over: bool


def funding_stop(contract: Contract, on: date) -> Stop | None:
    """What stops the contract's funding on the day; None while it goes on."""
    stop = stop_of(contract, on)
    if stop is None or stop.on is None:
        return None
    since = f"depuis le {date_fr(stop.on)}"
    if stop.step is Step.END:
        return Stop(f"L’exécution du contrat est finie {since}.", "achevé", is_over=True)
    if stop.step is Step.INTERRUPTION:
        return Stop(f"Le financement du contrat est interrompu {since}.", "interrompu", is_over=True)
    return Stop(f"Le financement du contrat est suspendu {since}.", "suspendu", is_over=False)


# --- How each is read ---


def _consumed(filings: Mapping[int, Sequence[Filing]]) -> Mapping[int, AeCp]:
    """FTAP credits by filing."""
    wanted = [one.pk for rows in filings.values() for one in rows]
    rows = Consumption.objects.filter(filing__in=wanted, line__co_financer__isnull=True).order_by()
    grouped = rows.values_list("filing_id").annotate(sum_ae=Sum("ae"), sum_cp=Sum("cp"))
    return {filing: AeCp(ae, cp) for filing, ae, cp in grouped}


def _filings(contracts: Collection[Contract], on: date) -> dict[int, list[Filing]]:
    rows = Filing.objects.filter(contract__in=contracts, state__in=COUNTING_STATES, campaign__ends_on__lte=on)
    found: dict[int, list[Filing]] = defaultdict(list)
    for row in sorted(rows.select_related("campaign", "version", "contract__holder__ministry"), key=filing_order):
        found[row.contract_id].append(row)
    return found


def _last_days(filings: Sequence[Filing], consumed: Mapping[int, AeCp]) -> dict[str, date]:
    """The end of the last period whose AE are reported, and of the last in which they moved since 1 January."""
    known: dict[int, Decimal] = {}
    days: dict[str, date] = {}
    for one in filings:
        ae = consumed.get(one.pk, NOTHING).ae
        if ae is None:
            continue
        days["told_on"] = one.campaign.ends_on
        if ae != known.get(one.campaign.year, Decimal(0)):
            days["moved_on"] = one.campaign.ends_on
        known[one.campaign.year] = ae
    return days


def _situation(
    contract: Contract,
    version: ContractVersion | None,
    promise: tuple[Cells, Lost],
    filings: Sequence[Filing],
    consumed: Mapping[int, AeCp],
    decided: Decided,
) -> TrancheSituation:
    last = last_of_each_year(filings)
    planned, lost = promise
    plan = {year: pair for (pk, year), pair in planned.items() if version is not None and pk == version.pk}
    given = {year: cell for (pk, year), cell in decided.items() if pk == contract.pk}
    years = []
    for year in sorted({*contract.funding_years, *plan, *last, *given}):
        gone = lost.get((version.pk, year), ()) if version is not None else ()
        cell = replace(given.get(year, TrancheYear(year, NOTHING)), planned=plan.get(year, NOTHING), lost=gone)
        if year in last:
            cell = replace(cell, consumed=consumed.get(last[year].pk, NOTHING), filing=last[year].pk)
        years.append(cell)
    return TrancheSituation(tuple(years))


def _envelope(year: int, row: EnvelopeAct | None, tranches: Sequence[TrancheYear]) -> EnvelopeYear:
    return EnvelopeYear(
        year=year,
        voted=row.voted if row else NOTHING,
        carried=row.carried if row else NOTHING,
        decided=_given(one.decided for one in tranches),
        available=_given(one.available for one in tranches),
        consumed=total_ae_cp(one.consumed for one in tranches),
        source=row.source if row else "",
        dated_on=row.dated_on if row else None,
        fixed=total_ae_cp(one.decided for one in tranches if one.is_fixed),
    )


def _given(pairs: Iterable[AeCp]) -> AeCp:
    """What the fund gave in all: its own acts are all known, so that none is zero."""
    given = total_ae_cp(pairs)
    return AeCp(given.ae or Decimal(0), given.cp or Decimal(0))
