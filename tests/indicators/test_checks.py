"""Checks of indicators: each on indicators that are wrong in one place, and on right ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from indicators.checks import IndicatorFact, IndicatorFacts, TargetFact
from tests.contracts.checks.examples import Pair, assert_pair, findings


def target(value: int | None, on: date | None = date(2022, 12, 31), operator: str = ">=") -> TargetFact:
    return TargetFact(on, operator, None if value is None else Decimal(value))


def indicator(**changes: Any) -> IndicatorFact:
    sound = IndicatorFact(
        key="satisfaction",
        label="Satisfaction",
        article="5.2",
        kind="resultat",
        orientation="usagers",
        unit="%",
        direction="hausse",
        baseline=Decimal(10),
        baseline_on=date(2019, 12, 31),
        targets=(target(60, date(2021, 12, 31)), target(80)),
    )
    return replace(sound, **changes)


OTHER = indicator(key="delai", label="Délai", unit="jours", direction="baisse", targets=(target(5, operator="<="),))


def facts(**changes: Any) -> IndicatorFacts:
    return IndicatorFacts(2020, 2022, (indicator(**changes), OTHER))


RIGHT = facts()

PAIRS = {
    "A50": Pair(facts(targets=(target(80, date(2019, 12, 31)),)), RIGHT, "satisfaction", "cible au 31/12/2019"),
    "A51": Pair(facts(baseline=None), RIGHT, "satisfaction", "Aucune valeur initiale"),
    "A52": Pair(facts(label="Nombre d’agents équipés"), RIGHT, "satisfaction", "l’unité est un pourcentage"),
    "A53": Pair(facts(baseline=Decimal(90), targets=(target(60),)), RIGHT, "satisfaction", "90 et 60"),
    "A54": Pair(facts(targets=()), RIGHT, "satisfaction", "aucune cible"),
    "A55": Pair(facts(label="délai", unit="jours"), RIGHT, "satisfaction", "2 indicateurs"),
    "A56": Pair(facts(orientation="economies"), RIGHT, "indicateurs", "1 2 au moins"),
    "A57": Pair(facts(targets=(target(80, None),)), RIGHT, "satisfaction", "80 La cible n’est pas datée"),
    "A58": Pair(facts(baseline_on=None), RIGHT, "satisfaction", "10 La valeur initiale"),
}


@pytest.mark.parametrize("code", PAIRS)
def test_pair(code: str) -> None:
    assert_pair(code, PAIRS)


@pytest.mark.parametrize(
    ("changes", "is_wrong"),
    [
        ({"direction": "baisse"}, True),
        ({"direction": "baisse", "baseline": None, "targets": (target(50, operator="reduction"),)}, False),
        ({"targets": (target(50, operator="reduction"),)}, True),
        ({"targets": (target(60), target(50, date(2022, 12, 31)))}, False),
        ({"targets": (target(None),)}, False),
    ],
)
def test_direction(changes: dict[str, Any], is_wrong: bool) -> None:
    """Values that rise and fall again contradict nothing; an operator alone may."""
    assert bool(findings("A53", facts(**changes))) is is_wrong


@pytest.mark.parametrize(
    ("label", "unit"), [("Taux d’équipement", "nombre"), ("Part des agents", "jours"), ("Délai", " ")]
)
def test_a_unit_that_the_label_contradicts(label: str, unit: str) -> None:
    assert [one.locus for one in findings("A52", facts(label=label, unit=unit))] == ["satisfaction"]


def test_follow_up_of_credits_asks_for_no_target() -> None:
    followed = facts(kind="avancement", targets=(), baseline=None)
    assert findings("A54", followed) == findings("A51", followed) == []
