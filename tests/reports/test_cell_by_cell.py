"""Page, PDF and workbook against the situation, row by row, cell by cell: amounts, shares, ratios, ETPT, dates, words.

The last tests alter one figure of one table and show that it is found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client

from accounts.models import User
from contracts.models import Contract, ContractVersion
from figures import formats
from figures.ae_cp import AeCp
from figures.rounding import places_shown
from reports.drawings import key_amounts
from reports.enums import ReportKind
from reports.facts import Situation
from reports.pdf.chapters import report
from reports.pdf.render import render_pdf
from reports.situation import contract_situation
from reports.tables import credits as credit_tables
from reports.tables import frame as frame_tables
from reports.tables import results as result_tables
from reports.tables import savings as savings_tables
from reports.tables import tranches as tranche_tables
from reports.tables.model import Column, Kind, Role, Row, Table, Value
from reports.xlsx.workbook import render_xlsx, sheets
from tests.factories import CampaignFactory
from tests.reports.filed import file
from tests.reports.reading import PageTable, book_differences, is_same, page_tables, pdf_differences, recomputed, tight

SHA: Final = "0" * 64


def filed(version: ContractVersion, *, whole_year: bool = True) -> Situation:
    """The contract with a filing in which every amount is another, cents included, and some are blank."""
    lines = version.contract.budget_lines.order_by("position", "pk")
    rows: dict[str, Any] = {
        line.key: (f"{1000 + 7 * rank}.25", None if rank % 5 == 4 else f"{700 + 3 * rank}.5")
        for rank, line in enumerate(lines)
    }
    filing = file(version.contract, campaign=CampaignFactory(whole_year=whole_year), **rows)
    return contract_situation(version.contract, filing=filing)


@pytest.fixture
def yearly(incub_o: ContractVersion) -> Situation:
    return filed(incub_o)


def pdf_of(situation: Situation, kind: ReportKind) -> bytes:
    return render_pdf(situation, SHA, kind)


# --- PDF and workbook ---


@pytest.mark.parametrize("kind", list(ReportKind))
def test_every_cell_of_a_filed_report_is_in_the_pdf(lab_minnov: ContractVersion, kind: ReportKind) -> None:
    situation = filed(lab_minnov, whole_year=kind == ReportKind.YEARLY)
    assert pdf_differences(situation, kind, pdf_of(situation, kind)) == []


@pytest.mark.slow
def test_every_cell_of_the_four_promises_is_in_the_pdf(loaded_contracts: Mapping[str, Contract]) -> None:
    kind = ReportKind.YEARLY
    for contract in loaded_contracts.values():
        situation = contract_situation(contract)
        assert pdf_differences(situation, kind, pdf_of(situation, kind)) == [], contract.code


@pytest.mark.slow
def test_every_cell_of_a_filed_report_is_in_the_workbook(yearly: Situation, tmp_path: Path) -> None:
    book = recomputed(render_xlsx(yearly, SHA, ReportKind.YEARLY), tmp_path)
    count, told = book_differences(yearly, book)
    assert told == []
    assert count > 4000
    summary = {row[0]: row[1] for row in book["Synthèse"].iter_rows(max_col=2, values_only=True)}
    for figure in key_amounts(yearly):
        column = Column("", "", Kind.RATIO if figure.is_ratio else Kind.EUROS)
        assert figure.amount is None or is_same(figure.amount, summary[figure.label], column), figure


@pytest.mark.slow
def test_every_cell_of_the_four_promises_is_in_the_workbook(
    loaded_contracts: Mapping[str, Contract], tmp_path: Path
) -> None:
    for contract in loaded_contracts.values():
        situation = contract_situation(contract)
        book = recomputed(render_xlsx(situation, SHA, ReportKind.YEARLY), tmp_path)
        assert book_differences(situation, book)[1] == [], contract.code


IN_EVERY_PDF: Final = (
    ("identite", "fiches", "credits-annees", "tranches", "credits-sources"),
    ("indicateurs", "calendrier", "risques", "credits-lignes"),
    ("chiffres-contredits", "anomalies", "lectures", "libelles", "notes-de-lecture", "sources", "non-renseigne"),
)
OF_THE_YEAR: Final = ("economies", "economies-annees", "emplois", "retours")
IN_THE_WORKBOOK_ALONE: Final = {"credits-prevus", "credits-consommes", "cibles", "chiffres-affiches"}
"""Long lists, which the report names (ADR 7): each line in each year, each target, each figure that the act prints."""


def test_no_table_is_left_out_of_the_pdf_but_those_left_to_the_workbook(cap2030: ContractVersion) -> None:
    """What the tests above compare is what a report has to hold, and not only what it happens to hold."""
    situation = filed(cap2030)
    first, results, last = IN_EVERY_PDF
    assert table_keys(situation, ReportKind.QUARTERLY) == [*first, *results, *last]
    assert table_keys(situation, ReportKind.YEARLY) == [*first, *OF_THE_YEAR, *results, *last]
    of_the_workbook = {table.key: len(table.rows) for tables in sheets(situation).values() for table in tables}
    left = {key for key, rows in of_the_workbook.items() if rows} - set(table_keys(situation, ReportKind.YEARLY))
    assert left == IN_THE_WORKBOOK_ALONE


def table_keys(situation: Situation, kind: ReportKind) -> list[str]:
    """The tables of a report in PDF, in order."""
    return [block.table.table.key for each in report(situation, kind).chapters for block in each.blocks if block.table]


# --- Pages ---

CREDITS: Final = {
    "AE prévues": "planned_ae",
    "AE consommées": "consumed_ae",
    "CP prévus": "planned_cp",
    "CP consommés": "consumed_cp",
}
DIVISION: Final = {**CREDITS, "Reste à engager": "remaining_ae", "Part des CP": "share_cp", "Reste à payer": "unpaid"}
STEPS: Final = {"Type": "kind", "Début prévu": "starts", "Fin prévue": "ends", "Nouvelle date": "expected"}
RETURNS: Final = {"Numérateur": "numerator", "Dénominateur": "denominator", "Date": "on", "Valeur": "ratio"}
STATED: Final = {"Article": "article", "Unité": "unit"}
DIVISIONS: Final = (
    ("titre", credit_tables.by_titre),
    ("nature", credit_tables.by_nature),
    ("axe", credit_tables.by_axis),
    ("source", credit_tables.by_source),
)


def texts(value: Value, kind: Kind) -> set[str]:
    """The ways in which a page may write a value: a missing one is a dash where nothing was due."""
    if value is None:
        return {"n.r.", "n.c.", "–", ""}
    if isinstance(value, Decimal):
        match kind:
            case Kind.SHARE:
                return {tight(formats.percent(value))}
            case Kind.RATIO:
                return {tight(formats.ratio(value))}
        return {tight(formats.number(value, places_shown(value)))}
    if value == "":
        return {"–", ""}
    return {tight(formats.short_date_fr(value) if isinstance(value, date) else formats.typeset(str(value)))}


def page_differences(shown: PageTable, table: Table, rows: Sequence[Row], columns: Mapping[str, str]) -> list[str]:
    """Where a table of a page and the report's rows do not say the same; as many rows, in the same order."""
    ranks = {column.key: rank for rank, column in enumerate(table.columns)}
    told = [f"{shown.caption}: {len(shown.rows)} rows for {len(rows)}"] if len(shown.rows) != len(rows) else []
    for row, cells in zip(rows, shown.rows, strict=False):
        for header, key in columns.items():
            value, column = row.values[ranks[key]], table.columns[ranks[key]]
            found = cells[shown.headers.index(header)]
            if tight(found) not in texts(value, column.kind):
                told.append(f"{shown.caption}, {row.values[0]}, {header}: {value!r} is shown as {found!r}")
    return told


