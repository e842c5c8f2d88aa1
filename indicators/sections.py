"""The section « indicateurs » of a filing."""

from decimal import Decimal

from django.db.models import Q

from figures.formats import NOT_REPORTED, short_date_fr
from indicators.entry import MeasureRow
from indicators.entry_selectors import entry_rows
from indicators.models import Indicator, Measurement
from indicators.words import goal_words, value_words
from monitoring.entry.cells import row_anchor
from monitoring.models import Filing
from monitoring.sections import Completeness, Section, SummaryRow, count_rows

# A word on why nothing is measured is an answer too.
_count = count_rows(Measurement, filled=Q(value__isnull=False) | ~Q(comment=""))


def prepare(filing: Filing) -> None:
    """An empty row for each indicator of the contract that has none yet."""
    indicators = Indicator.objects.filter(contract_id=filing.contract_id).exclude(measurements__filing=filing)
    Measurement.objects.bulk_create(Measurement(indicator=one, filing=filing) for one in indicators)


def completeness(filing: Filing) -> Completeness:
    """Indicators with a value, or a comment instead."""
    return _count([filing]).get(filing.pk, Completeness(0, 0))


def target_words(row: MeasureRow) -> str:
    """`≥ 70 % au 31/12/2021`: the target to be held; « n. r. » when the version has none."""
    goal = row.promise.due
    return f"{goal_words(row.promise, goal)}\nau\u00a0{short_date_fr(goal.on)}" if goal else NOT_REPORTED


def last_words(row: MeasureRow) -> str:
    """`62 %`: the last value measured, with its breakdown."""
    return value_words(row.promise, row.last.value, row.last.components) if row.last else NOT_REPORTED


def summary(filing: Filing) -> list[SummaryRow]:
    """Each value beside the target to be held and the last one measured."""
    return [
        SummaryRow(
            label=row.label,
            declared=value_words(row.promise, row.value, _breakdown(row)),
            planned=target_words(row),
            previous=last_words(row),
            comment=row.comment,
            author=row.updated_by,
            anchor=row_anchor(row.pk),
            group=row.note,
            changed=row.value != (row.last.value if row.last else None),
        )
        for row in entry_rows(filing)
    ]


def _breakdown(row: MeasureRow) -> tuple[Decimal | None, ...]:
    return row.components if any(part is not None for part in row.components) else ()


SECTION = Section(
    code="indicateurs",
    title="Indicateurs",
    url_name="indicators:entry",
    position=30,
    applies=lambda filing: True,
    prepare=prepare,
    completeness=completeness,
    completeness_of=_count,
    summary=summary,
)
