from decimal import Decimal

import pytest
from hypothesis import strategies as st

from figures.rounding import (
    explain,
    explain_share,
    round_half_up,
    terms_tolerance,
)

D = Decimal

cents = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("1.25", 1, "1.3"),
        ("-1.25", 1, "-1.3"),
        ("0.005", 2, "0.01"),
        ("-0.004", 2, "0.00"),
        ("2.5", 0, "3"),
        ("12", 2, "12.00"),
    ],
)
def test_rounds_once_half_up(value: str, decimals: int, shown: str) -> None:
    assert str(round_half_up(D(value), decimals)) == shown


def test_the_terms_tolerance_is_half_the_last_printed_decimal_of_each_term_that_is_not_zero() -> None:
    assert terms_tolerance([D(8000), D(20000), D(0), None], scale=D(1000)) == 1000
    assert terms_tolerance([D(160_000), D(2_500)], scale=D(1000)) == 550  # 160 and 2,5 k€
    assert terms_tolerance([D(160_000), D(2_500)], 1, D(1000)) == 100  # 160,0 and 2,5 k€
    assert terms_tolerance([D("0.01")], 2) == D("0.005")
    assert terms_tolerance([]) == 0


def test_a_difference_within_the_tolerance_is_explained() -> None:
    one_off = explain(D(40), D(41), 0, of_terms=D(1))
    assert (one_off.difference, one_off.tolerance, one_off.explained_by_rounding) == (D(-1), D("1.5"), True)
    assert not one_off.agrees
    assert not explain(D(40), D(42), 0, of_terms=D(1)).explained_by_rounding
    assert explain(D(40), D(40), 0).agrees


def test_the_published_reste_a_payer_of_2019_is_one_euro_off() -> None:
    terms = [D(200000000), D(179854003), D(65330908), D(37596883)]
    computed = terms[0] - terms[1] + terms[2] - terms[3]
    check = explain(D(47880021), computed, 0, terms_tolerance(terms))
    assert (check.difference, check.explained_by_rounding) == (D(-1), True)


@pytest.mark.parametrize(
    ("printed", "part", "whole", "decimals", "agrees"),
    [
        ("44.223", 1800200, 4070775, 3, True),
        ("5.98", 58000, 970000, 2, True),
        ("43.67", 236200, 545475, 2, False),
        ("58.33", 28000, 46000, 2, False),
        ("58.33", 28000, 48000, 2, True),
        ("66.66", 2, 3, 2, True),
    ],
)
def test_a_printed_percentage_is_a_check_digit(
    printed: str, part: int, whole: int, decimals: int, agrees: bool
) -> None:
    check = explain_share(D(printed), D(part) / D(whole) * 100, decimals)
    assert check.explained_by_rounding is agrees
    assert check.difference == check.printed - check.computed
