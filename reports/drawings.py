"""What the synthesis of a contract shows: key figures, the chart of results, the next steps. Pure."""

from decimal import Decimal

from contracts.drawings import HALF, Drawing, drawing
from figures import formats
from figures.charts import Category, ChartUnit, Frame, Series, grouped_bars
from figures.operators import Status
from indicators.calc import ResultsSituation
from reports.facts import MilestoneStanding, Situation

NEXT = 5


def key_figures(situation: Situation) -> list[dict[str, str]]:
    """Promised, consumed, reste à payer, savings, returns: each with what it is of, or what it is made of."""
    last = situation.last_filing
    as_of = (
        f"au {formats.date_fr(last.period_end)}, {last.state_label[:1].lower()}{last.state_label[1:]}"
        if last
        else "aucun dossier soumis"
    )
    credits_, savings = situation.credits.ftap, situation.savings
    shown = [
        (
            "FTAP promis",
            formats.euros(situation.ftap_amount, 0),
            f"sur {formats.euros(situation.total_cost, 0)} au total",
        ),
        ("AE consommées", formats.euros(credits_.consumed.ae, 0), as_of),
        ("CP consommés", formats.euros(credits_.consumed.cp, 0), as_of),
        ("Reste à payer", formats.euros(credits_.reste_a_payer, 0), "AE − CP consommés"),
        ("Économies pérennes promises", formats.euros(savings.total.recurrent.cp, 0), "par an, en CP"),
        ("Économies certifiées", formats.euros(savings.total.certified.cp, 0), "cumul, en CP"),
    ]
    keys = [{"label": label, "value": value, "note": note} for label, value, note in shown]
    return keys + [
        {
            "label": f"{one.label} ({one.code})",
            "value": formats.ratio(one.ratio),
            "note": f"{formats.euros(one.numerator, 0)} ÷ {formats.euros(one.denominator, 0)}",
        }
        for one in situation.returns[:2]
    ]


def results_drawing(results: ResultsSituation, sentence: str) -> Drawing | None:
    """How many indicators stand where; None without any."""
    if not results.indicators:
        return None
    frame = Frame("indicateurs", "Indicateurs selon leur état", ChartUnit.COUNT, width=HALF)
    categories = [Category(status.label.capitalize()) for status in Status]
    series = [Series("Indicateurs", tuple(Decimal(results.counts[status]) for status in Status))]
    return drawing(frame, sentence, categories, series, grouped_bars(frame, categories, series))


def next_milestones(situation: Situation) -> list[MilestoneStanding]:
    """What is not finished, the earliest end first; what has no date comes last."""
    waiting = [one for one in situation.calendar if one.state not in ("done", "dropped")]
    return sorted(waiting, key=lambda one: (one.ends_on is None, one.ends_on or situation.on))[:NEXT]
