"""A chart with its sentence and its table; what there is nothing to draw or to tell of is left out."""

from decimal import Decimal

import pytest

from contracts.drawings import amounts_by_year
from figures.charts import Series


@pytest.mark.parametrize(
    ("values", "is_drawn", "is_told"),
    [((Decimal(120), None), True, True), ((Decimal(0), None), False, True), ((None, None), False, False)],
)
def test_an_empty_chart_draws_no_frame_and_a_zero_stays_told(
    values: tuple[Decimal | None, ...], is_drawn: bool, is_told: bool
) -> None:
    made = amounts_by_year("cp", "CP par année", "Une phrase.", (2022, 2023), [Series("Prévu", values)], due_until=2022)
    assert (bool(made.svg), bool(made.rows), made.sentence) == (is_drawn, is_told, "Une phrase.")
