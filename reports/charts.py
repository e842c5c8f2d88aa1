"""Drawings of a situation, each with its one computed sentence: promised hatched, realised solid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from budget.calc import CreditYear
from contracts.side_by_side import SIGNED
from figures import formats
from figures.ae_cp import minus
from figures.charts import Category, Colour, Frame, Series, credits_conclusion, fitting_unit, grouped_bars
from figures.charts.data import has_data
from figures.gantt import UNDATED_WORDS, GanttFrame, GanttGroup, GanttMilestone, GanttPhase, GanttRow, gantt
from figures.periods import Quarter
from figures.risk_matrix import Risk, risk_matrix
from reports.facts import MilestoneStanding, Situation
from reports.names import risk_reference
from savings.calc import SavingGroup, SavingYear

ROWS_A_PAGE: Final = 16
MEDIUM: Final = Frame("", "", width=610, height=186)
"""What stands on half a landscape page: drawn as small as it is printed, so that its words are read."""
PHASE: Final = "phase"


@dataclass(frozen=True)
class Drawing:
    """An SVG with its title and the sentence that says what it shows; several when a calendar is long."""

    title: str
    conclusion: str
    svgs: tuple[str, ...]


def credits_by_year(situation: Situation) -> Drawing:
    """FTAP payments (CP) planned and consumed, year by year."""
    years = situation.credits.ftap.years
    planned = tuple(cell.planned.cp for cell in years)
    consumed = tuple(cell.consumed.cp for cell in years)
    title = "CP du FTAP prévus et consommés par exercice"
    first = _signed(situation, {cell.year: cell.planned.cp for cell in _signed_credits(situation)}, years)
    known = [value for one in first for value in one.values]
    frame = Frame("cp-annees", title, fitting_unit([*planned, *consumed, *known]), decimals=0)
    categories = [Category(str(cell.year), is_due=cell.filing is not None) for cell in years]
    series = [
        *first,
        Series("CP prévus", planned, Colour.LILAC, is_planned=True),
        Series("CP consommés", consumed, Colour.BLUE),
    ]
    ftap = situation.credits.ftap
    sentence = credits_conclusion(ftap.planned.cp, ftap.consumed.cp, kind="CP", on=_as_of(situation))
    return Drawing(_with_unit(title, frame), sentence, _bars(frame, categories, series))


def credits_by_nature(situation: Situation) -> Drawing:
    """Commitments (AE) planned and consumed by nature of expense, all financing."""
    groups = situation.credits.by_nature
    planned = tuple(group.planned.ae for group in groups)
    consumed = tuple(group.consumed.ae for group in groups)
    title = "AE prévues et consommées par nature, tous financements"
    frame = replace(MEDIUM, key="ae-natures", title=title, unit=fitting_unit([*planned, *consumed]))
    series = [
        Series("AE prévues", planned, Colour.LILAC, is_planned=True),
        Series("AE consommées", consumed, Colour.BLUE),
    ]
    categories = [Category(group.label, is_due=group.consumed.is_reported) for group in groups]
    total = situation.credits.total
    sentence = credits_conclusion(total.planned.ae, total.consumed.ae, kind="AE", on=_as_of(situation))
    sentence = sentence.replace("consommés", "consommées").replace("été consommé ", "été consommée ")
    return Drawing(
        _with_unit(title, frame), sentence.replace(" promis,", " promises,"), _bars(frame, categories, series)
    )


def savings_by_year(situation: Situation) -> Drawing:
    """Savings planned, declared and certified (CP), year by year: three bars, never mixed."""
    years = situation.savings.total.years
    planned = tuple(cell.expected.cp for cell in years)
    declared = tuple(cell.declared.cp for cell in years)
    certified = tuple(cell.certified.cp for cell in years)
    title = "Économies prévues, déclarées et certifiées par exercice"
    signed = situation.signature.savings.total.years if situation.signature else ()
    first = _signed(situation, {cell.year: cell.expected.cp for cell in signed}, years)
    known = [value for one in first for value in one.values]
    frame = replace(MEDIUM, key="economies-annees", title=title, unit=fitting_unit([*planned, *declared, *known]))
    series = [
        *first,
        Series("Prévues", planned, Colour.LILAC, is_planned=True),
        Series("Déclarées", declared, Colour.GREY),
        Series("Certifiées", certified, Colour.BLUE),
    ]
    categories = [Category(str(cell.year), is_due=cell.filing is not None) for cell in years]
    return Drawing(_with_unit(title, frame), _savings_sentence(situation), _bars(frame, categories, series))


def calendar(situation: Situation) -> Drawing:
    """The Gantt by axis, cut into drawings that each hold on a page."""
    titles = {axis.code: f"Axe {axis.code} – {axis.title}" for axis in situation.frame.axes}
    now, groups = Quarter.of(_as_of(situation)), dict[str, list[GanttRow]]()
    for one in situation.calendar:
        if is_undrawn(one):
            continue  # the table says what is undated or unreadable
        groups.setdefault(titles.get(one.axis, "Ensemble du contrat"), []).append(gantt_row(one, now))
    frame = GanttFrame("calendrier", "Calendrier prévu et réalisé", as_of=_as_of(situation))
    drawn = gantt(frame, [GanttGroup(label, tuple(rows)) for label, rows in groups.items()], ROWS_A_PAGE)
    return Drawing(frame.title, _calendar_sentence(situation), drawn if situation.calendar else ())


def risks(situation: Situation) -> Drawing:
    """The matrix of open risks, by the references of their table."""
    placed = [
        Risk(risk_reference(rank), one.title, one.probability, one.severity)
        for rank, one in enumerate(situation.risks, start=1)
        if one.state == "open"
    ]
    sentence = f"{_count(placed, 'risque ouvert', 'risques ouverts')}."
    title = "Risques ouverts par probabilité et gravité"
    return Drawing(title, sentence, (risk_matrix("risques", title, placed),) if placed else ())


def _signed(
    situation: Situation, by_year: Mapping[int, Decimal | None], years: Sequence[CreditYear | SavingYear]
) -> list[Series]:
    """What was promised at signature, drawn first; nothing while that is the promise in force."""
    if situation.signature is None:
        return []
    return [Series(SIGNED, tuple(by_year.get(cell.year) for cell in years), Colour.PALE, is_planned=True)]


def _signed_credits(situation: Situation) -> Sequence[CreditYear]:
    return situation.signature.credits.ftap.years if situation.signature else ()


def _bars(frame: Frame, categories: Sequence[Category], series: Sequence[Series]) -> tuple[str, ...]:
    """One drawing; none when there is nothing to draw."""
    return (grouped_bars(frame, categories, series),) if has_data(series) else ()


def _with_unit(title: str, frame: Frame) -> str:
    return f"{title} ({frame.unit.symbol})"


def _as_of(situation: Situation) -> date:
    """The day that the data is of: the end of the last filing's period."""
    return situation.weather.as_of or situation.on


