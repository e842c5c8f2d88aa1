"""Three series side by side: promised at signature, promised in force, realised; for each ledger and the calendar.

Without amendment the tables are empty and say so: there is one promise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from budget.calc import CreditGroup, CreditLine
from contracts.side_by_side import IN_FORCE, SIGNED
from figures import formats
from figures.ae_cp import NOTHING, AeCp
from figures.operators import Operator
from indicators.calc import DatedGoal, IndicatorResult
from indicators.words import WITHOUT_DAY
from reports.facts import MilestoneStanding, Situation
from reports.promise import SignedMilestone
from reports.tables.credits import Planned, promised, short_source
from reports.tables.model import (
    ABSENT,
    CLOSING,
    EUROS_NOTE,
    OPENING,
    Column,
    Derived,
    Kind,
    Role,
    Row,
    Table,
    Value,
    band,
    by_quarter,
)
from reports.tables.results import aimed, measured, shown_unit
from reports.tables.savings import RECURRING_NOTE, promised_saving
from savings.calc import SavingGroup, SavingLine

P = TypeVar("P", bound=Planned)
ONE_PROMISE: Final = "Aucun avenant : le promis en vigueur est celui de la signature."
NOT_KEPT: Final = "Cet instantané, de format 1, ne garde pas ce qui était promis à la signature."
NONE_CHANGED: Final = "Les avenants n’y ont rien changé ; le classeur donne tout."
ONLY_CHANGED: Final = "Ce que les avenants ont changé ; le classeur donne tout."


def all_series(situation: Situation) -> list[Table]:
    """Every table of this module, for the workbook."""
    makers = (credits_by_year, credits_by_line, savings_by_year, savings_by_line, indicators, milestones)
    return [make(situation) for make in makers]


def without_series(situation: Situation) -> str:
    """Why there is nothing to hold side by side; empty when there is."""
    if situation.signature is not None:
        return ""
    return NOT_KEPT if situation.is_amended else ONE_PROMISE


def promise_words(situation: Situation) -> str:
    """Which promise the report holds the facts against, and what was promised before."""
    signed, version = situation.signature, situation.frame.version
    if signed is None:
        return without_series(situation)
    since = f", en vigueur depuis le {formats.date_fr(version.in_force_from)}" if version.in_force_from else ""
    first = f"signature du {formats.date_fr(signed.signed_on)}" if signed.signed_on else "signature"
    return (
        f"{version.label}{since}. La promesse de la {first} est montrée à côté de la promesse en vigueur et du réalisé."
    )


def credits_by_year(situation: Situation) -> Table:
    """AE and CP by year: the fund's, then all; the whole amount of a year that only one version has is an effect."""
    columns = (Column("label", "Exercice", width=16), *_CREDITS)
    rows: list[Row] = []
    if signed := situation.signature:
        pairs = (
            ("Crédits du FTAP", "Total FTAP", signed.credits.ftap, situation.credits.ftap),
            ("Tous financements", "Total", signed.credits.total, situation.credits.total),
        )
        for title, total, before, now in pairs:
            rows += [band(title, columns), *_years(before, now)]
            rows.append(Row((total, *_credits(before, now, now.consumed)), Role.SUBTOTAL))
    return _table(situation, "series-credits", "Crédits en trois séries, par exercice", columns, rows)


def credits_by_line(situation: Situation, *, is_brief: bool = False) -> Table:
    """AE and CP of each line over the life of the contract; a line that only one version has counts in that one.

    `is_brief` keeps the lines whose promise changed: the workbook lists them all.
    """
    columns = (Column("label", "Ligne", width=30), Column("source", "Financeur", width=18), *_CREDITS)
    rows: list[Row] = []
    if signed := situation.signature:
        before = {line.key: line for line in signed.credits.lines}
        now = {line.key: line for line in situation.credits.lines}
        kept = [key for key in now | before if not is_brief or _promise(before.get(key)) != _promise(now.get(key))]
        rows = [_credit_line(before.get(key), now.get(key)) for key in kept]
        whole = situation.credits.total
        totals = _credits(signed.credits.total, whole, whole.consumed)
        rows.append(Row(("Total de toutes les lignes" if is_brief else "Total", "", *totals), Role.TOTAL))
    note = f"{EUROS_NOTE} {ONLY_CHANGED}" if is_brief else EUROS_NOTE
    return _table(situation, "series-lignes", "Crédits en trois séries, par ligne", columns, rows, note)


