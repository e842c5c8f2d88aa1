"""On a page, the amounts of a table all have cents or none has."""

from decimal import Decimal
from typing import Any

from django.template import Context, Template

PAGE = """{% load figures %}{% even_amounts %}<p>{{ whole|amount }}</p>
<table><tr><td>{{ whole|amount }}</td><td>{{ cents|amount }}</td><td>{{ none|amount }}</td></tr></table>
<table><tr><td>{{ whole|amount }}</td><td>{{ zero|amount }}</td></tr></table>{% end_even_amounts %}"""
FIGURES: dict[str, Any] = {"whole": Decimal(1000), "cents": Decimal("0.50"), "none": None, "zero": Decimal(0)}


def test_a_table_with_cents_has_them_on_each_amount_and_another_has_none() -> None:
    page = Template(PAGE).render(Context(FIGURES)).replace("\u202f", " ").replace("\u00a0", " ")
    prose, even, whole = page.split("\n")
    assert prose == "<p>1 000</p>"
    assert even == "<table><tr><td>1 000,00</td><td>0,50</td><td>n. r.</td></tr></table>"
    assert whole == "<table><tr><td>1 000</td><td>0</td></tr></table>"
    assert page.isprintable() or not {"\ue000", "\ue001"} & set(page)


def test_a_fragment_alone_writes_an_amount_as_it_is() -> None:
    text = Template("{% load figures %}{{ whole|amount }}").render(Context(FIGURES))
    assert text == "1\u202f000"
