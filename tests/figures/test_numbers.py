import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import formats
from figures.numbers import AmbiguousNumber, NumberError, UnreadableNumber, parse_amount, parse_number, parse_rate

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "figures" / "number_cases.json").read_text("utf-8")
)
amounts = st.decimals(min_value="-999999999999.99", max_value="999999999999.99", places=2)


def read(case: dict[str, Any]) -> Decimal | None:
    unit = case.get("unit")
    if unit is None:
        return parse_number(case["text"])
    return parse_rate(case["text"]) if unit == "%" else parse_amount(case["text"], unit)


def test_the_table_is_large_and_has_no_double() -> None:
    assert len(CASES) >= 220
    assert len({(case["text"], case.get("unit")) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(f"{case['text']} [{case.get('unit', '')}]"))
def test_each_text_is_read_right_or_refused(case: dict[str, Any]) -> None:
    if "result" in case:
        value = read(case)
        assert (None if value is None else str(value)) == case["result"]
        return
    with pytest.raises(NumberError) as caught:
        read(case)
    if case["error"] == "unreadable":
        assert isinstance(caught.value, UnreadableNumber)
    else:
        assert isinstance(caught.value, AmbiguousNumber)
        assert caught.value.readings == tuple(Decimal(reading) for reading in case["readings"])


@pytest.mark.parametrize("case", [case for case in CASES if case.get("error") == "ambiguous"], ids=lambda c: c["text"])
def test_each_proposed_writing_is_read_as_one_of_the_readings(case: dict[str, Any]) -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        read(case)
    proposed = tuple(read({**case, "text": writing}) for writing in caught.value.writings)
    assert proposed == caught.value.readings[: len(proposed)]


def test_messages_propose_what_to_write() -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        parse_amount("12,345", "keur")
    assert caught.value.message == (
        "«\u00a012,345\u00a0» est ambigu\u00a0: écrivez «\u00a012\u202f345\u00a0» ou «\u00a012,3450\u00a0»."
    )
    with pytest.raises(AmbiguousNumber, match="ou un montant au centime près"):
        parse_amount("1.234 €")
    with pytest.raises(UnreadableNumber, match="plus fin que le centime"):
        parse_amount("12,3456 €")
    with pytest.raises(UnreadableNumber, match="vérifiez l’unité"):
        parse_amount("1 000 000 000", "keur")


@given(amounts)
def test_a_displayed_amount_is_read_back_unchanged(amount: Decimal) -> None:
    assert parse_amount(formats.euros(amount)) == amount
    assert parse_number(formats.number(amount, 2)) == amount


@given(amounts)
def test_what_the_mirror_of_a_workbook_shows_is_read_back(amount: Decimal) -> None:
    assert parse_amount(f"{amount:.2f}") == amount
    assert parse_amount(f"{amount:,.2f}") == amount


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = parse_amount(text)
    except NumberError:
        return
    assert value is None or value == value.quantize(Decimal("0.01"))


@given(st.text(alphabet="0123456789., \u202f-()€kM", max_size=14))
def test_no_digit_typed_is_lost(text: str) -> None:
    try:
        value = parse_number(text)
    except NumberError:
        return
    typed = "".join(sign for sign in text if sign.isdigit())
    assert value is None or "".join(map(str, value.as_tuple().digits)).lstrip("0") == typed.lstrip("0")
