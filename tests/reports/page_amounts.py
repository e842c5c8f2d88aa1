"""Credits, tranches, savings and posts on the pages of a contract, against the tables of its report."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile
from typing import Any, Final

from figures import formats
from figures.ae_cp import total
from figures.rounding import places_shown
from reports.facts import Situation
from reports.tables import credits as credit_tables
from reports.tables import savings as savings_tables
from reports.tables import tranches as tranche_tables
from reports.tables.model import Kind, Role, Value
from tests.reports.page_cells import (
    chosen,
    lines_of,
    named,
    page_differences,
    row_differences,
    starting,
    under,
    unordered_differences,
)
from tests.reports.reading import PageTable, tight

Shown = Mapping[str, PageTable]
Page = Callable[[str], Shown]
"""The tables of a page of the contract, by caption, from its address under the contract's."""

CREDITS: Final = {
    "Exercice": "year",
    "AE prévues": "planned_ae",
    "AE consommées": "consumed_ae",
    "CP prévus": "planned_cp",
    "CP consommés": "consumed_cp",
}
DIVISION: Final = {
    **{header: key for header, key in CREDITS.items() if key != "year"},
    "Reste à engager": "remaining_ae",
    "Part des CP": "share_cp",
    "Reste à payer": "unpaid",
}
PERIOD: Final = {"AE de la période": "flow_ae", "CP de la période": "flow_cp"}
DIVISIONS: Final = (
    ("titre", credit_tables.by_titre),
    ("nature", credit_tables.by_nature),
    ("axe", credit_tables.by_axis),
    ("source", credit_tables.by_source),
)


# --- Credits ---


def credit_differences(situation: Situation, page: Page) -> Iterator[str]:
    by_year, financing = credit_tables.by_year(situation), page("financement/")
    yield from page_differences(financing["Crédits du FTAP"], by_year, under(by_year, "Crédits du FTAP"), CREDITS)
    if situation.credits.co_financing.planned.is_reported:
        whole = under(by_year, "Tous financements")
        yield from page_differences(financing["Tous financements"], by_year, whole, CREDITS)
    for word, make in DIVISIONS:
        table = make(situation)
        if table.rows:
            shown = starting(page(f"financement/?par={word}"), "Crédits par ")
            columns = {shown.headers[0]: "label", **DIVISION}
            yield from page_differences(shown, table, lines_of(table), columns)
    lasting = financing.get("Prévu et consommé sur la durée du contrat")
    if lasting:
        ends = replace(lasting, rows=[lasting.rows[0], lasting.rows[-1]])
        totals = [row for row in by_year.rows if row.role is Role.SUBTOTAL]
        yield from page_differences(ends, by_year, totals, {"Financement": "year", **DIVISION})
    yield from credit_line_differences(situation, financing)
    period = situation.credits.period
    if period:
        table = credit_tables.by_period(situation)
        shown, columns = starting(financing, "Crédits consommés dans la période"), {"Ligne": "label", **PERIOD}
        if not period.is_since_january:
            for key, day in (("before", period.before_until), ("after", period.until)):
                columns |= {f"{kind} au {formats.date_fr(day)}": f"{key}_{kind.lower()}" for kind in ("AE", "CP")}
        yield from page_differences(shown, table, lines_of(table), columns)