def savings_by_year(situation: Situation) -> Table:
    """CP saved by year: promised twice, declared, certified."""
    columns = (Column("label", "Exercice", width=16), *_SAVINGS)
    rows: list[Row] = []
    if signed := situation.signature:
        before, now = signed.savings.total, situation.savings.total
        old, new = ({cell.year: cell for cell in group.years} for group in (before, now))
        sides = [
            _stated({cell.year: _Expected.of(cell.expected, is_lost=group.is_lost) for cell in group.years})
            for group in (before, now)
        ]
        for year in sorted(old | new):
            cell = new.get(year)
            declared, certified = (cell.declared.cp, cell.certified.cp) if cell else (None, None)
            rows.append(Row((year, *_savings(*(side.get(year) for side in sides)), declared, certified)))
        totals = (*_savings(_expected(before), _expected(now)), now.declared.cp, now.certified.cp)
        rows.append(Row(("Total", *totals), Role.TOTAL))
    return _table(
        situation, "series-economies", "Économies en trois séries, par exercice (CP)", columns, rows, RECURRING_NOTE
    )


def savings_by_line(situation: Situation) -> Table:
    """Recurrent amount and CP over the years of each savings line; lines that do not count are left out of totals."""
    recurrent = (
        Column("recurrent_signed", "À la signature", Kind.EUROS, 11, "Pérenne, par an"),
        Column("recurrent_in_force", "En vigueur", Kind.EUROS, 11, "Pérenne, par an"),
    )
    columns = (Column("label", "Économie", width=34), *recurrent, *_SAVINGS)
    rows: list[Row] = []
    if signed := situation.signature:
        before = {line.key: line for line in signed.savings.lines}
        now = {line.key: line for line in situation.savings.lines}
        counted: list[Row] = []
        others: list[Row] = []
        for key in now | before:
            old, new = before.get(key), now.get(key)
            kept = counted if (new or before[key]).counts else others
            kept.append(Row(((new or before[key]).label, *_saving_row(old, new))))
        total = Row(("Total", *_saving_row(signed.savings.total, situation.savings.total)), Role.TOTAL)
        rows = [*counted, total] if counted else []
        rows += [band("Emplois redéployés et économies non valorisées, hors total", columns), *others] if others else []
    return _table(
        situation, "series-economies-lignes", "Économies en trois séries, par ligne (CP)", columns, rows, RECURRING_NOTE
    )


def indicators(situation: Situation) -> Table:
    """The last target of each indicator in each version, and its last measure."""
    columns = (
        Column("label", "Indicateur", width=40),
        Column("unit", "Unité", width=13),
        *_aim_columns("signed", SIGNED),
        *_aim_columns("in_force", IN_FORCE),
        Column("value", "Valeur", Kind.NUMBER, 11, "Dernière mesure"),
        Column("measured", "Date", Kind.DATE, 11, "Dernière mesure"),
    )
    rows: list[Row] = []
    if signed := situation.signature:
        before = {one.key: one for one in signed.results.indicators}
        now = {one.key: one for one in situation.results.indicators}
        rows = [_indicator(before.get(key), now.get(key)) for key in now | before]
    return _table(situation, "series-indicateurs", "Indicateurs en trois séries", columns, rows, note="")


