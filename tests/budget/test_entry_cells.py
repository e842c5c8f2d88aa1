"""What is shown in a cell reads back as the same value, and what is refused says where."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.entry.cells import CellError, Field, Kind, Unit, read, read_fields, row_of_anchor, write

AMOUNT = Field("ae", "ae", Kind.AMOUNT, None)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from(["eur", "keur"]))
def test_an_amount_reads_back(value: Decimal, unit: Unit) -> None:
    assert read(AMOUNT, write(Kind.AMOUNT, value, unit), unit) == value


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_measure_reads_back(value: Decimal) -> None:
    assert read(Field("value", "value", Kind.NUMBER, None), write(Kind.NUMBER, value), "eur") == value


def test_three_decimals_are_written_with_a_fourth() -> None:
    assert write(Kind.AMOUNT, Decimal("1234.00"), "keur") == "1,2340"
    assert write(Kind.AMOUNT, Decimal("12500.00"), "keur") == "12,50"
    assert write(Kind.AMOUNT, Decimal("1234.50"), "eur") == "1\u202f234,50"
    assert write(Kind.NUMBER, Decimal("3.0000")) == "3"


def test_blank_is_not_reported_and_zero_is_a_value() -> None:
    assert read(AMOUNT, "", "eur") is None
    assert read(AMOUNT, "0", "eur") == 0
    assert write(Kind.AMOUNT, None) == ""
    assert write(Kind.AMOUNT, Decimal(0)) == "0,00"


def test_a_refused_text_is_located_and_the_others_are_read() -> None:
    fields = [AMOUNT, Field("cp", "cp", Kind.AMOUNT, Decimal(7)), Field("comment", "comment", Kind.TEXT, "")]
    values, errors = read_fields(12, fields, {"ae": "1.234", "comment": " retard\r\ndu lot 2 "}, "eur")
    assert values == {"cp": Decimal(7), "comment": "retard\ndu lot 2"}
    [error] = errors
    assert (error.row, error.field, error.typed) == (12, "ae", "1.234")
    assert "1\u202f234" in error.message


@pytest.mark.parametrize(
    ("kind", "text"),
    [(Kind.NUMBER, "1,23456"), (Kind.RATE, "123456789012345"), (Kind.TEXT, "a" * 4001), (Kind.CHOICE, "certified")],
)
def test_what_the_database_could_not_hold_is_refused(kind: Kind, text: str) -> None:
    _, errors = read_fields(1, [Field("x", "x", kind, None, choices=[("declared", "Déclarée")])], {"x": text}, "eur")
    assert [type(error) for error in errors] == [CellError]


def test_an_anchor_names_its_row() -> None:
    assert [row_of_anchor(text) for text in ("c12-ae", "ligne-7", "c3-components.1", "ailleurs")] == [12, 7, 3, 0]
