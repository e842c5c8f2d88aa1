"""The tables of a contract's pages against those of its report: amounts, shares, ratios, ETPT, dates, words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from figures import formats
from figures.rounding import round_half_up
from reports.facts import Situation
from reports.tables import frame as frame_tables
from reports.tables import results as result_tables
from reports.tables.model import Quantity, Role, Value, promised_day
from tests.reports.page_amounts import (
    Page,
    Shown,
    credit_differences,
    gap_differences,
    post_differences,
    reason_differences,
    return_differences,
    savings_differences,
    tranche_differences,
)
from tests.reports.page_cells import (
    chosen,
    lines_of,
    named,
    page_differences,
    row_differences,
    starting,
    totals_first,
    unordered_differences,
)
from tests.reports.reading import PageTable, tight

SHEETS: Final = {"Fiche": "title", "Coût total": "cost", "FTAP": "ftap", "Part calculée": "share"}
STEPS: Final = {
    "Étape": "label",
    "Type": "kind",
    "Début prévu": "starts",
    "Fin prévue": "ends",
    "État": "state",
    "Nouvelle date": "expected",
    "Terminée le": "done",
    "Commentaire": "comment",
}
SIGNS: Final = {"au moins": "≥", "plus de": ">", "au plus": "≤", "moins de": "<", "réduction d’au moins": "−"}


def all_page_differences(situation: Situation, page: Page) -> Iterator[str]:
    """Where the pages of a contract and its report do not say the same."""
    yield from credit_differences(situation, page)
    yield from tranche_differences(situation, page("tranches/")["Crédits du FTAP par exercice"])
    sheets = frame_tables.sheets(situation)
    if sheets.rows:
        yield from page_differences(page("projets/")["Fiches projet par axe"], sheets, totals_first(sheets), SHEETS)
    savings = page("economies/")
    yield from savings_differences(situation, savings)
    yield from post_differences(situation, savings)
    yield from reason_differences(situation, savings)
    yield from gap_differences(situation, savings)
    synthesis = page("")
    yield from return_differences(situation, synthesis["Retours sur investissement"])
    yield from missing_differences(situation, synthesis)
    yield from step_differences(situation, page("calendrier/"))
    yield from indicator_differences(situation, page("indicateurs/"))
    yield from risk_differences(situation, page)
    anomalies = page("anomalies/")
    yield from stated_differences(situation, anomalies["Imprimé et calculé"])
    yield from reading_differences(situation, anomalies)
    yield from contradiction_differences(situation, anomalies)
    yield from note_differences(situation, anomalies)
    yield from signature_differences(situation, page("gouvernance/"))


# --- Results ---


def step_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Phases and milestones in the contract's order."""
    table = result_tables.calendar(situation)
    steps = [named(table, row) for row in lines_of(table, Role.LINE)]
    promised = [column for column in table.columns if column.quarter]
    for one in steps:
        days = {column: one[column.key] for column in promised}
        one |= {column.key: promised_day(day, column) for column, day in days.items() if isinstance(day, date)}
    if steps:
        found = chosen(starting(shown, "Étapes du calendrier"), *STEPS)
        yield from row_differences("Étapes", [[one[key] for key in STEPS.values()] for one in steps], found)


def indicator_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Unit, first value, each target under its day, last measure and its day, of each indicator, kind by kind."""
    table, targets = result_tables.indicators(situation), result_tables.targets(situation)
    rest = (named(targets, row) for row in targets.rows)
    wanted: dict[str, list[list[Value]]] = {}
    for indicator, row in zip(situation.results.indicators, table.rows, strict=True):
        one = named(table, row)
        goals = dict(goal_words(goal) for goal in islice(rest, len(indicator.targets)))
        days = [goals.get(tight(header), "") for header in shown[indicator.kind_label].headers[3:-2]]
        figures = [measure_words(one["baseline"]), *days, measure_words(one["value"])]
        wanted.setdefault(indicator.kind_label, []).append(
            [one["label"], one["unit"], *figures, one["status"], one["measured"]]
        )
    for kind, rows in wanted.items():
        found = [[*row, small[-2]] for row, small in zip(shown[kind].rows, shown[kind].small, strict=True)]
        yield from row_differences(kind, rows, found)


def goal_words(goal: Mapping[str, Any]) -> tuple[str, str]:
    """The header of a target's column and the target under it, without any space: « Cibleau31/12/2022 », « ≥60% »."""
    on = f"au{goal['on']:%d/%m/%Y}" if isinstance(goal["on"], date) else "sansdate"
    if not isinstance(goal["value"], Quantity):
        return f"Cible{on}", goal["printed"] or str(goal["value"])
    parts = f"({goal['parts']})" if goal["parts"] else ""
    return f"Cible{on}", SIGNS.get(goal["operator"], "") + measure_words(goal["value"]) + parts


