"""Amounts that look like another unit: thresholds of docs/calculs/unites.md."""

from decimal import Decimal

import pytest

from contracts.checks.units import unit_findings


def table(unit: str, *amounts: int) -> list[tuple[str, str]]:
    """Loci and reasons for a table with one amount a line, in euros."""
    lines = {(f"ligne-{rank}", f"Ligne {rank}"): [Decimal(value)] for rank, value in enumerate(amounts, start=1)}
    found = unit_findings("credits", "Plan", unit, lines)
    return [(one.locus, one.explanation.partition(".")[0]) for one in found]


@pytest.mark.parametrize(
    ("unit", "amounts", "loci"),
    [
        ("keur", (120_000_000, 80_000_000), ["credits"]),
        ("keur", (20_000_000, 20_000_000), []),
        ("keur", (20_000_001, 20_000_001), ["credits"]),
        ("eur", (120, 80, 999), ["credits"]),
        ("eur", (120, 80, 1000), []),
        ("eur", (100_000, 80_000, 50_000, 80), ["credits ligne-4"]),
        ("eur", (100_000, 80_000, 50_000, 81), []),
        ("eur", (100_000, 80_000, 50), []),
        ("eur", (100_000, 80_000, 50_000, 80_000_000), ["credits ligne-4"]),
        ("eur", (), []),
    ],
)
def test_thresholds(unit: str, amounts: tuple[int, ...], loci: list[str]) -> None:
    assert [locus for locus, _ in table(unit, *amounts)] == loci


def test_a_whole_table_is_told_once() -> None:
    assert table("keur", 120_000_000, 80_000_000, 50_000_000, 50) == [
        ("credits", "La table est imprimée en k€ et ses montants ressemblent à des euros")
    ]
