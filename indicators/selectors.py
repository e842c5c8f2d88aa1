"""Reads of the ledger of results: constant in queries, whatever the number of indicators and targets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from contracts.models import Contract, ContractVersion
from contracts.parts import is_withdrawn, standing, with_since
from indicators.calc import DatedGoal, IndicatorResult, Measure, ResultsSituation
from indicators.lost import is_baseline_lost, lost_paths, told_lost
from indicators.models import TEXTS, Indicator, Measurement, Target
from monitoring.models import Filing
from monitoring.reality import counting_filings
from monitoring.validated_texts import validated_texts

# Plain columns: the portfolio reads these rows by the ten thousand.
TARGET = ("indicator_id", "on", "operator", "value", "components", "printed")
MEASUREMENT = ("indicator_id", "filing_id", "value", "components", "comment", "pk")


def results_situation(
    contract: Contract,
    version: ContractVersion | None,
    on: date | None = None,
    *,
    filing: Filing | None = None,
    filings: Sequence[Filing] | None = None,
) -> ResultsSituation:
    """Article 5 of a version held against the filings that count; raw values, in each indicator's unit.

    Three queries, four when `filings` (oldest first) is not given.
    """
    counting = counting_filings(contract, on=on, filing=filing) if filings is None else filings
    day = on or (filing.campaign.ends_on if filing else timezone.localdate())
    targets, measures = _targets([version] if version else []), _measures(counting)
    known = standing(Indicator.objects.filter(contract=contract), version, "targets")
    shown = {*targets, *measures}
    told = known.select_related("axis", "sheet").annotate(lost=lost_paths(version))
    rows = [row for row in told if not is_withdrawn(row, shown)]
    return ResultsSituation(
        tuple(indicator_result(row, targets.get(row.pk, ()), measures.get(row.pk, ()), day, row.lost) for row in rows)
    )


def results_by_contract(
    versions: Collection[ContractVersion], filings: Iterable[Sequence[Filing]], on: date
) -> dict[int, ResultsSituation]:
    """The same for many contracts, by number, of each indicator the last measure alone, which its status rests on.

    `filings` are those that count of each contract, oldest first. Three queries.
    """
    targets, measures = _targets(versions), _last_measures([one for rows in filings for one in rows])
    found: dict[int, list[IndicatorResult]] = {version.contract_id: [] for version in versions}
    number = {version.contract_id: version.number for version in versions}
    shown = {*targets, *measures}
    rows = with_since(Indicator.objects.filter(contract__in=list(found)), "targets").select_related("axis", "sheet")
    for row in rows:
        is_later = row.since is not None and row.since > number[row.contract_id]
        if is_later or is_withdrawn(row, shown):
            continue
        one = indicator_result(row, targets.get(row.pk, ()), measures.get(row.pk, ()), on)
        found[row.contract_id].append(one)
    return {contract: ResultsSituation(tuple(indicators)) for contract, indicators in found.items()}


def indicator_result(
    row: Indicator, targets: Sequence[DatedGoal], measures: Sequence[Measure], on: date, lost: Collection[str] = ()
) -> IndicatorResult:
    """An indicator, read with its axis and sheet, beside its targets and what was measured, oldest first.

    `lost`: the paths of its values that the scan lost.
    """
    return IndicatorResult(
        key=row.key,
        label=row.label,
        article=row.article,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        orientation=row.orientation,
        orientation_label=row.get_orientation_display(),
        axis=row.axis.code if row.axis else "",
        sheet=row.sheet.number if row.sheet else "",
        unit=row.unit,
        direction=row.direction,
        accumulation=row.accumulation,
        components=tuple(row.components),
        scope=row.scope,
        baseline=row.baseline,
        baseline_on=row.baseline_on,
        targets=told_lost(row.position, targets, lost),
        measures=tuple(measures),
        on=on,
        baseline_components=tuple(row.baseline_components),
        is_baseline_lost=is_baseline_lost(row, lost),
        followed_in=row.followed_in,
        followed_label=row.get_followed_in_display() if row.followed_in else "",
    )


def _targets(versions: Collection[ContractVersion]) -> Mapping[int, Sequence[DatedGoal]]:
    found: dict[int, list[DatedGoal]] = defaultdict(list)
    rows = Target.objects.filter(version__in=versions).order_by("on") if versions else Target.objects.none()
    for indicator, on, operator, value, components, printed in rows.values_list(*TARGET):
        found[indicator].append(DatedGoal(on, operator, value, tuple(components), printed))
    return found


def _measures(filings: Sequence[Filing]) -> Mapping[int, Sequence[Measure]]:
    """By indicator, oldest first."""
    rank = {filing.pk: place for place, filing in enumerate(filings)}
    rows = Measurement.objects.filter(filing__in=list(rank)).order_by("pk").values_list(*MEASUREMENT)
    return _by_indicator(sorted(rows, key=lambda row: rank[row[1]]), filings)


def _last_measures(filings: Sequence[Filing]) -> Mapping[int, Sequence[Measure]]:
    """By indicator, that of the last filing (as `filing_order` has it) which has a row of it, filled or blank."""
    rows = Measurement.objects.filter(filing__in=[filing.pk for filing in filings])
    newest = ("-filing__campaign__ends_on", "-filing__campaign__kind", "-filing_id")
    last = rows.order_by("indicator_id", *newest).distinct("indicator_id").values_list(*MEASUREMENT)
    return _by_indicator(last, filings)


def _by_indicator(rows: Iterable[tuple[Any, ...]], filings: Sequence[Filing]) -> Mapping[int, Sequence[Measure]]:
    end = {filing.pk: filing.campaign.ends_on for filing in filings}
    texts = validated_texts(Measurement, filings, TEXTS)
    found: dict[int, list[Measure]] = defaultdict(list)
    for indicator, filing, value, components, comment, row in rows:
        told = texts[row]["comment"] if row in texts else comment
        found[indicator].append(Measure(end[filing], value, tuple(components), told, filing))
    return found
