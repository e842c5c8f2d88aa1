"""What a sheet of the annex holds: described once by each ledger, used to write and to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.contract_file.document import scale_of
from figures.ae_cp import total

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AnnexColumn:
    """A column: its key in the line's table (`perenne.ae`), its title, what it holds.

    `kind` is `text`, `number` or `amount` (in the table's unit) or `euros`; `choices` are the admitted codes with their
    labels; `refers_to` a table of the file whose names are admitted, with `also` beside them. A text that `moves` may
    be changed by an amendment; others say which line it is.
    """

    key: str
    label: str
    kind: str = "text"
    choices: Sequence[tuple[Any, str]] = ()
    refers_to: str = ""
    also: str = ""
    moves: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind != "text"


@dataclass(frozen=True, slots=True)
class AnnexSheet:
    """A sheet: one row for each line of a table, or for each table inside its lines (`within`).

    `yearly` are the columns of each year; `after_funding` is how many years after the funding they go on. `detailed`
    are other columns of each year, `{year}` in their key and label: parameters that few lines have, at the end.
    """

    code: str
    title: str
    lede: str
    table: tuple[str, str]
    columns: Sequence[AnnexColumn]
    yearly: Sequence[AnnexColumn]
    after_funding: int = 0
    within: str = ""
    within_key: str = ""
    detailed: Sequence[AnnexColumn] = ()

    def lines(self, tables: Mapping[str, Any]) -> list[Table]:
        """The lines of the table, as they stand in the file."""
        found: list[Table] = tables.get(self.table[0], {}).get(self.table[1], [])
        return found

    def rows(self, tables: Mapping[str, Any]) -> Iterator[tuple[str, str, Table]]:
        """Each row: its key, its path in the file, its table."""
        for rank, line in enumerate(self.lines(tables), start=1):
            path = f"{'.'.join(self.table)}[{rank}]"
            if not self.within:
                yield str(line["cle"]), path, line
                continue
            for at, inner in enumerate(line.get(self.within, ()), start=1):
                yield f"{line['cle']}|{plain_of(inner[self.within_key])}", f"{path}.{self.within}[{at}]", inner

    def years(self, tables: Mapping[str, Any]) -> list[int]:
        """The years that the contract may promise, and those that a line already states."""
        contract = tables["contrat"]
        last = int(plain_of(contract["derniere_annee"])) + self.after_funding
        stated = {int(year) for _, _, row in self.rows(tables) for year in row.get("annees", {})}
        return sorted({*range(int(plain_of(contract["premiere_annee"])), last + 1), *stated})

    def inputs(self, tables: Mapping[str, Any]) -> list[AnnexColumn]:
        """Every column that is read, in order; those of a year bear it in their key (`annees.2021.ae`)."""
        years = self.years(tables)
        of_years = [
            AnnexColumn(f"annees.{year}.{one.key}", f"{one.label} {year}", one.kind)
            for year in years
            for one in self.yearly
        ]
        return [*self.columns, *of_years, *self.details(tables)]

    def details(self, tables: Mapping[str, Any]) -> list[AnnexColumn]:
        """The columns of parameters given year by year."""
        return [
            AnnexColumn(one.key.format(year=year), one.label.format(year=year), one.kind)
            for one in self.detailed
            for year in self.years(tables)
        ]


def plain_of(value: Any) -> Any:
    """The value of a cell of the file: the one retained, where the scan was corrected."""
    return value.get("retenu") if isinstance(value, Mapping) and "preuve" in value else value


def sheets_amount(tables: Mapping[str, Any], key: str) -> Decimal | None:
    """What the project sheets of the file bear of an amount (`cout`, `ftap`), in euros; None when none bears any."""
    scale = scale_of(tables["contrat"]["unite"])
    found = [plain_of(one.get(key)) for one in tables.get("fiches", ())]
    return total(Decimal(value) * scale for value in found if isinstance(value, int | Decimal))


def value_at(row: Mapping[str, Any], key: str) -> Any:
    """The value at a key of a row; None where it says nothing, or where a table stands (rates by year)."""
    found: Any = row
    for piece in key.split("."):
        found = found.get(piece) if isinstance(found, Mapping) else None
    value = plain_of(found)
    return None if isinstance(value, Mapping) else value


def set_at(row: Table, key: str, value: Any) -> None:
    """Put a value at a key of a row; None takes it away."""
    *path, last = key.split(".")
    for piece in path:
        if not isinstance(row.get(piece), dict):
            row[piece] = {}
        row = row[piece]
    if value is None:
        row.pop(last, None)
    else:
        row[last] = value
