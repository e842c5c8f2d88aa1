"""What was decided, contract by contract: the acts written on rows, and the first year, which the contract fixes.

The one place that tells whether a tranche is decided and for how much: pages, reports, checks, envelope and rules of
entry all ask it. A year that nobody decided is not there; amounts are euros of the fund's own credits.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from budget.models import FundingTranche, TrancheMove
from budget.planned import Cells, fund_plan_by_year
from budget.tranches import calc
from budget.tranches.calc import Complement, TrancheYear
from budget.tranches.enums import TrancheAction, TrancheState
from contracts.enums import VersionState
from contracts.fields import amount
from contracts.models import Contract, ContractVersion
from contracts.selectors import in_force_on, last_in_force, signed_versions
from figures.ae_cp import NOTHING, AeCp, total_ae_cp

Decided = Mapping[tuple[int, int], TrancheYear]
"""By contract and year."""

TOLD: Final = (
    *("contract", "year", "state", "decision", "is_fixed", "ae", "ae_currency", "cp", "cp_currency"),
    *("planned_ae", "planned_ae_currency", "planned_cp", "planned_cp_currency"),
    *("reason", "filing", "decided_on", "made_available_on", "closed_on"),
)
"""The columns that tell what a row says: half of the table, which each save of a row of a filing reads."""

FIXED_REASON: Final = "Montants fixés par le contrat (article 6)."
FIXED_BY_AMENDMENT: Final = "Montants fixés par l’avenant n°\u00a0{} (articles 6 et 8)."


def decided_tranches(
    contracts: Collection[Contract],
    versions: Mapping[int, Sequence[ContractVersion]],
    planned: Cells,
    on: date,
    *,
    with_later: bool = False,
    year: int | None = None,
) -> Decided:
    """Every tranche of these contracts, or that of one year, that is decided on a day, in the state that it has on it.
    One query.

    `versions` are the signed ones of each contract, `planned` the fund's credits by version and year. What was decided,
    made available or closed after the day is told `with_later` only: what a new decision has to leave room for.
    """
    found: dict[tuple[int, int], TrancheYear] = {}
    for one in contracts:
        if (cell := _fixed(one, versions.get(one.pk, ()), planned, on)) is not None:
            found[one.pk, cell.year] = cell
    by_pk = {one.pk: one for one in contracts}
    for row, told in _told(contracts, on, with_later=with_later, year=year):
        is_untouched = told.is_fixed and told.state == calc.DECIDED and (row.contract_id, row.year) in found
        if told.is_decided and not is_untouched:
            signed = versions.get(row.contract_id, ())
            act = (
                _fixed(by_pk[row.contract_id], signed, planned, told.made_available_on or on) if told.is_fixed else None
            )
            dated = _dated(told, act)
            plan = _plan(signed, planned, row.year, dated.given_on or on)
            found[row.contract_id, row.year] = _against(dated, plan)
    return found if with_later else {key: cell for key, cell in found.items() if cell.as_of(on).is_decided}


def decided_of(contract: Contract, on: date) -> dict[int, TrancheYear]:
    """By year, what is decided for one contract on a day. Three queries."""
    versions = signed_versions([contract])
    planned, _ = fund_plan_by_year([one for rows in versions.values() for one in rows])
    return {year: cell for (_, year), cell in decided_tranches([contract], versions, planned, on).items()}


def decided_by_year(years: Collection[int], on: date) -> dict[int, AeCp]:
    """What the whole fund decided for each of these years, as of a day; NOTHING for a year without. Four queries."""
    every = contracts_of(years)
    versions = signed_versions(every)
    planned, _ = fund_plan_by_year([one for rows in versions.values() for one in rows], years)
    by_year: dict[int, list[AeCp]] = defaultdict(list)
    for (_, year), cell in decided_tranches(every, versions, planned, on).items():
        by_year[year].append(cell.decided)
    return {year: total_ae_cp(by_year[year]) for year in years}


def decided_tranche(contract: Contract, year: int, on: date) -> AeCp:
    """What is decided for a contract in a year, as of a day; NOTHING when nothing is. One query, two in the first."""
    versions: dict[int, list[ContractVersion]] = {}
    planned: dict[tuple[int, int], AeCp] = {}
    if year == contract.first_tranche_year:
        rows = list(_signed_with_plan(contract, year))
        versions[contract.pk] = rows
        planned = {(row.pk, year): AeCp(row.year_ae, row.year_cp) for row in rows}
    cell = decided_tranches([contract], versions, planned, on, year=year).get((contract.pk, year))
    return cell.decided if cell else NOTHING


def _signed_with_plan(contract: Contract, year: int) -> QuerySet[Any]:
    """The signed versions of a contract in order, each with the fund's own credits of the year."""
    own = Q(planned_credits__year=year, planned_credits__line__co_financer__isnull=True)
    signed = ContractVersion.objects.filter(contract=contract, state=VersionState.SIGNED).order_by("number")
    sums = {f"year_{kind}": Sum(f"planned_credits__{kind}", filter=own) for kind in ("ae", "cp")}
    return signed.annotate(**sums)


def contracts_of(years: Collection[int]) -> list[Contract]:
    """The contracts that may have a tranche in one of these years: funded then, or given one anyway. One query."""
    funded = Q(pk__in=[])
    for year in years:
        funded |= Q(first_year__lte=year, last_year__gte=year)
    given = FundingTranche.objects.filter(year__in=years).values("contract")
    return list(Contract.objects.filter(funded | Q(first_tranche_year__in=years) | Q(pk__in=given)))


