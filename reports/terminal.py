"""A situation as text for a terminal, in French: the same tables as the PDF and the workbook, every row of them."""

from collections.abc import Iterator
from textwrap import shorten
from typing import Final

from figures.formats import date_fr
from reports.drawings import key_figures
from reports.facts import Situation
from reports.tables.model import Role, Table, shown
from reports.xlsx.workbook import sheets

WIDEST: Final = 60


def as_text(situation: Situation) -> str:
    """Everything that the situation says, table after table."""
    return "\n".join(_lines(situation)) + "\n"


def _lines(situation: Situation) -> Iterator[str]:
    frame = situation.frame
    yield f"{frame.title} – {_version(situation)} – situation au {date_fr(situation.on)}"
    if situation.is_demo:
        yield "Chiffres de démonstration, inventés"
    yield ""
    for tile in key_figures(situation):
        yield f"{tile['label']} : {tile['value']}" + (f" ({tile['note']})" if tile["note"] else "")
    for title, tables in sheets(situation).items():
        yield from ("", f"=== {title} ===")
        for table in tables:
            yield from ("", table.title, *_table(table))


def _version(situation: Situation) -> str:
    """The version shown; before the day of signature, the promise to come is shown and said to be."""
    version = situation.frame.version
    if version.number == 0 and version.signed_on and situation.on < version.signed_on:
        return f"{version.label} le {date_fr(version.signed_on)}, donc après ce jour"
    return version.label


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"  {table.empty}"
        return
    headers = [f"{column.group} {column.label}".strip() for column in table.columns]
    bodies = [
        [shown(value, column.kind) for value, column in zip(row.values, table.columns, strict=True)]
        for row in table.rows
    ]
    kept = [body for body, row in zip(bodies, table.rows, strict=True) if row.role is not Role.BAND]
    widths = [min(WIDEST, max(map(len, each))) for each in zip(headers, *kept, strict=True)]
    figures = [column.is_figure for column in table.columns]
    yield _line(headers, widths, figures)
    for body, row in zip(bodies, table.rows, strict=True):
        yield f"  -- {body[0]}" if row.role is Role.BAND else _line(body, widths, figures)


def _line(cells: list[str], widths: list[int], figures: list[bool]) -> str:
    parts = [
        text.rjust(width) if is_figure else _fitting(text, width).ljust(width)
        for text, width, is_figure in zip(cells, widths, figures, strict=True)
    ]
    return f"  {'  '.join(parts)}".rstrip()


def _fitting(text: str, width: int) -> str:
    return text if len(text) <= width else shorten(text, width, placeholder="…")
