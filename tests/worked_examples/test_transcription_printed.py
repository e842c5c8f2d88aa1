"""What the four contracts print beside their lines, and what was corrected, against a second transcription."""

import re

import pytest

from contracts.enums import StatedUnit
from contracts.models import ContractVersion
from tests.worked_examples.transcribed import figure, table, told, years_of

pytestmark = pytest.mark.django_db


def test_each_printed_total_of_incub_o(incub_o: ContractVersion) -> None:
    """The 35 rows of totals of article 2, cell by cell, in the order of the act."""
    printed = [
        (row["axe"] or None, *_adds_up(row["libellé"]), year, measure.lower(), figure(row[f"{year} {measure}"]))
        for row in table("incub-o.totals")
        for year in years_of(row)
        for measure in ("AE", "CP")
    ]
    stated = incub_o.stated_figures.filter(article="2", key__startswith="total-").order_by("position")
    filters = ("axe", "titre", "source", "annee", "mesure")
    assert [(*(one.expression.get(name) for name in filters), one.value) for one in stated] == printed
    assert {one.unit for one in stated} == {StatedUnit.KEUR}


def _adds_up(label: str) -> tuple[str | None, str | None]:
    """Titre and source that « Total T3 sur financement FTAP » adds up."""
    titre = re.search(r"T(\d)", label)
    source = next((word for word in ("FTAP", "cofinancement") if word in label), None)
    return titre[1] if titre else None, source


def test_each_other_printed_figure(version: ContractVersion) -> None:
    """Every total, share or amount printed beside the lines, article by article, with its decimals and its unit."""
    figures = version.stated_figures.order_by("position")
    if version.contract.code == "incub-o":
        figures = figures.exclude(article="2", key__startswith="total-")  # compared cell by cell above
    found: dict[str, list[str]] = {}
    for one in figures:
        shown = "?" if one.value is None else f"{one.value:.{one.decimals}f}".replace(".", ",")
        unit = "" if one.unit == StatedUnit.NUMBER else one.get_unit_display()
        found.setdefault(one.article, []).append(shown + unit)
    name = "chiffres imprimés, dans l'ordre du contrat"
    assert found == {row["article"]: row[name].split() for row in table("stated", version.contract.code)}


def test_what_is_corrected_is_printed_as_transcribed(version: ContractVersion) -> None:
    """Every `printed→kept` cell of the tables has its reading, with the same printed text."""
    code = version.contract.code
    names = [f"{code}.credits", f"{code}.savings"]
    rows = [row for name in names for row in table(name)]
    rows += [row for name in ("sheets", "posts") for row in table(name, code)]
    rows += [{"indicateur": label} for label in {row["indicateur"] for row in table("targets", code)}]
    cells = [cell for row in rows for cell in row.values() if "→" in cell]
    pairs = (cell.rpartition("→") for cell in cells)
    expected = sorted((told(before), _as_stored(told(after))) for before, _, after in pairs)
    readings = version.readings.exclude(retained="").filter(path__regex=r"^(fiches|credits|economies|indicateurs)")
    assert sorted((told(one.printed), told(one.retained)) for one in readings) == expected


def _as_stored(text: str) -> str:
    """A figure as the reading keeps it: with a decimal point."""
    return text.replace(",", ".") if re.fullmatch(r"[\d,]+", text) else text
