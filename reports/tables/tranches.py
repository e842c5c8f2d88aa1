"""The funding tranches of article 6 against what was consumed (article 5.1), year by year."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from budget.tranches.calc import TrancheSituation, TrancheYear
from budget.tranches.enums import TrancheState
from figures.ae_cp import NOTHING
from reports.facts import Situation
from reports.tables.model import EUROS_NOTE, Column, Derived, Kind, Role, Row, Table, Value

TO_DECIDE: Final = "à décider"
NOT_PLANNED: Final = "rien de prévu"
NOT_KEPT: Final = "Cet instantané, de format 1, ne garde pas les tranches."
NO_YEAR: Final = "Le contrat n’a pas de crédits du FTAP."
_NOTE: Final = f"{EUROS_NOTE} Reste à engager : AE décidées moins AE consommées, où la tranche est décidée."


def by_year(situation: Situation) -> Table:
    """The fund's credits: planned, decided, consumed, and what is left on each tranche."""
    columns = (
        Column("year", "Exercice", width=10),
        Column("standing", "État de la tranche", width=16),
        Column("planned_ae", "AE", Kind.EUROS, 11, "Prévu"),
        Column("planned_cp", "CP", Kind.EUROS, 11, "Prévu"),
        Column("decided_ae", "AE", Kind.EUROS, 11, "Tranche décidée"),
        Column("decided_cp", "CP", Kind.EUROS, 11, "Tranche décidée"),
        Column("consumed_ae", "AE", Kind.EUROS, 11, "Consommé"),
        Column("consumed_cp", "CP", Kind.EUROS, 11, "Consommé"),
        Column("left", "à engager", Kind.EUROS, 11, "Reste"),
        Column("share_ae", "AE", Kind.SHARE, 8, "Part de la tranche", Derived("over", "consumed_ae", "decided_ae")),
        Column("share_cp", "CP", Kind.SHARE, 8, "Part de la tranche", Derived("over", "consumed_cp", "decided_cp")),
    )
    tranches, title = situation.tranches, "Tranches de financement et consommation"
    if tranches is None:
        return Table("tranches", title, columns, (), empty=NOT_KEPT)
    rows = [_row(one) for one in tranches.years]
    if rows:
        rows.append(_total(tranches))
    return Table("tranches", title, columns, tuple(rows), _note(tranches), NO_YEAR, is_wide=True)


def _note(tranches: TrancheSituation) -> str:
    """What is left to commit, and the tranches that its total leaves out."""
    if not tranches.untold:
        return _NOTE
    return f"{_NOTE} Total sans {_years(tranches.untold)}, dont la consommation n’est pas renseignée."


def _years(years: Sequence[int]) -> str:
    return f"la tranche {years[0]}" if len(years) == 1 else f"les tranches {', '.join(map(str, years))}"


def _row(one: TrancheYear) -> Row:
    words = TO_DECIDE if one.is_awaited else NOT_PLANNED
    decided: tuple[Value, Value] = (one.decided.ae, one.decided.cp) if one.is_decided else (words, words)
    part = one.consumed.over(one.decided)
    left: Value = one.reste_a_engager if one.is_decided else ""
    shares: tuple[Value, Value] = (part.ae, part.cp) if one.is_decided else ("", "")
    planned, consumed = (one.planned.ae, one.planned.cp), (one.consumed.ae, one.consumed.cp)
    return Row((one.year, str(TrancheState(one.state).label), *planned, *decided, *consumed, left, *shares))


def _total(tranches: TrancheSituation) -> Row:
    """Shares of the whole are told only when every year consumed has its tranche: « n. c. » otherwise."""
    undecided = [one for one in tranches.years if one.consumed.is_reported and not one.is_decided]
    part = NOTHING if undecided else tranches.consumed.over(tranches.decided)
    pairs = (tranches.planned, tranches.decided, tranches.consumed)
    figures: tuple[Decimal | None, ...] = tuple(each for pair in pairs for each in (pair.ae, pair.cp))
    return Row(("Total", "", *figures, tranches.reste_a_engager, part.ae, part.cp), Role.TOTAL)
