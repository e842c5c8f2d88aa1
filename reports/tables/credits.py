"""Tables of article 2: planned, consumed, remaining, by year, titre, nature, axis, source and line."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, Protocol

from budget.calc import CreditGroup, CreditLine, CreditSituation, CreditYear
from budget.flow import LineFlow, PeriodFlow
from figures import formats
from figures.ae_cp import AeCp, minus, share
from reports.facts import Situation
from reports.tables.model import EUROS_NOTE, Column, Derived, Kind, Role, Row, Table, Value, band

_AMOUNTS = (
    Column("planned_ae", "AE", Kind.EUROS, 11, "Prévu"),
    Column("planned_cp", "CP", Kind.EUROS, 11, "Prévu"),
    Column("consumed_ae", "AE", Kind.EUROS, 11, "Consommé"),
    Column("consumed_cp", "CP", Kind.EUROS, 11, "Consommé"),
    Column("remaining_ae", "à engager", Kind.EUROS, 11, "Reste", derived=Derived("minus", "planned_ae", "consumed_ae")),
    Column("unpaid", "à payer", Kind.EUROS, 11, "Reste", derived=Derived("minus", "consumed_ae", "consumed_cp")),
    Column("share_ae", "AE", Kind.SHARE, 7, "Taux", derived=Derived("over", "consumed_ae", "planned_ae")),
    Column("share_cp", "CP", Kind.SHARE, 7, "Taux", derived=Derived("over", "consumed_cp", "planned_cp")),
)
LONGEST_SOURCE = 50
PERIOD: Final = "credits-periode"
WHOLE_LIFE: Final = (
    "Le reste à engager du total est celui de toute la durée\u00a0: un exercice non renseigné y compte pour son plan."
)
NOT_KEPT: Final = "Cet instantané est d’un format qui ne garde pas la consommation de la période."
_LINE = (Column("label", "Ligne", width=36), Column("source", "Financeur", width=18), Column("titre", "Titre", width=5))


def by_year(situation: Situation) -> Table:
    """The fund's credits, then all credits, year by year."""
    credits_ = situation.credits
    columns = (Column("year", "Exercice", width=15), *_AMOUNTS, Column("source", "Dossier", width=20))
    rows: list[Row] = []
    for group in (credits_.ftap, credits_.total):
        title = "Crédits du FTAP" if group is credits_.ftap else "Tous financements"
        rows.append(band(title, columns))
        rows += [_year_row(situation, cell) for cell in group.years]
        rows.append(
            Row(
                (
                    f"Total {group.label}" if group is credits_.ftap else "Total",
                    *_amounts(group),
                    "",
                ),
                Role.SUBTOTAL,
            )
        )
    note = f"{EUROS_NOTE} {WHOLE_LIFE}"
    return Table("credits-annees", "Crédits par exercice", columns, tuple(rows), note)


def by_titre(situation: Situation) -> Table:
    """One row for each titre."""
    return _groups("credits-titres", "Crédits par titre", situation.credits.by_titre, situation.credits.total)


def by_nature(situation: Situation) -> Table:
    """One row for each nature of expense."""
    return _groups("credits-natures", "Crédits par nature", situation.credits.by_nature, situation.credits.total)


def by_axis(situation: Situation) -> Table:
    """One row for each axis."""
    return _groups("credits-axes", "Crédits par axe", situation.credits.by_axis, situation.credits.total)


def by_source(situation: Situation) -> Table:
    """The fund, then each co-financer."""
    return _groups("credits-sources", "Crédits par financeur", situation.credits.by_source, situation.credits.total)


def by_line(situation: Situation) -> Table:
    """One row for each budget line, by axis and source, over the life of the contract."""
    columns = (*_LINE, *_AMOUNTS)
    rows: list[Row] = []
    for title, lines in sections(situation.credits):
        rows += [band(title, columns)] if title else []
        rows += [Row((*_head(line), *_amounts(line))) for line in lines]
    total = situation.credits.total
    rows.append(Row(("Total", "", "", *_amounts(total)), Role.TOTAL))
    return Table("credits-lignes", "Crédits par ligne", columns, tuple(rows), EUROS_NOTE, is_wide=True)


def by_period(situation: Situation) -> Table:
    """What the last filing's period consumed on each line, between the cumul before it and its own."""
    period = situation.credits.period
    if period is None:
        empty = NOT_KEPT if situation.filings else "Aucune consommation renseignée."
        return Table(PERIOD, "Crédits consommés dans la période", (*_LINE,), (), EUROS_NOTE, empty, is_wide=True)
    columns = [*_LINE]
    if not period.is_since_january:
        columns += _pair_columns("before", f"Cumul au {formats.date_fr(period.before_until)}")
        columns += _pair_columns("after", f"Cumul au {formats.date_fr(period.until)}")
    columns += _pair_columns("flow", "Dans la période")
    rows: list[Row] = []
    for heading, lines in sections(situation.credits):
        kept = [(line, flow) for line in lines if (flow := period.of(line.key))]
        rows += [band(heading, columns)] if heading and kept else []
        rows += [Row((*_head(line), *_flow(flow, period))) for line, flow in kept]
    rows += [Row(("Total", "", "", *_flow(period, period)), Role.TOTAL)] if rows else []
    return Table(
        PERIOD,
        f"Crédits consommés dans la période ({period.said})",
        tuple(columns),
        tuple(rows),
        f"{EUROS_NOTE} {period.left_out}".strip(),
        "Aucune consommation renseignée.",
        is_wide=True,
    )


