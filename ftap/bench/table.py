"""The results as one table in French, each beside its target."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from figures.formats import NO_BREAK_SPACE, THIN_SPACE
from ftap.bench.pages import COMPARING, CONFIRMING, GRID, PASTING, SAVING, Timing
from ftap.bench.run import Measures, PageResult

REPORT_CPU, FLAT_MB = 2.5, 15.0
CELLS, DRAWINGS = 1800, 5
"""What makes a report heavy: so many table cells, four charts and a Gantt."""
IN_MS = (
    ("Enregistrer une ligne, côté serveur, médiane", (SAVING,), 15.0),
    ("Coller un bloc, côté serveur, médiane", (PASTING,), 150.0),
    ("Grille d’un dossier, côté serveur, médiane", (GRID,), 200.0),
    ("Importer un classeur (comparer, confirmer), médiane", (COMPARING, CONFIRMING), 1000.0),
)
"""What is told, the pages whose worst medians are added, the milliseconds below which it has to stay."""
GRID_QUERIES = 25


@dataclass(frozen=True)
class Target:
    """What had to be reached, what was measured, in words."""

    label: str
    wanted: str
    measured: str
    is_reached: bool


def targets(measures: Measures) -> Iterator[Target]:
    """Every target of the project, in order."""
    yield _independence("des contrats", [page.label for page in measures.pages if page.depends_on_contracts])
    yield _independence("des lignes et des exercices", [page.label for page in measures.pages if page.depends_on_lines])
    pages = {page.label: page for page in measures.pages}
    yield from (_in_time(told, [pages[one] for one in of], limit) for told, of, limit in IN_MS if set(of) <= set(pages))
    if GRID in pages:
        queries = max(timing.queries for timing in _timings(pages[GRID]))
        yield Target(
            "Grille d’un dossier, requêtes", f"≤ {GRID_QUERIES}", str(queries), is_reached=queries <= GRID_QUERIES
        )
    if measures.report:
        yield from _report_targets(measures.report)


def _in_time(told: str, pages: Sequence[PageResult], limit: float) -> Target:
    worst = sum(max(timing.median_ms for timing in _timings(page)) for page in pages)
    return Target(told, f"< {_number(limit, 0)} ms", f"{_number(worst)} ms", worst < limit)


def _timings(page: PageResult) -> list[Timing]:
    return [one for one in (page.few, page.many, page.large) if one]


def _independence(of: str, dependent: Sequence[str]) -> Target:
    measured = ", ".join(dependent) or "aucune"
    return Target(f"Pages dont les requêtes dépendent du nombre {of}", "aucune", measured, not dependent)


def _report_targets(report: Mapping[str, Any]) -> Iterator[Target]:
    pdf = report["pdf"]
    is_heavy = pdf["cells"] >= CELLS and pdf["drawings"] >= DRAWINGS and pdf["is_tagged"] and pdf["attachments"] == 1
    yield Target(
        f"Rapport d’au moins {_number(CELLS, 0)} cellules et {DRAWINGS} dessins, balisé, classeur joint",
        f"< {_number(REPORT_CPU)} s CPU",
        f"{_number(pdf['cpu_s'], 2)} s pour {_number(pdf['cells'], 0)} cellules et {pdf['drawings']} dessins",
        is_heavy and pdf["cpu_s"] < REPORT_CPU,
    )
    memory = list(report["memory"].values())
    growth = memory[-1] - memory[0]
    wanted = f"croissance < {_number(FLAT_MB, 0)} Mo"
    yield Target("Mémoire plate d’un rapport à l’autre", wanted, f"{_number(growth)} Mo", growth < FLAT_MB)


def lines(measures: Measures) -> Iterator[str]:
    """The whole table, ready to print."""
    pages, report = measures.pages, measures.report
    yield (
        f"{measures.requests} demandes de chaque page (médiane, 95e centile, requêtes SQL), par tous les intergiciels. "
        f"Grand contrat{NO_BREAK_SPACE}: {measures.lines} lignes de crédits de 7 colonnes, 5 exercices, "
        f"8 dossiers ; bloc collé de {3 * measures.lines} cases."
    )
    yield f"Charge de la machine{NO_BREAK_SPACE}: {_number(measures.load)} pour {os.cpu_count()} cœurs."
    yield ""
    fastest = min(one.yardstick_ms for page in pages for one in _timings(page))
    all_contracts = f"{measures.contracts + 4} contrats"
    yield from _grid(
        [
            "Page",
            "4 contrats",
            "p95",
            "req.",
            all_contracts,
            "p95",
            "req.",
            f"{measures.contracts + 4} ÷ 4",
            "grand contrat",
            "p95",
            "req.",
            "req. au tiers",
            "témoin",
        ],
        [_page_cells(page, fastest) for page in pages],
    )
    yield (
        f"Témoin{NO_BREAK_SPACE}: un même calcul, refait autour de chaque mesure ; combien de fois plus lent que le "
        f"plus rapide de l’exécution ({_number(fastest)} ms), avec 4 contrats, avec tous, sur le grand contrat."
    )
    if report:
        yield ""
        yield from _report_lines(report)
    yield ""
    yield from _grid(
        ["Objectif", "à atteindre", "mesuré", "verdict"],
        [_target_cells(one) for one in targets(measures)],
    )


def _target_cells(one: Target) -> list[str]:
    return [one.label, one.wanted, one.measured, "atteint" if one.is_reached else "manqué"]


def _page_cells(page: PageResult, fastest: float) -> list[str]:
    third = str(page.middle.queries) if page.middle else "–"
    ratio = "–" if page.ratio is None else _number(page.ratio, 2)
    return [
        page.label,
        *_timing(page.few),
        *_timing(page.many),
        ratio,
        *_timing(page.large),
        third,
        _slowness(page, fastest),
    ]


def _slowness(page: PageResult, fastest: float) -> str:
    """How many times slower than at best the machine was around each measure."""
    every = (page.few, page.many, page.large)
    return " / ".join(_number(one.yardstick_ms / fastest) if one else "–" for one in every)


def _timing(timing: Timing | None) -> list[str]:
    if timing is None:
        return ["–", "–", "–"]
    return [f"{_number(timing.median_ms)} ms", f"{_number(timing.p95_ms)} ms", str(timing.queries)]


def _report_lines(report: Mapping[str, Any]) -> Iterator[str]:
    pdf = report["pdf"]
    yield (
        f"Rapport lourd{NO_BREAK_SPACE}: {pdf['pages']} pages, {_number(pdf['cells'], 0)} cellules, "
        f"{pdf['drawings']} dessins, {'balisé' if pdf['is_tagged'] else 'non balisé'}, "
        f"{pdf['attachments']} pièce jointe"
    )
    kinds = [("PDF (WeasyPrint)", pdf), ("XLSX (openpyxl)", report["xlsx"])]
    larger = report["larger"]
    kinds.append((f"PDF d’un grand contrat ({_number(larger['cells'], 0)} cellules)", larger))
    if report["office"]:
        kinds.append(("PDF par LibreOffice, du classeur", report["office"]))
    yield from _grid(
        ["Document", "CPU", "durée", "CPU ÷ PDF", "mémoire de pointe", "taille"],
        [
            [
                name,
                f"{_number(one['cpu_s'], 2)} s",
                f"{_number(one['wall_s'], 2)} s",
                _number(one["cpu_s"] / pdf["cpu_s"], 2),
                f"{_number(one['peak_mb'], 0)} Mo",
                f"{_number(one['size'] / 1000, 0)} ko",
            ]
            for name, one in kinds
        ],
    )
    marks = ", ".join(f"{_number(value)} Mo après {mark}" for mark, value in report["memory"].items())
    yield f"Mémoire du processus, en rapports faits{NO_BREAK_SPACE}: {marks}"


def _grid(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns aligned with spaces, the first to the left."""
    table = [heading, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(heading))]
    for rank, row in enumerate(table):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()
        if rank == 0:
            yield "  ".join("─" * width for width in widths)


def _number(value: float, places: int = 1) -> str:
    """In French: comma, thin no-break space between thousands."""
    return f"{value:,.{places}f}".replace(",", THIN_SPACE).replace(".", ",")