def _savings_sentence(situation: Situation) -> str:
    total = situation.savings.total
    if total.declared.cp is None:
        planned = formats.exact_euros(total.planned.cp)
        return f"Aucune économie n’est encore déclarée, sur {planned} de CP prévus au contrat."
    declared, certified = formats.exact_euros(total.declared.cp), total.certified.cp
    proved = "rien n’est certifié" if certified is None else f"{formats.exact_euros(certified)} certifiés"
    return formats.typeset(f"{declared} de CP déclarés {_held_against(total)} ; {proved}.")


def _held_against(total: SavingGroup) -> str:
    """What the declared CP are held against, and what some of them are not."""
    gap = total.gap.cp
    if gap is None:
        return "sans montant prévu pour les mêmes lignes et exercices"
    apart = minus(total.declared.cp, total.compared.cp)
    beside = f" (sans compter {formats.exact_euros(apart)} déclarés sans prévision)" if apart else ""
    side = "de plus" if gap > 0 else "de moins"
    held = f"soit {formats.exact_euros(abs(gap))} {side}" if gap else "sans écart"
    due = f"pour {formats.exact_euros(total.planned_to_date.cp)} prévus sur les mêmes lignes et exercices"
    return f"{due}, {held}{beside}"


def _calendar_sentence(situation: Situation) -> str:
    done = [one for one in situation.calendar if one.state == "done"]
    late = situation.late_milestones
    terminated = _count(done, "étape terminée", "étapes terminées")
    undated = [one for one in situation.calendar if is_undrawn(one)]
    lost = f" {len(undated)} {_undated(undated)}, non dessinée{'s' if len(undated) > 1 else ''}." if undated else ""
    behind = f"{len(late)} en retard" if late else "aucune en retard"
    return f"{terminated} sur {len(situation.calendar)}, {behind}.{lost}"


