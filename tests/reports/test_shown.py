"""A table as it is printed."""

from datetime import date
from decimal import Decimal

import pytest

from reports.tables.model import CLOSING, OPENING, Column, Kind, Quantity, Role, Row, Table, Value, band, shown
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


def test_a_unit_in_words_may_stand_under_its_number() -> None:
    """« 66,5 appréciation » would run over the date beside it."""
    columns = (Column("label", "Indicateur"), Column("value", "Mesure", Kind.NUMBER))
    rows = (Row(("a", Quantity(Decimal("66.5"), "appréciation"))), Row(("b", Quantity(Decimal(12), "jours"))))
    ((first, second),) = shown_table(Table("essai", "Essai", columns, rows)).sections
    assert (first.cells[0].text, first.cells[0].style) == ("66,5 appréciation", "figure words")
    assert (second.cells[0].text, second.cells[0].style) == ("12\u00a0jours", "figure")


def test_a_column_of_figures_is_as_wide_as_its_longest() -> None:
    """Fifteen million with cents in a column of a twentieth: the words beside it give the room."""
    columns = (Column("label", "Ligne", width=76), *(Column(f"y{n}", "CP", Kind.EUROS, width=4) for n in range(6)))
    rows = (Row(("a", Decimal("15000000.50"), *[Decimal(1)] * 5)),)
    wide, *others = (float(one.rstrip("%")) for one in shown_table(Table("x", "X", columns, rows)).widths[1:])
    assert wide * 270 / 100 > 13 * 1.6, "thirteen signs"
    assert all(3.7 < other < 4 for other in others)
    assert [float(one.rstrip("%")) for one in shown_table(Table("x", "X", columns, ())).widths] == [76, *[4] * 6]


def test_the_amounts_of_a_column_all_have_cents_or_none_has() -> None:
    columns = (Column("label", "Ligne"), Column("ae", "AE", Kind.EUROS), Column("cp", "CP", Kind.EUROS))
    rows = (Row(("a", Decimal(1000), Decimal(900))), Row(("b", Decimal("0.50"), Decimal(0))), Row(("c", None, None)))
    ((first, second, third),) = shown_table(Table("essai", "Essai", columns, rows)).sections
    texts = [
        [cell.text.replace("\u202f", " ").replace("\u00a0", " ") for cell in row.cells]
        for row in (first, second, third)
    ]
    assert texts == [["1 000,00", "900"], ["0,50", "–"], ["n. r.", "n. r."]]


def test_a_promised_day_is_told_by_its_quarter() -> None:
    """A contract promises by quarter; a day that an amendment gives inside one stays a day."""
    columns = (
        Column("starts", "Début", Kind.DATE, quarter=OPENING),
        Column("ends", "Fin", Kind.DATE, quarter=CLOSING),
        Column("done", "Terminé le", Kind.DATE),
    )
    days = (date(2021, 1, 1), date(2021, 12, 31), date(2021, 12, 31))
    ((row,),) = shown_table(Table("essai", "Essai", columns, (Row(days),))).sections
    assert [row.head.text, *(cell.text for cell in row.cells)] == ["T1\u00a02021", "T4\u00a02021", "31/12/2021"]


def test_each_row_knows_the_band_that_it_stands_under() -> None:
    columns = (Column("label", "Ligne"), Column("ae", "AE", Kind.EUROS))
    lines = [band("Axe 1", columns), Row(("a", Decimal(1))), band("Axe 2", columns), Row(("b", Decimal(2)))]
    table = Table("essai", "Essai", columns, (*lines, Row(("Total", Decimal(3)), Role.TOTAL)))
    found = [row.section for section in shown_table(table).sections for row in section]
    assert found == ["", "Axe 1", "", "Axe 2", ""]


def test_a_year_among_days_has_no_thousands() -> None:
    """The last year of funding, in the dates of an impact sheet."""
    assert shown(2026, Kind.DATE) == "2026"
