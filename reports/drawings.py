"""What the synthesis of a contract shows: key figures, the chart of results, the next steps. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from contracts.drawings import HALF, Drawing, drawing
from figures import formats
from figures.charts import Category, ChartUnit, Frame, Series, grouped_bars
from figures.operators import Status
from indicators.calc import ResultsSituation
from reports.facts import MilestoneStanding, Situation
from savings.calc import Return

NEXT = 5


@dataclass(frozen=True)
class KeyFigure:
    """A figure of the synthesis: euros, or a ratio; `note` says what it is of, or what it is made of.

    `is_lost`: there is none because the scan of the contract lost it.
    `place` is where the tables bear it (key of the table, first words of the row, key of the column): a formula there.
    """

    label: str
    amount: Decimal | None
    note: str
    place: tuple[str, str, str] | None = None
    is_ratio: bool = False
    is_lost: bool = False

    @property
    def shown(self) -> str:
        """As a French reader sees it, never rounded to the euro when there are cents."""
        if self.is_ratio:
            return formats.ratio(self.amount)
        return formats.exact_euros(self.amount, missing=formats.missing(is_lost=self.is_lost))


def key_amounts(situation: Situation) -> list[KeyFigure]:
    """Promised, consumed, reste à payer, savings, returns."""
    last = situation.last_filing
    as_of = (
        f"au {formats.date_fr(last.period_end)}, {last.state_label[:1].lower()}{last.state_label[1:]}"
        if last
        else "aucun dossier soumis"
    )
    credits_, savings = situation.credits.ftap, situation.savings
    consumed, saved = ("credits-annees", "Total FTAP"), ("economies", "Total")
    figures = [
        KeyFigure("FTAP promis", situation.ftap_amount, _over(situation), is_lost="cp" in credits_.lost),
        KeyFigure("AE consommées", credits_.consumed.ae, as_of, (*consumed, "consumed_ae")),
        KeyFigure("CP consommés", credits_.consumed.cp, as_of, (*consumed, "consumed_cp")),
        KeyFigure("Reste à payer", credits_.reste_a_payer, "AE − CP consommés", (*consumed, "unpaid")),
        KeyFigure(
            "Économies pérennes promises",
            savings.total.recurrent.cp,
            "par an, en CP",
            (*saved, "recurrent"),
            is_lost=savings.total.is_lost,
        ),
        KeyFigure("Économies certifiées", savings.total.certified.cp, "cumul, en CP", (*saved, "certified")),
    ]
    return figures + [
        KeyFigure(
            f"{one.label} ({one.code})",
            one.ratio,
            _terms(one),
            ("retours", one.code, "ratio"),
            is_ratio=True,
        )
        for one in situation.returns[:2]
    ]


def key_figures(situation: Situation) -> list[dict[str, str]]:
    """The same as texts, for page and PDF."""
    return [{"label": one.label, "value": one.shown, "note": one.note} for one in key_amounts(situation)]


def _over(situation: Situation) -> str:
    """What the promised amount is a part of, and which of two sums it is where they differ; blank otherwise."""
    if situation.ftap_amount is None:
        return "plan de financement perdu à la numérisation" if "cp" in situation.credits.ftap.lost else ""
    whole = "" if situation.total_cost is None else f"sur {formats.exact_euros(situation.total_cost)} au total"
    return "\u202f; ".join(filter(None, (whole, situation.ftap_funding.beside)))


def _terms(one: Return) -> str:
    """Both terms of a return; blank when neither is known."""
    is_unknown = one.numerator is None and one.denominator is None
    return "" if is_unknown else f"{formats.exact_euros(one.numerator)} ÷ {formats.exact_euros(one.denominator)}"


def results_drawing(results: ResultsSituation, sentence: str) -> Drawing | None:
    """How many indicators stand where; None without any."""
    if not results.asked:
        return None
    frame = Frame("indicateurs", "Indicateurs selon leur état", ChartUnit.COUNT, width=HALF)
    categories = [Category(status.label.capitalize()) for status in Status]
    series = [Series("Indicateurs", tuple(Decimal(results.counts[status]) for status in Status))]
    return drawing(frame, sentence, categories, series, grouped_bars(frame, categories, series))


def next_milestones(situation: Situation) -> list[MilestoneStanding]:
    """What is not finished, the earliest end first; what has no date comes last."""
    waiting = [one for one in situation.calendar if one.state not in ("done", "dropped")]
    return sorted(waiting, key=lambda one: (one.ends_on is None, one.ends_on or situation.on))[:NEXT]
