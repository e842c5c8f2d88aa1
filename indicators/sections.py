"""The section « indicateurs » of a filing."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from contracts.parts import with_since
from figures.formats import NOT_REPORTED, missing, number, points, short_date_fr
from figures.operators import Operator
from indicators.entry import MeasureRow
from indicators.entry_selectors import entry_rows
from indicators.models import Indicator, Measurement
from indicators.words import day_words, goal_words, value_words
from monitoring.entry.cells import row_anchor
from monitoring.models import Filing
from monitoring.sections import (
    Completeness,
    Said,
    Section,
    SummaryRow,
    count_rows,
    has_changed,
    prepare_rows,
    row_key,
    rows_at,
)
from monitoring.work import sheets_with_rows, work_by_sheet

# A word on why nothing is measured is an answer too.
_FILLED = Q(value__isnull=False) | ~Q(comment="")
_count = count_rows(Measurement, filled=_FILLED)


def prepare_all(filings: Sequence[Filing]) -> None:
    """An empty row for each indicator of the contract that has none yet; what is followed elsewhere gets none."""
    asked = Indicator.objects.filter(followed_in="")
    prepare_rows(Measurement, "indicator", with_since(asked, "targets"), filings)


def prepare(filing: Filing) -> None:
    """The same for one filing."""
    prepare_all([filing])


def completeness(filing: Filing) -> Completeness:
    """Indicators with a value, or a comment instead."""
    return _count([filing]).get(filing.pk, Completeness(0, 0))


def target_words(row: MeasureRow) -> str:
    """`≥ 70 % au 31/12/2021` (or « sans date »): the target to be held; « illisible » when the scan lost those of
    the version, « n. r. » when it has none."""
    goal = row.promise.due
    if goal is None:
        return missing(is_lost=row.promise.is_target_lost)
    return f"{goal_words(row.promise, goal)}\n{day_words(goal)}"


def last_words(row: MeasureRow) -> str:
    """`62 % au 31/12/2020`: the last value measured, with its breakdown and the end of the period that told it.

    An indicator that the last filing left blank has its value from an earlier one.
    """
    if row.last is None:
        return NOT_REPORTED
    return f"{value_words(row.promise, row.last.value, row.last.components)}\nau\u00a0{short_date_fr(row.last.on)}"


def summary(filing: Filing) -> list[SummaryRow]:
    """Each value beside the target to be held and the last one measured."""
    return [
        SummaryRow(
            label=row.label,
            declared=value_words(row.promise, row.value, _reported(row.components)),
            planned=target_words(row),
            previous=last_words(row),
            comment=row.comment,
            author=row.updated_by,
            anchor=row_anchor(row.pk),
            sheet=row.sheet,
            typed_at=row.updated_at,
            group=row.note,
            changed=has_changed(row.value, row.last.value if row.last else None, is_untouched=row.updated_at is None),
            gap=_gap(row),
            difference=_difference(row),
        )
        for row in entry_rows(filing)
    ]


def said_at(filing: Filing, at: datetime) -> dict[str, Said]:
    """What each indicator said on an instant. One query, besides the rows themselves."""
    promised = {row.pk: row.promise for row in entry_rows(filing)}
    return {
        row_key(row_anchor(row.pgh_obj_id)): Said(
            value_words(promised[row.pgh_obj_id], row.value, _reported(tuple(row.components))), row.comment
        )
        for row in rows_at(Measurement, filing, at)
        if row.pgh_obj_id in promised
    }


def _difference(row: MeasureRow) -> str:
    """`+3`, `+4 points` of a rate: what moved since the last measure; blank when it cannot be told."""
    if row.value is None or row.last is None or row.last.value is None:
        return ""
    return _signed(row, row.value - row.last.value)


def _gap(row: MeasureRow) -> str:
    """`−5`, `−7 points` of a rate: the value less the target shown; blank when the target is a reduction."""
    goal = row.promise.due
    if row.value is None or goal is None or goal.value is None or goal.operator == Operator.REDUCTION:
        return ""
    return _signed(row, row.value - goal.value)


def _signed(row: MeasureRow, moved: Decimal) -> str:
    """In the indicator's own unit, with its sign."""
    return ("+" if moved > 0 else "") + (points(moved) if row.is_rate else number(moved, None))


def _reported(components: tuple[Decimal | None, ...]) -> tuple[Decimal | None, ...]:
    return components if any(part is not None for part in components) else ()


SECTION = Section(
    code="indicateurs",
    title="Indicateurs",
    url_name="indicators:entry",
    position=30,
    applies=lambda filing: True,
    prepare_all=prepare_all,
    completeness=completeness,
    completeness_of=_count,
    summary=summary,
    said_at=said_at,
    work_of=work_by_sheet(Measurement, _FILLED, sheet="indicator__sheet"),
    sheets_of=sheets_with_rows(Measurement, "indicator__sheet"),
)
