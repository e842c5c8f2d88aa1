"""The four contracts against a second transcription, made from their texts apart from the files that are loaded.

The tables of `transcription/` have the shape that the contracts print. A cell is what is printed, in the printed unit:
blank when nothing is, `-` for a printed dash, `?` when the scan lost it, `236200→238200` when another figure of the
contract forces the second value. Each row is compared with what is in the database; none is left on either side.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from budget.models import BudgetLine
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion, PlannedMilestone, PlannedSheet
from figures.periods import Quarter
from indicators.models import Indicator, Target
from savings.models import PlannedPost, SavingsLine
from tests.fixtures_contracts import CODES, load

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "transcription"
Row = dict[str, str]


@pytest.fixture(params=CODES)
def version(request: pytest.FixtureRequest) -> ContractVersion:
    """The signature of each contract in turn."""
    return load(request.param)


def table(name: str, code: str = "") -> list[Row]:
    """The rows of a table; those of one contract when it holds several."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter=";") if not code or row["contrat"] == code]


def told(text: str) -> str:
    """A text with plain spaces and apostrophes, so that typography is not compared."""
    return " ".join(text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").replace(" %", "%").split())


def kept(cell: str) -> str:
    """What is kept of a cell: `7→1` keeps 1."""
    return cell.rpartition("→")[2]


def figure(cell: str, scale: int = 1) -> Decimal | None:
    """The figure of a cell, in euros when `scale` is what one unit is worth; None when none is printed or readable."""
    text = kept(cell)
    if text in ("", "?"):
        return None
    return Decimal(0) if text == "-" else Decimal(text.replace(",", ".")) * scale


def unit_of(version: ContractVersion, name: str) -> int:
    """What one unit of a table is worth in euros."""
    return 1000 if version.table_units.get(name, version.contract.unit) == AmountUnit.KEUR else 1


def years_of(row: Row) -> list[int]:
    """The years of the columns « 2021 AE »."""
    return sorted({int(name[:4]) for name in row if name[:4].isdigit()})


def amounts(row: Row, scale: int) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """AE and CP by year, in euros."""
    return {year: (figure(row[f"{year} AE"], scale), figure(row[f"{year} CP"], scale)) for year in years_of(row)}


def by_year(row: Row, planned: Iterator[tuple[int, Decimal | None, Decimal | None]]) -> dict[int, object]:
    """The same from the database; a year without a row promises nothing."""
    return dict.fromkeys(years_of(row), (None, None)) | {year: (ae, cp) for year, ae, cp in planned}


def test_each_sheet(version: ContractVersion) -> None:
    found = PlannedSheet.objects.filter(version=version).select_related("sheet__axis").order_by("sheet__position")
    assert [
        (
            one.sheet.number,
            one.sheet.axis.code if one.sheet.axis else "",
            told(one.sheet.theme),
            told(one.sheet.title),
            amount(one.cost),
            amount(one.ftap),
            one.printed_share,
        )
        for one in found
    ] == [
        (
            row["fiche"],
            row["axe"],
            told(kept(row["thématique"])),
            told(kept(row["intitulé"])),
            figure(row["coût"]),
            figure(row["FTAP"]),
            figure(row["part FTAP"]),
        )
        for row in table("sheets", version.contract.code)
    ]


def test_each_budget_line_and_sub_line(version: ContractVersion) -> None:
    rows = table(f"{version.contract.code}.credits")
    lines = list(BudgetLine.objects.filter(contract=version.contract).select_related("axis").order_by("position"))
    assert [_line_told(line) for line in lines] == [
        (
            row.get("axe", ""),
            row.get("lot", ""),
            row["titre"],
            row["source"],
            told(kept(row["groupe"])),
            told(kept(row["libellé"])),
        )
        for row in rows
    ]
    for line, row in zip(lines, rows, strict=True):
        planned = line.planned.filter(version=version)
        found = by_year(row, ((one.year, amount(one.ae), amount(one.cp)) for one in planned))
        assert found == amounts(row, unit_of(version, "credits")), line.label


def _line_told(line: BudgetLine) -> tuple[str, ...]:
    source = "cofinancement" if line.co_financer_id else "FTAP"
    return (line.axis.code if line.axis else "", line.lot, line.titre, source, told(line.group), told(line.label))


def test_each_savings_line(version: ContractVersion) -> None:
    rows = table(f"{version.contract.code}.savings")
    lines = list(SavingsLine.objects.filter(contract=version.contract).order_by("position"))
    assert [(line.titre, line.programme, told(line.label)) for line in lines] == [
        (row["titre"], row["programme"], told(row["libellé"])) for row in rows
    ]
    scale = unit_of(version, "economies")
    for line, row in zip(lines, rows, strict=True):
        planned = line.planned.filter(version=version)
        assert by_year(row, ((one.year, amount(one.ae), amount(one.cp)) for one in planned)) == amounts(row, scale)
        if "pérenne AE" in row:
            terms = line.terms.get(version=version)
            assert (amount(terms.recurrent_ae), amount(terms.recurrent_cp)) == (
                figure(row["pérenne AE"], scale),
                figure(row["pérenne CP"], scale),
            )


def test_each_post(version: ContractVersion) -> None:
    expected = {
        (row["catégorie"], int(year)): (figure(row["coût unitaire"]), figure(row[year]))
        for row in table("posts", version.contract.code)
        for year in row
        if year.isdigit() and row[year]
    }
    found = {
        (one.category, one.year): (amount(one.unit_cost), one.removed_etpt)
        for one in PlannedPost.objects.filter(version=version)
    }
    assert found == expected


def test_each_indicator_baseline_and_target(version: ContractVersion) -> None:
    rows = table("targets", version.contract.code)
    indicators = list(Indicator.objects.filter(contract=version.contract).select_related("axis").order_by("position"))
    assert [(one.article, one.axis.code if one.axis else "", told(one.label)) for one in indicators] == list(
        dict.fromkeys((row["article"], row["axe"], told(kept(row["indicateur"]))) for row in rows)
    )
    found = [aim for one in indicators for aim in _aims(one, version)]
    assert found == [
        (told(kept(row["indicateur"])), row["date"], row["comparaison"], figure(row["valeur"]), row["dont"])
        for row in rows
        if row["date"]
    ]


def _aims(indicator: Indicator, version: ContractVersion) -> Iterator[tuple[str, str, str, Decimal | None, str]]:
    """The baseline, when the contract has one, then the targets."""
    label, path = told(indicator.label), f"indicateurs[{indicator.position}].valeur_initiale.valeur"
    if indicator.baseline is not None or version.readings.filter(path=path).exists():
        when = f"initiale {_day(indicator.baseline_on)}" if indicator.baseline_on else "initiale"
        yield label, when, indicator.baseline_operator, indicator.baseline, _parts(indicator.baseline_components)
    for one in Target.objects.filter(indicator=indicator, version=version).order_by("on"):
        yield label, _day(one.on) if one.on else "sans date", one.operator, one.value, _parts(one.components)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _parts(components: Sequence[Decimal | None]) -> str:
    return "/".join("?" if part is None else f"{part:.0f}" for part in components)


def test_each_phase_and_milestone(version: ContractVersion) -> None:
    rows = table("calendar", version.contract.code)
    found = list(
        PlannedMilestone.objects.filter(version=version)
        .select_related("milestone__axis")
        .order_by("milestone__position")
    )
    assert len(found) == len(rows)
    lost = set(version.readings.filter(path__startswith="calendrier", retained="").values_list("path", flat=True))
    for rank, (one, row) in enumerate(zip(found, rows, strict=True), start=1):
        step = one.milestone
        assert (step.axis.code if step.axis else "", step.kind) == (row["axe"], row["type"])
        assert told(row["le libellé contient"]).lower() in told(step.label).lower()
        for key, column, day in (("debut", "début", one.starts_on), ("fin", "fin", one.ends_on)):
            is_lost = f"calendrier[{rank}].{key}" in lost
            assert ("?" if is_lost else str(Quarter.of(day)) if day else "") == row[column], step.label


def test_each_signatory_recipient_code_and_committee(version: ContractVersion) -> None:
    contract = version.contract
    lost = set(version.readings.filter(path__startswith="signataires", retained="").values_list("path", flat=True))
    people: dict[str, Callable[[], list[tuple[str, str, str]]]] = {
        "signataire": lambda: [
            (one.name, told(one.function), _signed(one.signed_on, f"signataires[{rank}].date" in lost))
            for rank, one in enumerate(version.signatories.order_by("position"), start=1)
        ],
        "destinataire": lambda: [
            (one.name, told(one.function), one.group) for one in contract.recipients.order_by("position")
        ],
        "code": lambda: [(one.printed, one.label, one.kind) for one in contract.codes.order_by("position")],
        "comité": lambda: [
            (one.name, told(one.chair), _meetings(one.meetings_min, one.meetings_max))
            for one in contract.committees.order_by("position")
        ],
    }
    rows = table("people", contract.code)
    for role, stored in people.items():
        assert stored() == [
            (row["nom ou code"], told(row["qualité, type ou libellé"]), row["date, groupe ou rythme"])
            for row in rows
            if row["rôle"] == role
        ], role


def _signed(day: date | None, is_lost: bool) -> str:
    return "?" if is_lost else _day(day) if day else ""


def _meetings(least: int | None, most: int | None) -> str:
    return f"{least}-{most or ''}" if least else ""


def test_each_printed_total_of_incub_o(incub_o: ContractVersion) -> None:
    """The 35 rows of totals of article 2, cell by cell, in the order of the act."""
    printed = [
        (year, measure.lower(), figure(row[f"{year} {measure}"]))
        for row in table("incub-o.totals")
        for year in years_of(row)
        for measure in ("AE", "CP")
    ]
    stated = incub_o.stated_figures.filter(article="2", key__startswith="total-").order_by("position")
    assert [(one.expression.get("annee"), one.expression.get("mesure"), one.value) for one in stated] == printed


def test_each_other_printed_figure(version: ContractVersion) -> None:
    """Every total, share or amount printed beside the lines, article by article, with the decimals printed."""
    figures = version.stated_figures.order_by("position")
    if version.contract.code == "incub-o":
        figures = figures.exclude(article="2", key__startswith="total-")  # compared cell by cell above
    found: dict[str, list[str]] = {}
    for one in figures:
        shown = "?" if one.value is None else f"{one.value:.{one.decimals}f}".replace(".", ",")
        found.setdefault(one.article, []).append(shown)
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
    kept_readings = readings.exclude(path__endswith="redeployes")
    assert sorted((told(one.printed), told(one.retained)) for one in kept_readings) == expected


def _as_stored(text: str) -> str:
    """A figure as the reading keeps it: with a decimal point."""
    return text.replace(",", ".") if re.fullmatch(r"[\d,]+", text) else text
