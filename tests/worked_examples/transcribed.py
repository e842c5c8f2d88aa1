"""The tables of `transcription/`, read as the acts print them, and how a cell is compared with what is stored.

A cell is what is printed, in the printed unit: blank when nothing is, `-` for a printed dash, `?` when the scan lost
it, `236200→238200` when another figure of the contract forces the second value. In a text, `…` stands for words left
out. Where a column sorts what the act tells (a method, an orientation), a blank cell is what the act does not say.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).parent / "transcription"
Row = dict[str, str]


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


def alike(cell: str, stored: str) -> str:
    """What to compare with `told(kept(cell))`: the same when the stored text is what the cell says, else that text."""
    said, found = told(kept(cell)), told(stored)
    pattern = ".*".join(re.escape(part) for part in said.split("…"))
    return said if re.fullmatch(pattern, found, re.IGNORECASE if "…" in said else re.NOFLAG) else found


def as_far_as_said(row: Row, stored: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is stored and what is said, in the columns of `stored` that the act fills."""
    filled = [column for column in stored if row[column]]
    return (
        {column: alike(row[column], stored[column]) for column in filled},
        {column: told(kept(row[column])) for column in filled},
    )


def figure(cell: str, scale: int = 1) -> Decimal | None:
    """The figure of a cell, in euros when `scale` is what one unit is worth; None when none is printed or readable."""
    text = kept(cell)
    if text in ("", "?"):
        return None
    return Decimal(0) if text == "-" else Decimal(text.replace(",", ".")) * scale


def scale_of(code: str, article: int) -> int:
    """What one unit of the tables of an article is worth in euros, as the act says."""
    [frame] = table("contracts", code)
    return 1000 if frame[f"unité article {article}"] == "keur" else 1


def years_of(row: Row) -> list[int]:
    """The years of the columns « 2021 AE »."""
    return sorted({int(name[:4]) for name in row if name[:4].isdigit()})


def amounts(row: Row, scale: int) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """AE and CP by year, in euros."""
    return {year: (figure(row[f"{year} AE"], scale), figure(row[f"{year} CP"], scale)) for year in years_of(row)}


def by_year(row: Row, planned: Iterable[tuple[int, Decimal | None, Decimal | None]]) -> dict[int, object]:
    """The same from the database; a year without a row promises nothing."""
    return dict.fromkeys(years_of(row), (None, None)) | {year: (ae, cp) for year, ae, cp in planned}


def yes_or_no(stored: bool) -> str:
    """A flag, in the word of the tables."""
    return "oui" if stored else "non"