def is_undrawn(one: MilestoneStanding) -> bool:
    """Whether there is no day to draw it at: none promised, and none declared as the one that it was finished on."""
    return one.starts_on is None and one.ends_on is None and _done_in(one) is None


def _done_in(one: MilestoneStanding) -> Quarter | None:
    return Quarter.of(one.done_on) if one.done_on and one.state == "done" else None


def _undated(steps: Sequence[MilestoneStanding]) -> str:
    """Whether the contract bears no date, or the scan lost some."""
    is_lost = any(one.is_start_unreadable or one.is_end_unreadable for one in steps)
    return "sans date lisible au contrat" if is_lost else "sans date au contrat"


def _count(items: Iterable[object], one: str, many: str) -> str:
    number = len(list(items))
    return (
        f"{number} {many if number > 1 else one}" if number else f"Aucun{'e' if one.startswith('étape') else ''} {one}"
    )


def gantt_row(one: MilestoneStanding, now: Quarter) -> GanttRow:
    """What is under way was so by `now`, the quarter of the data, even where it was planned for later.

    What is done ends on the day declared; done without a day, it is said and not drawn: no date is invented.
    """
    is_lost = one.is_start_unreadable or one.is_end_unreadable
    start, end, done_in = one.starts_on or one.ends_on, one.ends_on or one.starts_on, _done_in(one)
    if start is None or end is None:
        return _undated_row(one, done_in, is_lost=is_lost)
    first, last = Quarter.of(start), Quarter.of(end)
    if one.kind != PHASE:
        return GanttRow(one.label, milestones=(GanttMilestone(last, "", one.state == "done", one.is_late, done_in),))
    if one.starts_on is None or one.ends_on is None:
        return GanttRow(one.label, (_half_dated(one, first),))
    if one.is_done_undated:
        return GanttRow(one.label, (GanttPhase(first, last, note=f"terminé, {UNDATED_WORDS}"),))
    begun = min(first, done_in or now) if one.state in ("ongoing", "done", "late") else None
    return GanttRow(one.label, (GanttPhase(first, last, "", begun, done_in, one.is_late),))


def _undated_row(one: MilestoneStanding, done_in: Quarter | None, *, is_lost: bool) -> GanttRow:
    """What was finished on a day that nobody had promised, or that the scan lost, is drawn on that day alone."""
    if done_in is None:
        return GanttRow(one.label, is_unreadable=is_lost)
    note = f"date prévue {'illisible' if is_lost else 'absente du contrat'}"
    return GanttRow(one.label, milestones=(GanttMilestone(None, is_done=True, done_in=done_in, note=note),))


def _half_dated(one: MilestoneStanding, known: Quarter) -> GanttPhase:
    """A phase of which the contract gives one end: nothing solid, whatever the day, for no date is invented."""
    lacks_start = one.starts_on is None
    is_unreadable = one.is_start_unreadable if lacks_start else one.is_end_unreadable
    words = [f"{'début' if lacks_start else 'fin'} {'illisible' if is_unreadable else 'sans date'}"]
    words += [one.state_label.lower()] if one.state and one.state != "late" else []
    if one.state == "done":
        words[-1] += f" le {formats.short_date_fr(one.done_on)}" if one.done_on else f", {UNDATED_WORDS}"
    lost = ", ".join(words)
    return GanttPhase(known, known, is_late=one.is_late, lacks_start=lacks_start, lacks_end=not lacks_start, lost=lost)
