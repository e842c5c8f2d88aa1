"""Reads of the ledger of credits: constant in queries, whatever the number of lines and years."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from budget.calc import FTAP, CreditLine, CreditSituation, CreditYear
from budget.flow import PeriodFlow, period_flow
from budget.models import BudgetLine, Consumption
from budget.planned import Cells, Lost, plan_by_line
from contracts.models import Contract, ContractVersion
from contracts.parts import is_withdrawn, standing
from figures.ae_cp import NOTHING, AeCp
from monitoring.models import Filing
from monitoring.reality import before_in_year, counting_filings, last_of_each_year


def credit_situation(
    contract: Contract,
    version: ContractVersion | None,
    on: date | None = None,
    *,
    filing: Filing | None = None,
    filings: Sequence[Filing] | None = None,
) -> CreditSituation:
    """Article 2 of a version held against the filings that count (see `monitoring.reality`). Amounts in euros.

    `filings` saves the query of the caller that already has them, oldest first. Three queries, four without them.
    """
    counting = counting_filings(contract, on=on, filing=filing) if filings is None else filings
    by_year = last_of_each_year(counting)
    before = before_in_year(counting)
    planned, lost = plan_by_line(version)
    by_filing = _consumed([*by_year.values(), *([before] if before else [])])
    consumed = {(line, year): pair for year, one in by_year.items() for line, pair in by_filing[one.pk].items()}
    years = _years(contract, [*planned, *consumed], by_year)
    known = standing(BudgetLine.objects.filter(contract=contract), version, "planned")
    shown = {line for line, _ in (*planned, *consumed)}
    lines = [
        line for line in known.select_related("co_financer", "axis", "sheet__axis") if not is_withdrawn(line, shown)
    ]
    return CreditSituation(
        years,
        tuple(_line(line, years, planned, consumed, by_year, lost) for line in lines),
        _period(lines, counting[-1], before, by_filing) if counting else None,
    )


def _consumed(filings: Sequence[Filing]) -> Mapping[int, Mapping[int, AeCp]]:
    """By filing, then by line: what each filing gives, cumulated since 1 January of its year. One query."""
    found: dict[int, dict[int, AeCp]] = {filing.pk: {} for filing in filings}
    rows = Consumption.objects.filter(filing__in=list(found)).order_by("pk")
    for line, filing, ae, cp in rows.values_list("line_id", "filing_id", "ae", "cp"):
        found[filing][line] = AeCp(ae, cp)
    return found


def _period(
    lines: Iterable[BudgetLine], last: Filing, before: Filing | None, by_filing: Mapping[int, Mapping[int, AeCp]]
) -> PeriodFlow:
    kept = list(lines)
    return period_flow(
        last.campaign.ends_on,
        _by_key(kept, by_filing[last.pk]),
        _by_key(kept, by_filing[before.pk]) if before else {},
        before.campaign.ends_on if before else None,
    )


def _by_key(lines: Iterable[BudgetLine], consumed: Mapping[int, AeCp]) -> dict[str, AeCp]:
    return {line.key: consumed[line.pk] for line in lines if line.pk in consumed}


def _years(contract: Contract, cells: Iterable[tuple[int, int]], by_year: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({*contract.funding_years, *by_year, *(year for _, year in cells)}))


def _line(
    line: BudgetLine,
    years: Sequence[int],
    planned: Cells,
    consumed: Cells,
    by_year: Mapping[int, Filing],
    lost: Lost,
) -> CreditLine:
    cells = tuple(
        CreditYear(
            year,
            planned.get((line.pk, year), NOTHING),
            consumed.get((line.pk, year), NOTHING),
            by_year[year].pk if year in by_year else None,
            lost.get((line.pk, year), ()),
        )
        for year in years
    )
    axis = line.axis or (line.sheet.axis if line.sheet else None)
    return CreditLine(
        key=line.key,
        label=line.label,
        group=line.group,
        nature=line.nature,
        nature_label=line.get_nature_display(),
        titre=line.titre,
        programme=line.programme,
        source=FTAP if line.is_ftap else line.source_label,
        is_ftap=line.is_ftap,
        axis=axis.code if axis else "",
        axis_title=axis.title if axis else "",
        sheet=line.sheet.number if line.sheet else "",
        lot=line.lot,
        etp=line.etp,
        years=cells,
    )
