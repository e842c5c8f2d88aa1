"""A table as it is printed."""

from decimal import Decimal

import pytest

from reports.tables.model import Column, Kind, Row, Table, Value, shown
from reports.tables.shown import shown_table


@pytest.mark.parametrize(
    ("value", "text", "style"),
    [
        (Decimal(900), "900", "figure"),
        (None, "n. r.", "figure"),
        ("décidée à partir de 2022", "décidée à partir de 2022", "figure words"),
    ],
)
def test_words_among_figures_may_take_several_lines(value: Value, text: str, style: str) -> None:
    table = Table(
        "essai", "Essai", (Column("label", "Ligne"), Column("printed", "Imprimé", Kind.NUMBER)), (Row(("a", value)),)
    )
    ((row,),) = shown_table(table).sections
    assert [(cell.text.replace("\u00a0", " "), cell.style) for cell in row.cells] == [(text, style)]


def test_a_year_among_days_has_no_thousands() -> None:
    """The last year of funding, in the dates of an impact sheet."""
    assert shown(2026, Kind.DATE) == "2026"