def milestones(situation: Situation, *, is_brief: bool = False) -> Table:
    """The dates of each phase or milestone in each version, and when it was finished; `is_brief`: those that moved."""
    columns = (
        Column("label", "Phase ou jalon", width=46),
        Column("kind", "Type", width=9),
        Column("signed_start", "Début", Kind.DATE, 11, SIGNED, quarter=OPENING),
        Column("signed_end", "Fin", Kind.DATE, 11, SIGNED, quarter=CLOSING),
        Column("start", "Début", Kind.DATE, 11, IN_FORCE, quarter=OPENING),
        Column("end", "Fin", Kind.DATE, 11, IN_FORCE, quarter=CLOSING),
        Column("done", "Terminé le", Kind.DATE, 11, "Réalisé"),
    )
    rows: list[Row] = []
    if signed := situation.signature:
        before = {one.key: one for one in signed.milestones}
        now = {one.key: one for one in situation.calendar}
        kept = [key for key in now | before if not is_brief or _days(before.get(key)) != _days(now.get(key))]
        rows = [_milestone(before.get(key), now.get(key)) for key in kept]
    note = " ".join(filter(None, (ONLY_CHANGED if is_brief else "", by_quarter(rows))))
    return _table(situation, "series-calendrier", "Calendrier en trois séries", columns, rows, note)


def _table(
    situation: Situation, key: str, title: str, columns: tuple[Column, ...], rows: list[Row], note: str = EUROS_NOTE
) -> Table:
    return Table(key, title, columns, tuple(rows), note, without_series(situation) or NONE_CHANGED, is_wide=True)


def _four(kind: str) -> tuple[Column, ...]:
    """Signed, in force, what the amendments changed, consumed."""
    key = kind.lower()
    change = Derived("minus", f"{key}_in_force", f"{key}_signed")
    return (
        Column(f"{key}_signed", "À la signature", Kind.EUROS, 11, kind),
        Column(f"{key}_in_force", "En vigueur", Kind.EUROS, 11, kind),
        Column(f"{key}_change", "Effet des avenants", Kind.EUROS, 11, kind, change),
        Column(f"{key}_consumed", "Consommé", Kind.EUROS, 11, kind),
    )


_CREDITS: Final = (*_four("AE"), *_four("CP"))
_SAVINGS: Final = (
    Column("signed", "À la signature", Kind.EUROS, 11, "Promis"),
    Column("in_force", "En vigueur", Kind.EUROS, 11, "Promis"),
    Column("change", "Effet des avenants", Kind.EUROS, 11, "Promis", Derived("minus", "in_force", "signed")),
    Column("declared", "Déclaré", Kind.EUROS, 11, "Réalisé"),
    Column("certified", "Certifié", Kind.EUROS, 11, "Réalisé"),
)


def _years(before: CreditGroup, now: CreditGroup) -> Iterable[Row]:
    old, new = (_stated({cell.year: cell for cell in group.years}) for group in (before, now))
    consumed = {cell.year: cell.consumed for cell in now.years}
    for year in sorted({*consumed, *(cell.year for cell in before.years)}):
        yield Row((year, *_credits(old.get(year), new.get(year), consumed.get(year, NOTHING))))


def _stated(years: Mapping[int, P]) -> Mapping[int, P]:
    """The years of a version's table: from the first to the last of which it promises something, legible or not."""
    told = [year for year, side in years.items() if side.planned.is_reported or side.lost]
    return {year: side for year, side in years.items() if told and min(told) <= year <= max(told)}


def effect(signed: AeCp | None, in_force: AeCp | None) -> AeCp:
    """What amendments changed: in force − at signature; None where one of the two is not known.

    A side that is None is a version that does not have the line, or the year: the whole amount was added, or removed.
    """
    if signed is None:
        return in_force or NOTHING
    return AeCp(Decimal(0), Decimal(0)) - signed if in_force is None else in_force - signed


def _effect(signed: Planned | None, in_force: Planned | None) -> AeCp:
    return effect(signed.planned if signed else None, in_force.planned if in_force else None)


def _credits(signed: Planned | None, in_force: Planned | None, consumed: AeCp) -> tuple[Value, ...]:
    change = _effect(signed, in_force)
    ae, cp = _sides(signed, in_force, "ae"), _sides(signed, in_force, "cp")
    return (*ae, change.ae, consumed.ae, *cp, change.cp, consumed.cp)


