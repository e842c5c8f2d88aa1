"""The figures of sub-projects: figures in clear, and what holds whatever the figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.subprojects.calc import Consolidated, Figures, Member, YearFigures, by_year
from figures.ae_cp import AeCp
from tests.contracts.subprojects.rows import both, euros

AMOUNTS = st.none() | st.decimals(min_value=0, max_value=Decimal(3_000_000), places=2)
PAIRS = st.builds(AeCp, AMOUNTS, AMOUNTS)
YEARS = st.lists(
    st.builds(YearFigures, st.integers(2023, 2028), PAIRS, PAIRS, AMOUNTS), max_size=4, unique_by=lambda one: one.year
)
FIGURES = st.builds(Figures, YEARS.map(tuple), AMOUNTS)


def figures(ftap: float | None, co_financing: float | None, recurrent: float | None, **saved: float) -> Figures:
    """Paid in 2023; `saved` are savings by year (`y2026=90_000`)."""
    later = tuple(YearFigures(int(year[1:]), savings=euros(amount)) for year, amount in saved.items())
    return Figures((YearFigures(2023, both(ftap), both(co_financing)), *later), euros(recurrent))


def member(number: int, figures_: Figures, exception: str = "") -> Member:
    return Member(number, f"Sous-projet {number}", figures_, exception)


def test_a_sub_project_of_200_000_euros_that_saves_250_000_a_year() -> None:
    one = figures(200_000, 150_000, 250_000)
    assert one.cost.cp == 350_000
    assert one.co_financed_share == Decimal(150) / 350
    assert one.return_year == 2026
    assert one.ratio == Decimal("1.25")


@pytest.mark.parametrize(("saved", "ratio"), [(180_000, "0.9"), (200_000, "1"), (300_000, "1.25")])
def test_what_is_not_reached_after_three_years_does_not_count(saved: int, ratio: str) -> None:
    assert figures(200_000, 0, 250_000, y2026=saved).ratio == Decimal(ratio)


def test_the_three_years_run_from_the_last_year_paid() -> None:
    years = (YearFigures(2023, both(100_000)), YearFigures(2024, both(100_000)), YearFigures(2025, both(0)))
    assert Figures(years, Decimal(1)).return_year == 2027


def test_what_is_not_stated_is_not_zero() -> None:
    assert figures(200_000, None, None).ratio is None
    assert figures(200_000, 0, 0).ratio == 0
    assert figures(0, 0, 100).ratio is None, "nothing is divided by zero"
    assert figures(None, None, 100).return_year is None
    assert Figures((), None).largest_cost is None


def test_the_whole_bears_an_exception_then_no_longer() -> None:
    strong, weak = member(1, figures(400_000, 0, 500_000)), member(2, figures(300_000, 0, 240_000), "Près du but")
    whole = Consolidated((strong, weak))
    assert whole.savings == 740_000
    assert whole.ftap == 700_000
    assert whole.is_respected is True
    assert whole.below == (weak,)
    assert whole.shortfall == 0
    worse = whole.with_member(member(3, figures(100_000, 0, 20_000)))
    assert worse.is_respected is False
    assert worse.shortfall == 40_000
    assert whole.with_member(weak).ftap == 700_000, "a sub-project counts once"


def test_a_missing_saving_lowers_the_whole() -> None:
    whole = Consolidated((member(1, figures(100_000, 0, 150_000)), member(2, figures(100_000, 0, None))))
    assert whole.ratio == Decimal("0.75")
    assert [one.number for one in whole.unknown] == [2]


def test_nothing_retained_has_no_return() -> None:
    nothing = Consolidated(())
    assert (nothing.ratio, nothing.is_respected, nothing.shortfall, nothing.below) == (None, None, None, ())


@given(st.lists(FIGURES, max_size=6))
def test_the_whole_is_the_sum_of_its_members(members: list[Figures]) -> None:
    whole = Consolidated(tuple(member(rank, one) for rank, one in enumerate(members)))
    expected = [one.expected for one in members if one.expected is not None]
    paid = [one.ftap_cp for one in members if one.ftap_cp is not None]
    assert whole.savings == (sum(expected) if expected else None)
    assert whole.ftap == (sum(paid) if paid else None)
    if whole.ratio is not None:
        assert whole.ftap
        assert whole.is_respected == (whole.shortfall == 0)
    summed = by_year(members)
    for name in ("ftap", "co_financing"):
        in_all = [getattr(one, name).cp for one in members if getattr(one, name).cp is not None]
        by_years = [getattr(one, name).cp for one in summed if getattr(one, name).cp is not None]
        assert sum(by_years) == sum(in_all)


@given(FIGURES)
def test_a_return_never_divides_by_zero_nor_passes_what_is_announced(one: Figures) -> None:
    if one.ratio is not None:
        assert one.ftap_cp
        assert one.ftap_cp >= (one.ftap.cp or 0)
        assert one.recurrent is not None
        assert one.expected is not None
        assert one.expected <= one.recurrent
