from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.charts.scale import round_scale

D = Decimal


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([903, 820], [0, 200, 400, 600, 800, 1000]),
        ([-42, 903], [-200, 0, 200, 400, 600, 800, 1000]),
        ([3], [0, 1, 2, 3]),
        ([-5], [-5, -4, -3, -2, -1, 0]),
        ([0], [0, 1]),
        ([11], [0, D("2.5"), 5, D("7.5"), 10, D("12.5")]),
    ],
)
def test_ticks_are_round(values: list[int], ticks: list[Decimal | int]) -> None:
    scale = round_scale([D(value) for value in values], 100, -100, smallest_step=D("0.1"))
    assert list(scale.ticks) == ticks


def test_no_tick_is_finer_than_what_is_written() -> None:
    assert round_scale([D(3)], 0, 1, smallest_step=D(1000)).ticks == (D(0), D(1000))


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=2), min_size=1, max_size=6))
def test_a_scale_holds_zero_and_every_value(values: list[Decimal]) -> None:
    scale = round_scale(values, 0, 100, smallest_step=D("0.01"))
    assert all(-0.001 <= scale.at(value) <= 100.001 for value in (*values, D(0)))
    assert len(scale.ticks) <= 8
