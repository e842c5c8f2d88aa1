"""Checks of savings: each on lines that are wrong in one place, and on right ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from savings.checks import SavingLine, SavingsFacts, SavingYear
from savings.unit_costs.calc import Reference, StatedCost, StatedSpan
from tests.contracts.checks.examples import Pair, assert_pair, findings


def line(*years: tuple[int, int, int], **changes: Any) -> SavingLine:
    """Three posts of 33 000 € removed in 2021, printed as (year, AE, CP) in euros."""
    sound = SavingLine(
        key="emplois",
        label="Emplois supprimés",
        titre="2",
        programme="0354",
        method="postes",
        is_recurrent=True,
        recurrent=Decimal(99_000),
        years=tuple(SavingYear(year, Decimal(ae), Decimal(cp)) for year, ae, cp in years),
        schedule={2021: Decimal(49_500), 2022: Decimal(99_000)},
        share=None,
    )
    return replace(sound, **changes)


def facts(*lines: SavingLine, unit: str = "keur") -> SavingsFacts:
    return SavingsFacts(2020, 2025, unit, lines)


def post(cost: int) -> StatedSpan:
    """A post of category B at so many euros, where the reference is 45 000 €."""
    stated = StatedCost("marine", "Marine", "Emplois", "B", 2021, Decimal(cost))
    return StatedSpan(stated, 2022, Reference("B", 2020, Decimal(45_000), "Note"))


RIGHT = facts(line((2021, 49_500, 49_500), (2022, 99_000, 99_000)))
RAMP = {"method": "rampe", "schedule": {2021: Decimal(39_600)}}
SHARE = {"method": "part_base", "schedule": {}, "share": Decimal(260_000), "titre": "3"}
TRAVEL = line(key="deplacements", label="Déplacements", recurrent=Decimal(265_000), **SHARE)

RISING = replace(TRAVEL, recurrent=Decimal(260_000), schedule={2022: Decimal(130_000)})
RISING = replace(RISING, years=(SavingYear(2022, Decimal(200_000), Decimal(200_000)),))

PAIRS = {
    "A20": Pair(facts(line((2021, 60_000, 60_000))), RIGHT, "emplois 2021", "60 000 € 49 500 € 10 500 €"),
    "A21": Pair(
        facts(line((2021, 49_500, 49_500), **RAMP)),
        facts(line((2021, 39_600, 39_600), **RAMP)),
        "emplois 2021",
        "49 500 € 39 600 € 9 900 €",
    ),
    "A22": Pair(
        facts(TRAVEL),
        facts(replace(TRAVEL, recurrent=Decimal(260_000))),
        "deplacements",
        "265 000 € 260 000 € 5 000 €",
    ),
    "A23": Pair(facts(line((2021, 50_000, 45_000), schedule={})), RIGHT, "emplois 2021", "5 000 € 50 000 € d’AE"),
    "A24": Pair(facts(line(recurrent=None)), RIGHT, "economies", "1 ligne sans montant"),
    "A25": Pair(facts(line((2026, 99_000, 99_000))), RIGHT, "emplois 2026", "suivies de 2020 à 2025"),
    "A26": Pair(facts(line(), line(key="bis")), facts(line(), line(key="bis", titre="3")), "emplois", "emplois et bis"),
    "A27": Pair(
        facts(line((2021, 49_500_000, 49_500_000), schedule={})), RIGHT, "economies", "ressemblent à des euros"
    ),
    "A34": Pair(
        replace(RIGHT, signed_on=date(2022, 5, 31)),
        replace(RIGHT, signed_on=date(2021, 12, 31)),
        "emplois 2021",
        "49 500 € signé le 31/05/2022",
    ),
    "A29": Pair([post(33_000)], [post(44_000)], "Emplois B 2021", "33 000 € 45 000 € −12 000 €"),
}


@pytest.mark.parametrize("code", PAIRS)
def test_pair(code: str) -> None:
    assert_pair(code, PAIRS)


def test_rounding_of_the_printed_amount_is_not_a_difference() -> None:
    """106,88 k€ printed for 106 875 €: 5 € of rounding."""
    rounded = line((2021, 106_880, 106_880), schedule={2021: Decimal(106_875)})
    assert findings("A20", facts(rounded)) == []
    assert len(findings("A20", facts(replace(rounded, schedule={2021: Decimal(106_874)})))) == 1


def test_a_contract_without_any_line_has_nothing_valued() -> None:
    assert [one.printed for one in findings("A24", facts())] == ["aucune ligne"]


def test_a_share_is_held_against_each_year_of_which_it_says_what_is_reached() -> None:
    (found,) = findings("A22", facts(RISING))
    assert (found.locus, found.printed, found.computed) == (
        "deplacements 2022",
        "200\u202f000\u00a0€",
        "130\u202f000\u00a0€",
    )
