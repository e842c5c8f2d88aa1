"""Printed figures: each check on one that contradicts its lines, and on one that rounding explains."""

from decimal import Decimal
from typing import Any

import pytest

from contracts.checks.figures import SheetShare, nature_of
from contracts.stated import StatedCheck, Verdict
from tests.contracts.checks.examples import Pair, assert_pair, findings

LINES: dict[str, Any] = {"table": "credits", "mesure": "ae"}
SAVINGS: dict[str, Any] = {"table": "economies", "mesure": "cp"}
TARGET: dict[str, Any] = {"table": "indicateurs", "mesure": "cible"}


def stated(
    printed: str, computed: str, *, unit: str = "eur", expression: dict[str, Any] = LINES, verdict: str = "difference"
) -> tuple[StatedCheck, ...]:
    """A printed figure whose rounding explains 2 units, as `contracts.stated` gives it."""
    figure = StatedCheck(
        key="total",
        label="Total",
        article="2",
        unit=unit,
        unit_label=unit,
        decimals=0,
        printed=Decimal(printed),
        computed=Decimal(computed),
        difference=Decimal(printed) - Decimal(computed),
        rounded_terms=4,
        tolerance=Decimal(2),
        missing=0,
        verdict=Verdict(verdict),
        reason="",
        expression=expression,
    )
    return (figure,)


def sheet(printed: str) -> tuple[SheetShare, ...]:
    return (SheetShare("1", "Fiche 1 – Guichet", Decimal(300000), Decimal(180000), Decimal(printed)),)


PAIRS = {
    "A01": Pair(
        stated("1800200", "1860200"),
        stated("1800200", "1800201", verdict="rounding"),
        "total",
        "1 800 200 € 1 860 200 € −60 000 € L’arrondi n’explique que 2 €.",
    ),
    "A02": Pair(
        stated("50", "0", unit="%"),
        stated("50", "50", unit="%", verdict="agrees"),
        "total",
        "50 % 0 % 50 points",
    ),
    "A03": Pair(
        stated("1300", "1824", unit="keur", expression=SAVINGS),
        stated("1300", "1824", unit="keur"),
        "total",
        "1 300 k€ 1 824 k€ −524 k€",
    ),
    "A04": Pair(
        stated("9", "10", unit="nombre", expression=TARGET),
        stated("10", "10", unit="nombre", expression=TARGET, verdict="agrees"),
        "total",
        "9 10 −1 Le contrat donne un autre nombre ailleurs.",
    ),
    "A05": Pair(
        stated("180", "180000"),
        stated("190", "180000"),
        "total",
        "180 € 180 000 €",
    ),
    "A06": Pair(sheet("61.00"), sheet("60.00"), "fiche 1", "61 % 60 % 1 point"),
}


@pytest.mark.parametrize("code", PAIRS)
def test_pair(code: str) -> None:
    assert_pair(code, PAIRS)


@pytest.mark.parametrize(
    ("figure", "nature"),
    [
        (stated("50", "40", unit="%"), "share"),
        (stated("48.2", "60", unit="%", expression=TARGET), "saying"),
        (stated("329", "349", unit="nombre", expression={"table": "credits", "mesure": "programme"}), "saying"),
        (stated("180", "180001"), "unit"),
        (stated("180001", "180"), "unit"),
        (stated("0", "5"), "total"),
        (
            stated("13", "18", unit="meur", expression={"table": "part", "numerateur": SAVINGS, "denominateur": LINES}),
            "saving",
        ),
    ],
)
def test_nature(figure: tuple[StatedCheck, ...], nature: str) -> None:
    assert nature_of(figure[0]) == nature


@pytest.mark.parametrize("code", ["A01", "A02", "A03", "A04", "A05"])
def test_a_printed_figure_makes_one_anomaly(code: str) -> None:
    """Each wrong figure is of one nature: the five checks share the figures out, they do not repeat them."""
    spoken = [one for one in PAIRS if one < "A06" and findings(one, PAIRS[code].wrong)]
    assert spoken == [code]


def test_a_share_cut_off_is_not_wrong() -> None:
    """CAP2030, sheet 5: 440 000 ÷ 1 021 000 is 43,0950… %, printed 43,10; cut off, it would be 43,09."""
    cut = (SheetShare("5", "Fiche 5", Decimal(1021000), Decimal(440000), Decimal("43.09")),)
    assert findings("A06", cut) == []
