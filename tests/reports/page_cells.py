"""How the table of a page is held against the table of a report: cell by cell in its columns, or by whole rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from figures import formats
from figures.rounding import places_shown
from reports.tables.model import Kind, Role, Row, Table, Value
from tests.reports.reading import PageTable, tight


def texts(value: Value, kind: Kind) -> set[str]:
    """The ways in which a page may write a value: a missing one is a dash where nothing was due."""
    if value is None:
        return {"n.r.", "n.c.", "–", ""}
    if isinstance(value, Decimal):
        return {tight(figure(value, kind))}
    if value == "":
        return {"–", ""}
    return {tight(formats.short_date_fr(value) if isinstance(value, date) else formats.typeset(str(value)))}


def figure(value: Decimal, kind: Kind) -> str:
    match kind:
        case Kind.SHARE:
            return formats.percent(value)
        case Kind.RATIO:
            return formats.ratio(value)
        case Kind.NUMBER:
            return formats.number(value, None)
    return formats.number(value, places_shown(value))


def page_differences(shown: PageTable, table: Table, rows: Sequence[Row], columns: Mapping[str, str]) -> Iterator[str]:
    """Where a table of a page and the report's rows do not say the same; as many rows, in the same order.

    What names a row, in its first cell, may be longer on one side: « 1. Titre de la fiche », « Total FTAP ».
    """
    ranks = {column.key: rank for rank, column in enumerate(table.columns)}
    if len(shown.rows) != len(rows):
        yield f"{shown.caption}: {len(shown.rows)} rows for {len(rows)}"
    for row, cells in zip(rows, shown.rows, strict=False):
        for header, key in columns.items():
            value, kind = row.values[ranks[key]], table.columns[ranks[key]].kind
            place = shown.headers.index(header)
            found, wanted = tight(cells[place]), texts(value, kind)
            is_named = place == 0 and found and any(found in text or text in found for text in wanted)
            if found not in wanted and not is_named:
                yield f"{shown.caption}, {row.values[0]}, {header}: {value!r} is shown as {cells[place]!r}"


def row_differences(
    where: str, wanted: Sequence[Sequence[Any]], found: Sequence[Sequence[str]], kind: Kind = Kind.EUROS
) -> Iterator[str]:
    """The same for whole rows; figures are of one kind, any other text is written already."""
    if len(wanted) != len(found):
        yield f"{where}: {len(found)} rows for {len(wanted)}"
    for row, cells in zip(wanted, found, strict=False):
        if len(row) != len(cells) or any(
            tight(cell) not in texts(value, kind) for value, cell in zip(row, cells, strict=True)
        ):
            yield f"{where}: {list(row)} is shown as {list(cells)}"


def unordered_differences(
    where: str, wanted: Iterable[Sequence[Value]], found: Iterable[Sequence[str]], kind: Kind = Kind.NUMBER
) -> Iterator[str]:
    """The same where page and report have each their order: whole rows again, none missing, none more."""
    of_report = Counter(
        tuple(min(texts(formats.NOT_REPORTED if value is None else value, kind)) for value in row) for row in wanted
    )
    of_page = Counter(tuple("" if cell == "–" else tight(cell) for cell in row) for row in found)
    yield from (f"{where}: {row} is not on the page" for row in of_report - of_page)
    yield from (f"{where}: {row} is on the page alone" for row in of_page - of_report)


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


def totals_first(table: Table) -> list[Row]:
    """The rows with each subtotal above its lines, where a page has it, and its words without « Total »."""
    rows: list[Row] = []
    lines: list[Row] = []
    for row in table.rows:
        if row.role is Role.LINE:
            lines.append(row)
        elif row.role is not Role.BAND:
            head = Row((row.values[0], str(row.values[1]).replace("Total axe", "Axe"), *row.values[2:]), row.role)
            rows += [head, *lines] if row.role is Role.SUBTOTAL else [*lines, head]
            lines = []
    return rows


def named(table: Table, row: Row) -> dict[str, Any]:
    """The values of a row by the key of their column."""
    return {column.key: value for column, value in zip(table.columns, row.values, strict=True)}


def starting(shown: Mapping[str, PageTable], caption: str) -> PageTable:
    """The table whose caption begins so."""
    return next(table for found, table in shown.items() if found.startswith(caption))


def chosen(table: PageTable | None, *headers: str) -> list[list[str]]:
    """Some columns of a table that the page may not have."""
    return [[row[table.headers.index(header)] for header in headers] for row in table.rows] if table else []
