"""An amount that sheets and lines both give: one counts, the other is told with the difference."""

from decimal import Decimal

import pytest

from contracts.funding import Funding, added


@pytest.mark.parametrize(
    ("sheets", "lines", "amount", "difference"),
    [
        (1_800_200, 1_800_200, 1_800_200, 0),
        (1_800_200, 1_900_200, 1_800_200, 100_000),
        (None, 100_000, 100_000, None),
        (50_000, None, 50_000, None),
        (0, 40_000, 0, 40_000),
        (None, None, None, None),
    ],
)
def test_the_sheets_count_where_they_bear_amounts(
    sheets: int | None, lines: int | None, amount: int | None, difference: int | None
) -> None:
    given = [None if one is None else Decimal(one) for one in (sheets, lines)]
    found = Funding(*given)
    assert (found.amount, found.difference) == (amount, difference)
    assert found.differs == bool(difference) == bool(found.beside)


def test_the_other_sum_is_told_with_the_difference() -> None:
    assert Funding(Decimal(400_000), Decimal("450000.50")).beside == (
        "somme des fiches projet\u202f; les lignes de crédits font 450\u202f000,50\u00a0€ de CP, "
        "soit 50\u202f000,50\u00a0€ de plus"
    )
    assert Funding(Decimal(10), Decimal(4)).beside.endswith("font 4\u00a0€ de CP, soit 6\u00a0€ de moins")


def test_many_contracts_add_what_counts_and_what_their_lines_give() -> None:
    whole = added([Funding(Decimal(400), Decimal(450)), Funding(None, Decimal(100)), Funding(Decimal(30), None)])
    assert [whole.amount, whole.by_lines, whole.difference] == [530, 580, 50]
