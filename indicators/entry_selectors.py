"""Reads for the entry grid of indicators: three queries whatever the number of indicators, targets and filings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from indicators.calc import DatedGoal, Measure
from indicators.entry import MeasureFacts, MeasureRow
from indicators.lost import lost_paths
from indicators.models import Indicator, Measurement, Target
from indicators.selectors import indicator_result
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES

READ_WITH = ("indicator__axis", "indicator__sheet")


def entry_rows(filing: Filing, keys: Collection[int] | None = None) -> list[MeasureRow]:
    """The indicators of a filing, or those of these rows, in the contract's order."""
    rows = Measurement.objects.filter(filing=filing).select_related(*READ_WITH, "updated_by")
    kept = (rows if keys is None else rows.filter(pk__in=keys)).order_by("indicator__position", "pk")
    return rows_beside(filing, list(kept.annotate(lost=lost_paths(filing.version, "indicator__position"))))


def rows_beside(filing: Filing, stored: Sequence[Measurement]) -> list[MeasureRow]:
    """These rows of the table with what stands beside them: two queries when they were read with `READ_WITH`.

    A row saved does not show its promise again: what the scan lost of it is not asked then.
    """
    indicators = [row.indicator_id for row in stored]
    targets, last = _targets(filing, indicators), _last_measures(filing, indicators)
    end = filing.campaign.ends_on
    return [_row(row, end, targets.get(row.indicator_id, ()), last.get(row.indicator_id)) for row in stored]


def refreshed(row: MeasureRow, written: Measurement) -> MeasureRow:
    """The row with what the table now holds."""
    return replace(
        row,
        revision=written.revision,
        value=written.value,
        components=padded(written.components, len(row.promise.components)),
        comment=written.comment,
        updated_by=written.updated_by.get_full_name() if written.updated_by else "",
        updated_at=written.updated_at,
    )


def padded(values: Sequence[Decimal | None], size: int) -> tuple[Decimal | None, ...]:
    """One value for each component, None where nothing is stored."""
    return tuple([*values, *([None] * size)][:size])


def measure_facts(filing: Filing, rows: Sequence[MeasureRow]) -> MeasureFacts:
    """These rows with the end of the period."""
    return MeasureFacts(filing.campaign.ends_on, tuple(rows))


def filing_facts(filing: Filing, on: date) -> MeasureFacts:
    """All the indicators of a filing; the day plays no part."""
    return measure_facts(filing, entry_rows(filing))


def _targets(filing: Filing, indicators: Iterable[int]) -> Mapping[int, Sequence[DatedGoal]]:
    """By indicator, oldest first, in the filing's version."""
    found: dict[int, list[DatedGoal]] = defaultdict(list)
    rows = Target.objects.filter(version_id=filing.version_id, indicator__in=indicators).order_by("on", "pk")
    for row in rows:
        found[row.indicator_id].append(DatedGoal(row.on, row.operator, row.value, tuple(row.components), row.printed))
    return found


def _last_measures(filing: Filing, indicators: Iterable[int]) -> Mapping[int, Measure]:
    """By indicator, the last value that earlier filings that count gave."""
    rows = Measurement.objects.filter(
        indicator__in=indicators,
        value__isnull=False,
        filing__state__in=COUNTING_STATES,
        filing__campaign__ends_on__lt=filing.campaign.ends_on,
    ).order_by("filing__campaign__ends_on", "pk")
    return {
        indicator: Measure(on, value, tuple(components), comment, source)
        for indicator, on, value, components, comment, source in rows.values_list(
            "indicator_id", "filing__campaign__ends_on", "value", "components", "comment", "filing_id"
        )
    }


def _row(row: Measurement, end: date, targets: Sequence[DatedGoal], last: Measure | None) -> MeasureRow:
    indicator = row.indicator
    return refreshed(
        MeasureRow(
            pk=row.pk,
            revision=row.revision,
            label=indicator.label,
            note=_note(indicator),
            unit=indicator.unit,
            sheet=indicator.sheet.number if indicator.sheet else None,
            promise=indicator_result(indicator, targets, (), end, getattr(row, "lost", ())),
            value=None,
            components=(),
            comment="",
            last=last,
        ),
        row,
    )


def _note(indicator: Indicator) -> str:
    """Article, unit, accumulation and scope."""
    unit = "en euros" if indicator.unit in ("eur", "€") else f"en {indicator.unit}"
    parts = [
        f"article {indicator.article}" if indicator.article else "",
        unit,
        indicator.get_accumulation_display().lower(),
        indicator.scope,
    ]
    return ", ".join(part for part in parts if part)