def credit_line_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Planned and consumed of each line and year, in the table of its source; consumed stands on the row below."""
    has_facts = bool(situation.filings)
    for group in situation.credits.by_source:
        lines: list[Any] = [line for line in situation.credits.lines if line.source == group.label]
        whole: Any = group
        wanted = []
        for line in lines:
            wanted.append([line.label, line.titre, *promised((*line.years, line))])
            if has_facts:
                wanted.append(["consommé", "", *pairs(each.consumed for each in (*line.years, line))])
        wanted.append(["Total prévu", "", *promised((*whole.years, whole))])
        if has_facts:
            wanted.append(["Total consommé", "", *pairs(each.consumed for each in (*whole.years, whole))])
        yield from row_differences(group.label, wanted, shown[group.label].rows)


def promised(rows: Iterable[Any]) -> Iterator[Value]:
    """AE and CP of the plan, « illisible » where the scan lost them."""
    for row in rows:
        for kind in ("ae", "cp"):
            yield "illisible" if kind in row.lost else getattr(row.planned, kind)


def pairs(amounts: Any) -> list[Any]:
    return [value for pair in amounts for value in (pair.ae, pair.cp)]


def tranche_differences(situation: Situation, shown: PageTable) -> Iterator[str]:
    """Standing, planned, decided, consumed of each year, AE above CP in one cell; what is left to commit."""
    table = tranche_tables.by_year(situation)
    wanted = []
    for one in (named(table, row) for row in table.rows):
        amounts = [one_above_other(one[f"{name}_ae"], one[f"{name}_cp"]) for name in ("planned", "decided", "consumed")]
        wanted.append([one["year"], one["standing"], *amounts, one["left"]])
    rows = [
        [cell or small for cell, small in zip(*both, strict=True)] for both in zip(shown.rows, shown.small, strict=True)
    ]
    found = chosen(replace(shown, rows=rows), "Exercice", "État", "Prévu", "Décidé", "Consommé", "Reste à engager")
    once = {"n.r.n.r.": "n.r.", "illisibleillisible": "illisible"}
    told = [[once.get(tight(cell), tight(cell)) for cell in row] for row in found]
    yield from row_differences("Tranches", wanted, told)


def one_above_other(ae: Any, cp: Any) -> str:
    """Both amounts, or once what is said of both; a dash where there is nothing to say."""
    if ae == cp and not isinstance(ae, Decimal):
        return formats.NOT_REPORTED if ae is None else ae or "–"
    return "".join(formats.number(each, places_shown(each)) for each in (ae, cp))


# --- Savings ---


def savings_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Planned, declared, gap, certified of each line and year, in AE and in CP; then the total's."""
    savings = situation.savings
    for kind in ("ae", "cp") if savings.lines else ():
        wanted = []
        for line in savings.lines:
            wanted += series(line, kind)
        wanted += series(savings.total, kind)
        rows = shown[f"Économies en {kind.upper()}"].rows
        yield from row_differences(f"Économies {kind}", wanted, [row[3:] for row in rows])
        heads = [row[:2] for row in rows if row[0] not in ("déclaré", "écart", "certifié")][: len(savings.lines)]
        yield from row_differences(f"Économies {kind}", [[line.label, line.titre] for line in savings.lines], heads)


def series(one: Any, kind: str) -> list[list[Any]]:
    names = ("expected", "declared", "gap", "certified")
    rows: list[list[Any]] = []
    for name in names if one.declared.is_reported else names[:1]:
        cells = [getattr(getattr(each, name), kind) for each in (*one.years, one)]
        row = [*cells, getattr(one.recurrent, kind) if name == "expected" else ""]
        is_lost = name == "expected" and one.is_lost
        rows.append(["illisible" if is_lost and cell is None else cell for cell in row])
    return rows


def post_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Posts removed by category and year, the yearly cost of one, the total and those redeployed; a table a line."""
    table = savings_tables.posts(situation)
    posts = [named(table, row) for row in table.rows]
    for line in dict.fromkeys(one["line"] for one in posts):
        found = shown[formats.typeset(line)]
        mine, years = [one for one in posts if one["line"] == line], found.headers[2:-2]
        rows = []
        for one in mine:
            removed = [one[f"{year}_removed"] for year in years]
            redeployed = total(one[f"{year}_redeployed"] for year in years)
            cost = one["cost"]
            if not isinstance(cost, str):
                cost = formats.number(cost, places_shown(cost))
            rows.append([one["category"], cost, *removed, total(removed), redeployed])
        sums = [total(row[rank] for row in rows) for rank in range(2, len(found.headers))]
        yield from row_differences(line, [*rows, ["Total", "", *sums]], found.rows, Kind.NUMBER)


def gap_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Planned to date, declared and gap of each line declared, in CP."""
    table = savings_tables.by_line(situation)
    counted = takewhile(lambda row: row.role is Role.LINE, table.rows)
    keys = ("label", "due", "declared", "gap")
    wanted = [[named(table, row)[key] for key in keys] for row in counted]
    compensation = shown.get("Écart de chaque ligne et compensation nette")
    found = chosen(compensation, "Ligne", "Prévu", "Déclaré", "Écart")[:-1]
    yield from unordered_differences("Écarts", (row for row in wanted if row[2] is not None), found, Kind.EUROS)


def return_differences(situation: Situation, shown: PageTable) -> Iterator[str]:
    """Each ratio, the two amounts that make it, and its day."""
    table = savings_tables.returns(situation)
    wanted = []
    for row in table.rows:
        code, label, *parts, value = row.values
        wanted.append([f"{code} – {label}", *parts, formats.ratio(value) if isinstance(value, Decimal) else None])
    yield from row_differences(shown.caption, wanted, shown.rows)


def reason_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """The reason of each gap, line by line and year by year."""
    table = savings_tables.by_year(situation)
    wanted: list[list[Value]] = []
    year: Value = None
    for row in table.rows:
        one = named(table, row)
        if row.role is Role.BAND:
            year = one["label"]
        elif one["reason"]:
            wanted.append([one["label"], year, one["reason"]])
    found = chosen(shown.get("Ce que le porteur dit de chaque économie"), "Ligne", "Exercice", "Motif ou constat")
    yield from unordered_differences("Motifs", wanted, (row for row in found if row[2] != formats.NOT_REPORTED))