def lines_of(table: Table, *roles: Role) -> list[Row]:
    return [row for row in table.rows if row.role in (roles or (Role.LINE, Role.TOTAL))]


def under(table: Table, title: str) -> list[Row]:
    """The rows under a band, its subtotal included."""
    start = next(rank for rank, row in enumerate(table.rows) if row.role is Role.BAND and row.values[0] == title)
    rows = []
    for row in table.rows[start + 1 :]:
        if row.role is Role.BAND:
            break
        rows.append(row)
    return rows


def all_page_differences(situation: Situation, page: Callable[[str], dict[str, PageTable]]) -> Iterator[str]:
    by_year = credit_tables.by_year(situation)
    financing = page("financement/")
    yield from page_differences(financing["Crédits du FTAP"], by_year, under(by_year, "Crédits du FTAP"), CREDITS)
    if situation.credits.co_financing.planned.is_reported:
        whole = under(by_year, "Tous financements")
        yield from page_differences(financing["Tous financements"], by_year, whole, CREDITS)
    for word, make in DIVISIONS:
        table = make(situation)
        if table.rows:
            shown = next(
                one for caption, one in page(f"financement/?par={word}").items() if caption.startswith("Crédits par ")
            )
            yield from page_differences(shown, table, lines_of(table), DIVISION)
    yield from credit_line_differences(situation, financing)
    yield from savings_differences(situation, page("economies/"))
    returns = savings_tables.returns(situation)
    yield from page_differences(page("")["Retours sur investissement"], returns, returns.rows, RETURNS)
    steps = result_tables.calendar(situation)
    if steps.rows:
        found = page("calendrier/")
        shown = next(one for caption, one in found.items() if caption.startswith("Étapes du calendrier"))
        yield from page_differences(shown, steps, lines_of(steps, Role.LINE), {**STEPS, "Terminée le": "done"})
    yield from indicator_differences(situation, page("indicateurs/"))
    stated = frame_tables.stated(situation)
    yield from page_differences(page("anomalies/")["Imprimé et calculé"], stated, stated.rows, STATED)
    yield from tranche_differences(situation, page("tranches/"))


