"""The amount proposed for a tranche: the page's own example, and what the rule can never give."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.tranches.calc import TrancheSituation, room
from budget.tranches.proposal import COEFFICIENTS, propose
from figures.ae_cp import NOTHING, AeCp
from monitoring.enums import Weather
from tests.budget.tranches.test_calc import euros, year

PAGE = Path(__file__).parents[3] / "docs" / "calculs" / "tranche-proposee.md"
CAP2030 = TrancheSituation(
    (
        year(2021, euros(995_200, 868_200), euros(995_200, 868_200), euros(900_000, 700_000)),
        year(2022, euros(576_000, 573_000)),
        year(2023, euros(289_000, 359_000)),
    )
)


def test_the_page_and_its_example() -> None:
    text = PAGE.read_text()
    assert all(f"**{part}.**" in text for part in ("En mots", "Formule", "Source", "Exemple", "Fonction"))
    rows = [line.strip("|").split("|") for line in text.splitlines() if re.match(r"\| (objectifs|appuis)", line)]
    printed = [[Decimal(re.sub(r"[^\d]", "", cell)) for cell in row[2:]] for row in rows]
    words = [code for row in rows for code in Weather if code.label.lower() == row[0].strip()]
    found = [propose(CAP2030, 2022, code).amount for code in words]
    assert [[one.ae, one.cp] for one in found] == printed
    assert printed == [[480_800, 404_800], [480_800, 404_800], [240_400, 202_400], [0, 31_800]]


def test_each_step_of_the_example() -> None:
    found = propose(CAP2030, 2022, "compromised")
    assert found.left == euros(95_200, 168_200)
    assert found.need == euros(480_800, 404_800)
    assert found.owed == 31_800, "900 000 − 700 000 unpaid, less the 168 200 of CP that are left"


def test_no_more_is_proposed_than_the_envelope_leaves() -> None:
    """480 800 and 404 800 are needed; the envelope leaves 300 000 of AE, then nothing, then is already exceeded."""
    for left, given_ in ((300_000, 300_000), (0, 0), (-5, 0)):
        found = propose(CAP2030, 2022, "secured", available=euros(left, 500_000))
        assert (found.amount, found.wanted) == (euros(given_, 404_800), euros(480_800, 404_800))
        assert found.is_brought_down
    assert not propose(CAP2030, 2022, "secured", available=euros(480_800, 404_800)).is_brought_down
    assert propose(CAP2030, 2022, "compromised", available=euros(0, 1_000)).amount == euros(0, 1_000), (
        "owed, but not there"
    )


def test_the_rule_knows_every_weather() -> None:
    assert set(COEFFICIENTS) == set(Weather.values)


@pytest.mark.parametrize(
    ("asked", "weather", "why"),
    [
        (2022, "", "aucun dossier de suivi n’est soumis"),
        (2024, "secured", "le plan de financement n’imprime pas d’AE et de CP pour 2024"),
    ],
)
def test_what_cannot_be_proposed_says_why(asked: int, weather: str, why: str) -> None:
    found = propose(CAP2030, asked, weather)
    assert (found.amount, found.obstacle) == (NOTHING, why)


def test_an_earlier_year_that_nobody_reported_stops_the_rule() -> None:
    silent = TrancheSituation((year(2021, euros(9, 9), euros(9, 9)), year(2022, euros(5, 5))))
    assert propose(silent, 2022, "secured").obstacle == "la consommation de 2021 n’est pas renseignée"


def test_years_before_any_tranche_do_not_count() -> None:
    facts = TrancheSituation((year(2021, euros(9, 9), consumed=euros(2, 1)), year(2022, euros(5, 5))))
    found = propose(facts, 2022, "secured")
    assert (found.left, found.amount) == (euros(0, 0), euros(5, 5))


AMOUNT = st.decimals(min_value=0, max_value=10**7, places=2)


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), max_size=4), AMOUNT, st.sampled_from(list(Weather)))
def test_never_below_zero_nor_above_the_year_nor_the_plan(
    past: list[tuple[Decimal, ...]], plan: Decimal, weather: Weather
) -> None:
    years = [
        year(2018 + rank, AeCp(one[0], one[0]), AeCp(one[1], one[1]), AeCp(one[2], one[3]))
        for rank, one in enumerate(past)
    ]
    facts = TrancheSituation((*years, year(2030, AeCp(plan, plan))))
    amount = propose(facts, 2030, weather).amount
    for given_, most in ((amount.ae, room(facts, 2030).ae), (amount.cp, room(facts, 2030).cp)):
        assert given_ is not None
        assert 0 <= given_ <= plan
        assert most is not None
        assert given_ <= max(most, Decimal(0))
