"""The sub-projects of an umbrella contract held against its plan, with their returns. Pure, in euros."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budget.calc import CreditSituation
from contracts.drawings import Drawing, amounts_by_year
from contracts.subprojects.calc import RETURN_YEARS, Consolidated, Figures, by_year, numbered
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.selectors import Pipeline, Standing
from figures import formats
from figures.ae_cp import AeCp, minus, share, total, total_ae_cp
from figures.charts import Colour, Series
from savings.calc import Return

NUMERATOR = f"Économies pérennes à {RETURN_YEARS}\u00a0ans"
DENOMINATOR = "CP du FTAP"


@dataclass(frozen=True)
class StateRow:
    """A step of the pipeline: how many sub-projects, and their amounts added."""

    state: SubProjectState
    count: int
    ftap: AeCp
    co_financing: AeCp
    recurrent: Decimal | None

    @property
    def has_left(self) -> bool:
        """Whether it is a way out of the pipeline."""
        return self.state in (SubProjectState.REFUSED, SubProjectState.ABANDONED)


@dataclass(frozen=True)
class YearRow:
    """A year of funding: what the contract plans for the fund, and what the retained sub-projects take of it."""

    year: int
    planned: AeCp
    retained: AeCp

    @property
    def left(self) -> AeCp:
        """Planned − retained: what is still to be given to sub-projects; below zero when they take more."""
        return AeCp(_left(self.planned.ae, self.retained.ae), _left(self.planned.cp, self.retained.cp))


def state_rows(pipeline: Pipeline) -> list[StateRow]:
    """Each state with what stands in it, the pipeline first."""
    return [_state_row(state, standings) for state, standings in pipeline.by_state.items()]


def year_rows(pipeline: Pipeline, credits_: CreditSituation) -> list[YearRow]:
    """The contract's plan year by year, beside the retained sub-projects."""
    planned = {cell.year: cell.planned for cell in credits_.ftap.years}
    taken = {one.year: one.ftap for one in by_year(one.figures for one in pipeline.retained.members)}
    years = sorted({*planned, *(year for year, pair in taken.items() if pair.is_reported)})
    return [YearRow(year, planned.get(year, AeCp()), taken.get(year, AeCp())) for year in years]


def year_total(rows: Sequence[YearRow]) -> tuple[AeCp, AeCp, AeCp]:
    """Planned, retained and left, over the years."""
    planned, retained = total_ae_cp(row.planned for row in rows), total_ae_cp(row.retained for row in rows)
    return planned, retained, AeCp(_left(planned.ae, retained.ae), _left(planned.cp, retained.cp))


def return_of(figures: Figures, on: date) -> Return:
    """The return at three years of one sub-project."""
    return Return("R", "Retour à trois ans", NUMERATOR, figures.expected, DENOMINATOR, figures.ftap_cp, on)


def consolidated_returns(pipeline: Pipeline, on: date) -> tuple[Return, ...]:
    """The consolidated return of what is retained, and what it would be with the preselected ones."""
    return (
        _consolidated("Sous-projets retenus", pipeline.retained, on),
        _consolidated("Avec les présélectionnés", pipeline.with_candidates, on),
    )


def key_figures(pipeline: Pipeline, credits_: CreditSituation) -> list[dict[str, str]]:
    """What the page shows first, as texts."""
    whole = pipeline.retained
    figures = [one.figures for one in whole.members]
    cost = total_ae_cp(one.cost for one in figures).cp
    brought = total(one.co_financing_cp for one in figures)
    planned = formats.exact_euros(credits_.ftap.planned.cp)
    over = f"{formats.exact_euros(whole.savings)} ÷ {formats.exact_euros(whole.ftap)}"
    over = f"montant du fonds non renseigné pour {numbered(whole.unpriced)}" if whole.unpriced else over
    return [
        _key("FTAP retenu", formats.exact_euros(whole.ftap), f"en CP, sur {planned} prévus au contrat"),
        _key("Cofinancement", formats.exact_euros(brought), f"{formats.percent(share(brought, cost))} du coût total"),
        _key("Économies pérennes", formats.exact_euros(whole.savings), f"par an, à {RETURN_YEARS}\u00a0ans, en CP"),
        _key("Retour consolidé", formats.ratio(whole.ratio), over),
    ]