def _flow(row: LineFlow | PeriodFlow, period: PeriodFlow) -> tuple[Value, ...]:
    pairs = (row.flow,) if period.is_since_january else (row.before, row.after, row.flow)
    return tuple(amount for pair in pairs for amount in (pair.ae, pair.cp))


def planned_by_line(situation: Situation) -> Table:
    """The promise: each line in each year."""
    return _by_line_and_year(situation, "credits-prevus", "Crédits prévus par ligne et par exercice", is_planned=True)


def consumed_by_line(situation: Situation) -> Table:
    """The reality: each line in each year that a filing tells of."""
    return _by_line_and_year(
        situation, "credits-consommes", "Crédits consommés par ligne et par exercice", is_planned=False
    )


def sections(credits_: CreditSituation) -> list[tuple[str, list[CreditLine]]]:
    """Lines in the contract's order, under the title of their lot or axis; no title when there is neither."""
    return [(title, list(lines)) for title, lines in groupby(credits_.lines, key=lambda line: line.place)]


def _head(line: CreditLine) -> tuple[Value, Value, Value]:
    return line.full_label, short_source(line.source), titre_number(line.titre)


def titre_number(titre: str) -> Value:
    """The titre as a number; empty when the contract does not say it."""
    return int(titre) if titre.isdigit() else titre


def short_source(source: str) -> str:
    """A long name without what its brackets explain: the table of sources has it whole."""
    return source.split(" (", maxsplit=1)[0] if len(source) > LONGEST_SOURCE else source


def _by_line_and_year(situation: Situation, key: str, title: str, *, is_planned: bool) -> Table:
    credits_ = situation.credits
    ranks = [rank for rank, cell in enumerate(credits_.total.years) if is_planned or cell.filing is not None]
    columns: list[Column] = [*_LINE]
    for rank in ranks:
        columns += _pair_columns(str(credits_.years[rank]), str(credits_.years[rank]))
    columns += _pair_columns("total", "Total")
    rows: list[Row] = []
    for heading, lines in sections(credits_):
        rows += [band(heading, columns)] if heading else []
        rows += [Row((*_head(line), *_cells(line, ranks, is_planned=is_planned))) for line in lines]
    rows.append(Row(("Total", "", "", *_cells(credits_.total, ranks, is_planned=is_planned)), Role.TOTAL))
    kept = rows if ranks else ()
    return Table(key, title, tuple(columns), tuple(kept), EUROS_NOTE, "Aucune consommation renseignée.", is_wide=True)


def _pair_columns(key: str, group: str) -> tuple[Column, Column]:
    return Column(f"{key}_ae", "AE", Kind.EUROS, 9, group), Column(f"{key}_cp", "CP", Kind.EUROS, 9, group)


def _cells(row: CreditLine | CreditGroup, ranks: Sequence[int], *, is_planned: bool) -> Iterable[Value]:
    for one in (*(row.years[rank] for rank in ranks), row):
        yield from promised(one) if is_planned else (one.consumed.ae, one.consumed.cp)


class Planned(Protocol):
    """A row of which AE and CP are planned; `lost` names those that the scan lost."""

    @property
    def planned(self) -> AeCp: ...

    @property
    def lost(self) -> tuple[str, ...]: ...


def promised(row: Planned) -> tuple[Value, Value]:
    """The plan; « illisible » where the scan lost it."""
    ae, cp = (formats.legible(getattr(row.planned, kind), is_lost=kind in row.lost) for kind in ("ae", "cp"))
    return ae, cp


def _groups(key: str, title: str, groups: Sequence[CreditGroup], total: CreditGroup) -> Table:
    columns = (Column("label", title.split(" par ")[1].capitalize(), width=30), *_AMOUNTS)
    rows = [Row((group.label, *_amounts(group))) for group in groups]
    rows.append(Row(("Total", *_amounts(total)), Role.TOTAL))
    is_undivided = len(groups) < 2 and all(group.code in ("", "non_precisee") for group in groups)
    word = title.split(" par ")[1]
    empty = f"Le contrat ne ventile pas ses crédits par {word}."
    return Table(key, title, columns, () if is_undivided else tuple(rows), EUROS_NOTE, empty)


def _year_row(situation: Situation, cell: CreditYear) -> Row:
    source = situation.filing_of(cell.filing)
    label = f"{source.label}, {source.state_label[:1].lower()}{source.state_label[1:]}" if source else "aucun"
    return Row((cell.year, *_amounts(cell), label))


def _amounts(row: CreditYear | CreditLine | CreditGroup) -> tuple[Value, ...]:
    planned, consumed = row.planned, row.consumed
    return (
        *promised(row),
        consumed.ae,
        consumed.cp,
        minus(planned.ae, consumed.ae),
        minus(consumed.ae, consumed.cp),
        share(consumed.ae, planned.ae),
        share(consumed.cp, planned.cp),
    )