def _sides(signed: Planned | None, in_force: Planned | None, kind: str) -> tuple[Value, Value]:
    """AE or CP of both, « illisible » where the scan lost them; a dash for the version that lacks it."""
    is_known = signed is not None or in_force is not None
    rank = ("ae", "cp").index(kind)
    first, then = (promised(side)[rank] if side else ABSENT if is_known else None for side in (signed, in_force))
    return first, then


def _promise(line: CreditLine | None) -> list[AeCp]:
    """What a version promises of a line, year by year; years without amount count for nothing."""
    return [cell.planned for cell in line.years if cell.planned.is_reported] if line else []


def _credit_line(before: CreditLine | None, now: CreditLine | None) -> Row:
    either = now or before
    head = (either.full_label, short_source(either.source)) if either else ("", "")
    return Row((*head, *_credits(before, now, now.consumed if now else NOTHING)))


@dataclass(frozen=True)
class _Expected:
    """What is expected of savings, as credits are planned."""

    planned: AeCp
    lost: tuple[str, ...] = ()

    @classmethod
    def of(cls, expected: AeCp, *, is_lost: bool) -> "_Expected":
        return cls(expected, ("cp",) if is_lost and expected.cp is None else ())


def _savings(signed: Planned | None, in_force: Planned | None) -> tuple[Value, Value, Value]:
    return (*_sides(signed, in_force, "cp"), _effect(signed, in_force).cp)


def _saving_row(before: SavingLine | SavingGroup | None, now: SavingLine | SavingGroup | None) -> tuple[Value, ...]:
    """What is promised is printed by the contract, then recurring after its table."""
    recurrent = (promised_saving(side.recurrent.cp, side) if side else ABSENT for side in (before, now))
    sides = _savings(_expected(before) if before else None, _expected(now) if now else None)
    return (*recurrent, *sides, now.declared.cp if now else None, now.certified.cp if now else None)


def _expected(side: SavingLine | SavingGroup) -> _Expected:
    return _Expected.of(side.expected, is_lost=side.is_lost)


def _aim_columns(key: str, group: str) -> tuple[Column, ...]:
    return (
        Column(f"{key}_operator", "Sens", width=13, group=group),
        Column(f"{key}_target", "Cible", Kind.NUMBER, 11, group),
        Column(f"{key}_on", "Échéance", Kind.DATE, 11, group),
    )


def _indicator(before: IndicatorResult | None, now: IndicatorResult | None) -> Row:
    either = now or before
    label, unit = (either.label, either.unit) if either else ("", "")
    last = now.last_measure if now else None
    came = (measured(last.value, unit, last.components), last.on) if last else (None, "")
    return Row((label, shown_unit(unit) or "nombre", *_aim(before), *_aim(now), *came))


def _aim(one: IndicatorResult | None) -> tuple[Value, Value, Value]:
    """The last dated target, else the one without a date."""
    if one is None or not one.targets:
        return ABSENT, ABSENT, ABSENT
    goal: DatedGoal = max(one.targets, key=lambda each: each.on or date.min)
    value = formats.ILLEGIBLE if goal.is_lost else aimed(goal, goal.value, one.unit)
    return Operator(goal.operator).label, value, goal.on or WITHOUT_DAY


def _milestone(before: SignedMilestone | None, now: MilestoneStanding | None) -> Row:
    either = now or before
    head = (either.label, either.kind_label) if either else ("", "")
    return Row((*head, *_days(before), *_days(now), (now.done_on if now else None) or ABSENT))


def _days(one: SignedMilestone | MilestoneStanding | None) -> tuple[Value, Value]:
    """Both days; « illisible » where the scan lost one."""
    if one is None:
        return ABSENT, ABSENT
    days = ((one.starts_on, one.is_start_unreadable), (one.ends_on, one.is_end_unreadable))
    first, last = (day or (formats.ILLEGIBLE if is_lost else ABSENT) for day, is_lost in days)
    return first, last