def measure_words(value: Value) -> str:
    """`48,2 %`, `5 (3 / 2)`: a page has a column for the other units; what is followed elsewhere is a dash."""
    if value == "":
        return "–"
    if not isinstance(value, Quantity):
        return formats.NOT_REPORTED if value is None else str(value)
    return str(replace(value, unit="%" if value.unit.startswith("%") else ""))


def risk_differences(situation: Situation, page: Page) -> Iterator[str]:
    """Each risk of the last filing, on the filing's own page: what is declared, and the marks out of five."""
    last, table = situation.last_filing, result_tables.risks(situation)
    shown = page(f"/dossiers/{last.pk}/risques/").get("Risques, les plus graves d’abord") if last else None
    keys = ("title", "state", "probability", "severity", "mitigation")
    wanted = [[named(table, row)[key] for key in keys] for row in table.rows]
    found = chosen(shown, "Risque", "État", "Probabilité", "Gravité", "Mesures prises")
    yield from unordered_differences("Risques", wanted, ([cell.removesuffix(" / 5") for cell in row] for row in found))


# --- What the act prints ---


def stated_differences(situation: Situation, shown: PageTable) -> Iterator[str]:
    """Each figure that the act prints, beside the computed one, with as many decimals as the act; the gap to four."""
    table = frame_tables.stated(situation)
    wanted = []
    for row, fact in zip(table.rows, situation.stated_figures, strict=True):
        one = named(table, row)
        figures = [formats.number(one[key], fact.decimals) for key in ("printed", "computed")]
        words = [one["label"], one["article"], one["unit"], *figures, gap_words(one["difference"]), one["verdict"]]
        wanted.append(words)
    yield from row_differences(shown.caption, wanted, shown.rows)


def gap_words(gap: Value) -> str:
    if isinstance(gap, Quantity):
        return formats.points(round_half_up(gap.value, 4))
    return formats.number(round_half_up(gap, 4) if isinstance(gap, Decimal) else None, None)


def reading_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """What the scan altered: printed, retained, evidence; and what it lost."""
    tables = (frame_tables.readings(situation), frame_tables.wordings(situation))
    rows = [row.values for table in tables for row in table.rows]
    kept = [row for row in rows if row[2] != frame_tables.READ_LOST]
    lost = [(row[0], row[3]) for row in rows if row[2] == frame_tables.READ_LOST]
    altered = shown.get("Ce que la numérisation a altéré, et ce que les autres colonnes du contrat imposent")
    found = chosen(altered, "Emplacement", "Imprimé", "Retenu", "Preuve")
    yield from unordered_differences("Valeurs corrigées", kept, found)
    found = chosen(shown.get("Ce que la numérisation a perdu"), "Emplacement", "Remarque")
    yield from unordered_differences("Valeurs illisibles", lost, found)


def contradiction_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Figures that the lines contradict: printed, computed, difference."""
    table = frame_tables.contradicted(situation)
    keys = ("where", "printed", "computed", "difference")
    wanted = [[named(table, row)[key] for key in keys] for row in table.rows]
    found = chosen(shown.get("Ce que les contrôles trouvent dans le contrat"), "Où", "Imprimé", "Calculé", "Écart")
    figures = [row for row in found if row[2:] != ["–", "–"]]
    yield from unordered_differences("Anomalies", wanted, figures)


def note_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """What the person who read the act noted."""
    wanted = [row.values for row in frame_tables.notes(situation).rows]
    found = chosen(shown.get("Ce que la lecture de l’acte a montré"), "Article", "Nature", "Note")
    yield from unordered_differences("Notes de lecture", wanted, found)


def missing_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """What nobody reported: the page has a row for each thing, the report one for each subject."""
    wanted = [row.values for row in frame_tables.missing(situation).rows]
    found: dict[tuple[str, str], list[str]] = {}
    for section, subject, detail in chosen(shown.get("Ce qui n’est pas renseigné"), "Chapitre", "Sujet", "Pourquoi"):
        found.setdefault((section, subject), []).append(detail)
    told = [(*about, " ; ".join(details)) for about, details in found.items()]
    yield from unordered_differences("Ce qui n’est pas renseigné", wanted, told)


def signature_differences(situation: Situation, shown: Shown) -> Iterator[str]:
    """Who signed, as what, on which day."""
    wanted = [row.values[1:] for row in frame_tables.identity(situation).rows if row.values[0] == "Signataire"]
    without = {"illisible": "date illisible", "non datée": "sans date"}
    found = chosen(starting(shown, "Signataires"), "Nom", "Qualité", "Date de signature")
    told = [[f"{name}, {function} – {without.get(on, f'signé le {on}')}"] for name, function, on in found]
    yield from unordered_differences("Signataires", wanted, told)