def credit_line_differences(situation: Situation, shown: Mapping[str, PageTable]) -> Iterator[str]:
    """Planned and consumed of each line and year, in the table of its source; consumed stands on the row below."""
    has_facts = bool(situation.filings)
    for group in situation.credits.by_source:
        lines: list[Any] = [line for line in situation.credits.lines if line.source == group.label]
        whole: Any = group
        wanted = []
        for line in lines:
            wanted.append([line.label, *pairs(each.planned for each in (*line.years, line))])
            if has_facts:
                wanted.append(["consommé", *pairs(each.consumed for each in (*line.years, line))])
        wanted.append(["Total prévu", *pairs(each.planned for each in (*whole.years, whole))])
        if has_facts:
            wanted.append(["Total consommé", *pairs(each.consumed for each in (*whole.years, whole))])
        yield from row_differences(group.label, wanted, [[row[0], *row[2:]] for row in shown[group.label].rows])


def savings_differences(situation: Situation, shown: Mapping[str, PageTable]) -> Iterator[str]:
    """Planned, declared, gap, certified of each line and year, in AE and in CP; then the total's."""
    savings = situation.savings
    for kind in ("ae", "cp") if savings.lines else ():
        wanted = []
        for line in savings.lines:
            wanted += series(line, kind, ("expected", "declared", "gap", "certified"), line.label)
        wanted += series(savings.total, kind, ("expected", "declared", "gap", "certified"), "Total prévu")
        rows = shown[f"Économies en {kind.upper()}"].rows
        told = [[row[0], *row[3:]] for row in rows]
        yield from row_differences(f"Économies {kind}", [row[1:] for row in wanted], [row[1:] for row in told])
        labels = [row[0] for row in told if row[0] not in ("déclaré", "écart", "certifié")]
        yield from (
            f"{line.label} is shown as {label}"
            for line, label in zip(savings.lines, labels, strict=False)
            if tight(line.label) != tight(label)
        )


def series(one: Any, kind: str, names: Sequence[str], label: str) -> list[list[Any]]:
    kept = names if one.declared.is_reported else names[:1]
    rows: list[list[Any]] = []
    for name in kept:
        cells = [getattr(getattr(each, name), kind) for each in (*one.years, one)]
        rows.append([label, *cells, getattr(one.recurrent, kind) if name == "expected" else ""])
    return rows


def indicator_differences(situation: Situation, shown: Mapping[str, PageTable]) -> Iterator[str]:
    """First value, last measure with its day, of each indicator, kind by kind."""
    kinds = dict.fromkeys(one.kind_label for one in situation.results.indicators)
    for kind in kinds:
        mine = [one for one in situation.results.indicators if one.kind_label == kind]
        table = shown[kind]
        last = table.headers.index("Dernière mesure")
        if len(mine) != len(table.rows):
            yield f"{kind}: {len(table.rows)} rows for {len(mine)}"
        for one, row in zip(mine, table.rows, strict=False):
            for value, found in ((one.baseline, row[2]), (one.value, row[last])):
                number = "" if value is None else formats.number(value, None)
                told = tight(found).split("(")[0].removesuffix("%")
                if told != tight(number) and not (value is None and told in ("n.r.", "")):
                    yield f"{one.label}: {value} is shown as {found}"


def tranche_differences(situation: Situation, shown: Mapping[str, PageTable]) -> Iterator[str]:
    """Planned, decided, consumed of each year, AE above CP in one cell; what is left to commit."""
    table, found = tranche_tables.by_year(situation), shown["Crédits du FTAP par exercice"]
    keys = [column.key for column in table.columns]
    for row, cells in zip(table.rows, found.rows, strict=True):
        one = dict(zip(keys, row.values, strict=True))
        for header, name in (("Prévu", "planned"), ("Décidé", "decided"), ("Consommé", "consumed")):
            both = [texts(one[f"{name}_{kind}"], Kind.EUROS) for kind in ("ae", "cp")]
            told = tight(cells[found.headers.index(header)])
            expected = {ae + cp for ae in both[0] for cp in both[1]} | ({"n.r."} if name == "consumed" else set())
            if told not in expected and one[f"{name}_ae"] != tranche_tables.TO_DECIDE:
                yield f"{row.values[0]}, {header}: {one} is shown as {told}"


