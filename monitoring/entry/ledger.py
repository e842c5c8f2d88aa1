"""What a ledger tells of its entry grid, once, as data: the pages, the row save and the paste are written from it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from accounts.models import User
from figures import formats
from monitoring.entry.cells import Field
from monitoring.entry.writing import Table
from monitoring.models import Filing
from monitoring.rules import Rule
from monitoring.sections import Section


class Row(Protocol):
    """What every grid knows of a row; the ledger's own dataclass has its figures besides."""

    @property
    def pk(self) -> int: ...

    @property
    def revision(self) -> int: ...

    @property
    def label(self) -> str: ...

    @property
    def note(self) -> str: ...

    @property
    def sheet(self) -> str | None: ...

    @property
    def updated_by(self) -> str: ...

    @property
    def updated_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Group:
    """A header above several columns."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: inputs when neither `amount` nor `text` is given for facts, or both for a summed input.

    - `title`: the abbreviation spelled out.
    - `amount(row)`: euros, shown in the unit that the person chose and summed at the foot.
    - `text(row)`: any other fact, ready to show.
    - `is_lost(row)`: whether the amount is not known because the scan of the contract lost it.
    - `is_optional`: left out of a grid of which no row has an input there.
    - `against`: the column of what was planned, from whose total the rest is told while typing.
    """

    key: str
    label: str
    group: Group | None = None
    title: str = ""
    amount: Callable[[Any], Decimal | None] | None = None
    text: Callable[[Any], str] | None = None
    is_lost: Callable[[Any], bool] = lambda row: False
    is_input: bool = False
    is_optional: bool = False
    against: str = ""

    def missing(self, rows: Iterable[Any]) -> str:
        """What stands for an amount of these rows, or for their sum, when it is not known."""
        return formats.missing(is_lost=any(map(self.is_lost, rows)))

    @property
    def full_label(self) -> str:
        """The column where its group is not in sight: « Prévu en 2020 – AE »."""
        return f"{self.group.label} – {self.label}" if self.group and self.group.label else self.label


@dataclass(frozen=True, slots=True)
class Ledger:
    """A grid of entry rows.

    - `rows(filing, keys)`: the rows (all, or those of these keys) with what stands beside them, in constant queries.
    - `table`, `beside(filing, stored)`: the table they are written in, and the same rows when it was already read.
    - `columns(filing)`, `fields(row)`: how they are shown and what is typed.
    - `entry(row, revision, values)`: what is typed, as the ledger's own entry.
    - `record(filing=, entries=, actor=)`: writes all or nothing and gives the rows of the table.
    - `refresh(row, written)`: our row with what such a row of the table holds, which saves reading it again.
    - `take_over(filing=, actor=)`: fills blanks from the last period and gives how many rows; None where there is none.
    - `can_take_over(row)`: whether the row has a blank that the last period fills.
    - `facts(filing, rows)`: what `rules` look at.
    - `whole_facts(filing)`: what `whole_rules`, on all the rows of the filing together, look at; in constant queries.
    - `counts(row)`: whether the row enters the totals; one that does not is shown and typed as the others.
    - `filled(row)`: whether the row is filled, as the section's completeness counts it; None when nothing is asked.
    - `band(row)`: the heading that the row stands under; rows under one follow each other. Blank where there is none.
    - `before(filing)`: the filing that the last period's figures come from, which the page names; None without one.
    - `check(row, values)`: what the values of a row refuse together, as French messages by field.
    """

    section: Section
    lede: str
    caption: Callable[[Filing], str]
    columns: Callable[[Filing], Sequence[Column]]
    rows: Callable[..., list[Any]]
    table: Table
    beside: Callable[[Filing, Sequence[Any]], list[Any]]
    fields: Callable[[Any], Sequence[Field]]
    entry: Callable[[Any, int, Mapping[str, Any]], Any]
    record: Callable[..., Sequence[Any]]
    refresh: Callable[[Any, Any], Any]
    rules: Sequence[Rule]
    facts: Callable[[Filing, Sequence[Any]], Any]
    filled: Callable[[Any], bool | None]
    whole_rules: Sequence[Rule] = ()
    whole_facts: Callable[[Filing], Any] = lambda filing: None
    take_over: Callable[..., int] | None = None
    can_take_over: Callable[[Any], bool] = lambda row: False
    counts: Callable[[Any], bool] = lambda row: True
    has_amounts: bool = True
    row_title: str = "Ligne"
    band: Callable[[Any], str] = lambda row: ""
    before: Callable[[Filing], Filing | None] = lambda filing: None
    check: Callable[[Any, Mapping[str, Any]], Mapping[str, str]] = lambda row, values: {}

    def rows_of(self, filing: Filing, keys: Collection[int] | None = None) -> list[Any]:
        """Rows in the order of the page."""
        return self.rows(filing, keys)

    def total_title(self, rows: Sequence[Any]) -> str:
        """The name of the line of totals of these rows, which says how many do not count."""
        left_out = sum(not self.counts(row) for row in rows)
        ending = "s" if left_out > 1 else ""
        return f"Total sans {left_out} ligne{ending} non comptée{ending}" if left_out else "Total"

    def save(self, filing: Filing, entries: Sequence[Any], actor: User) -> dict[int, Any]:
        """Writes all or nothing and gives the rows of the table; `write_rows` says what is refused."""
        return {row.pk: row for row in self.record(filing=filing, entries=entries, actor=actor)}
