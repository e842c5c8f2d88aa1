"""Each rule of indicators fires on one value and is silent on its neighbour."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators.calc import DatedGoal, IndicatorResult, Measure
from indicators.entry import MeasureFacts, MeasureRow
from indicators.rules import RULES
from monitoring.rules import Finding

END = date(2021, 12, 31)
PROMISE = IndicatorResult(
    key="satisfaction",
    label="Satisfaction",
    article="5.2",
    kind="resultat",
    kind_label="Résultat",
    orientation="usagers",
    orientation_label="Service aux usagers",
    axis="",
    sheet="",
    unit="%",
    direction="hausse",
    accumulation="stock",
    components=(),
    scope="",
    baseline=Decimal(60),
    baseline_on=date(2020, 12, 31),
    targets=(DatedGoal(END, ">=", Decimal(70), (), "70% min"),),
    measures=(),
    on=END,
)
RATE = MeasureRow(
    pk=4,
    revision=1,
    label="Satisfaction",
    note="",
    unit="%",
    sheet=None,
    promise=PROMISE,
    value=Decimal(72),
    components=(),
    comment="",
    last=Measure(date(2021, 9, 30), Decimal(65), (), "", 1),
)


def count(value: int, *parts: int | None, **promised: Any) -> MeasureRow:
    """A count of which so many and so many; `5 (3/2)`."""
    promise = replace(PROMISE, unit="nombre", components=("citoyens", "numériques"), targets=(), **promised)
    values = tuple(None if part is None else Decimal(part) for part in parts)
    return replace(RATE, unit="nombre", promise=promise, value=Decimal(value), components=values, last=None)


def delay(value: int, last: int | None) -> MeasureRow:
    """A delay in days, that has to fall from 60."""
    promise = replace(PROMISE, unit="jours", direction="baisse", targets=())
    measure = None if last is None else Measure(date(2021, 9, 30), Decimal(last), (), "", 1)
    return replace(RATE, unit="jours", promise=promise, value=Decimal(value), last=measure)


def found(code: str, row: MeasureRow) -> list[Finding]:
    return next(rule for rule in RULES if rule.code == code).check(MeasureFacts(END, (row,)))


CUMULATED = replace(RATE, promise=replace(PROMISE, accumulation="cumul"))
FIRING = [
    ("I01", replace(RATE, value=Decimal(101)), "c4-value"),
    ("I01", count(-1, 0, -1), "c4-value"),
    ("I02", delay(46, last=45), "c4-value"),
    ("I02", delay(61, last=None), "c4-value"),
    ("I03", replace(CUMULATED, value=Decimal(64)), "c4-value"),
    ("I04", replace(RATE, value=Decimal("69.9")), "c4-comment"),
    ("I05", count(5, 3, 1), "c4-value"),
    ("I06", count(5, 3, None), "c4-components.1"),
    ("I07", replace(RATE, value=None), "ligne-4"),
]
SILENT = [
    ("I01", replace(RATE, value=Decimal(100))),
    ("I01", count(500, 300, 200)),
    ("I02", delay(45, last=45)),
    ("I02", replace(RATE, value=Decimal(99))),
    ("I03", replace(CUMULATED, value=Decimal(65))),
    ("I03", replace(RATE, value=Decimal(64))),
    ("I04", replace(RATE, value=Decimal(70))),
    ("I04", replace(RATE, value=Decimal(69), comment="Enquête reportée")),
    ("I04", replace(RATE, value=Decimal(61), promise=replace(PROMISE, on=date(2021, 6, 30)))),
    ("I05", count(5, 3, 2)),
    ("I05", count(5, 3, None)),
    ("I06", count(5, 3, 2)),
    ("I07", replace(RATE, value=None, comment="Enquête reportée")),
]


@pytest.mark.parametrize(("code", "row", "anchor"), FIRING)
def test_fires(code: str, row: MeasureRow, anchor: str) -> None:
    [finding] = found(code, row)
    assert finding.anchor == anchor


@pytest.mark.parametrize(("code", "row"), SILENT)
def test_is_silent(code: str, row: MeasureRow) -> None:
    assert found(code, row) == []


def test_the_message_says_both_figures() -> None:
    [finding] = found("I05", count(5, 3, 1))
    assert finding.message == "Satisfaction\u00a0: les composantes font 4 et non 5."


def test_every_rule_is_tried() -> None:
    assert {code for code, *_ in FIRING} == {rule.code for rule in RULES}
