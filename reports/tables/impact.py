"""Tables of an impact sheet: totals by year, lines, targets, dates; before, after, difference."""

from collections.abc import Iterator, Sequence

from contracts.amendments.calc import Change, TotalImpact
from contracts.amendments.impact import DateMove, Impact, LineMove
from figures import formats
from reports.tables.model import EUROS_NOTE, Column, Kind, Role, Row, Table, Value, band

_SIDES = (
    Column("before", "Avant", Kind.EUROS, 14),
    Column("after", "Après", Kind.EUROS, 14),
    Column("difference", "Différence", Kind.EUROS, 14),
)

_TERMS = (
    Column("subject", "Ligne", width=32),
    Column("key", "Exercice ou catégorie", width=12),
    Column("label", "Objet", width=20),
    Column("before", "Avant", width=24),
    Column("after", "Après", width=24),
)


def impact_tables(found: Impact, *, is_brief: bool = False) -> list[Table]:
    """Every table of the sheet: what moved, the totals that moved, then those that did not unless it is brief."""
    unmoved = () if is_brief else found.unmoved
    return [*_moves(found), *(_total(one) for one in (*found.moved, *unmoved))]


def unmoved_words(found: Impact) -> str:
    """« Totaux inchangés : CP du FTAP (450 000,00 €), … »; blank when every total moved."""
    told = [f"{one.title} ({_sum_words(one)})" for one in found.unmoved]
    return f"Totaux inchangés : {', '.join(told)}." if told else ""


def _sum_words(one: TotalImpact) -> str:
    if one.total is not None:
        return _after_words(one.total)
    return ", ".join(f"{row.label} : {_after_words(row)}" for row in one.rows)


def _after_words(one: Change) -> str:
    return formats.euros(one.after, missing=formats.missing(is_lost="after" in one.lost))


def _total(one: TotalImpact) -> Table:
    columns = (Column("label", "Exercice" if one.total else "Mesure", width=22), *_SIDES)
    rows = [_row(change, Role.LINE) for change in one.rows]
    if one.total is not None and len(one.rows) > 1:
        rows.append(_row(one.total, Role.TOTAL))
    return Table(f"{one.part}-{one.code}", one.title, columns, tuple(rows), EUROS_NOTE)


def _row(change: Change, role: Role) -> Row:
    return Row((change.label, *_sides(change), change.difference), role)


def _moves(found: Impact) -> Iterator[Table]:
    if found.changed:
        columns = (
            Column("change", "Sens", width=8),
            Column("kind", "Nature", width=18),
            Column("subject", "Ligne", width=40),
        )
        changed = [Row((one.change, one.kind, one.subject)) for one in found.changed]
        yield Table("lignes-ajoutees", "Lignes ajoutées ou retirées", columns, tuple(changed))
    if found.lines:
        key = Column("key", "Exercice ou catégorie", width=12)
        columns = (Column("subject", "Ligne", width=36), key, Column("figure", "Chiffre"))
        sides = tuple(Column(one.key, one.label, Kind.NUMBER, 14) for one in _SIDES[:2])
        moved = Column("difference", "Différence", Kind.NUMBER, 14)
        note = "Montants en euros, emplois en ETPT."
        shown = (*columns, *sides, moved)
        yield Table("lignes", "Lignes modifiées", shown, tuple(_line_rows(found, shown)), note)
    if found.terms:
        yield Table("modalites", "Paramètres, mois et motifs modifiés", _TERMS, tuple(_term_rows(found)))
    if found.targets:
        targets = (
            Column("subject", "Indicateur", width=40),
            Column("unit", "Unité", width=14),
            Column("on", "À la date du", Kind.DATE, 12),
            Column("before", "Avant", Kind.NUMBER, 14),
            Column("after", "Après", Kind.NUMBER, 14),
            Column("difference", "Différence", Kind.NUMBER, 12),
        )
        yield Table("cibles", "Cibles modifiées", targets, tuple(_target_rows(found)))
    if found.dates:
        dates = (
            Column("subject", "Objet", width=40),
            Column("label", "Date", width=14),
            Column("before", "Avant", Kind.DATE, 12),
            Column("after", "Après", Kind.DATE, 12),
            Column("days", "Décalage en jours", Kind.NUMBER, 10),
        )
        moved_dates: list[tuple[Value, ...]] = [(one.subject, one.label, *_sides(one), one.days) for one in found.dates]
        yield Table("dates", "Dates modifiées", dates, tuple(Row(each) for each in moved_dates))


def _sides(one: Change | LineMove | DateMove) -> tuple[Value, Value]:
    """Before and after; « illisible » where the scan lost it."""
    return _side(one.before, is_lost="before" in one.lost), _side(one.after, is_lost="after" in one.lost)


def _side(value: Value, *, is_lost: bool) -> Value:
    return formats.legible(value, is_lost=is_lost)


def _line_rows(found: Impact, columns: Sequence[Column]) -> Iterator[Row]:
    """Each line that moved, under its heading; in brackets what tells it from another of the same name."""
    for place, lines in found.lines_by_place:
        if place:
            yield band(place, columns)
        for one in lines:
            title = f"{one.title} ({one.note})" if one.note else one.title
            yield Row((title, one.key, one.figure, *_sides(one), one.difference))


def _target_rows(found: Impact) -> Iterator[Row]:
    for one in found.targets:
        difference = formats.NOT_COMPUTABLE if one.difference is None else one.difference
        yield Row((one.subject, one.unit, one.on or "sans date", one.before, one.after, difference))


def _term_rows(found: Impact) -> Iterator[Row]:
    for one in found.terms:
        yield Row((one.subject, one.key, one.label, one.before, one.after))
