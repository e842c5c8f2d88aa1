"""A grid ready to show: headers, rows, cells, totals, with what was typed, what was refused and what rules say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone

from figures import formats
from figures.ae_cp import total
from figures.headings import under_headings
from monitoring.entry.cells import UNITS, CellError, Field, Kind, Unit, cell_anchor, row_anchor, row_of_anchor, write
from monitoring.entry.conflicts import Conflict
from monitoring.entry.ledger import Column, Ledger
from monitoring.entry.shown import (
    Cell,
    ConflictLine,
    Grid,
    HeaderGroup,
    Input,
    RowWarning,
    ShownConflict,
    ShownRow,
    Total,
)
from monitoring.entry.typed import TypedRow
from monitoring.models import Filing
from monitoring.rules import Finding, Rule


@dataclass(frozen=True)
class Attempt:
    """What a person just tried: texts by row, refused cells, conflicts, rows that were saved."""

    typed: Mapping[int, TypedRow] = field(default_factory=dict)
    errors: Sequence[CellError] = ()
    conflicts: Sequence[Conflict] = ()
    saved: frozenset[int] = frozenset()

    def keeps(self, row: int) -> bool:
        """Whether the row shows what was typed rather than what is stored."""
        return row in self.typed and row not in self.saved

    def state(self, row: int) -> str:
        if row in self.saved:
            return "saved"
        if any(one.row == row for one in self.conflicts):
            return "stale"
        return "refused" if any(one.row == row for one in self.errors) else ""


NO_ATTEMPT = Attempt()


def build_grid(
    ledger: Ledger,
    filing: Filing,
    rows: Sequence[Any],
    *,
    unit: Unit,
    sheets: frozenset[str] | None,
    attempt: Attempt = NO_ATTEMPT,
) -> Grid:
    """The grid of these rows; `sheets` are those that the person may write (None: all)."""
    columns = [column for column in ledger.columns(filing) if not column.is_optional or _is_asked(ledger, rows, column)]
    bands = bands_of(ledger, rows)
    warnings = warnings_by_row(ledger, filing, rows)
    only = ledger.table.texts if filing.takes_texts_only else None
    counted = [row for row in rows if ledger.counts(row)]
    return Grid(
        caption=ledger.caption(filing),
        row_title=ledger.row_title,
        unit=unit,
        unit_label=UNITS[unit],
        has_amounts=ledger.has_amounts,
        groups=_header_groups(columns),
        columns=columns,
        rows=[
            _row(
                ledger,
                row,
                columns,
                unit,
                warnings.get(row.pk, ()),
                attempt,
                sheets is None or row.sheet in sheets,
                only,
                bands[row.pk],
            )
            for row in rows
        ],
        totals=_totals(columns, counted, unit, frozenset() if only is not None else sheets)
        if ledger.has_amounts
        else [],
        total_title=ledger.total_title(rows),
        warnings=warnings_on_all(ledger, filing),
    )


def _is_asked(ledger: Ledger, rows: Sequence[Any], column: Column) -> bool:
    return any(one.column == column.key for row in rows for one in ledger.fields(row))


def bands_of(ledger: Ledger, rows: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """The heading of each row and its anchor, blank where there is none; one may come again further down."""
    found: dict[int, tuple[str, str]] = {}
    for rank, (title, members) in enumerate(under_headings(rows, ledger.band), start=1):
        found |= {row.pk: (title, f"b{rank}" if title else "") for row in members}
    return found


def warnings_by_row(ledger: Ledger, filing: Filing, rows: Sequence[Any]) -> dict[int, list[RowWarning]]:
    """What the ledger's rules say of cells, by row. A finding on a whole row says that it is blank, which is seen."""
    facts = ledger.facts(filing, rows)
    labels = {row.pk: row.label for row in rows}
    found: dict[int, list[RowWarning]] = {}
    for rule in ledger.rules:
        for finding in rule.check(facts):
            row = row_of_anchor(finding.anchor)
            if finding.anchor == row_anchor(row):
                continue
            found.setdefault(row, []).append(_warning(rule, finding, labels.get(row, "")))
    return found