def pairs(amounts: Any) -> list[Any]:
    return [value for pair in amounts for value in (pair.ae, pair.cp)]


def row_differences(where: str, wanted: Sequence[Sequence[Any]], found: Sequence[Sequence[str]]) -> Iterator[str]:
    if len(wanted) != len(found):
        yield f"{where}: {len(found)} rows for {len(wanted)}"
    for row, cells in zip(wanted, found, strict=False):
        if len(row) != len(cells) or any(
            tight(cell) not in texts(value, Kind.EUROS) for value, cell in zip(row, cells, strict=True)
        ):
            yield f"{where}: {list(row)} is shown as {list(cells)}"


@pytest.fixture
def read(secretariat: User, signed_in: Callable[[User], Client]) -> Callable[[str, str], dict[str, PageTable]]:
    client = signed_in(secretariat)

    def page(code: str, name: str) -> dict[str, PageTable]:
        answer = client.get(f"/contrats/{code}/{name}")
        assert answer.status_code == 200
        return page_tables(answer.content.decode())

    return page


def test_every_cell_of_a_filed_contract_is_on_its_pages(incub_o: ContractVersion, read: Any) -> None:
    filed(incub_o)
    situation = contract_situation(incub_o.contract)
    assert list(all_page_differences(situation, lambda name: read("incub-o", name))) == []


def test_every_cell_of_the_four_promises_is_on_the_pages(loaded_contracts: Mapping[str, Contract], read: Any) -> None:
    for code, contract in loaded_contracts.items():
        situation = contract_situation(contract)
        assert list(all_page_differences(situation, partial(read, code))) == [], code


# --- A wrong figure is found ---


def altered(situation: Situation) -> Situation:
    """One cent more consumed, on one line, in the one year reported."""
    line = next(one for one in situation.credits.lines if one.consumed.ae is not None)
    years = tuple(
        replace(cell, consumed=AeCp(cell.consumed.ae + Decimal("0.01"), cell.consumed.cp))
        if cell.consumed.ae is not None
        else cell
        for cell in line.years
    )
    lines = tuple(replace(one, years=years) if one is line else one for one in situation.credits.lines)
    return replace(situation, credits=replace(situation.credits, lines=lines))


def test_a_wrong_figure_of_the_pdf_is_found(lab_minnov: ContractVersion) -> None:
    yearly = filed(lab_minnov)
    told = pdf_differences(yearly, ReportKind.YEARLY, pdf_of(altered(yearly), ReportKind.YEARLY))
    assert {each.split(":")[0] for each in told} >= {"credits-lignes", "credits-annees"}


@pytest.mark.slow
def test_a_wrong_figure_of_the_workbook_is_found(yearly: Situation, tmp_path: Path) -> None:
    book = recomputed(render_xlsx(yearly, SHA, ReportKind.YEARLY), tmp_path)
    sheet = book["Emplois et retours"]
    place = next(
        cell for row in sheet.iter_rows(max_col=1) for cell in row if cell.value == "Retour sur investissement"
    )
    wrong: Any = sheet.cell(place.row + 2, 7)  # the day of R1
    wrong.value = wrong.value.replace(year=wrong.value.year + 1)
    told = book_differences(yearly, book)[1]
    assert [each.split(":")[0] for each in told] == ["Emplois et retours, retours, R1, on"]


def test_a_wrong_figure_of_a_page_is_found(incub_o: ContractVersion, read: Any) -> None:
    filed(incub_o)
    situation = altered(contract_situation(incub_o.contract))
    told = list(all_page_differences(situation, lambda name: read("incub-o", name)))
    assert {each.split(":")[0].split(",")[0] for each in told} >= {"Tous financements", "Crédits par titre"}
    assert not any(each.startswith("Économies") for each in told)


def test_a_figure_on_the_wrong_row_is_found(incub_o: ContractVersion, read: Any) -> None:
    """Two rows that change places bear the same set of figures."""
    situation = contract_situation(incub_o.contract)
    table = credit_tables.by_nature(situation)
    shown = next(one for caption, one in read("incub-o", "financement/?par=nature").items() if "par nature" in caption)
    assert page_differences(shown, table, lines_of(table), DIVISION) == []
    shown.rows[0][1:], shown.rows[1][1:] = shown.rows[1][1:], shown.rows[0][1:]
    assert len(page_differences(shown, table, lines_of(table), DIVISION)) >= 2
