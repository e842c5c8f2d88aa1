"""Tables of an impact sheet: totals by year, lines, targets, dates; before, after, difference."""

from collections.abc import Iterator

from contracts.amendments.calc import Change, TotalImpact
from contracts.amendments.impact import Impact
from figures import formats
from reports.tables.model import EUROS_NOTE, Column, Kind, Role, Row, Table, Value

_SIDES = (
    Column("before", "Avant", Kind.EUROS, 14),
    Column("after", "Après", Kind.EUROS, 14),
    Column("difference", "Différence", Kind.EUROS, 14),
)

_TERMS = (
    Column("subject", "Ligne", width=32),
    Column("key", "Clé", width=12),
    Column("label", "Objet", width=20),
    Column("before", "Avant", width=24),
    Column("after", "Après", width=24),
)


TARGETS_NOTE = "Chaque indicateur dans son unité."


def impact_tables(found: Impact) -> list[Table]:
    """Every table of the sheet that has something to say; totals are there even when nothing moved."""
    return [*(_total(one) for one in found.totals), *_moves(found)]


def _total(one: TotalImpact) -> Table:
    columns = (Column("label", "Exercice" if one.total else "Mesure", width=22), *_SIDES)
    rows = [_row(change, Role.LINE) for change in one.rows]
    if one.total is not None and len(one.rows) > 1:
        rows.append(_row(one.total, Role.TOTAL))
    return Table(f"{one.part}-{one.code}", one.title, columns, tuple(rows), EUROS_NOTE)


def _row(change: Change, role: Role) -> Row:
    return Row((change.label, change.before, change.after, change.difference), role)


def _moves(found: Impact) -> Iterator[Table]:
    if found.lines:
        columns = (Column("subject", "Ligne", width=36), Column("key", "Clé", width=12), Column("figure", "Chiffre"))
        sides = tuple(Column(one.key, one.label, Kind.NUMBER, 14) for one in _SIDES[:2])
        moved = Column("difference", "Différence", Kind.NUMBER, 14)
        rows = [Row((one.title, one.key, one.figure, one.before, one.after, one.difference)) for one in found.lines]
        yield Table(
            "lignes", "Lignes modifiées", (*columns, *sides, moved), tuple(rows), "Montants en euros, emplois en ETPT."
        )
    if found.terms:
        yield Table("modalites", "Paramètres, mois et motifs modifiés", _TERMS, tuple(_term_rows(found)))
    if found.targets:
        targets = (
            Column("subject", "Indicateur", width=40),
            Column("on", "À la date du", Kind.DATE, 12),
            Column("before", "Avant", width=16),
            Column("after", "Après", width=16),
            Column("difference", "Différence", Kind.NUMBER, 12),
        )
        yield Table("cibles", "Cibles modifiées", targets, tuple(_target_rows(found)), TARGETS_NOTE)
    if found.dates:
        dates = (
            Column("subject", "Objet", width=40),
            Column("label", "Date", width=14),
            Column("before", "Avant", width=12),
            Column("after", "Après", width=12),
            Column("days", "Décalage en jours", Kind.NUMBER, 10),
        )
        moved_dates: list[tuple[Value, ...]] = [
            (one.subject, one.label, one.before_words, one.after_words, one.days) for one in found.dates
        ]
        yield Table("dates", "Dates modifiées", dates, tuple(Row(each) for each in moved_dates))


def _target_rows(found: Impact) -> Iterator[Row]:
    for one in found.targets:
        difference = formats.NOT_COMPUTABLE if one.difference is None else one.difference
        yield Row((one.subject, one.on or "sans date", one.before, one.after, difference))


def _term_rows(found: Impact) -> Iterator[Row]:
    for one in found.terms:
        yield Row((one.subject, one.key, one.label, one.before, one.after))