def conclusion(pipeline: Pipeline) -> str:
    """The sentence of the page: how many are retained, their return, and whether the rule is respected."""
    count, whole = len(pipeline.standings), pipeline.retained
    if not count:
        return "Aucun sous-projet n’est encore identifié."
    kept = len(whole.members)
    their = "son" if kept == 1 else "leur"
    opening = f"{_counted(count, 'sous-projet')}, dont {kept} {_agreed(kept, 'retenu')} (cadrés, en cours ou terminés)"
    if whole.ratio is None:
        why = f" : aucun montant du fonds pour {numbered(whole.unpriced)}" if whole.unpriced else ""
        return formats.typeset(f"{opening} ; {their} retour consolidé n’est pas calculable{why}.")
    verdict = "la règle est respectée" if whole.is_respected else "la règle n’est pas respectée"
    below = len(whole.below)
    but = f", avec {_counted(below, 'exception')}" if below else ""
    return formats.typeset(
        f"{opening} ; {their} retour consolidé à trois ans est de {formats.ratio(whole.ratio)} pour "
        f"{formats.number(whole.threshold, None)} demandé : {verdict}{but}."
    )


def warning(pipeline: Pipeline) -> str:
    """What is wrong with the exceptions, in French; blank when the whole respects the rule."""
    whole = pipeline.retained
    if whole.is_respected is not False:
        return ""
    missing = formats.exact_euros(whole.shortfall)
    below = len(whole.below)
    held = "L’exception n’est plus admise" if below == 1 else f"Les {below} exceptions ne sont plus admises"
    return formats.typeset(
        f"{held} : il manque {missing} d’économies pérennes par an pour que l’ensemble respecte la règle (article 3)."
    )


def chart(rows: Sequence[YearRow]) -> Drawing | None:
    """The plan of the contract beside what the retained sub-projects take; None when there is no year."""
    if not rows:
        return None
    _, retained, left = year_total(rows)
    taken = formats.exact_euros(retained.cp or Decimal(0))
    rest = "" if left.cp is None else f" Il reste {formats.exact_euros(left.cp)} à attribuer."
    return amounts_by_year(
        "sous-projets-annees",
        "CP du FTAP par année, au contrat et par sous-projet retenu",
        f"Les sous-projets retenus prennent {taken}.{rest}",
        [row.year for row in rows],
        [
            Series("Prévu au contrat", tuple(row.planned.cp for row in rows), Colour.LILAC, is_planned=True),
            Series("Sous-projets retenus", tuple(row.retained.cp for row in rows)),
        ],
        due_until=0,
    )


def _consolidated(label: str, whole: Consolidated, on: date) -> Return:
    said = f"Retour consolidé, {label[:1].lower()}{label[1:]}"
    if whole.unpriced:
        under = f"{DENOMINATOR}, non renseignés pour {numbered(whole.unpriced)}"
        return Return("RC", said, NUMERATOR, whole.savings, under, None, on)
    return Return("RC", said, NUMERATOR, whole.savings, DENOMINATOR, whole.ftap, on)


def _key(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def _state_row(state: SubProjectState, standings: Iterable[Standing]) -> StateRow:
    known = [one.figures for one in standings]
    return StateRow(
        state,
        len(known),
        AeCp(total(one.ftap.ae for one in known), total(one.ftap_cp for one in known)),
        total_ae_cp(AeCp(one.co_financing.ae, one.co_financing_cp) for one in known),
        total(one.expected for one in known),
    )


def _left(planned: Decimal | None, retained: Decimal | None) -> Decimal | None:
    """Nothing retained leaves the whole plan."""
    return planned if retained is None else minus(planned, retained)


def _counted(count: int, word: str) -> str:
    return f"{count} {_agreed(count, word)}"


def _agreed(count: int, word: str) -> str:
    return f"{word}s" if count > 1 else word