def warnings_on_all(ledger: Ledger, filing: Filing) -> list[RowWarning]:
    """What the ledger's rules say of all the rows of the filing together, whichever are shown."""
    facts = ledger.whole_facts(filing) if ledger.whole_rules else None
    return [_warning(rule, finding, "") for rule in ledger.whole_rules for finding in rule.check(facts)]


def _warning(rule: Rule, finding: Finding, label: str) -> RowWarning:
    """The sentence without the name of the row, which stands above it."""
    message = finding.message.removeprefix(f"{label}\u00a0: ")
    return RowWarning(
        rule.code, str(rule.severity), rule.severity.label, message[:1].upper() + message[1:], finding.anchor
    )


def _row(
    ledger: Ledger,
    row: Any,
    columns: Sequence[Column],
    unit: Unit,
    warnings: Sequence[RowWarning],
    attempt: Attempt,
    is_writable: bool,
    only: Sequence[str] | None,
    band: tuple[str, str],
) -> ShownRow:
    """`only` are the only fields with inputs, when the texts alone were reopened; `band` its heading and the anchor."""
    named_by = f"{band[1]} t{row.pk}".lstrip()
    fields = list(ledger.fields(row))
    errors = {one.field: one for one in attempt.errors if one.row == row.pk}
    conflict = next((one for one in attempt.conflicts if one.row == row.pk), None)
    texts = attempt.typed[row.pk].texts if attempt.keeps(row.pk) else {}
    inputs = _Inputs(row, unit, named_by, texts, errors, {one.name: rank for rank, one in enumerate(fields)})
    return ShownRow(
        pk=row.pk,
        anchor=row_anchor(row.pk),
        label=row.label,
        note=row.note,
        band=band[0],
        band_anchor=band[1],
        revision=conflict.revision if conflict else row.revision,
        is_writable=is_writable,
        cells=[_cell(row, column, fields, inputs, is_writable, only) for column in columns],
        warnings=warnings,
        conflict=_conflict(conflict, fields, columns, unit) if conflict else None,
        changed=changed_by(row.updated_by, row.updated_at),
        state=attempt.state(row.pk),
        counts=ledger.counts(row),
        filled=ledger.filled(row),
    )


@dataclass(frozen=True, slots=True)
class _Inputs:
    """Makes the inputs of one row; `named_by` are the ids of its heading and of its own header."""

    row: Any
    unit: Unit
    named_by: str
    texts: Mapping[str, str]
    errors: Mapping[str, CellError]
    ranks: Mapping[str, int]

    def make(self, one: Field, column: Column) -> Input:
        id_ = cell_anchor(self.row.pk, one.name)
        error = self.errors.get(one.name)
        labels = _headers(self.named_by, column)
        return Input(
            id=id_,
            kind=one.kind,
            text=self.texts.get(one.name, write(one.kind, one.value, self.unit)),
            label=one.label,
            labelled_by=f"{labels} l-{id_}" if one.label else labels,
            described_by=f"e-{id_}",
            error=error.message if error else "",
            choices=one.choices,
            rank=self.ranks[one.name],
        )


def _cell(
    row: Any,
    column: Column,
    fields: Iterable[Field],
    inputs: _Inputs,
    is_writable: bool,
    only: Sequence[str] | None,
) -> Cell:
    headers, unit = _headers(inputs.named_by, column), inputs.unit
    mine = [one for one in fields if one.column == column.key]
    is_number = column.amount is not None or any(one.kind.is_figure for one in mine)
    is_open = only is None or all(one.name in only for one in mine)
    if column.is_input and is_writable and is_open:
        made = [inputs.make(one, column) for one in mine]
        return Cell(column, headers, "", is_number=is_number, is_input=True, inputs=made)
    text = "\n".join(filter(None, (_shown(one, unit) for one in mine))) if column.is_input else _fact(row, column, unit)
    anchors = [cell_anchor(row.pk, one.name) for one in mine] if column.is_input else []
    return Cell(column, headers, text, is_number=is_number, is_input=False, anchors=anchors)


def _shown(one: Field, unit: Unit) -> str:
    """A field for somebody who may only read it."""
    if one.kind is Kind.CHOICE:
        return dict(one.choices).get(str(one.value or ""), "")
    text = _read(one.kind, one.value, unit) or (formats.NOT_REPORTED if one.kind.is_figure else "")
    return f"{one.label}\u00a0: {text}" if one.label and text else text


