from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.charts import (
    Category,
    ChartUnit,
    Colour,
    Frame,
    Series,
    ShareBar,
    fitting_unit,
    grouped_bars,
    lines,
    share_bars,
    stacked_bars,
)
from tests.figures.drawings import assert_is_sound, texts

D = Decimal
DrawChart = Callable[[Frame, list[Category], list[Series]], str]
CHARTS = [grouped_bars, lines, stacked_bars]
YEARS = [Category("2018"), Category("2019"), Category("2020", is_due=False)]
PLANNED = Series("CP promis", (D(310000), D(820000), D(460500)), Colour.LILAC, is_planned=True)
REALISED = Series("CP consommés", (D(-42000), None, None))
amounts = st.none() | st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_drawing_is_sound_named_and_the_same_each_time(chart: DrawChart) -> None:
    drawn = chart(Frame("credits", "Crédits <par> année"), YEARS, [PLANNED, REALISED])
    assert_is_sound(drawn, "credits")
    assert drawn == chart(Frame("credits", "Crédits <par> année"), YEARS, [PLANNED, REALISED])
    assert "<title" in drawn
    assert "Crédits &lt;par&gt; année" in drawn
    assert "CP promis\u00a0: 2018 310\u00a0k€, 2019 820\u00a0k€, 2020 461\u00a0k€." in drawn
    assert "CP consommés\u00a0: 2018 −42\u00a0k€, 2019 n.\u00a0r." in drawn


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("values", [(None, None, None), (D(0), D(0), D(0)), (D(0), None, D(0))])
def test_no_data_is_said(chart: DrawChart, values: tuple[Decimal | None, ...]) -> None:
    drawn = chart(Frame("vide", "Crédits"), YEARS, [Series("CP", values)])
    assert_is_sound(drawn, "vide")
    assert texts(drawn) == ["Aucune donnée"]


@pytest.mark.parametrize("chart", CHARTS)
def test_series_and_categories_have_the_same_length(chart: DrawChart) -> None:
    with pytest.raises(ValueError, match="2 values for 3 categories"):
        chart(Frame("k", "t"), YEARS, [Series("CP", (D(1), D(2)))])


@pytest.mark.parametrize("chart", CHARTS)
@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=1, max_size=4), unit=st.sampled_from(ChartUnit)
)
def test_any_figures_can_be_drawn(chart: DrawChart, rows: list[list[Decimal | None]], unit: ChartUnit) -> None:
    series = [Series(f"S{rank}", tuple(row), is_planned=bool(rank % 2)) for rank, row in enumerate(rows)]
    assert_is_sound(chart(Frame("k", "t", unit), YEARS, series), "k")


def test_bars_write_each_value_and_what_is_not_reported_once_due() -> None:
    written = texts(grouped_bars(Frame("k", "t"), YEARS, [PLANNED, REALISED]))
    assert [shown for shown in written if shown in {"310", "820", "461", "−42", "n.\u00a0r."}] == [
        "310", "−42", "820", "n.\u00a0r.", "461",
    ]  # fmt: skip
    assert {"en k€", "CP promis", "CP consommés", "2018", "2019", "2020"} <= set(written)


def test_names_too_wide_for_their_place_are_wrapped() -> None:
    quarters = [Category(f"T{number} {year}") for year in range(2018, 2023) for number in range(1, 5)]
    drawn = grouped_bars(Frame("k", "t"), quarters, [Series("CP", tuple(D(1000) for _ in quarters))])
    assert texts(drawn).count("2018") == 4
    assert "T1" in texts(drawn)


def test_planned_is_hatched_and_realised_solid() -> None:
    drawn = grouped_bars(Frame("k", "t"), YEARS, [PLANNED, REALISED])
    assert drawn.count("url(#k-hatch-lilac)") == 4  # the swatch and three bars
    assert drawn.count("<pattern") == 1
    assert 'stroke-dasharray="5 3"' in lines(Frame("k", "t"), YEARS, [PLANNED, REALISED])


def test_a_line_breaks_where_a_value_is_missing() -> None:
    series = Series("CP", (D(1000), D(2000), None, D(3000), D(4000)))
    drawn = lines(Frame("k", "t"), [Category(str(year)) for year in range(2018, 2023)], [series])
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 4
    assert texts(drawn)[-2:] == ["CP", "4\u00a0k€"]


def test_stacked_rows_end_with_their_total() -> None:
    other = Series("AE", (D(10000), D(5000), None))
    written = texts(stacked_bars(Frame("k", "t"), YEARS, [PLANNED, REALISED, other]))
    assert [shown for shown in written if shown.endswith("\u00a0k€")] == ["278\u00a0k€", "825\u00a0k€", "461\u00a0k€"]


def test_share_bars_for_a_table() -> None:
    bars = [
        ShareBar("AE", D(1800200), D(812400)), ShareBar("CP", D(100), D(123)),
        ShareBar("T2", D(100), None), ShareBar("HT2", D(0), D(5)),
    ]  # fmt: skip
    drawn = share_bars("ligne-1", "Consommation", bars)
    assert_is_sound(drawn, "ligne-1")
    assert texts(drawn) == ["AE", "45\u00a0%", "CP", "123\u00a0%", "T2", "n.\u00a0r.", "HT2", "n.\u00a0c."]
    assert "AE\u00a0: 812\u202f400\u00a0€ sur 1\u202f800\u202f200\u00a0€, soit 45\u00a0%." in drawn


@pytest.mark.parametrize("key", ["12", "contrat 7/été", "c-1"])
def test_any_key_makes_valid_ids(key: str) -> None:
    drawn = share_bars(key, "t", [ShareBar("AE", D(1), D(1))])
    assert_is_sound(drawn, "c")


def test_the_unit_that_fits() -> None:
    assert fitting_unit([D(9999), None]) is ChartUnit.EUR
    assert fitting_unit([D(-1800200)]) is ChartUnit.KEUR
    assert fitting_unit([D(200000000)]) is ChartUnit.MEUR
    assert fitting_unit([]) is ChartUnit.EUR
