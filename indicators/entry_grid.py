"""The grid in which measurements are entered."""

from collections.abc import Mapping, Sequence
from typing import Any

from figures.formats import short_date_fr
from indicators import entry_selectors, services
from indicators.entry import MeasurementEntry, MeasureRow
from indicators.rules import RULES
from indicators.sections import SECTION, last_words, target_words
from indicators.words import baseline_words, value_words
from monitoring.entry.cells import Field, Kind
from monitoring.entry.ledger import Column, Ledger
from monitoring.models import Filing


def _baseline(row: MeasureRow) -> str:
    one = row.promise
    day = f"\nau\u00a0{short_date_fr(one.baseline_on)}" if one.baseline_on else ""
    return baseline_words(one) if one.baseline is None else value_words(one, one.baseline) + day


def _expected(row: MeasureRow) -> str:
    return value_words(row.promise, None if row.promise.expected is None else round(row.promise.expected, 2))


def _columns(filing: Filing) -> Sequence[Column]:
    return [
        Column("initiale", "Valeur initiale", text=_baseline),
        Column("cible", "Cible à tenir", text=target_words),
        Column("attendue", "Attendu à cette date", text=_expected),
        Column("derniere", "Dernière valeur", text=last_words),
        Column("value", "Valeur", is_input=True),
        Column("components", "Dont", is_input=True, is_optional=True),
        Column("comment", "Commentaire", is_input=True),
    ]


def _kind(row: MeasureRow) -> Kind:
    if row.is_rate:
        return Kind.RATE
    return Kind.AMOUNT if row.is_amount else Kind.NUMBER


def _fields(row: MeasureRow) -> Sequence[Field]:
    kind = _kind(row)
    parts = [
        Field(f"components.{rank}", "components", kind, value, label=name)
        for rank, (name, value) in enumerate(zip(row.promise.components, row.components, strict=True))
    ]
    return (
        Field("value", "value", kind, row.value),
        *parts,
        Field("comment", "comment", Kind.TEXT, row.comment),
    )


def _entry(row: MeasureRow, revision: int, values: Mapping[str, Any]) -> MeasurementEntry:
    parts = tuple(values[f"components.{rank}"] for rank in range(len(row.promise.components)))
    return MeasurementEntry(row.pk, revision, values["value"], parts, values["comment"])


LEDGER = Ledger(
    section=SECTION,
    lede=(
        "Tapez la dernière valeur mesurée de chaque indicateur, telle quelle, dans son unité. "
        "Si une valeur manque ou si une cible n’est pas tenue, dites pourquoi en commentaire."
    ),
    caption=lambda filing: f"Indicateurs {filing.campaign.of_period}",
    row_title="Indicateur",
    columns=_columns,
    rows=entry_selectors.entry_rows,
    table=services.TABLE,
    beside=entry_selectors.rows_beside,
    fields=_fields,
    entry=_entry,
    record=services.record_measurements,
    refresh=entry_selectors.refreshed,
    rules=RULES,
    facts=entry_selectors.measure_facts,
    filled=lambda row: row.value is not None or bool(row.comment),
    take_over=services.take_over_last_period,
    can_take_over=services.has_something_to_take,
    has_amounts=False,
)