def _read(kind: Kind, value: Any, unit: Unit) -> str:
    """A value for reading: as `write`, a rate with the sign that its cell goes without."""
    text = write(kind, value, unit)
    return f"{text}{formats.NO_BREAK_SPACE}%" if text and kind is Kind.RATE else text


def _fact(row: Any, column: Column, unit: Unit) -> str:
    if column.amount is not None:
        return amount_text(column.amount(row), unit, missing=column.missing([row]))
    return column.text(row) if column.text else ""


def amount_text(value: Decimal | None, unit: Unit, *, missing: str = formats.NOT_REPORTED) -> str:
    """An amount for reading, in the unit chosen; « n. r. » when nothing was stated."""
    return missing if value is None else write(Kind.AMOUNT, value, unit)


def changed_by(who: str, when: datetime | None) -> str:
    """« Claire Martin, le 3 avril 2021 à 14 h 03 »; blank for a row that nobody wrote."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return f"{who}, le {formats.date_fr(local.date())} à {formats.hour_fr(when)}"


def _conflict(one: Conflict, fields: Sequence[Field], columns: Sequence[Column], unit: Unit) -> ShownConflict:
    titles = {column.key: column.label for column in columns}
    lines = [
        ConflictLine(
            label=item.label or titles[item.column],
            mine=_version(item, one.mine, unit),
            theirs=_version(item, one.theirs, unit),
            before=_version(item, one.before, unit) if one.before else formats.NOT_REPORTED,
        )
        for item in fields
        if _value(item, one.mine) != _value(item, one.theirs)
    ]
    return ShownConflict(one.who or "une autre personne", changed_by("", one.when).removeprefix(", "), lines)


def _value(item: Field, values: Mapping[str, Any]) -> Any:
    """The value of a field in the columns of a row; `components.1` is the second of the list `components`."""
    name, _, rank = item.name.partition(".")
    value = values.get(name)
    if not rank:
        return value
    return value[int(rank)] if value and int(rank) < len(value) else None


def _version(item: Field, values: Mapping[str, Any], unit: Unit) -> str:
    value = _value(item, values)
    if item.kind is Kind.CHOICE:
        return dict(item.choices).get(str(value or ""), "") or formats.NOT_REPORTED
    return _read(item.kind, value, unit) or formats.NOT_REPORTED


def _headers(row: str, column: Column) -> str:
    """The ids of the headers of a cell: its row, its group of columns, its column."""
    return " ".join([row, *([f"g-{column.group.key}"] if column.group else []), f"h-{column.key}"])


def _header_groups(columns: Sequence[Column]) -> list[HeaderGroup]:
    """The first line of headers: groups over their columns; a column without group spans both lines."""
    found: list[HeaderGroup] = []
    for _, members in groupby(columns, key=lambda column: column.group or column.key):
        kept = list(members)
        group = kept[0].group
        found.append(HeaderGroup(group.key if group else "", group.label if group else "", len(kept), kept[0]))
    return found


def _totals(columns: Sequence[Column], rows: Sequence[Any], unit: Unit, sheets: frozenset[str] | None) -> list[Total]:
    """The foot of the rows that count: the sum of the amounts known in each column; « n. r. » when none is."""
    sums = {column.key: total(map(column.amount, rows)) for column in columns if column.amount}
    read_only = [row for row in rows if not (sheets is None or row.sheet in sheets)]
    return [
        Total(
            column=column,
            headers=_headers("", column).strip(),
            key=column.key if column.amount else "",
            text=amount_text(sums[column.key], unit, missing=column.missing(rows)) if column.amount else "",
            is_input=column.is_input,
            fixed=total(map(column.amount, read_only)) if column.amount and column.is_input else None,
            planned=sums.get(column.against),
            rest=_rest(sums.get(column.against), sums.get(column.key), unit),
        )
        for column in columns
    ]


def _rest(planned: Decimal | None, typed: Decimal | None, unit: Unit) -> str:
    """What remains of the plan, said in words when there is less than nothing."""
    if planned is None:
        return ""
    rest = planned - (typed or 0)
    text = amount_text(abs(rest), unit)
    return f"dépassement\u00a0: {text}" if rest < 0 else text