def _fixed(contract: Contract, signed: Sequence[ContractVersion], planned: Cells, on: date) -> TrancheYear | None:
    """The first year, fixed by the version in force on the day; a plan that prints no AE or no CP fixes nothing.

    It is dated from the act that gave it these amounts: the signature, or the last amendment that changed them.
    """
    year = contract.first_tranche_year
    begun = [one for one in signed if in_force_on(one, on)]
    if year is None or not begun:
        return None
    source = begun[0]
    for one in begun[1:]:
        if planned.get((one.pk, year), NOTHING) != planned.get((source.pk, year), NOTHING):
            source = one
    given = planned.get((source.pk, year), NOTHING)
    if given.ae is None or given.cp is None:
        return None
    return TrancheYear(
        year,
        NOTHING,
        state=calc.DECIDED,
        kind=calc.kind_of(given, given),
        is_fixed=True,
        decided=given,
        planned_then=given,
        reason=FIXED_REASON if source.number == 0 else FIXED_BY_AMENDMENT.format(source.number),
        decided_on=source.signed_on if source.number == 0 else source.in_force_from,
    )


def _dated(told: TrancheYear, fixed: TrancheYear | None) -> TrancheYear:
    """What a row says of the year that the contract fixes, on the day of its act as it is known now: it may have been
    corrected since the row was written."""
    return replace(told, decided_on=fixed.decided_on) if fixed is not None and fixed.reason == told.reason else told


def _plan(signed: Sequence[ContractVersion], planned: Cells, year: int, on: date) -> AeCp:
    version = last_in_force(signed, on)
    return planned.get((version.pk, year), NOTHING) if version else NOTHING


def _against(told: TrancheYear, plan: AeCp) -> TrancheYear:
    """With the plan that it was decided upon, and full, reduced or withheld of it, where its row does not say so."""
    kept = told.planned_then
    then = kept if kept is not None and kept.is_reported else plan
    return replace(told, planned_then=then, kind=told.kind or calc.kind_of(told.decided, plan))


def _told(
    contracts: Collection[Contract], on: date, *, with_later: bool, year: int | None
) -> Iterator[tuple[FundingTranche, TrancheYear]]:
    """Each row with what it says on a day; a decision withdrawn later stood until then, a later complement was not.

    One query, two where a decision was ever withdrawn or a tranche completed.
    """
    asked = _rows().filter(contract__in=contracts)
    rows = list(asked if year is None else asked.filter(year=year))
    acts = _acts([row.pk for row in rows if row.changed_on])
    for row in rows:
        done = acts.get(row.pk, [])
        past = [one for one in done if one.on <= on]
        if past and not with_later and row.changed_on > on:
            yield row, _of_acts(row, past)
        else:
            cell = replace(_of_row(row), complements=_complements(done))
            yield row, cell if with_later else cell.as_of(on)


@cache
def _rows() -> QuerySet[Any]:
    """What every row says, with the day on which its decision last changed. Never read itself, only narrowed."""
    changes = (TrancheAction.WITHDRAW, TrancheAction.COMPLETE)
    changed = TrancheMove.objects.filter(tranche=OuterRef("pk"), action__in=changes).order_by("-on")
    rows = FundingTranche.objects.only(*TOLD).order_by("pk")
    return rows.annotate(changed_on=Subquery(changed.values("on")[:1]))


def _acts(tranches: Collection[int]) -> dict[int, list[TrancheMove]]:
    """What was done with these tranches, in order. One query, none without tranche."""
    found: dict[int, list[TrancheMove]] = defaultdict(list)
    for one in TrancheMove.objects.filter(tranche__in=tranches).order_by("at", "pk") if tranches else ():
        found[one.tranche_id].append(one)
    return found


def _of_acts(row: FundingTranche, acts: Sequence[TrancheMove]) -> TrancheYear:
    """The year as these acts, the first ones done on the tranche, left it."""
    last = acts[-1]
    if last.to_state == TrancheState.PROVISIONAL:
        return TrancheYear(row.year, NOTHING)
    decided = [one for one in acts if one.action in (TrancheAction.FIX, TrancheAction.DECIDE)][-1]
    given = [one.on for one in acts if one.action == TrancheAction.MAKE_AVAILABLE]
    closed = [one.on for one in acts if one.action == TrancheAction.CLOSE]
    return TrancheYear(
        row.year,
        NOTHING,
        state=last.to_state,
        is_fixed=decided.action == TrancheAction.FIX,
        decided=_left_by(last),
        reason=decided.reason,
        rests_on=decided.filing_id,
        decided_on=decided.on,
        made_available_on=given[-1] if given else None,
        closed_on=closed[-1] if closed else None,
        complements=_complements(acts),
    )


def _complements(acts: Sequence[TrancheMove]) -> tuple[Complement, ...]:
    """What each act added: the amounts that it left, less those that the act before it had left."""
    return tuple(
        Complement(one.on, _left_by(one) - _left_by(before), one.reason, one.filing_id)
        for before, one in pairwise(acts)
        if one.action == TrancheAction.COMPLETE
    )


def _left_by(act: TrancheMove) -> AeCp:
    return AeCp(amount(act.ae), amount(act.cp))


def _of_row(row: FundingTranche) -> TrancheYear:
    """The year as the acts written on it left it."""
    return TrancheYear(
        row.year,
        NOTHING,
        state=row.state,
        kind=row.decision,
        is_fixed=row.is_fixed,
        decided=AeCp(amount(row.ae), amount(row.cp)),
        planned_then=AeCp(amount(row.planned_ae), amount(row.planned_cp)),
        reason=row.reason,
        rests_on=row.filing_id,
        decided_on=row.decided_on,
        made_available_on=row.made_available_on,
        closed_on=row.closed_on,
    )
