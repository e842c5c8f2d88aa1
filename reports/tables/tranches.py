"""The funding tranches of article 6 against what was consumed (article 5.1), year by year."""

from collections.abc import Sequence
from typing import Final

from budget.tranches.calc import Complement, TrancheSituation, TrancheYear
from budget.tranches.enums import TrancheState
from budget.tranches.words import in_both, kind_words
from figures import formats
from figures.ae_cp import NOTHING, AeCp, total_ae_cp
from reports.facts import Situation
from reports.tables.credits import promised
from reports.tables.model import EUROS_NOTE, Column, Derived, Kind, Role, Row, Table, Value

TO_DECIDE: Final = "à décider"
NOT_PLANNED: Final = "rien de prévu"
NOT_KEPT: Final = "Cet instantané, de format 1, ne garde pas les tranches."
PLAN_NOT_KEPT: Final = "Cet instantané ne garde pas le plan sur lequel chaque tranche a été décidée."
NO_YEAR: Final = "Le contrat n’a pas de crédits du FTAP."
_NOTE: Final = f"{EUROS_NOTE} Reste à engager : AE décidées moins AE consommées, où la tranche est décidée."


def by_year(situation: Situation) -> Table:
    """The fund's credits: planned, decided, consumed, what is left on each tranche, and by how much the plan grew."""
    tranches, title = situation.tranches, "Tranches de financement et consommation"
    if tranches is None:
        return Table("tranches", title, _columns(is_raised=False), (), empty=NOT_KEPT)
    is_raised = _raised(tranches).is_reported
    rows = [_row(one, is_raised=is_raised) for one in tranches.years]
    if rows:
        rows.append(_total(tranches, is_raised=is_raised))
    columns = _columns(is_raised=is_raised)
    return Table("tranches", title, columns, tuple(rows), _note(tranches), NO_YEAR, is_wide=True)


def _columns(*, is_raised: bool) -> tuple[Column, ...]:
    """What the plan promises since the decision has its two columns where an amendment raised it."""
    since = "Plan relevé depuis"
    raised = (Column("raised_ae", "AE", Kind.EUROS, 11, since), Column("raised_cp", "CP", Kind.EUROS, 11, since))
    return (
        Column("year", "Exercice", width=10),
        Column("standing", "État de la tranche", width=16),
        Column("decision", "Décision", width=17),
        Column("planned_ae", "AE", Kind.EUROS, 11, "Prévu"),
        Column("planned_cp", "CP", Kind.EUROS, 11, "Prévu"),
        Column("decided_ae", "AE", Kind.EUROS, 11, "Tranche décidée"),
        Column("decided_cp", "CP", Kind.EUROS, 11, "Tranche décidée"),
        *(raised if is_raised else ()),
        Column("consumed_ae", "AE", Kind.EUROS, 11, "Consommé"),
        Column("consumed_cp", "CP", Kind.EUROS, 11, "Consommé"),
        Column("left", "à engager", Kind.EUROS, 11, "Reste"),
        Column("share_ae", "AE", Kind.SHARE, 8, "Part de la tranche", Derived("over", "consumed_ae", "decided_ae")),
        Column("share_cp", "CP", Kind.SHARE, 8, "Part de la tranche", Derived("over", "consumed_cp", "decided_cp")),
    )


def _raised(tranches: TrancheSituation) -> AeCp:
    return total_ae_cp(one.raised for one in tranches.years)


def _note(tranches: TrancheSituation) -> str:
    """What is left to commit, what its total leaves out, what completed some tranches, what an older format lost."""
    told = [_NOTE]
    if tranches.untold:
        told.append(f"Total sans {_years(tranches.untold)}, dont la consommation n’est pas renseignée.")
    told += [_completed(one.year, more) for one in tranches.years for more in one.complements]
    if any(one.is_decided and one.planned_then is None for one in tranches.years):
        told.append(PLAN_NOT_KEPT)
    return " ".join(told)


def _completed(year: int, more: Complement) -> str:
    """What the tranche decided counts of a complement, and why."""
    day = formats.date_fr(more.on)
    return f"Tranche {year} complétée le {day} de {in_both(more.given)} : {more.reason.rstrip('.')}."


def _years(years: Sequence[int]) -> str:
    return f"la tranche {years[0]}" if len(years) == 1 else f"les tranches {', '.join(map(str, years))}"


def _row(one: TrancheYear, *, is_raised: bool) -> Row:
    words = TO_DECIDE if one.is_awaited else NOT_PLANNED
    decided: tuple[Value, Value] = (one.decided.ae, one.decided.cp) if one.is_decided else (words, words)
    part = one.consumed.over(one.decided)
    left: Value = one.reste_a_engager if one.is_decided else ""
    shares: tuple[Value, Value] = (part.ae, part.cp) if one.is_decided else ("", "")
    planned, consumed = promised(one), _pair(one.consumed)
    since = _since(one.raised) if is_raised else ()
    head = (one.year, str(TrancheState(one.state).label), _decision(one))
    return Row((*head, *planned, *decided, *since, *consumed, left, *shares))


def _decision(one: TrancheYear) -> str:
    """« Entière à la décision »; whether the contract itself fixes it."""
    words = kind_words(one)
    return f"{words}, au contrat" if words and one.is_fixed else words


def _since(raised: AeCp) -> tuple[Value, Value]:
    """By how much the plan grew; blank where it did not."""
    return "" if raised.ae is None else raised.ae, "" if raised.cp is None else raised.cp


def _total(tranches: TrancheSituation, *, is_raised: bool) -> Row:
    """Shares of the whole are told only when every year consumed has its tranche: « n. c. » otherwise.

    Before the first decision nothing is decided, left nor shared: blank, and not « n. r. ».
    """
    undecided = [one for one in tranches.years if one.consumed.is_reported and not one.is_decided]
    part = NOTHING if undecided else tranches.consumed.over(tranches.decided)
    planned, consumed = promised(tranches), _pair(tranches.consumed)
    since = _since(_raised(tranches)) if is_raised else ()
    given: tuple[Value, ...] = (*_pair(tranches.decided), *since, *consumed, tranches.reste_a_engager, part.ae, part.cp)
    if not tranches.is_decided:
        given = ("", "", *since, *consumed, "", "", "")
    return Row(("Total", "", "", *planned, *given), Role.TOTAL)


def _pair(pair: AeCp) -> tuple[Value, Value]:
    return pair.ae, pair.cp
